/** Genesis documents of homes, changed and checked. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  type AppState,
  addGenesisAccount,
  collectGenTxs,
  composeOffline,
  GenesisError,
  type GenesisVesting,
  type NetworkDefinition,
} from "@tacit/app";
import { secretdevNamed } from "@tacit/app/networks";
import {
  type DataDir,
  type GenesisDocument,
  loadNodeKey,
  loadValidatorKey,
  nodeIdOf,
  readGenesis,
  writeGenesis,
} from "@tacit/consensus";
import { type Coins, Dec, EncodingError, type JsonValue, parseCoins } from "@tacit/encoding";
import { createAddressCodec } from "@tacit/sdk";
import { CliError } from "../errors.ts";
import { deriveKey } from "../keys/derive.ts";
import type { OpenKey } from "../keys/keyring.ts";
import { claimDataDir } from "./data-directory.ts";
import { problemsOf, readGenesisFile, type ShowStep } from "./genesis-file.ts";
import { signGenTx } from "./gentx.ts";
import { networkOf } from "./network.ts";

const GENTX_BYTES_MAX = 1024 * 1024;

export interface AccountToAdd {
  readonly address: string;
  readonly coins: string;
  readonly append: boolean;
  readonly vesting?: {
    readonly amount: string;
    readonly start?: bigint;
    readonly end: bigint;
  };
}

/** @throws {CliError}; {GenesisError} `genesis/duplicate`, `genesis/reference`, `genesis/limit`. */
export function addAccount(home: string, account: AccountToAdd): void {
  const { vesting } = account;
  const time = (seconds: bigint) => ({ seconds, nanos: 0 });
  const parsed: GenesisVesting | undefined = vesting && {
    amount: coinsOf(vesting.amount),
    end: time(vesting.end),
    ...(vesting.start !== undefined && { start: time(vesting.start) }),
  };
  edit(home, (state, network) =>
    addGenesisAccount(composeOffline(network), state, {
      address: account.address,
      coins: coinsOf(account.coins),
      append: account.append,
      ...(parsed && { vesting: parsed }),
    }),
  );
}

export interface GenTxToMake {
  readonly key: OpenKey;
  readonly stake: string;
  readonly moniker: string;
  readonly commissionRate: string;
  readonly commissionMaxRate: string;
  readonly commissionMaxChangeRate: string;
  readonly minSelfDelegation: string;
  readonly reachedAt: string;
  readonly outputDocument?: string;
}

/** @returns the file it wrote. @throws {CliError}; {GenesisError} without enough coins. */
export function makeGenTx(home: string, options: GenTxToMake): string {
  return inHome(home, (directory, network) => {
    const [stake, ...others] = coinsOf(options.stake);
    if (stake === undefined || others.length > 0) {
      throw new CliError("cli/usage", `"${options.stake}" is not one amount of coins.`);
    }
    const { privateKey, publicKey } = deriveKey(options.key.mnemonic, options.key.accountIndex);
    const addresses = createAddressCodec(network.bech32Prefix);
    const operators = createAddressCodec(`${network.bech32Prefix}valoper`);
    const nodeId = nodeIdOf(loadNodeKey(directory.nodeKeyFile));
    const json = signGenTx({
      chainId: network.chainId,
      delegator: options.key.address,
      operator: operators.toText(addresses.toBytes(options.key.address)),
      publicKey,
      privateKey,
      consensusKey: loadValidatorKey(directory.validatorKeyFile).publicKey(),
      stake,
      moniker: options.moniker,
      commission: {
        rate: decOf(options.commissionRate),
        maxRate: decOf(options.commissionMaxRate),
        maxChangeRate: decOf(options.commissionMaxChangeRate),
      },
      minSelfDelegation: BigInt(options.minSelfDelegation),
      memo: `${nodeId}@${options.reachedAt}`,
    });
    // Says at once what collecting would say.
    const { appState } = readGenesis(directory.genesisFile);
    const name = options.key.name;
    collectGenTxs(composeOffline(network), appState as AppState, [{ name, json }]);
    const path = options.outputDocument ?? join(gentxDirectory(directory), `gentx-${nodeId}.json`);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `${JSON.stringify(json)}\n`);
    return path;
  });
}

/** @returns the files that went in. @throws {CliError} `cli/file`, `cli/json`; {GenesisError}. */
export function collect(home: string, from: string | undefined): readonly string[] {
  let files: readonly string[] = [];
  edit(home, (state, network, directory) => {
    const source = from ?? gentxDirectory(directory);
    files = gentxFiles(source).map((file) => join(source, file));
    const txs = files.map((name) => ({ name, json: readGenTx(name) }));
    return collectGenTxs(composeOffline(network), state, txs);
  });
  return files;
}

function gentxDirectory({ path }: DataDir): string {
  return join(path, "config", "gentx");
}

function gentxFiles(source: string): readonly string[] {
  const files = existsSync(source)
    ? readdirSync(source)
        .filter((file) => file.endsWith(".json"))
        .sort()
    : [];
  if (files.length > 0) return files;
  throw new CliError(
    "cli/file",
    `There are no genesis transactions in ${source}.`,
    "Make one with `tacit genesis gentx`.",
  );
}

function readGenTx(path: string): JsonValue {
  const text = readFileSync(path, "utf8");
  try {
    if (text.length > GENTX_BYTES_MAX) throw new SyntaxError("too long");
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new CliError("cli/json", `${path} is no JSON.`, undefined, { cause });
  }
}

export interface DocumentFacts {
  readonly file: string;
  readonly chainId: string;
  readonly accounts: number;
  readonly validators: number;
}

/** @throws {GenesisError} with every problem; {CliError} `cli/file`. */
export function validate(
  home: string,
  options: {
    readonly file: string | undefined;
    readonly quick: boolean;
    readonly onStep: ShowStep;
  },
): DocumentFacts {
  const file = options.file ?? join(home, "config", "genesis.json");
  const document = readGenesisFile(file);
  const [first, ...others] = problemsOf(document, secretdevNamed(document.chainId), {
    takeOver: !options.quick,
    onStep: options.onStep,
  });
  if (first !== undefined) throw new GenesisError([first, ...others]);
  const { auth, staking, genutil } = document.appState as {
    readonly auth?: { readonly accounts?: readonly unknown[] };
    readonly staking?: { readonly validators?: readonly unknown[] };
    readonly genutil?: { readonly gen_txs?: readonly unknown[] };
  };
  return {
    file,
    chainId: document.chainId,
    accounts: auth?.accounts?.length ?? 0,
    validators: (staking?.validators?.length ?? 0) + (genutil?.gen_txs?.length ?? 0),
  };
}

/** Replaces the document of a home whose chain has not begun. */
function edit(
  home: string,
  change: (state: AppState, network: NetworkDefinition, directory: DataDir) => AppState,
): void {
  inHome(home, (directory, network) => {
    if (readdirSync(directory.chainDir).length > 0) {
      const message = `The chain in ${directory.path} has begun; its genesis stays as it is.`;
      throw new CliError("cli/data_dir", message, "Export it to change it.");
    }
    const document = readGenesis(directory.genesisFile);
    const appState = change(document.appState as AppState, network, directory);
    replace(directory.genesisFile, { ...document, appState });
  });
}

function replace(path: string, document: GenesisDocument): void {
  const scratch = `${path}.new`;
  rmSync(scratch, { force: true });
  writeGenesis(scratch, document);
  renameSync(scratch, path);
}

function inHome<T>(home: string, body: (directory: DataDir, network: NetworkDefinition) => T): T {
  const directory = claimDataDir(home);
  try {
    if (!existsSync(directory.genesisFile)) {
      const message = `There is no genesis document in ${directory.path}.`;
      throw new CliError("cli/data_dir", message, "Make one with `tacit init`.");
    }
    return body(directory, networkOf(directory));
  } finally {
    directory.release();
  }
}

function coinsOf(text: string): Coins {
  try {
    return parseCoins(text);
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new CliError("cli/usage", `"${text}" is not an amount of coins.`, undefined, { cause });
  }
}

function decOf(text: string): Dec {
  try {
    return Dec.parse(text);
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new CliError("cli/usage", `"${text}" is no decimal number.`, undefined, { cause });
  }
}
