/** A genesis document that an operator brings: checked, and taken over as this directory's own. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import {
  composeOffline,
  GenesisError,
  type GenesisProblem,
  type NetworkDefinition,
  validateGenesis,
} from "@tacit/app";
import {
  ConsensusError,
  type DataDir,
  type GenesisDocument,
  loadValidatorKey,
  readGenesis,
  writeGenesis,
} from "@tacit/consensus";
import { toBase64 } from "@tacit/encoding";
import { CliError } from "../errors.ts";

/** Larger documents show what is being looked at. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** @throws {CliError} `cli/file`; {GenesisError} `genesis/shape` with the field. */
export function readGenesisFile(path: string): GenesisDocument {
  try {
    return readGenesis(path);
  } catch (error) {
    if (error instanceof ConsensusError && error.failure.code === "consensus/bad_genesis") {
      const { field } = error.failure;
      throw new GenesisError([
        {
          code: "genesis/shape",
          path: field,
          text: "is missing, or not what a genesis document has there",
          hint: "Compare it with `tacit init`'s document, or with an export.",
        },
      ]);
    }
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new CliError("cli/file", `${path} cannot be read (${code}).`, undefined, {
      cause: error,
    });
  }
}

/** What an operator sees while a large document is checked. */
export type ShowStep = (step: string) => void;

/**
 * Problems of a document for a network.
 * @param takeOver hands every part to its module too.
 */
export function problemsOf(
  document: GenesisDocument,
  network: NetworkDefinition,
  { takeOver, onStep }: { readonly takeOver: boolean; readonly onStep?: ShowStep },
): readonly GenesisProblem[] {
  const { appState, genesisTime: time, initialHeight, consensusParams } = document;
  return validateGenesis(
    composeOffline(network),
    { appState, time, initialHeight, consensusParams },
    { takeOver, ...(onStep && { onProgress: onStep }) },
  );
}

/**
 * Makes `path` the genesis of a directory that has no blocks yet. The same document again is
 * nothing new.
 *
 * @returns the document if the chain begins with it now.
 * @throws {CliError} `cli/file`, `cli/data_dir`; {GenesisError}.
 */
export function takeGenesis(
  directory: DataDir,
  path: string,
  options: { readonly network: (chainId: string) => NetworkDefinition; readonly onStep: ShowStep },
): GenesisDocument | undefined {
  if (isSame(path, directory.genesisFile)) return undefined;
  const document = readGenesisFile(path);
  if (readdirSync(directory.chainDir).length > 0) {
    throw new CliError(
      "cli/data_dir",
      `${directory.path} has a chain already, which began from another genesis.`,
      "Choose another directory with --home, or begin again with --fresh.",
    );
  }
  const onStep = statSync(path).size > LARGE_BYTES ? options.onStep : () => {};
  const problems = problemsOf(document, options.network(document.chainId), {
    takeOver: false,
    onStep,
  });
  const [first, ...others] = [...problems, ...ownKeyProblems(directory, document)];
  if (first !== undefined) throw new GenesisError([first, ...others]);
  const scratch = `${directory.genesisFile}.new`;
  rmSync(scratch, { force: true });
  writeGenesis(scratch, document);
  renameSync(scratch, directory.genesisFile);
  return document;
}

/** Documents are compared by content: their text is laid out anew when they are taken over. */
function isSame(path: string, own: string): boolean {
  if (!existsSync(own) || !existsSync(path)) return false;
  const textOf = (file: string) => JSON.stringify(JSON.parse(readFileSync(file, "utf8")));
  try {
    return textOf(path) === textOf(own);
  } catch {
    return false;
  }
}

interface StakingPart {
  readonly validators?: readonly { readonly consensus_pubkey?: { readonly key?: string } }[];
}

interface GenutilPart {
  readonly gen_txs?: readonly {
    readonly body?: { readonly messages?: readonly { readonly pubkey?: { key?: string } }[] };
  }[];
}

/** One node makes the blocks: its key must be a validator's. */
function ownKeyProblems(directory: DataDir, { appState }: GenesisDocument): GenesisProblem[] {
  const own = toBase64(loadValidatorKey(directory.validatorKeyFile).publicKey());
  const { staking, genutil } = appState as {
    readonly staking?: StakingPart;
    readonly genutil?: GenutilPart;
  };
  const keys = [
    ...(staking?.validators ?? []).map(({ consensus_pubkey }) => consensus_pubkey?.key),
    ...(genutil?.gen_txs ?? []).flatMap(({ body }) =>
      (body?.messages ?? []).map(({ pubkey }) => pubkey?.key),
    ),
  ];
  if (keys.includes(own)) return [];
  return [
    {
      code: "genesis/keys",
      path: "app_state.staking.validators",
      text: `no validator signs with this node's key ${own} (${directory.validatorKeyFile})`,
      hint: "Take over the keys of the network's node with `tacit init --keys-from <home>`.",
    },
  ];
}

interface RegisterPart {
  readonly io_master_key?: { readonly bytes?: string };
  readonly node_exch_master_key?: { readonly bytes?: string };
}

/**
 * The enclave of this directory is the network's.
 * @throws {GenesisError} `genesis/keys`.
 */
export function assertNetworkKeys(
  { appState }: GenesisDocument,
  keys: { readonly ioPublicKey: Uint8Array; readonly seedExchangePublicKey: Uint8Array },
): void {
  const { register } = appState as { readonly register?: RegisterPart };
  const pairs = [
    ["io_master_key", register?.io_master_key?.bytes, keys.ioPublicKey],
    ["node_exch_master_key", register?.node_exch_master_key?.bytes, keys.seedExchangePublicKey],
  ] as const;
  for (const [name, found, own] of pairs) {
    if (found === toBase64(own)) continue;
    throw new GenesisError([
      {
        code: "genesis/keys",
        path: `app_state.register.${name}`,
        text: `the enclave of this directory has another key: ${toBase64(own)}`,
        hint: "Take over the enclave of the network's node with `tacit init --keys-from <home>`.",
      },
    ]);
  }
}
