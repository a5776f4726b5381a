/** The genesis document of a local network: LocalSecret's, and accounts that tests add. */
import {
  type LocalSecretGenesisOptions,
  localSecretAppState,
  type NetworkDefinition,
} from "@tacit/app";
import { DEFAULT_CONSENSUS_PARAMS, type GenesisDocument, systemClock } from "@tacit/consensus";
import type { JsonValue } from "@tacit/encoding";

export interface FundedAccount {
  readonly address: string;
  /** uscrt. */
  readonly amount: bigint;
}

export interface LocalGenesisOptions {
  readonly network: NetworkDefinition;
  readonly moniker: string;
  /** Ed25519, 32 bytes: signs blocks. */
  readonly consensusKey: Uint8Array;
  readonly networkKeys: LocalSecretGenesisOptions["networkKeys"];
  readonly accounts: readonly FundedAccount[];
}

export function localGenesis(options: LocalGenesisOptions): GenesisDocument {
  const { network, moniker, consensusKey, networkKeys, accounts } = options;
  const genesisTime = systemClock.now();
  const appState = localSecretAppState({
    network,
    time: genesisTime,
    consensusPublicKey: consensusKey,
    moniker,
    networkKeys,
  });
  return {
    genesisTime,
    chainId: network.chainId,
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators: [],
    appHash: new Uint8Array(),
    appState: withAccounts(appState as unknown as AppState, accounts, network.bondDenom),
  };
}

interface AppState {
  readonly auth: { readonly accounts: readonly JsonValue[] };
  readonly bank: {
    readonly balances: readonly JsonValue[];
    readonly supply: readonly { readonly denom: string; readonly amount: string }[];
  };
}

function withAccounts(
  state: AppState,
  accounts: readonly FundedAccount[],
  denom: string,
): AppState {
  const first = state.auth.accounts.length;
  const total = accounts.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    ...state,
    auth: {
      ...state.auth,
      accounts: [
        ...state.auth.accounts,
        ...accounts.map(({ address }, index) => ({
          "@type": "/cosmos.auth.v1beta1.BaseAccount",
          address,
          pub_key: null,
          account_number: `${first + index}`,
          sequence: "0",
        })),
      ],
    },
    bank: {
      ...state.bank,
      balances: [
        ...state.bank.balances,
        ...accounts.map(({ address, amount }) => ({
          address,
          coins: [{ denom, amount: `${amount}` }],
        })),
      ],
      supply: state.bank.supply.map((coin) => ({
        ...coin,
        amount: `${BigInt(coin.amount) + total}`,
      })),
    },
  };
}
