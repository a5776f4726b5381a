/** What all nodes of a network agree on before its first block. */
import type { TransientWriteGas } from "@tacit/module-params";
import type { KvGasTable } from "@tacit/sdk";

export interface NetworkDefinition {
  readonly chainId: string;
  /** Of account addresses; validators and consensus addresses append `valoper`, `valcons`. */
  readonly bech32Prefix: string;
  /** The coin that is staked and pays fees: `uscrt`. */
  readonly bondDenom: string;
  readonly kvGas: KvGasTable;
  /** For marks of a block's changes in module `params`. */
  readonly transientWriteGas: TransientWriteGas;
  /** Module accounts with what they may do: `minter`, `burner`, `staking`. */
  readonly moduleAccounts: ReadonlyMap<string, readonly string[]>;
  /** Module accounts that may be sent to; all others are blocked. */
  readonly openModuleAccounts: ReadonlySet<string>;
  /** Versions of modules that genesis writes into the store `upgrade`. */
  readonly moduleVersions: ReadonlyMap<string, bigint>;
  /** Sign mode 191 (MetaMask). */
  readonly eip191: boolean;
  /** Fixes for weaknesses of Secret's protocol that unmodified clients do not notice. */
  readonly hardened: boolean;
  /**
   * What the enclave pads to buckets of size: nothing; what no unmodified client notices; or also
   * errors and data for clients, whose padding shows as trailing spaces.
   */
  readonly padding: "none" | "unseen" | "all";
  /** Lets contracts write to the node's log, and tells authors of messages where gas went. Never on a network with value. */
  readonly contractDebug: boolean;
  /** Secret's distribution: a foundation's part of fees, rewards that are staked again. */
  readonly restakes: boolean;
  /** Whether contracts see only codes of their sub-messages' errors. */
  readonly redactsErrors: boolean;
}

/** @see chain-and-client-api section 1.2 */
export const secretModuleAccounts: ReadonlyMap<string, readonly string[]> = new Map<
  string,
  readonly string[]
>([
  ["fee_collector", []],
  ["distribution", []],
  ["mint", ["minter"]],
  ["bonded_tokens_pool", ["burner", "staking"]],
  ["not_bonded_tokens_pool", ["burner", "staking"]],
  ["gov", ["burner"]],
  ["transfer", ["minter", "burner"]],
  ["interchainaccounts", []],
  ["feeibc", []],
  ["compute", ["burner"]],
  ["emergencybutton", []],
  ["cron", []],
]);

/**
 * Versions of all modules, as SecretNetwork v1.25.0 gives them to the manager: those shared with
 * the Cosmos SDK and ibc-go, distribution and gov of the fork, and Secret's own.
 * @see sdk-fork section 1.1, vectors/sdk-golden/README.md
 */
export const secretModuleVersions: ReadonlyMap<string, bigint> = new Map([
  ["07-tendermint", 0n],
  ["auth", 5n],
  ["authz", 2n],
  ["bank", 4n],
  ["capability", 1n],
  ["circuit", 1n],
  ["compute", 9n],
  ["consensus", 1n],
  ["cron", 1n],
  ["distribution", 4n],
  ["emergencybutton", 2n],
  ["evidence", 1n],
  ["feegrant", 2n],
  ["feeibc", 2n],
  ["genutil", 1n],
  ["gov", 6n],
  ["ibc", 6n],
  ["interchainaccounts", 3n],
  ["mint", 2n],
  ["packetfowardmiddleware", 3n],
  ["params", 1n],
  ["register", 1n],
  ["slashing", 4n],
  ["staking", 5n],
  ["transfer", 5n],
  ["upgrade", 2n],
  ["vesting", 1n],
]);
