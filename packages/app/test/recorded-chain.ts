/** A chain that the Cosmos SDK recorded, on modules of ours composed as its application was. */
import { moduleAddress } from "@tacit/crypto";
import { AccountKeeper, createAuthModule } from "@tacit/module-auth";
import { createAuthzModule } from "@tacit/module-authz";
import { BankKeeper, createBankModule } from "@tacit/module-bank";
import { createCircuitModule } from "@tacit/module-circuit";
import { createConsensusModule, createConsensusParamsStore } from "@tacit/module-consensus";
import { createDistributionModule } from "@tacit/module-distribution";
import { createEvidenceModule } from "@tacit/module-evidence";
import { createFeeGrantModule, FeeGrantKeeper } from "@tacit/module-feegrant";
import { createGovModule } from "@tacit/module-gov";
import { createMintModule } from "@tacit/module-mint";
import {
  boolParam,
  createParamsModule,
  type KeyTable,
  type ParamType,
  textListParam,
  uint64Param,
} from "@tacit/module-params";
import { createSlashingModule } from "@tacit/module-slashing";
import { createStakingModule, type StakingHooks } from "@tacit/module-staking";
import { createUpgradeModule } from "@tacit/module-upgrade";
import { createVestingModule } from "@tacit/module-vesting";
import {
  type AddressCodec,
  createAddressCodec,
  createTxDecoder,
  MessageRouter,
  type Module,
  ModuleManager,
  type ModuleOrders,
  PlainError,
  QueryRouter,
  StateMachine,
  TxRunner,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { type CommitMultiStore, createMemoryMultiStore } from "@tacit/store";
import { createAnteChain } from "../src/ante.ts";
import { circuitGuard } from "../src/circuit.ts";
import { createGenutilModule } from "../src/genutil.ts";
import type { RecordedBlock, Recording } from "./recording.ts";

const modulePermissions = new Map<string, readonly string[]>([
  ["fee_collector", []],
  ["distribution", []],
  ["mint", ["minter"]],
  ["bonded_tokens_pool", ["burner", "staking"]],
  ["not_bonded_tokens_pool", ["burner", "staking"]],
  ["gov", ["burner"]],
]);

export const recordedStores = [
  "acc",
  "authz",
  "bank",
  "circuit",
  "consensus",
  "distribution",
  "evidence",
  "feegrant",
  "gov",
  "mint",
  "params",
  "slashing",
  "staking",
  "upgrade",
] as const;

/** Accounts of modules must not be sent to; gov's may in that application. */
const blockedAccounts = [...modulePermissions.keys()]
  .filter((name) => name !== "gov")
  .map((name) => moduleAddress(name));

export function createRecordedChain({ genesis, blocks }: Recording) {
  const addresses = createAddressCodec("cosmos");
  const types = new TypeRegistry();
  const messages = new MessageRouter(circuitGuard);
  const queries = new QueryRouter();
  const authority = moduleAddress("gov");
  const accounts = new AccountKeeper({ addresses, modulePermissions, authority });
  const bank = new BankKeeper({ accounts, blocked: blockedAccounts, authority });
  const feeGrants = new FeeGrantKeeper({ accounts, bank });
  const consensusParams = createConsensusParamsStore();
  const runner = new TxRunner({
    decode: createTxDecoder({ messages, types, addressToBytes: addresses.toBytes }),
    ante: createAnteChain({ accounts, bank, feeGrants, types, eip191: false, unmetered: [] }),
    addressToText: addresses.toText,
    consensusParams,
  });
  const parts = {
    addresses,
    types,
    messages,
    blocks,
    feeGrants,
    accounts,
    bank,
    runner,
    consensusParams,
  };
  const { list, stake } = createModules(parts);
  const modules = new ModuleManager(list, orders);
  modules.register({ messages, queries, types });
  for (const route of messages.routes) types.register(route.schema);
  const store = createMemoryMultiStore(recordedStores);
  const machine = new StateMachine({
    chainId: genesis.chainId,
    store: withRecordedHashes(store, blocks),
    modules,
    runner,
    consensusParams,
    kvGas: upstreamKvGas,
    minGasPrices: [],
  });
  machine.initChain({
    time: genesis.time,
    chainId: genesis.chainId,
    consensusParams: genesis.consensusParams,
    validators: [],
    appStateBytes: genesis.appStateBytes,
    initialHeight: genesis.initialHeight,
  });
  return { machine, store, modules, stake, consensusParams };
}

/**
 * The store as that application's: it has more stores than this chain, so its state root, which
 * staking keeps with each header, is another.
 */
function withRecordedHashes(
  store: CommitMultiStore,
  blocks: readonly RecordedBlock[],
): CommitMultiStore {
  const lastCommitId = () => {
    const { version, hash } = store.lastCommitId();
    return { version, hash: blocks[Number(version) - 1]?.appHash ?? hash };
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "lastCommitId") return lastCommitId;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

interface Parts {
  readonly addresses: AddressCodec;
  readonly types: TypeRegistry;
  readonly messages: MessageRouter;
  readonly blocks: readonly RecordedBlock[];
  readonly feeGrants: FeeGrantKeeper;
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
  readonly runner: TxRunner;
  readonly consensusParams: ReturnType<typeof createConsensusParamsStore>;
}

function createModules(parts: Parts) {
  const { addresses, types, accounts, bank } = parts;
  const authority = addresses.toText(accounts.options.authority);
  const options = { addresses, authority };
  const hooks: StakingHooks[] = [];
  const staking = createStakingModule(
    { ...options, bondDenom: "stake" },
    { accounts, bank, hooks },
  );
  const { keeper } = staking;
  const distribution = createDistributionModule(
    { ...options, restakes: false },
    { accounts, bank, staking: keeper },
  );
  const slashing = createSlashingModule(options, { staking: keeper });
  hooks.push(distribution.hooks, slashing.hooks);
  const params = createParamsModule({
    subspaces: recordedSubspaces,
    transientWriteGas: { flat: 200n, perByte: 3n },
  });
  const { messages } = parts;
  const collaborators = { accounts, bank, messages, types };
  const stake = { staking: keeper, distribution: distribution.keeper, slashing: slashing.keeper };
  const list: readonly Module[] = [
    createGovModule(
      { ...options, depositDenom: "stake" },
      {
        ...collaborators,
        staking: keeper,
        distribution: distribution.keeper,
        contents: [params.content],
      },
    ),
    params,
    createCircuitModule({ ...options, types }),
    createUpgradeModule({
      ...options,
      moduleVersions: recordedModuleVersions,
      handlers: new Map(),
    }),
    createAuthModule(accounts, types),
    createBankModule(bank, types),
    createConsensusModule(options, { params: parts.consensusParams }),
    staking,
    distribution,
    slashing,
    createMintModule({ ...options, mintDenom: "stake" }, { accounts, bank, staking: keeper }),
    createEvidenceModule({ addresses }, { staking: keeper, slashing: slashing.keeper }),
    createVestingModule({ accounts, bank }),
    createAuthzModule({ accounts, bank, messages: parts.messages, types }),
    createFeeGrantModule(parts.feeGrants, types),
    createGenutilModule({
      types,
      deliver: (context, tx) => parts.runner.run("genesis", context, tx),
      validators: (context) => keeper.applyValidatorSetUpdates(context),
    }),
  ];
  return { list, stake };
}

const initGenesis = [
  "auth",
  "bank",
  "distribution",
  "staking",
  "slashing",
  "gov",
  "mint",
  "genutil",
  "evidence",
  "authz",
  "feegrant",
  "params",
  "upgrade",
  "vesting",
  "circuit",
];

const orders: ModuleOrders = {
  preBlock: ["upgrade"],
  beginBlock: ["mint", "distribution", "slashing", "evidence", "staking", "genutil", "authz"],
  endBlock: ["gov", "staking", "feegrant"],
  initGenesis,
  exportGenesis: initGenesis,
};

/** A list without blank names. */
const namedParam: ParamType = {
  normalize: textListParam.normalize,
  validate: (value) => {
    if (((value ?? []) as string[]).every((name) => name.trim() !== "")) return;
    throw new PlainError("a name is blank");
  },
};

/** As that application's: only modules of IBC had parameters there. */
const recordedSubspaces = new Map<string, KeyTable>([
  [
    "ibc",
    new Map<string, ParamType>([
      ["AllowedClients", namedParam],
      ["MaxExpectedTimePerBlock", uint64Param],
    ]),
  ],
  [
    "transfer",
    new Map([
      ["SendEnabled", boolParam],
      ["ReceiveEnabled", boolParam],
    ]),
  ],
  ["icacontroller", new Map([["ControllerEnabled", boolParam]])],
  [
    "icahost",
    new Map<string, ParamType>([
      ["HostEnabled", boolParam],
      ["AllowMessages", namedParam],
    ]),
  ],
]);

/** As the vectors' README lists them. */
const recordedModuleVersions: ReadonlyMap<string, bigint> = new Map(
  Object.entries({
    "06-solomachine": 0n,
    "07-tendermint": 0n,
    auth: 5n,
    authz: 2n,
    bank: 4n,
    capability: 1n,
    circuit: 1n,
    consensus: 1n,
    crisis: 2n,
    distribution: 3n,
    evidence: 1n,
    feegrant: 2n,
    feeibc: 2n,
    genutil: 1n,
    gov: 5n,
    group: 2n,
    ibc: 6n,
    interchainaccounts: 3n,
    mint: 2n,
    mock: 1n,
    params: 1n,
    slashing: 4n,
    staking: 5n,
    transfer: 5n,
    upgrade: 2n,
    vesting: 1n,
  }),
);
