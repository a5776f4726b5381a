/**
 * A chain for tests of the servers: the real engine and the real modules for accounts, money,
 * staking and keys, without contracts and so without an enclave.
 */
import { Ed25519PrivateKey, moduleAddress } from "@tacit/crypto";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  SimulateRequestSchema,
  SimulateResponseSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import { AccountKeeper, createAuthModule } from "@tacit/module-auth";
import { BankKeeper, createBankModule } from "@tacit/module-bank";
import { createConsensusModule, createConsensusParamsStore } from "@tacit/module-consensus";
import { createRegistrationModule } from "@tacit/module-registration";
import { createStakingModule } from "@tacit/module-staking";
import {
  type Application,
  createAddressCodec,
  createTxDecoder,
  errorToAbci,
  GrpcError,
  MessageRouter,
  ModuleManager,
  type QueryResponse,
  QueryRouter,
  StateMachine,
  TxRunner,
  TypeRegistry,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { createAnteChain } from "../../app/src/ante.ts";
import { circuitGuard } from "../../app/src/circuit.ts";
import { moduleOrders } from "../../app/src/module-orders.ts";
import { localSecretAppState } from "../../app/src/networks/localsecret-genesis.ts";
import { secretdev1 as secretdev } from "../../app/src/networks/secretdev.ts";
import { storeNames } from "../../app/src/store-names.ts";
import { EmbeddedEngine } from "../../consensus/src/embedded/engine.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../consensus/src/embedded/params.ts";

const GENESIS_TIME = { seconds: 1_767_225_600n, nanos: 0 };
const QUERY_GAS = 1_000_000_000n;

export const validatorKey = new Ed25519PrivateKey(new Uint8Array(32).fill(1));
export const networkKeys = {
  ioPublicKey: new Uint8Array(32).fill(5),
  seedExchangePublicKey: new Uint8Array(32).fill(6),
};

export interface MoneyNode {
  readonly engine: EmbeddedEngine;
  readonly application: Application;
}

/** Blocks follow transactions at once. @param directory for the chain's database. */
export async function openMoneyNode(directory: string): Promise<MoneyNode> {
  const application = createMoneyApplication();
  const engine = await EmbeddedEngine.open(
    {
      genesis: {
        genesisTime: GENESIS_TIME,
        chainId: secretdev.chainId,
        initialHeight: 1n,
        consensusParams: DEFAULT_CONSENSUS_PARAMS,
        validators: [],
        appHash: new Uint8Array(),
        appState: localSecretAppState({
          network: secretdev,
          time: GENESIS_TIME,
          consensusPublicKey: validatorKey.publicKey(),
          moniker: "test",
          networkKeys,
        }),
      },
      path: directory,
      identity: {
        nodeId: "ab".repeat(20),
        moniker: "test",
        listenAddress: "tcp://127.0.0.1:26656",
      },
      timing: { intervalMs: 60_000, gatherMs: 1 },
    },
    { app: application, validatorKey },
  );
  await engine.produceBlock();
  return { engine, application };
}

function compose() {
  const { bech32Prefix, bondDenom, moduleAccounts } = secretdev;
  const addresses = createAddressCodec(bech32Prefix);
  const authority = moduleAddress("gov");
  const types = new TypeRegistry();
  const messages = new MessageRouter(circuitGuard);
  const queries = new QueryRouter();
  const consensusParams = createConsensusParamsStore();
  const accounts = new AccountKeeper({ addresses, authority, modulePermissions: moduleAccounts });
  const bank = new BankKeeper({ accounts, authority, blocked: [] });
  const modules = new ModuleManager(
    [
      createAuthModule(accounts, types),
      createBankModule(bank, types),
      createStakingModule({ addresses, bondDenom }, { accounts, bank }),
      createRegistrationModule(),
      createConsensusModule(
        { addresses, authority: addresses.toText(authority) },
        { params: consensusParams },
      ),
    ],
    moduleOrders,
  );
  modules.register({ messages, queries, types });
  for (const { schema } of messages.routes) types.register(schema);
  const runner = new TxRunner({
    decode: createTxDecoder({ messages, types, addressToBytes: addresses.toBytes }),
    ante: createAnteChain({ accounts, bank, types, eip191: true, unmetered: [] }),
    addressToText: addresses.toText,
    consensusParams,
  });
  return { queries, runner, modules, consensusParams };
}

function createMoneyApplication(): Application {
  const { queries, runner, modules, consensusParams } = compose();
  const store = createMemoryMultiStore(storeNames);
  const machine = new StateMachine({
    chainId: secretdev.chainId,
    store,
    modules,
    runner,
    consensusParams,
    kvGas: secretdev.kvGas,
    minGasPrices: [],
  });

  function query(path: string, data: Uint8Array, height: bigint): QueryResponse {
    const at = height === 0n ? store.lastCommitId().version : height;
    if (path === "/cosmos.tx.v1beta1.Service/Simulate") return simulate(data);
    const handler = queries.handler(path);
    if (handler === undefined) {
      return refusal(at, new GrpcError(12, `unknown query path ${path}`));
    }
    try {
      const block = { ...machine.lastBlock, height: at };
      const context = machine.queryContext(store.atVersion(at), block, QUERY_GAS);
      return { ...blankAnswer, height: at, value: handler.handle(context, data) };
    } catch (error) {
      return refusal(at, error);
    }
  }

  function simulate(data: Uint8Array): QueryResponse {
    const { txBytes } = decodeMessage(SimulateRequestSchema, data);
    const outcome = machine.simulate(txBytes, store.branch(), machine.lastBlock);
    const height = store.lastCommitId().version;
    if (outcome.error !== undefined) {
      const { log } = errorToAbci(outcome.error);
      const text = `rpc error: code = Unknown desc = ${log} with gas used: '${outcome.gasUsed}'`;
      return { ...blankAnswer, height, code: 6, codespace: "sdk", log: `${text}: unknown request` };
    }
    const { gasWanted, gasUsed, events, responses } = outcome;
    const value = encodeMessage(SimulateResponseSchema, {
      gasInfo: { gasWanted, gasUsed },
      result: {
        events: events.map(({ type, attributes }) => ({
          type,
          attributes: attributes.map((attribute) => ({ ...attribute })),
        })),
        msgResponses: responses.map((response) => ({ ...response })),
      },
    });
    return { ...blankAnswer, height, value };
  }

  return {
    info: async () => ({
      data: "money",
      version: "test",
      appVersion: 0n,
      lastBlockHeight: store.lastCommitId().version,
      lastBlockAppHash: machine.lastAppHash,
    }),
    initChain: async (request) => machine.initChain(request),
    query: async ({ path, data, height }) => query(path, data, height),
    checkTx: async ({ tx, recheck }) => machine.checkTx(tx, recheck ? "recheck" : "check"),
    prepareProposal: async ({ txs }) => ({ txs }),
    processProposal: async () => ({ accept: true }),
    finalizeBlock: async (request) => machine.finalizeBlock(request),
    commit: async () => {
      machine.commit();
      return { retainHeight: 0n };
    },
  };
}

const blankAnswer: QueryResponse = {
  code: 0,
  log: "",
  info: "",
  index: 0n,
  key: new Uint8Array(),
  value: new Uint8Array(),
  proofOps: undefined,
  height: 0n,
  codespace: "",
};

function refusal(height: bigint, error: unknown): QueryResponse {
  const { code, codespace, log } = errorToAbci(error);
  const status =
    error instanceof GrpcError
      ? { code: error.failure.status, message: error.message }
      : { code: 2, message: log };
  return { ...blankAnswer, height, code, codespace, log, grpcStatus: status };
}
