/** The genesis document of a local network: LocalSecret's, and accounts that tests add. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type LocalSecretGenesisOptions,
  localSecretAppState,
  type NetworkDefinition,
  secretdevNamed,
} from "@tacit/app";
import {
  type DataDir,
  DEFAULT_CONSENSUS_PARAMS,
  type GenesisDocument,
  systemClock,
} from "@tacit/consensus";
import type { JsonValue } from "@tacit/encoding";
import type { StartSettings } from "../config.ts";
import { CliError } from "../errors.ts";

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

/** What a network was made with. The enclave seals it and refuses to start with anything else. */
interface NetworkChoices {
  readonly chainId: string;
  readonly hardened: boolean;
  readonly contractDebug: boolean;
}

/** The network of this directory: as it was made, or as the settings want a new one. */
export function networkIn(directory: DataDir, settings: StartSettings): NetworkDefinition {
  const file = join(directory.path, "config", "network.json");
  if (!existsSync(directory.genesisFile)) {
    const choices: NetworkChoices = {
      chainId: settings.chainId,
      hardened: !settings.compatible,
      contractDebug: settings.contractDebug,
    };
    writeFileSync(file, `${JSON.stringify(choices, undefined, 2)}\n`);
  }
  const { chainId, hardened, contractDebug } = readChoices(file);
  return Object.freeze({ ...secretdevNamed(chainId), hardened, contractDebug });
}

function readChoices(file: string): NetworkChoices {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as NetworkChoices;
  } catch (cause) {
    const message = `${file} cannot be read.`;
    throw new CliError("cli/data_dir", message, "Start with --fresh to begin again.", { cause });
  }
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
