/** What all nodes of a network agree on before its first block. */
import type { KvGasTable } from "@tacit/sdk";

export interface NetworkDefinition {
  readonly chainId: string;
  /** Of account addresses; validators and consensus addresses append `valoper`, `valcons`. */
  readonly bech32Prefix: string;
  /** The coin that is staked and pays fees: `uscrt`. */
  readonly bondDenom: string;
  readonly kvGas: KvGasTable;
  /** Module accounts with what they may do: `minter`, `burner`, `staking`. */
  readonly moduleAccounts: ReadonlyMap<string, readonly string[]>;
  /** Module accounts that may be sent to; all others are blocked. */
  readonly openModuleAccounts: ReadonlySet<string>;
  /** Sign mode 191 (MetaMask). */
  readonly eip191: boolean;
  /** Fixes for weaknesses of Secret's protocol that unmodified clients do not notice. */
  readonly hardened: boolean;
  /** Lets contracts write to the node's log. Never on a network with value. */
  readonly contractDebug: boolean;
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
