/** Genesis of LocalSecret: five funded accounts, one validator. @see chain-and-client-api section 1.4 */
import { create } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { moduleAddress, truncatedHashAddress } from "@tacit/crypto";
import { Dec, type Types, toClientJson } from "@tacit/encoding";
import { ParamsSchema as DistributionParamsSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import { ParamsSchema as GovParamsSchema } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { ParamsSchema as MintParamsSchema } from "@tacit/encoding/proto/cosmos/mint/v1beta1/mint";
import { ParamsSchema as SlashingParamsSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/slashing";
import type { Timestamp } from "@tacit/light";
import { defaultComputeGenesis } from "@tacit/module-compute";
import { defaultDistributionParams } from "@tacit/module-distribution";
import { defaultGovParams } from "@tacit/module-gov";
import { createInterchainAccountsModule } from "@tacit/module-interchain-accounts";
import { defaultMintParams } from "@tacit/module-mint";
import { type NetworkKeys, registrationGenesis } from "@tacit/module-registration";
import { defaultSlashingParams } from "@tacit/module-slashing";
import {
  bondedPoolName,
  defaultParams as defaultStakingParams,
  genesisWithValidator,
} from "@tacit/module-staking";
import { createAddressCodec, type JsonValue } from "@tacit/sdk";
import type { NetworkDefinition } from "./network.ts";

/** LocalSecret's accounts in their order; mnemonics are in the reference and in `cli`. */
export const localSecretAccounts = [
  { name: "validator", address: "secret14aj08vd2ntty7dvskdmdu4zhf23mcwgtute8dz" },
  { name: "a", address: "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03" },
  { name: "b", address: "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne" },
  { name: "c", address: "secret1ajz54hz8azwuy34qwy9fkjnfcrvf0dzswy0lqq" },
  { name: "d", address: "secret1ldjxljw7v4vk6zhyduywh04hpj0jdwxsmrlatf" },
] as const;

/** What each account owns, the validator's stake included. */
export const localSecretBalance = 10n ** 18n;
export const localSecretStake = 10n ** 17n;
const unbondingSeconds = 90n;
const votingSeconds = 90n;
const expeditedVotingSeconds = 15n;
/** Parameters hold no Any. */
const noTypes: Types = { getMessage: () => undefined };

export interface LocalSecretGenesisOptions {
  readonly network: NetworkDefinition;
  /** Time of the genesis document. */
  readonly time: Timestamp;
  /** Ed25519, 32 bytes: signs blocks. */
  readonly consensusPublicKey: Uint8Array;
  readonly moniker: string;
  /** What the network's enclave published. */
  readonly networkKeys: NetworkKeys;
}

/** `app_state` of the genesis document. */
export function localSecretAppState(options: LocalSecretGenesisOptions): JsonValue {
  const { network, networkKeys } = options;
  const addresses = createAddressCodec(network.bech32Prefix);
  const accounts = localSecretAccounts.map(({ address }) => address);
  return {
    auth: authState(accounts),
    bank: bankState(accounts, addresses.toText(moduleAddress(bondedPoolName)), network.bondDenom),
    staking: stakingState(options),
    upgrade: {},
    distribution: {
      params: toClientJson(DistributionParamsSchema, defaultDistributionParams(), noTypes),
      fee_pool: { community_pool: [] },
    },
    slashing: slashingState(options),
    mint: {
      minter: { inflation: "0.130000000000000000", annual_provisions: "0.000000000000000000" },
      params: toClientJson(MintParamsSchema, defaultMintParams(network.bondDenom), noTypes),
    },
    evidence: { evidence: [] },
    gov: govState(network),
    interchainaccounts: createInterchainAccountsModule().defaultGenesis?.() ?? {},
    compute: defaultComputeGenesis(),
    register: registrationGenesis(networkKeys),
    capability: { index: "1", owners: [] },
    emergencybutton: { params: { switch_status: "on", pauser_address: "" } },
    cron: { params: { security_address: "", limit: "5" }, scheduleList: [] },
    genutil: { gen_txs: [] },
  };
}

/** The validator is bonded already, so what its signatures are counted in is there too. */
function slashingState({ network, consensusPublicKey }: LocalSecretGenesisOptions): JsonValue {
  const address = createAddressCodec(`${network.bech32Prefix}valcons`).toText(
    truncatedHashAddress(consensusPublicKey),
  );
  return {
    params: toClientJson(SlashingParamsSchema, defaultSlashingParams(), noTypes),
    signing_infos: [
      {
        address,
        validator_signing_info: {
          address,
          start_height: "0",
          index_offset: "0",
          jailed_until: "1970-01-01T00:00:00Z",
          tombstoned: false,
          missed_blocks_counter: "0",
        },
      },
    ],
    missed_blocks: [],
  };
}

/** Periods as LocalSecret shortens them; what must be deposited stays Secret's. */
function govState({ bondDenom }: NetworkDefinition): JsonValue {
  const params = {
    ...defaultGovParams(bondDenom),
    votingPeriod: create(DurationSchema, { seconds: votingSeconds }),
    expeditedVotingPeriod: create(DurationSchema, { seconds: expeditedVotingSeconds }),
  };
  return {
    starting_proposal_id: "1",
    deposits: [],
    votes: [],
    proposals: [],
    params: toClientJson(GovParamsSchema, params, noTypes),
    constitution: "",
  };
}

function authState(accounts: readonly string[]): JsonValue {
  return {
    params: {
      max_memo_characters: "256",
      tx_sig_limit: "7",
      tx_size_cost_per_byte: "10",
      sig_verify_cost_ed25519: "590",
      sig_verify_cost_secp256k1: "1000",
    },
    accounts: accounts.map((address, index) => ({
      "@type": "/cosmos.auth.v1beta1.BaseAccount",
      address,
      pub_key: null,
      account_number: `${index}`,
      sequence: "0",
    })),
  };
}

function bankState(accounts: readonly string[], pool: string, denom: string): JsonValue {
  const balance = (address: string, amount: bigint) => ({
    address,
    coins: [{ denom, amount: `${amount}` }],
  });
  return {
    params: { send_enabled: [], default_send_enabled: true },
    balances: [
      ...accounts.map((address, index) =>
        balance(address, index === 0 ? localSecretBalance - localSecretStake : localSecretBalance),
      ),
      balance(pool, localSecretStake),
    ],
    supply: [{ denom, amount: `${localSecretBalance * BigInt(accounts.length)}` }],
    denom_metadata: [],
    send_enabled: [],
  };
}

function stakingState(options: LocalSecretGenesisOptions): JsonValue {
  const { network, time, consensusPublicKey, moniker } = options;
  const addresses = createAddressCodec(network.bech32Prefix);
  return genesisWithValidator(
    {
      operator: addresses.toBytes(localSecretAccounts[0].address),
      consensusPublicKey,
      moniker,
      tokens: localSecretStake,
      commission: {
        rate: Dec.parse("0.1"),
        maxRate: Dec.parse("0.2"),
        maxChangeRate: Dec.parse("0.01"),
      },
    },
    {
      addresses,
      time,
      params: {
        ...defaultStakingParams(network.bondDenom),
        unbondingTime: {
          $typeName: "google.protobuf.Duration",
          seconds: unbondingSeconds,
          nanos: 0,
        },
      },
    },
  );
}
