/** A chain of auth and bank alone, without an enclave: for what concerns every transaction. */
import { moduleAddress } from "@tacit/crypto";
import { AccountKeeper, createAuthModule } from "@tacit/module-auth";
import { BankKeeper, createBankModule } from "@tacit/module-bank";
import { createConsensusModule, createConsensusParamsStore } from "@tacit/module-consensus";
import {
  type BranchObserver,
  type ConsensusParams,
  createAddressCodec,
  createTxDecoder,
  type FinalizeBlockRequest,
  type MessageRoute,
  MessageRouter,
  type MinGasPrice,
  type Module,
  ModuleManager,
  QueryRouter,
  StateMachine,
  secretKvGas,
  type TxObserver,
  TxRunner,
  TypeRegistry,
} from "@tacit/sdk";
import { type CommitMultiStore, createMemoryMultiStore } from "@tacit/store";
import { createAnteChain, createSignatureCheck } from "../src/ante.ts";
import { circuitGuard } from "../src/circuit.ts";
import { moduleOrders } from "../src/module-orders.ts";
import { secretModuleAccounts } from "../src/networks/network.ts";
import type { TestAccount } from "./signing.ts";

export interface BankChainOptions {
  readonly accounts: readonly TestAccount[];
  readonly store?: CommitMultiStore;
  readonly maxGas?: bigint;
  readonly minGasPrices?: readonly MinGasPrice[];
  /** Messages of the test's own. */
  readonly routes?: readonly MessageRoute<never>[];
  readonly modules?: readonly Module[];
  readonly observer?: BranchObserver & TxObserver;
  /** Secret's signature modes and refusals; on by default. */
  readonly eip191?: boolean;
  /** Instead of genesis with `accounts`. */
  readonly appState?: unknown;
}

export const testChainId = "test-1";
/** What each account owns at first. */
export const testBalance = 1_000_000_000n;

export const bankStores = ["acc", "bank", "circuit", "consensus"] as const;

export function createBankChain(options: BankChainOptions) {
  const addresses = createAddressCodec("secret");
  const types = new TypeRegistry();
  const messages = new MessageRouter(circuitGuard);
  const queries = new QueryRouter();
  const authority = moduleAddress("gov");
  const accounts = new AccountKeeper({
    addresses,
    modulePermissions: secretModuleAccounts,
    authority,
  });
  const blocked = [...secretModuleAccounts.keys()].map((name) => moduleAddress(name));
  const bank = new BankKeeper({ accounts, blocked, authority });
  const consensusParams = createConsensusParamsStore();
  const decode = createTxDecoder({ messages, types, addressToBytes: addresses.toBytes });
  const signatures = { accounts, types, eip191: options.eip191 ?? true };
  const runner = new TxRunner({
    decode,
    ante: createAnteChain({ ...signatures, bank, unmetered: [] }),
    verify: createSignatureCheck(signatures),
    addressToText: addresses.toText,
    consensusParams,
    txObserver: options.observer,
  });
  const modules = new ModuleManager(
    [
      createAuthModule(accounts, types),
      createBankModule(bank, types),
      createConsensusModule(
        { addresses, authority: addresses.toText(authority) },
        { params: consensusParams },
      ),
      ...(options.modules ?? []),
    ],
    moduleOrders,
  );
  modules.register({ messages, queries, types });
  for (const route of options.routes ?? []) messages.register(route as MessageRoute<unknown>);
  for (const route of messages.routes) types.register(route.schema);
  const store = options.store ?? createMemoryMultiStore(bankStores);
  const machine = new StateMachine({
    chainId: testChainId,
    store,
    modules,
    runner,
    consensusParams,
    kvGas: secretKvGas,
    minGasPrices: options.minGasPrices ?? [],
    observer: options.observer,
  });
  machine.initChain({
    time: { seconds: 1_700_000_000n, nanos: 0 },
    chainId: testChainId,
    consensusParams: paramsWith(options.maxGas ?? -1n),
    validators: [],
    appStateBytes: new TextEncoder().encode(
      JSON.stringify(options.appState ?? genesis(options.accounts)),
    ),
    initialHeight: 1n,
  });
  return { machine, store, accounts, bank, addresses, queries, types, messages, decode };

  function genesis(list: readonly TestAccount[]) {
    return {
      auth: {
        params: {
          max_memo_characters: "256",
          tx_sig_limit: "7",
          tx_size_cost_per_byte: "10",
          sig_verify_cost_ed25519: "590",
          sig_verify_cost_secp256k1: "1000",
        },
        accounts: list.map(({ address, accountNumber }) => ({
          "@type": "/cosmos.auth.v1beta1.BaseAccount",
          address: addresses.toText(address),
          pub_key: null,
          account_number: `${accountNumber}`,
          sequence: "0",
        })),
      },
      bank: {
        params: { send_enabled: [], default_send_enabled: true },
        balances: list.map(({ address }) => ({
          address: addresses.toText(address),
          coins: [{ denom: "uscrt", amount: `${testBalance}` }],
        })),
        supply: [],
        denom_metadata: [],
        send_enabled: [],
      },
    };
  }
}

export function paramsWith(maxGas: bigint): ConsensusParams {
  return {
    block: { maxBytes: 22_020_096n, maxGas },
    evidence: {
      maxAgeNumBlocks: 100_000n,
      maxAgeDurationNs: 172_800_000_000_000n,
      maxBytes: 1_048_576n,
    },
    validator: { pubKeyTypes: ["ed25519"] },
    version: { app: 0n },
    abci: { voteExtensionsEnableHeight: 0n },
  };
}

export function blockOf(height: bigint, txs: readonly Uint8Array[]): FinalizeBlockRequest {
  return {
    txs,
    decidedLastCommit: { round: 0, votes: [] },
    misbehavior: [],
    hash: new Uint8Array(32).fill(Number(height % 256n)),
    height,
    time: { seconds: 1_700_000_000n + height, nanos: 0 },
    nextValidatorsHash: new Uint8Array(32),
    proposerAddress: new Uint8Array(20),
  };
}
