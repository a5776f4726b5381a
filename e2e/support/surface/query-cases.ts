/** Every query of secretjs with arguments that have an answer. */
import { ibc, type Outcome, refused, works } from "./kinds.ts";

/** What the arguments speak of; made by the test before it asks. */
export interface QueryWorld {
  readonly delegator: string;
  readonly grantee: string;
  /** Operators of the two validators, and the first one's consensus address. */
  readonly first: string;
  readonly second: string;
  readonly consensus: string;
  readonly codeId: string;
  readonly contract: string;
  readonly codeHash: string;
  readonly label: string;
  readonly proposal: string;
  readonly height: string;
}

export interface QueryCase {
  readonly args: (world: QueryWorld) => object;
  readonly outcome: Outcome;
}

type Args = QueryCase["args"];
const none: Args = () => ({});
const ask = (args: Args = none): QueryCase => ({ args, outcome: works });
const answers = (code: number, reason: string, args: Args = none): QueryCase => ({
  args,
  outcome: refused(code, reason),
});
const later = (args: Args = none): QueryCase => ({ args, outcome: ibc });

const denom = { denom: "uscrt" };
const address: Args = ({ delegator }) => ({ address: delegator });
const pair: Args = ({ delegator, first }) => ({ delegator_addr: delegator, validator_addr: first });
const operator: Args = ({ first }) => ({ validator_addr: first });
const operatorAddress: Args = ({ first }) => ({ validator_address: first });
const delegatorAddress: Args = ({ delegator }) => ({ delegator_address: delegator });
const proposal: Args = ({ proposal: id }) => ({ proposal_id: id });
const channel: Args = () => ({ channel_id: "channel-0", port_id: "transfer", sequence: "1" });
const notOffered = "no node of Secret Network has this service";

const auth = {
  accounts: ask(),
  account: ask(address),
  params: ask(),
  moduleAccounts: ask(),
  moduleAccountByName: ask(() => ({ name: "gov" })),
  bech32Prefix: ask(),
  addressBytesToString: ask(() => ({ address_bytes: Buffer.alloc(20, 1).toString("base64") })),
  addressStringToBytes: ask(({ delegator }) => ({ address_string: delegator })),
  accountAddressByID: ask(() => ({ id: "0", account_id: "1" })),
  accountInfo: ask(address),
};

const bank = {
  balance: ask(({ delegator }) => ({ address: delegator, ...denom })),
  allBalances: ask(address),
  spendableBalances: ask(address),
  spendableBalanceByDenom: ask(({ delegator }) => ({ address: delegator, ...denom })),
  totalSupply: ask(),
  supplyOf: ask(() => denom),
  params: ask(),
  denomMetadata: answers(5, "this network describes no coin", () => denom),
  denomMetadataByQueryString: answers(5, "this network describes no coin", () => denom),
  denomsMetadata: ask(),
  denomOwners: ask(() => denom),
  denomOwnersByQuery: ask(() => denom),
  sendEnabled: ask(),
};

const compute = {
  contractInfo: ask(({ contract }) => ({ contract_address: contract })),
  contractsByCodeId: ask(({ codeId }) => ({ code_id: codeId })),
  queryContract: ask(({ contract, codeHash }) => ({
    contract_address: contract,
    code_hash: codeHash,
    query: { get_count: {} },
  })),
  code: ask(({ codeId }) => ({ code_id: codeId })),
  codes: ask(),
  codeHashByContractAddress: ask(({ contract }) => ({ contract_address: contract })),
  codeHashByCodeId: ask(({ codeId }) => ({ code_id: codeId })),
  labelByAddress: ask(({ contract }) => ({ contract_address: contract })),
  addressByLabel: ask(({ label }) => ({ label })),
  contractHistory: ask(({ contract }) => ({ contract_address: contract })),
};

const distribution = {
  params: ask(),
  validatorDistributionInfo: ask(operatorAddress),
  validatorOutstandingRewards: ask(operatorAddress),
  validatorCommission: ask(operatorAddress),
  validatorSlashes: ask(({ first }) => ({
    validator_address: first,
    starting_height: "1",
    ending_height: "100",
  })),
  delegationRewards: ask(({ delegator, first }) => ({
    delegator_address: delegator,
    validator_address: first,
  })),
  delegationTotalRewards: ask(delegatorAddress),
  delegatorValidators: ask(delegatorAddress),
  delegatorWithdrawAddress: ask(delegatorAddress),
  communityPool: ask(),
  foundationTax: answers(2, "no foundation address is set"),
  restakeThreshold: ask(),
  restakingEntries: ask(({ delegator }) => ({ delegator })),
};

const gov = {
  constitution: ask(),
  proposals: ask(),
  proposal: ask(proposal),
  votes: ask(proposal),
  vote: ask(({ proposal: id, delegator }) => ({ proposal_id: id, voter: delegator })),
  deposits: ask(proposal),
  deposit: ask(({ proposal: id, delegator }) => ({ proposal_id: id, depositor: delegator })),
  tallyResult: ask(proposal),
  params: ask(() => ({ params_type: "voting" })),
};
const { constitution: _, ...govBeforeConstitution } = gov;

const staking = {
  validators: ask(() => ({ status: "" })),
  validator: ask(operator),
  validatorDelegations: ask(operator),
  validatorUnbondingDelegations: ask(operator),
  delegation: ask(pair),
  unbondingDelegation: ask(pair),
  delegatorDelegations: ask(({ delegator }) => ({ delegator_addr: delegator })),
  delegatorUnbondingDelegations: ask(({ delegator }) => ({ delegator_addr: delegator })),
  redelegations: ask(({ delegator }) => ({ delegator_addr: delegator })),
  delegatorValidators: ask(({ delegator }) => ({ delegator_addr: delegator })),
  delegatorValidator: ask(pair),
  historicalInfo: ask(({ height }) => ({ height })),
  pool: ask(),
  params: ask(),
};

const ibcCases = {
  ibc_channel: {
    channel: later(channel),
    channels: later(),
    connectionChannels: later(() => ({ connection: "connection-0" })),
    channelClientState: later(channel),
    channelConsensusState: later(channel),
    packetCommitment: later(channel),
    packetCommitments: later(channel),
    packetReceipt: later(channel),
    packetAcknowledgement: later(channel),
    packetAcknowledgements: later(channel),
    unreceivedPackets: later(channel),
    unreceivedAcks: later(channel),
    nextSequenceReceive: later(channel),
    nextSequenceSend: later(channel),
    upgradeError: later(channel),
    upgrade: later(channel),
    channelParams: later(),
  },
  ibc_client: {
    clientState: later(() => ({ client_id: "07-tendermint-0" })),
    clientStates: later(),
    consensusState: later(() => ({ client_id: "07-tendermint-0" })),
    consensusStates: later(() => ({ client_id: "07-tendermint-0" })),
    consensusStateHeights: later(() => ({ client_id: "07-tendermint-0" })),
    clientStatus: later(() => ({ client_id: "07-tendermint-0" })),
    clientParams: later(),
    upgradedClientState: later(),
    upgradedConsensusState: later(),
  },
  ibc_connection: {
    connection: later(() => ({ connection_id: "connection-0" })),
    connections: later(),
    clientConnections: later(() => ({ client_id: "07-tendermint-0" })),
    connectionClientState: later(() => ({ connection_id: "connection-0" })),
    connectionConsensusState: later(() => ({ connection_id: "connection-0" })),
    connectionParams: later(),
  },
  ibc_fee: {
    incentivizedPackets: later(),
    incentivizedPacket: later(),
    incentivizedPacketsForChannel: later(channel),
    totalRecvFees: later(),
    totalAckFees: later(),
    totalTimeoutFees: later(),
    payee: later(channel),
    counterpartyPayee: later(channel),
    feeEnabledChannels: later(),
    feeEnabledChannel: later(channel),
  },
  ibc_transfer: {
    denomTrace: later(() => ({ hash: "00" })),
    denomTraces: later(),
    params: later(),
    denomHash: later(() => ({ trace: "transfer/channel-0/uscrt" })),
    escrowAddress: later(channel),
    totalEscrowForDenom: later(() => denom),
  },
  ibc_iterchain_accounts_controller: {
    params: ask(),
    interchainAccount: answers(5, "nobody has an account elsewhere", ({ delegator }) => ({
      owner: delegator,
      connection_id: "connection-0",
    })),
  },
  ibc_iterchain_accounts_host: { params: ask() },
  ibc_packet_forward: { params: ask() },
};

/** Querier → method → case, with secretjs's own names. */
export const queryCases: Readonly<Record<string, Readonly<Record<string, QueryCase>>>> = {
  app: { config: answers(12, notOffered) },
  auth,
  authz: {
    grants: ask(({ delegator, grantee }) => ({
      granter: delegator,
      grantee,
      msg_type_url: "/cosmos.bank.v1beta1.MsgSend",
    })),
    granterGrants: ask(({ delegator }) => ({ granter: delegator })),
    granteeGrants: ask(({ grantee }) => ({ grantee })),
  },
  autocli: { appOptions: answers(12, notOffered) },
  bank,
  compute,
  consensus: { params: ask() },
  distribution,
  emergency_button: { params: ask() },
  evidence: {
    allEvidence: ask(),
    evidence: answers(5, "one validator cannot sign twice", () => ({ hash: "AB".repeat(32) })),
  },
  feegrant: {
    allowance: ask(({ delegator, grantee }) => ({ granter: delegator, grantee })),
    allowances: ask(({ grantee }) => ({ grantee })),
    allowancesByGranter: ask(({ delegator }) => ({ granter: delegator })),
  },
  gov,
  gov_v1beta1: govBeforeConstitution,
  ...ibcCases,
  mint: { params: ask(), inflation: ask(), annualProvisions: ask() },
  node: { config: ask(), status: ask() },
  orm: { get: answers(12, notOffered), list: answers(12, notOffered) },
  params: {
    params: ask(() => ({ subspace: "staking", key: "MaxValidators" })),
    subspaces: ask(),
  },
  registration: {
    txKey: ask(),
    registrationKey: ask(),
    encryptedSeed: answers(2, "no other node has registered", () => ({ pub_key: "ab".repeat(32) })),
  },
  slashing: {
    params: ask(),
    signingInfo: ask(({ consensus }) => ({ cons_address: consensus })),
    signingInfos: ask(),
  },
  staking,
  tendermint: {
    aBCIQuery: ask(() => ({ path: "/app/version" })),
    getNodeInfo: ask(),
    getSyncing: ask(),
    getLatestBlock: ask(),
    getBlockByHeight: ask(({ height }) => ({ height })),
    getLatestValidatorSet: ask(),
    getValidatorSetByHeight: ask(({ height }) => ({ height })),
  },
  upgrade: {
    authority: ask(),
    currentPlan: ask(),
    appliedPlan: ask(() => ({ name: "none" })),
    upgradedConsensusState: ask(() => ({ last_height: "1" })),
    moduleVersions: ask(),
  },
};
