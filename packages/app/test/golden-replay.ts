/**
 * The whole recorded chain of vectors/sdk-golden for the modules that hand permission and money
 * from account to account: auth, bank, authz, feegrant, vesting are ours; transactions and steps
 * of other modules play the money of their recorded events, so that every root can be compared.
 */
import { readFileSync } from "node:fs";
import type { DescMessage } from "@bufbuild/protobuf";
import { moduleAddress } from "@tacit/crypto";
import {
  type Coins,
  createTypeRegistry,
  parseBech32,
  parseCoins,
  parseTimestamp,
} from "@tacit/encoding";
import { allFiles } from "@tacit/encoding/all-files";
import {
  MsgCreateValidatorResponseSchema,
  MsgCreateValidatorSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { AccountKeeper, createAuthModule } from "@tacit/module-auth";
import { createAuthzModule } from "@tacit/module-authz";
import { BankKeeper, createBankModule } from "@tacit/module-bank";
import { createCircuitModule } from "@tacit/module-circuit";
import { createConsensusModule, createConsensusParamsStore } from "@tacit/module-consensus";
import { createFeeGrantModule, FeeGrantKeeper } from "@tacit/module-feegrant";
import { createUpgradeModule } from "@tacit/module-upgrade";
import { createVestingModule } from "@tacit/module-vesting";
import {
  type AbciEvent,
  type Context,
  createAddressCodec,
  createInfiniteGasMeter,
  createTxDecoder,
  EventManager,
  MessageRouter,
  type Module,
  ModuleManager,
  messageRoute,
  PlainError,
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
import { type GoldenBlock, goldenConsensusParams, goldenModuleVersions } from "./golden-chain.ts";

const directory = new URL("../../../vectors/sdk-golden/", import.meta.url);

/** Messages of other modules, and the field that names their signer. */
const foreignMessages: readonly (readonly [typeName: string, signer: string])[] = [
  ["cosmos.staking.v1beta1.MsgDelegate", "delegatorAddress"],
  ["cosmos.staking.v1beta1.MsgUndelegate", "delegatorAddress"],
  ["cosmos.staking.v1beta1.MsgBeginRedelegate", "delegatorAddress"],
  ["cosmos.staking.v1beta1.MsgCancelUnbondingDelegation", "delegatorAddress"],
  ["cosmos.staking.v1beta1.MsgEditValidator", "validatorAddress"],
  ["cosmos.slashing.v1beta1.MsgUnjail", "validatorAddr"],
  ["cosmos.distribution.v1beta1.MsgSetWithdrawAddress", "delegatorAddress"],
  ["cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward", "delegatorAddress"],
  ["cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission", "validatorAddress"],
  ["cosmos.distribution.v1beta1.MsgFundCommunityPool", "depositor"],
  ["cosmos.gov.v1.MsgSubmitProposal", "proposer"],
  ["cosmos.gov.v1.MsgVote", "voter"],
  ["cosmos.gov.v1.MsgVoteWeighted", "voter"],
  ["cosmos.gov.v1.MsgDeposit", "depositor"],
  ["cosmos.gov.v1beta1.MsgSubmitProposal", "proposer"],
  ["cosmos.gov.v1beta1.MsgVote", "voter"],
  ["cosmos.gov.v1beta1.MsgVoteWeighted", "voter"],
  ["cosmos.gov.v1beta1.MsgDeposit", "depositor"],
];

export const replayStores = [
  "acc",
  "authz",
  "bank",
  "circuit",
  "consensus",
  "feegrant",
  "upgrade",
] as const;

const modulePermissions = new Map<string, readonly string[]>([
  ["fee_collector", []],
  ["distribution", []],
  ["mint", ["minter"]],
  ["bonded_tokens_pool", ["burner", "staking"]],
  ["not_bonded_tokens_pool", ["burner", "staking"]],
  ["gov", ["burner"]],
]);

/** Accounts that the genesis of other modules makes. */
const accountsOfModule: Readonly<Record<string, readonly string[]>> = {
  distribution: ["distribution"],
  staking: ["bonded_tokens_pool", "not_bonded_tokens_pool"],
  gov: ["gov"],
  mint: ["mint"],
};

interface Money {
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
}

export function createGoldenReplay(blocks: readonly GoldenBlock[]) {
  const addresses = createAddressCodec("cosmos");
  const types = new TypeRegistry();
  registerAll(types);
  const messages = new MessageRouter(circuitGuard);
  const queries = new QueryRouter();
  const authority = moduleAddress("gov");
  const accounts = new AccountKeeper({ addresses, modulePermissions, authority });
  const bank = new BankKeeper({ accounts, blocked: [], authority });
  const feeGrants = new FeeGrantKeeper({ accounts, bank });
  const consensusParams = createConsensusParamsStore();
  const runner = new TxRunner({
    decode: createTxDecoder({ messages, types, addressToBytes: addresses.toBytes }),
    ante: createAnteChain({ accounts, bank, feeGrants, types, eip191: false, unmetered: [] }),
    addressToText: addresses.toText,
  });
  const money = { accounts, bank };
  const modules = new ModuleManager(
    [
      createAuthModule(accounts, types),
      createBankModule(bank, types),
      createAuthzModule({ accounts, bank, messages, types }),
      createFeeGrantModule(feeGrants, types),
      createVestingModule(money),
      createCircuitModule({ addresses, authority: addresses.toText(authority), types }),
      createUpgradeModule({
        addresses,
        authority: addresses.toText(authority),
        moduleVersions: goldenModuleVersions,
        handlers: new Map(),
      }),
      createConsensusModule(
        { addresses, authority: addresses.toText(authority) },
        { params: consensusParams },
      ),
      ...Object.keys(accountsOfModule).map((name) => accountsOnly(name, accounts)),
      recordedSteps(blocks, money),
      createGenutilModule({
        types,
        deliver: (context, tx) => runner.run("genesis", context, tx),
        validators: (context) => {
          const pool = "not_bonded_tokens_pool";
          const coins = bank.getAllBalances(context, moduleAddress(pool));
          bank.sendCoinsFromModuleToModule(context, pool, "bonded_tokens_pool", coins);
          return [];
        },
      }),
    ],
    {
      preBlock: ["upgrade"],
      beginBlock: ["recorded", "authz"],
      endBlock: ["recorded", "feegrant"],
      initGenesis: [
        ...["auth", "bank", "distribution", "staking", "gov", "mint", "genutil"],
        ...["authz", "feegrant", "upgrade", "vesting", "circuit"],
      ],
      exportGenesis: [
        "auth",
        "bank",
        "genutil",
        "authz",
        "feegrant",
        "upgrade",
        "vesting",
        "circuit",
      ],
    },
  );
  modules.register({ messages, queries, types });
  messages.register(createValidator(bank));
  for (const [typeName, signer] of foreignMessages) {
    messages.register(foreignRoute(types.getMessage(typeName)!, signer, blocks, money));
  }
  const store = createMemoryMultiStore(replayStores);
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
  return { machine, store, modules, queries, addresses };
}

/** Whether every message of the block's transactions is of a module that is ours. */
export function isOurs(block: GoldenBlock): boolean {
  return block.request.txs.every((tx) =>
    [...new TextDecoder("latin1").decode(tx).matchAll(/\/cosmos\.(\w+)\.\w+\.Msg/g)].every(
      ([, name]) => ["bank", "authz", "feegrant", "vesting"].includes(name ?? ""),
    ),
  );
}

/** A module whose genesis makes its accounts and does nothing else to our stores. */
function accountsOnly(name: string, accounts: AccountKeeper): Module {
  return {
    name,
    initGenesis: (context) => {
      for (const account of accountsOfModule[name] ?? []) {
        accounts.getModuleAccount(context, account);
      }
      return undefined;
    },
  };
}

/** A new validator's own delegation moves money and nothing else here. */
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

function registerAll(types: TypeRegistry): void {
  for (const file of createTypeRegistry(...allFiles).files) types.register(...file.messages);
}

/** What other modules do with money in begin and end block. */
function recordedSteps(blocks: readonly GoldenBlock[], money: Money): Module {
  const step = (context: Context, mode: string) => {
    for (const event of blocks[Number(context.height) - 1]?.events ?? []) {
      if (event.attributes.some(({ key, value }) => key === "mode" && value === mode)) {
        play(quiet(context), event, money);
      }
    }
  };
  return {
    name: "recorded",
    beginBlock: (context) => step(context, "BeginBlock"),
    endBlock: (context) => {
      step(context, "EndBlock");
      return undefined;
    },
  };
}

/** A message of another module: as its transaction ended, so it ends. */
function foreignRoute(
  schema: DescMessage,
  signer: string,
  blocks: readonly GoldenBlock[],
  money: Money,
) {
  return messageRoute({
    schema,
    response: schema,
    signers: (message) => [
      signerBytes((message as unknown as Record<string, string>)[signer]!, money),
    ],
    handle: (context) => {
      const result = blocks[Number(context.height) - 1]?.txResults[0];
      if (result?.code !== 0) throw new PlainError("as recorded");
      const own = eventsOf(result.events, `/${schema.typeName}`);
      for (const event of own) play(quiet(context), event, money);
      if (schema.typeName.endsWith(".MsgDelegate")) noteDelegation(quiet(context), own, money);
      return {};
    },
  });
}

/** The events of the messages of one type. */
function eventsOf(events: readonly AbciEvent[], typeUrl: string): readonly AbciEvent[] {
  const attributeOf = ({ attributes }: AbciEvent, name: string) =>
    attributes.find(({ key }) => key === name)?.value;
  const indexes = new Set(
    events
      .filter((event) => event.type === "message" && attributeOf(event, "action") === typeUrl)
      .map((event) => attributeOf(event, "msg_index")),
  );
  return events.filter((event) => {
    const index = attributeOf(event, "msg_index");
    return index !== undefined && indexes.has(index);
  });
}

/** Validators sign with their account. */
function signerBytes(text: string, { accounts }: Money): Uint8Array {
  return text.startsWith("cosmosvaloper")
    ? createAddressCodec("cosmosvaloper").toBytes(text)
    : accounts.addresses.toBytes(text);
}

/** Vesting accounts note what they delegate. */
function noteDelegation(context: Context, events: readonly AbciEvent[], money: Money): void {
  const value = (type: string, key: string) =>
    events
      .find((event) => event.type === type)
      ?.attributes.find((attribute) => attribute.key === key)?.value ?? "";
  const delegator = money.accounts.addresses.toBytes(value("delegate", "delegator"));
  money.accounts.trackDelegation(context, delegator, parseCoins(value("delegate", "amount")));
}

/** Neither gas nor events. */
function quiet(context: Context): Context {
  return context.with({ gasMeter: createInfiniteGasMeter(), events: new EventManager() });
}

function play(context: Context, event: AbciEvent, money: Money): void {
  const value = (key: string) => event.attributes.find((one) => one.key === key)?.value ?? "";
  const { bank, accounts } = money;
  const address = (key: string) => accounts.addresses.toBytes(value(key));
  switch (event.type) {
    case "coin_spent":
      change(context, address("spender"), parseCoins(value("amount")), -1n, bank);
      return;
    case "coin_received":
      change(context, address("receiver"), parseCoins(value("amount")), 1n, bank);
      return;
    case "coinbase":
      changeSupply(context, parseCoins(value("amount")), 1n, bank);
      return;
    case "burn":
      changeSupply(context, parseCoins(value("amount")), -1n, bank);
      return;
    case "transfer": {
      const recipient = address("recipient");
      if (!accounts.hasAccount(context, recipient)) accounts.createAccount(context, recipient);
    }
  }
}

function change(
  context: Context,
  address: Uint8Array,
  coins: Coins,
  sign: bigint,
  bank: BankKeeper,
): void {
  for (const { denom, amount } of coins) {
    const balance = bank.getBalance(context, address, denom) + sign * amount;
    bank.setBalance(context, address, { denom, amount: balance });
  }
}

function changeSupply(context: Context, coins: Coins, sign: bigint, bank: BankKeeper): void {
  for (const { denom, amount } of coins) {
    bank.setSupply(context, { denom, amount: bank.getSupply(context, denom) + sign * amount });
  }
}
