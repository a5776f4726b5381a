/**
 * The recorded chain of vectors/sdk-golden as far as auth and bank go: those two modules and the
 * consensus parameters are ours; what mint, distribution and staking do with money is played from
 * the recorded events.
 */
import { readFileSync } from "node:fs";
import { moduleAddress } from "@tacit/crypto";
import { fromBase64, fromHex, parseBech32, parseCoins, parseTimestamp } from "@tacit/encoding";
import {
  MsgCreateValidatorResponseSchema,
  MsgCreateValidatorSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { AccountKeeper, createAuthModule } from "@tacit/module-auth";
import { BankKeeper, createBankModule } from "@tacit/module-bank";
import { createConsensusModule, createConsensusParamsStore } from "@tacit/module-consensus";
import {
  type AbciEvent,
  type ConsensusParams,
  type Context,
  createAddressCodec,
  createTxDecoder,
  type ExecTxResult,
  type FinalizeBlockRequest,
  MessageRouter,
  type Module,
  ModuleManager,
  messageRoute,
  QueryRouter,
  StateMachine,
  TxRunner,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { createAnteChain } from "../src/ante.ts";
import { circuitGuard } from "../src/circuit.ts";
import { createGenutilModule } from "../src/genutil.ts";

const directory = new URL("../../../vectors/sdk-golden/", import.meta.url);

export interface GoldenBlock {
  readonly request: FinalizeBlockRequest;
  readonly storeRoots: Readonly<Record<string, string>>;
  readonly txResults: readonly ExecTxResult[];
  readonly events: readonly AbciEvent[];
}

interface RawEvent {
  readonly type: string;
  readonly attributes: readonly {
    readonly key: string;
    readonly value: string;
    readonly index: boolean;
  }[];
}

export function readBlocks(lastHeight: number): readonly GoldenBlock[] {
  const lines = readFileSync(new URL("blocks.jsonl", directory), "utf8").trim().split("\n");
  return lines.slice(0, lastHeight).map((line) => readBlock(JSON.parse(line)));
}

// biome-ignore lint/suspicious/noExplicitAny: the vectors' own JSON, whose shape their README says
function readBlock(raw: any): GoldenBlock {
  return {
    request: {
      height: BigInt(raw.height),
      hash: fromHex(raw.hash),
      time: parseTimestamp(raw.time),
      proposerAddress: fromHex(raw.proposer_address),
      nextValidatorsHash: fromHex(raw.next_validators_hash),
      decidedLastCommit: { round: raw.decided_last_commit.round, votes: [] },
      misbehavior: [],
      txs: raw.txs.map((tx: string) => fromBase64(tx)),
    },
    storeRoots: raw.expect.store_roots,
    // biome-ignore lint/suspicious/noExplicitAny: as above
    txResults: raw.expect.tx_results.map((result: any) => ({
      code: result.code,
      data: fromBase64(result.data ?? ""),
      log: result.log,
      info: result.info,
      gasWanted: BigInt(result.gas_wanted),
      gasUsed: BigInt(result.gas_used),
      events: result.events,
      codespace: result.codespace,
    })),
    events: raw.expect.events as readonly RawEvent[],
  };
}

/** Events that bank emits, in begin block. */
export const moneyEvents = new Set([
  "coin_spent",
  "coin_received",
  "transfer",
  "message",
  "coinbase",
]);

const modulePermissions = new Map<string, readonly string[]>([
  ["fee_collector", []],
  ["distribution", []],
  ["mint", ["minter"]],
  ["bonded_tokens_pool", ["burner", "staking"]],
  ["not_bonded_tokens_pool", ["burner", "staking"]],
  ["gov", ["burner"]],
]);

const storeNames = ["acc", "bank", "circuit", "consensus"] as const;

export function createGoldenChain(blocks: readonly GoldenBlock[]) {
  const addresses = createAddressCodec("cosmos");
  const types = new TypeRegistry();
  const messages = new MessageRouter(circuitGuard);
  const queries = new QueryRouter();
  const authority = moduleAddress("gov");
  const accounts = new AccountKeeper({ addresses, modulePermissions, authority });
  const bank = new BankKeeper({ accounts, blocked: [], authority });
  const consensusParams = createConsensusParamsStore();
  const runner = new TxRunner({
    decode: createTxDecoder({ messages, types, addressToBytes: addresses.toBytes }),
    ante: createAnteChain({ accounts, bank, types, eip191: false, unmetered: [] }),
    addressToText: addresses.toText,
  });
  const modules = new ModuleManager(
    [
      createAuthModule(accounts, types),
      createBankModule(bank, types),
      createConsensusModule(
        { addresses, authority: addresses.toText(authority) },
        { params: consensusParams },
      ),
      ...["distribution", "staking", "gov", "mint"].map((name) => accountsOnly(name, accounts)),
      recordedMoney(blocks, accounts, bank),
      createGenutilModule({
        types,
        deliver: (context, tx) => runner.run("genesis", context, tx),
        validators: (context) => {
          bank.sendCoinsFromModuleToModule(
            context,
            "not_bonded_tokens_pool",
            "bonded_tokens_pool",
            bank.getAllBalances(context, moduleAddress("not_bonded_tokens_pool")),
          );
          return [];
        },
      }),
    ],
    {
      preBlock: [],
      beginBlock: ["recorded"],
      endBlock: [],
      initGenesis: ["auth", "bank", "distribution", "staking", "gov", "mint", "genutil"],
      exportGenesis: ["auth", "bank", "genutil"],
    },
  );
  modules.register({ messages, queries, types });
  messages.register(createValidator(bank));
  for (const route of messages.routes) types.register(route.schema);
  const store = createMemoryMultiStore(storeNames);
  const genesis = JSON.parse(readFileSync(new URL("genesis.json", directory), "utf8"));
  const machine = new StateMachine({
    chainId: genesis.chain_id,
    store,
    modules,
    runner,
    consensusParams,
    kvGas: upstreamKvGas,
    minGasPrices: [],
  });
  machine.initChain({
    time: parseTimestamp(genesis.genesis_time),
    chainId: genesis.chain_id,
    consensusParams: goldenConsensusParams,
    validators: [],
    appStateBytes: new TextEncoder().encode(JSON.stringify(genesis.app_state)),
    initialHeight: 1n,
  });
  return { machine, store, accounts, bank, addresses };
}

const goldenConsensusParams: ConsensusParams = {
  block: { maxBytes: 22_020_096n, maxGas: -1n },
  evidence: {
    maxAgeNumBlocks: 100_000n,
    maxAgeDurationNs: 172_800_000_000_000n,
    maxBytes: 1_048_576n,
  },
  validator: { pubKeyTypes: ["ed25519"] },
  version: { app: 0n },
  abci: { voteExtensionsEnableHeight: 0n },
};

const accountsOfModule: Readonly<Record<string, readonly string[]>> = {
  distribution: ["distribution"],
  staking: ["bonded_tokens_pool", "not_bonded_tokens_pool"],
  gov: ["gov"],
  mint: ["mint"],
};

/** A module whose genesis makes its accounts and does nothing else to `acc` and `bank`. */
function accountsOnly(name: string, accounts: AccountKeeper): Module {
  return {
    name,
    initGenesis: (context) => {
      for (const account of accountsOfModule[name] ?? [])
        accounts.getModuleAccount(context, account);
      return undefined;
    },
  };
}

/** Plays what mint and distribution did with money in each begin block. */
function recordedMoney(
  blocks: readonly GoldenBlock[],
  accounts: AccountKeeper,
  bank: BankKeeper,
): Module {
  return {
    name: "recorded",
    beginBlock: (context) => {
      const block = blocks[Number(context.height) - 1];
      for (const event of block?.events ?? []) play(context, event, accounts, bank);
    },
  };
}

function play(context: Context, event: AbciEvent, accounts: AccountKeeper, bank: BankKeeper) {
  const value = (key: string) => event.attributes.find((one) => one.key === key)?.value ?? "";
  const coins = parseCoins(value("amount").includes(".") ? "" : amountText(event, value("amount")));
  if (event.type === "coinbase") bank.mintCoins(context, "mint", coins);
  if (event.type !== "transfer") return;
  const from = accounts.addresses.toBytes(value("sender"));
  const to = accounts.addresses.toBytes(value("recipient"));
  bank.sendCoins(context, from, to, coins);
}

/** `mint` states its amount without a denomination. */
function amountText(event: AbciEvent, text: string): string {
  return moneyEvents.has(event.type) ? text : "";
}

/** The genesis validator's own delegation moves money and nothing else here. */
function createValidator(bank: BankKeeper) {
  return messageRoute({
    schema: MsgCreateValidatorSchema,
    response: MsgCreateValidatorResponseSchema,
    signers: (message) => [parseBech32(message.validatorAddress).bytes],
    handle: (context, message) => {
      const delegator = parseBech32(message.validatorAddress).bytes;
      const coins = parseCoins(`${message.value?.amount}${message.value?.denom}`);
      bank.delegateCoinsToModule(context, delegator, "not_bonded_tokens_pool", coins);
      return {};
    },
  });
}
