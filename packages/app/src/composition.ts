/** Which modules make a network, and how they reach one another. */
import { moduleAddress } from "@tacit/crypto";
import type { EnclaveClient } from "@tacit/enclave-channel";
import { AccountKeeper, createAuthModule } from "@tacit/module-auth";
import { createAuthzModule } from "@tacit/module-authz";
import { BankKeeper, createBankModule } from "@tacit/module-bank";
import { createCapabilityModule } from "@tacit/module-capability";
import { createCircuitModule } from "@tacit/module-circuit";
import {
  BlockRecords,
  type ComputeModule,
  countTx,
  createCodeStore,
  createComputeModule,
  verifyDecisions,
} from "@tacit/module-compute";
import { createConsensusModule, createConsensusParamsStore } from "@tacit/module-consensus";
import { type CronModule, createCronModule } from "@tacit/module-cron";
import { createDistributionModule, type DistributionKeeper } from "@tacit/module-distribution";
import { createEmergencyButtonModule } from "@tacit/module-emergencybutton";
import { createEvidenceModule } from "@tacit/module-evidence";
import { createFeeGrantModule, FeeGrantKeeper } from "@tacit/module-feegrant";
import { createGovModule, GovKeeper } from "@tacit/module-gov";
import {
  createInterchainAccountsModule,
  createPacketForwardModule,
} from "@tacit/module-interchain-accounts";
import { createMintModule } from "@tacit/module-mint";
import { createParamsModule } from "@tacit/module-params";
import { createRegistrationModule, getNetworkKeys } from "@tacit/module-registration";
import { createSlashingModule, type SlashingKeeper } from "@tacit/module-slashing";
import {
  type ContractStakingQueries,
  createStakingModule,
  type StakingHooks,
  type StakingKeeper,
} from "@tacit/module-staking";
import { createUpgradeModule } from "@tacit/module-upgrade";
import { createVestingModule } from "@tacit/module-vesting";
import {
  type AddressCodec,
  type AnteNext,
  type ConsensusParamsStore,
  createAddressCodec,
  createTxDecoder,
  MessageRouter,
  type Module,
  ModuleManager,
  QueryRouter,
  type TxDecoder,
  type TxObserver,
  TxRunner,
  TypeRegistry,
} from "@tacit/sdk";
import type { BlobStore } from "@tacit/store";
import { createAnteChain, createSignatureCheck } from "./ante.ts";
import { circuitGuard } from "./circuit.ts";
import { PrivateViews } from "./enclave/private-views.ts";
import { createGenutilModule } from "./genutil.ts";
import { moduleOrders } from "./module-orders.ts";
import type { NetworkDefinition } from "./networks/network.ts";
import { secretSubspaces } from "./networks/subspaces.ts";

export interface CompositionOptions {
  readonly network: NetworkDefinition;
  /** This thread's end of the channel. */
  readonly enclave: EnclaveClient;
  readonly blobs: BlobStore;
  readonly txObserver?: TxObserver;
  /** SDK gas of a client's smart query; that of the network unless given. */
  readonly queryGas?: bigint | undefined;
}

/** A network's rules, ready to run on any state. */
export interface Composition {
  readonly network: NetworkDefinition;
  readonly addresses: AddressCodec;
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
  readonly feeGrants: FeeGrantKeeper;
  readonly modules: ModuleManager;
  readonly messages: MessageRouter;
  readonly queries: QueryRouter;
  readonly types: TypeRegistry;
  readonly consensusParams: ConsensusParamsStore;
  readonly decode: TxDecoder;
  readonly ante: AnteNext;
  readonly runner: TxRunner;
  readonly privateViews: PrivateViews;
  readonly blockRecords: BlockRecords;
  /** What modules of IBC tell contracts. */
  readonly ibcContracts: ComputeModule["ibc"];
  /** What schedules put at the front of the next block. */
  readonly cron: Pick<CronModule, "scheduledTxs">;
  readonly stake: StakeKeepers;
}

/** Keepers of proof of stake, for exports. */
export interface StakeKeepers {
  readonly staking: StakingKeeper;
  readonly distribution: DistributionKeeper;
  readonly slashing: SlashingKeeper;
}

export function composeNetwork(options: CompositionOptions): Composition {
  const { network } = options;
  const addresses = createAddressCodec(network.bech32Prefix);
  const authority = moduleAddress("gov");
  const types = new TypeRegistry();
  const messages = new MessageRouter(circuitGuard);
  const queries = new QueryRouter();
  const accounts = new AccountKeeper({
    addresses,
    authority,
    modulePermissions: network.moduleAccounts,
  });
  const bank = new BankKeeper({ accounts, authority, blocked: blockedAccounts(network) });
  const parts = {
    network,
    addresses,
    types,
    messages,
    queries,
    accounts,
    bank,
    feeGrants: new FeeGrantKeeper({ accounts, bank }),
    consensusParams: createConsensusParamsStore(),
    privateViews: new PrivateViews(),
    blockRecords: new BlockRecords(options.blobs),
  };
  const decode = createTxDecoder({ messages, types, addressToBytes: addresses.toBytes });
  const signatures = { accounts, types, eip191: network.eip191 };
  const ante = createAnteChain({
    ...signatures,
    bank,
    feeGrants: parts.feeGrants,
    unmetered: [countTx, verifyDecisions(new GovKeeper())],
  });
  const runner = new TxRunner({
    decode,
    ante,
    verify: createSignatureCheck(signatures),
    addressToText: addresses.toText,
    consensusParams: parts.consensusParams,
    txObserver: options.txObserver,
  });
  const cron = createCronModule(
    { addresses, authority: addresses.toText(authority) },
    { accounts, ioPublicKey: (context) => getNetworkKeys(context).ioPublicKey },
  );
  const stake = createStakeModules(parts, addresses.toText(authority));
  const compute = createCompute({ ...parts, runner }, stake, options);
  const others = [...createModules({ ...parts, runner }, stake), compute];
  const modules = new ModuleManager([...others, cron], moduleOrders);
  modules.register({ messages, queries, types });
  for (const { schema } of messages.routes) types.register(schema);
  const { ibc: ibcContracts } = compute;
  return { ...parts, modules, decode, ante, runner, cron, stake: stake.keepers, ibcContracts };
}

/** What modules are made of, before they are. */
type Parts = Omit<Composition, "modules" | "decode" | "ante" | "cron" | "stake" | "ibcContracts">;

function createCompute(
  parts: Parts,
  stake: StakeModules,
  { enclave, blobs, queryGas }: CompositionOptions,
): ComputeModule {
  const { network, addresses, types, messages, queries, accounts, bank } = parts;
  const authority = addresses.toText(accounts.options.authority);
  return createComputeModule(
    { addresses, authority, redactsErrors: network.redactsErrors, queryGas },
    {
      accounts,
      bank,
      staking: stake.contractQueries,
      proposals: new GovKeeper(),
      messages,
      types,
      queries,
      enclave,
      codes: createCodeStore(blobs),
      records: parts.blockRecords,
      privateView: (context) => parts.privateViews.of(context),
    },
  );
}

function createModules(parts: Parts, stake: StakeModules): readonly Module[] {
  const { network, addresses, types, messages, accounts, bank } = parts;
  const authority = addresses.toText(accounts.options.authority);
  return [
    createAuthModule(accounts, types),
    createBankModule(bank, types),
    createVestingModule({ accounts, bank }),
    createAuthzModule({ accounts, bank, messages, types }),
    createFeeGrantModule(parts.feeGrants, types),
    createCircuitModule({ addresses, authority, types }),
    createUpgradeModule({
      addresses,
      authority,
      moduleVersions: network.moduleVersions,
      handlers: new Map(),
    }),
    ...stake.modules,
    ...createGovernance(parts, authority, stake),
    createRegistrationModule(parts.blockRecords),
    createEmergencyButtonModule({ addresses, authority }),
    createCapabilityModule(),
    createGenutilModule({
      types,
      deliver: (context, tx) => parts.runner.run("genesis", context, tx),
      validators: (context) => stake.keepers.staking.applyValidatorSetUpdates(context),
    }),
    createConsensusModule({ addresses, authority }, { params: parts.consensusParams }),
    createInterchainAccountsModule(),
    createPacketForwardModule(),
  ];
}

/** Governance, and the parameters that its oldest proposals change. */
function createGovernance(
  { network, addresses, accounts, bank, messages, types }: Parts,
  authority: string,
  { keepers: { staking, distribution } }: StakeModules,
): readonly Module[] {
  const { transientWriteGas, bondDenom: depositDenom } = network;
  const subspaces = secretSubspaces(addresses);
  const params = createParamsModule({ subspaces, transientWriteGas });
  const gov = createGovModule(
    { addresses, authority, depositDenom },
    { accounts, bank, staking, distribution, messages, types, contents: [params.content] },
  );
  return [gov, params];
}

interface StakeModules {
  readonly modules: readonly Module[];
  readonly contractQueries: ContractStakingQueries;
  readonly keepers: StakeKeepers;
}

/** Proof of stake: staking, and the modules that live on it. */
function createStakeModules(
  { network, addresses, accounts, bank }: Omit<Parts, "runner">,
  authority: string,
): StakeModules {
  const options = { addresses, authority };
  const hooks: StakingHooks[] = [];
  const staking = createStakingModule(
    { ...options, bondDenom: network.bondDenom },
    {
      accounts,
      bank,
      hooks,
      rewards: (context, delegator, operator) =>
        distribution.keeper.pendingRewards(context, delegator, operator),
    },
  );
  const { keeper } = staking;
  const distribution = createDistributionModule(
    { ...options, restakes: network.restakes },
    { accounts, bank, staking: keeper },
  );
  const slashing = createSlashingModule(options, { staking: keeper });
  hooks.push(distribution.hooks, slashing.hooks);
  const mintOptions = { ...options, mintDenom: network.bondDenom };
  return {
    contractQueries: staking.contractQueries,
    keepers: {
      staking: keeper,
      distribution: distribution.keeper,
      slashing: slashing.keeper,
    },
    modules: [
      staking,
      distribution,
      slashing,
      createMintModule(mintOptions, { accounts, bank, staking: keeper }),
      createEvidenceModule({ addresses }, { staking: keeper, slashing: slashing.keeper }),
    ],
  };
}

function blockedAccounts(network: NetworkDefinition): readonly Uint8Array[] {
  return [...network.moduleAccounts.keys()]
    .filter((name) => !network.openModuleAccounts.has(name))
    .map((name) => moduleAddress(name));
}
