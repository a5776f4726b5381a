/** What this module needs of others, in its own words; `app` wires them. */
import type { EnclaveClient } from "@tacit/enclave-channel";
import type { Coin } from "@tacit/encoding";
import type { AddressCodec, Context, MessageRouter, QueryRouter, TypeResolver } from "@tacit/sdk";
import type { ProposalKeeper } from "./enclave-decisions.ts";
import type { BlockRecords } from "./node-sync/block-records.ts";

export interface AccountKeeper {
  getAccount(context: Context, address: Uint8Array): object | undefined;
  /** Makes a base account with the next account number. */
  createAccount(context: Context, address: Uint8Array): void;
}

export interface BankKeeper {
  /** Moves coins with the events of a transfer. @throws {SdkError} `sdk/5` and others. */
  sendCoins(context: Context, from: Uint8Array, to: Uint8Array, coins: readonly Coin[]): void;
  /** Module accounts must not receive or pay contract funds. */
  isBlocked(address: Uint8Array): boolean;
  /** Sorted by denom; only amounts above zero. */
  getAllBalances(context: Context, address: Uint8Array): readonly Coin[];
}

export interface ValidatorSummary {
  /** Bech32 operator address. */
  readonly address: string;
  /** Decimals as text with 18 places. */
  readonly commission: string;
  readonly maxCommission: string;
  readonly maxChangeRate: string;
}

export interface DelegationSummary {
  /** Bech32. */
  readonly delegator: string;
  /** Bech32 operator address. */
  readonly validator: string;
  readonly amount: Coin;
}

/** What contracts may ask about staking (privacy protocol section 3.1). */
export interface StakingKeeper {
  bondDenom(context: Context): string;
  /** Which part of all stakeable coins is staked: text with 18 places. */
  bondedRatio(context: Context): string;
  /** In order of power. */
  bondedValidators(context: Context): readonly ValidatorSummary[];
  /** By bech32 operator address. @throws {SdkError} if it is none. */
  validator(context: Context, operator: string): ValidatorSummary | undefined;
  delegations(context: Context, delegator: Uint8Array): readonly DelegationSummary[];
  /** @throws {SdkError} if `operator` is no operator address. */
  delegation(
    context: Context,
    delegator: Uint8Array,
    operator: string,
  ):
    | (DelegationSummary & {
        readonly accumulatedRewards: readonly Coin[];
        readonly canRedelegate: Coin;
      })
    | undefined;
  unbondingDelegations(context: Context, delegator: Uint8Array): readonly DelegationSummary[];
}

/** Uncompressed code by its hash, outside of what roots cover. */
export interface CodeStore {
  get(codeHash: Uint8Array): Uint8Array | undefined;
  put(codeHash: Uint8Array, code: Uint8Array): void;
}

/** The committed state against which the enclave checks what a context reads of `private`. */
export interface PrivateView {
  readonly appHash: Uint8Array;
  /** Root of the store `private` and its compact proof under `appHash`. */
  readonly privateRoot: Uint8Array;
  readonly privateRootProof: Uint8Array;
  read(key: Uint8Array): { readonly value: Uint8Array | undefined; readonly proof: Uint8Array };
}

export interface ComputeOptions {
  readonly addresses: AddressCodec;
  /** Bech32 address of the governance account, which alone may decide for all. */
  readonly authority: string;
  /**
   * Whether errors of sub-messages are hidden from contracts behind their codes. Off only on
   * development networks (the network's `SGX_MODE=SW`).
   */
  readonly redactsErrors: boolean;
  /** SDK gas of a client's smart query, each node's own choice; `QUERY_GAS_LIMIT` unless given. */
  readonly queryGas?: bigint | undefined;
}

export interface ComputeCollaborators {
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
  readonly staking: StakingKeeper;
  readonly proposals: Pick<ProposalKeeper, "proposals">;
  readonly messages: MessageRouter;
  readonly types: TypeResolver;
  readonly queries: QueryRouter;
  /** This thread's end of the channel. */
  readonly enclave: EnclaveClient;
  readonly codes: CodeStore;
  readonly records: BlockRecords;
  /**
   * The state before the block under way, or the one a query context reads; absent before the
   * first commit.
   */
  privateView(context: Context): PrivateView | undefined;
}
