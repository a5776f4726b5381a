/** A random first state: accounts of every kind, validators, delegations, parameters in bounds. */

import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { localSecretAppState, type NetworkDefinition, secretdev1 } from "@tacit/app";
import { moduleAddress, sha256 } from "@tacit/crypto";
import { Dec, encodeMessage, toClientJson } from "@tacit/encoding";
import { Permissions_Level } from "@tacit/encoding/proto/cosmos/circuit/v1/types";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { ParamsSchema as DistributionParamsSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import { ParamsSchema as GovParamsSchema } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { ParamsSchema as MintParamsSchema } from "@tacit/encoding/proto/cosmos/mint/v1beta1/mint";
import { ParamsSchema as SlashingParamsSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/slashing";
import { GenesisStateSchema as StakingGenesisSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/genesis";
import { BondStatus } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type AddressCodec, createAddressCodec, type JsonValue, utf8Bytes } from "@tacit/sdk";
import type { Random } from "../random.ts";
import { type KeyedAccount, keyedAccount } from "../signer.ts";
import type { GenesisDocument, NetworkKeys } from "../simulated-chain.ts";

/** Who acts in a simulation; chosen before its genesis is made. */
export interface Cast {
  readonly users: readonly KeyedAccount[];
  /** The first users operate the first validators; the first of these never misses a block. */
  readonly firstValidators: number;
}

export const otherDenoms = [
  "uatom",
  "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2",
];

const unit = 1_000_000n;
const genesisSeconds = 1_700_000_000n;
const noTypes = { getMessage: () => undefined };
const keyTypes = {
  getMessage: (name: string) => (name === PubKeySchema.typeName ? PubKeySchema : undefined),
};

export function randomCast(random: Random): Cast {
  const users = Array.from({ length: random.between(10, 24) }, (_, index) =>
    keyedAccount(`user ${index}`),
  );
  return { users, firstValidators: random.between(4, 8) };
}

/** Ed25519, 32 bytes; nobody signs with it. */
export function consensusKey(name: string): Uint8Array {
  return sha256(utf8Bytes(`testkit consensus key ${name}`));
}

export function randomGenesis(
  random: Random,
  { network, cast }: { readonly network: NetworkDefinition; readonly cast: Cast },
): (keys: NetworkKeys) => GenesisDocument {
  const addresses = createAddressCodec(network.bech32Prefix);
  const stake = randomStake(random, cast);
  const parts = { random, network, addresses, cast, stake };
  const overrides = {
    auth: authState(parts),
    bank: bankState(parts),
    staking: stakingState(parts),
    slashing: slashingState(random),
    mint: mintState(random, network),
    distribution: distributionState(parts),
    circuit: circuitState(parts),
    gov: govState(random, network),
    emergencybutton: {
      params: { switch_status: "on", pauser_address: addresses.toText(cast.users[2]!.address) },
    },
  };
  const consensusParams = randomConsensusParams(random);
  return (networkKeys) => ({
    time: { seconds: genesisSeconds, nanos: random.below(1_000_000_000) },
    initialHeight: 1n,
    consensusParams,
    appState: { ...baseState(networkKeys), ...overrides },
  });
}

/** What is left of LocalSecret's: the modules without addresses in their genesis. */
function baseState(networkKeys: NetworkKeys): { readonly [module: string]: JsonValue } {
  return localSecretAppState({
    network: secretdev1,
    time: { seconds: genesisSeconds, nanos: 0 },
    consensusPublicKey: consensusKey("none"),
    moniker: "none",
    networkKeys,
  }) as { readonly [module: string]: JsonValue };
}

interface Stake {
  readonly validator: number;
  readonly delegator: number;
  readonly amount: bigint;
}

interface Parts {
  readonly random: Random;
  readonly network: NetworkDefinition;
  readonly addresses: AddressCodec;
  readonly cast: Cast;
  readonly stake: readonly Stake[];
}

/** Operators delegate to themselves; some users to some validators. */
function randomStake(random: Random, { users, firstValidators }: Cast): readonly Stake[] {
  const stake: Stake[] = [];
  for (let validator = 0; validator < firstValidators; validator++) {
    stake.push({ validator, delegator: validator, amount: randomAmount(random, 50n * unit) });
    for (let delegator = firstValidators; delegator < users.length; delegator++) {
      if (!random.chance(1, 5)) continue;
      stake.push({ validator, delegator, amount: randomAmount(random, 10n * unit) });
    }
  }
  return stake;
}

/** At least one unit of voting power. */
function randomAmount(random: Random, below: bigint): bigint {
  return unit + random.belowBig(below);
}

/** Between two decimals of two places, given in hundredths. */
export function randomDec(random: Random, low: number, high: number): Dec {
  return Dec.fromInt(BigInt(random.between(low * 1000, high * 1000))).quoInt(100_000n);
}

function authState({ random, addresses, cast, network }: Parts): JsonValue {
  return {
    params: {
      max_memo_characters: `${random.between(64, 300)}`,
      tx_sig_limit: "7",
      tx_size_cost_per_byte: `${random.between(1, 12)}`,
      sig_verify_cost_ed25519: "590",
      sig_verify_cost_secp256k1: "1000",
    },
    accounts: cast.users.map(({ address }, index) => {
      const base = {
        address: addresses.toText(address),
        pub_key: null,
        account_number: `${index}`,
        sequence: "0",
      };
      const isBase = index < cast.firstValidators || random.chance(1, 2);
      return isBase
        ? { "@type": "/cosmos.auth.v1beta1.BaseAccount", ...base }
        : vestingAccount(random, base, network.bondDenom);
    }),
  };
}

/** Locks less than the account has. */
function vestingAccount(random: Random, base: JsonValue, denom: string): JsonValue {
  const amount = randomAmount(random, 50n * unit);
  const coins = (value: bigint) => [{ denom, amount: `${value}` }];
  const end = genesisSeconds + BigInt(random.between(100, 400_000));
  const common = {
    base_account: base,
    original_vesting: coins(amount),
    delegated_free: [],
    delegated_vesting: [],
  };
  const until = (end_time: bigint) => ({ ...common, end_time: `${end_time}` });
  const start_time = `${genesisSeconds}`;
  switch (random.below(4)) {
    case 0:
      return {
        "@type": "/cosmos.vesting.v1beta1.ContinuousVestingAccount",
        base_vesting_account: until(end),
        start_time,
      };
    case 1:
      return {
        "@type": "/cosmos.vesting.v1beta1.DelayedVestingAccount",
        base_vesting_account: until(end),
      };
    case 2:
      return {
        "@type": "/cosmos.vesting.v1beta1.PermanentLockedAccount",
        base_vesting_account: until(0n),
      };
    default: {
      const first = amount / 3n;
      const length = (end - genesisSeconds) / 2n;
      return {
        "@type": "/cosmos.vesting.v1beta1.PeriodicVestingAccount",
        base_vesting_account: until(genesisSeconds + 2n * length),
        start_time,
        vesting_periods: [first, amount - first].map((part) => ({
          length: `${length}`,
          amount: coins(part),
        })),
      };
    }
  }
}

/** Staked coins lie in the pool of what is not bonded: the first validators are bonded at once. */
function bankState({ random, addresses, cast, network, stake }: Parts): JsonValue {
  const coin = (denom: string, amount: bigint) => ({ denom, amount: `${amount}` });
  const sorted = (coins: readonly { denom: string; amount: string }[]) =>
    [...coins].sort((a, b) => (a.denom < b.denom ? -1 : 1));
  const staked = stake.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    params: { send_enabled: [], default_send_enabled: true },
    balances: [
      ...cast.users.map(({ address }) => ({
        address: addresses.toText(address),
        coins: sorted([
          coin(network.bondDenom, 100n * unit + random.belowBig(1_000n * unit)),
          ...otherDenoms
            .filter(() => random.chance(1, 2))
            .map((denom) => coin(denom, randomAmount(random, 100n * unit))),
        ]),
      })),
      {
        address: addresses.toText(moduleAddress("not_bonded_tokens_pool")),
        coins: [coin(network.bondDenom, staked)],
      },
    ],
    supply: [],
    denom_metadata: [],
    send_enabled: [],
  };
}

function stakingState({ random, addresses, cast, network, stake }: Parts): JsonValue {
  const operators = createAddressCodec(`${addresses.prefix}valoper`);
  const operatorOf = (index: number) => operators.toText(cast.users[index]!.address);
  const validators = Array.from({ length: cast.firstValidators }, (_, index) => {
    const tokens = stake
      .filter(({ validator }) => validator === index)
      .reduce((sum, { amount }) => sum + amount, 0n);
    const maxRate = randomDec(random, 20, 100);
    return {
      operatorAddress: operatorOf(index),
      consensusPubkey: {
        typeUrl: `/${PubKeySchema.typeName}`,
        value: encodeMessage(PubKeySchema, { key: consensusKey(`${index}`) }),
      },
      status: BondStatus.UNBONDED,
      tokens: `${tokens}`,
      delegatorShares: Dec.fromInt(tokens).toWire(),
      description: { moniker: `validator ${index}` },
      unbondingTime: { seconds: 0n, nanos: 0 },
      commission: {
        commissionRates: {
          rate: randomDec(random, 5, 20).toWire(),
          maxRate: maxRate.toWire(),
          maxChangeRate: randomDec(random, 0, 20).toWire(),
        },
        updateTime: { seconds: genesisSeconds, nanos: 0 },
      },
      minSelfDelegation: "1",
    };
  });
  const message = {
    params: {
      unbondingTime: { seconds: BigInt(random.between(60, 200_000)), nanos: 0 },
      maxValidators: random.between(3, cast.firstValidators + 2),
      maxEntries: random.between(1, 7),
      historicalEntries: random.pick([0, 1, 10, 100]),
      bondDenom: network.bondDenom,
      minCommissionRate: random.chance(1, 2) ? "0" : Dec.parse("0.05").toWire(),
    },
    lastTotalPower: utf8Bytes("0"),
    validators,
    delegations: stake.map(({ validator, delegator, amount }) => ({
      delegatorAddress: addresses.toText(cast.users[delegator]!.address),
      validatorAddress: operatorOf(validator),
      shares: Dec.fromInt(amount).toWire(),
    })),
  };
  return jsonOf(StakingGenesisSchema, message, keyTypes);
}

function slashingState(random: Random): JsonValue {
  const dec = (low: number, high: number) => utf8Bytes(randomDec(random, low, high).toWire());
  const params = {
    signedBlocksWindow: BigInt(random.between(8, 40)),
    minSignedPerWindow: dec(20, 90),
    downtimeJailDuration: { seconds: BigInt(random.between(10, 900)), nanos: 0 },
    slashFractionDoubleSign: dec(1, 30),
    slashFractionDowntime: dec(0, 10),
  };
  return {
    params: jsonOf(SlashingParamsSchema, params, noTypes),
    signing_infos: [],
    missed_blocks: [],
  };
}

function mintState(random: Random, network: NetworkDefinition): JsonValue {
  const params = {
    mintDenom: network.bondDenom,
    inflationRateChange: randomDec(random, 1, 20).toWire(),
    inflationMax: randomDec(random, 20, 60).toWire(),
    inflationMin: randomDec(random, 1, 19).toWire(),
    goalBonded: randomDec(random, 30, 90).toWire(),
    blocksPerYear: BigInt(random.between(50_000, 8_000_000)),
  };
  return {
    minter: { inflation: "0.130000000000000000", annual_provisions: "0.000000000000000000" },
    params: jsonOf(MintParamsSchema, params, noTypes),
  };
}

function distributionState({ random, addresses, cast, network }: Parts): JsonValue {
  const hasFoundation = network.restakes && random.chance(1, 2);
  const params = {
    communityTax: randomDec(random, 0, 30).toWire(),
    baseProposerReward: "0",
    bonusProposerReward: "0",
    withdrawAddrEnabled: random.chance(4, 5),
    secretFoundationTax: hasFoundation ? randomDec(random, 1, 30).toWire() : "0",
    secretFoundationAddress: hasFoundation ? addresses.toText(cast.users.at(-1)!.address) : "",
    minimumRestakeThreshold: Dec.fromInt(BigInt(random.between(1, 5_000_000))).toWire(),
    restakePeriod: `${random.between(2, 30)}`,
  };
  return {
    params: jsonOf(DistributionParamsSchema, params, noTypes),
    fee_pool: { community_pool: [] },
  };
}

/** Deposits that people can pay, periods in which a few blocks are made. */
function govState(random: Random, { bondDenom }: NetworkDefinition): JsonValue {
  const least = BigInt(random.between(1_000, 5_000_000));
  const coin = (amount: bigint) => [{ denom: bondDenom, amount: `${amount}` }];
  const regularSeconds = random.between(60, 600);
  const seconds = (value: number) => ({ seconds: BigInt(value), nanos: 0 });
  const params = {
    minDeposit: coin(least),
    expeditedMinDeposit: coin(2n * least),
    maxDepositPeriod: seconds(random.between(30, 2_000)),
    votingPeriod: seconds(regularSeconds),
    expeditedVotingPeriod: seconds(random.between(20, regularSeconds - 1)),
    quorum: randomDec(random, 5, 40).toString(),
    threshold: randomDec(random, 40, 60).toString(),
    expeditedThreshold: randomDec(random, 61, 80).toString(),
    vetoThreshold: randomDec(random, 25, 40).toString(),
    minInitialDepositRatio: randomDec(random, 0, 30).toString(),
    proposalCancelRatio: randomDec(random, 0, 100).toString(),
    proposalCancelDest: "",
    burnProposalDepositPrevote: random.chance(1, 2),
    burnVoteQuorum: random.chance(1, 2),
    burnVoteVeto: random.chance(1, 2),
    minDepositRatio: randomDec(random, 0, 5).toString(),
  };
  return {
    starting_proposal_id: "1",
    deposits: [],
    votes: [],
    proposals: [],
    params: jsonOf(GovParamsSchema, params, noTypes),
    constitution: "",
  };
}

/** The second user may do everything with circuits. */
function circuitState({ addresses, cast }: Parts): JsonValue {
  return {
    account_permissions: [
      {
        address: addresses.toText(cast.users[1]!.address),
        permissions: { level: Permissions_Level.SUPER_ADMIN, limit_type_urls: [] },
      },
    ],
    disabled_type_urls: [],
  };
}

function randomConsensusParams(random: Random): GenesisDocument["consensusParams"] {
  return {
    block: { maxBytes: 22_020_096n, maxGas: random.chance(1, 3) ? 20_000_000n : -1n },
    evidence: {
      maxAgeNumBlocks: BigInt(random.between(5, 100)),
      maxAgeDurationNs: BigInt(random.between(60, 10_000)) * 1_000_000_000n,
      maxBytes: 1_048_576n,
    },
    validator: { pubKeyTypes: ["ed25519"] },
    version: { app: 0n },
    abci: { voteExtensionsEnableHeight: 0n },
  };
}

function jsonOf<Schema extends DescMessage>(
  schema: Schema,
  value: MessageInitShape<Schema>,
  types: Parameters<typeof toClientJson>[2],
): JsonValue {
  return toClientJson(schema, create(schema, value), types) as JsonValue;
}
