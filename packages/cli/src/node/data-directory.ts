/** The data directory: claimed for this process, and emptied when asked. */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ConsensusError, DataDir } from "@tacit/consensus";
import { openDataDir } from "@tacit/consensus/data-dir";
import { ProtocolError } from "@tacit/encoding/errors";
import { CliError } from "../errors.ts";

/** @throws {CliError} `cli/data_dir` when another node has it, or another version made it. */
export function claimDataDir(path: string): DataDir {
  try {
    return openDataDir(path);
  } catch (error) {
    if (error instanceof ProtocolError) throw explained(error as ConsensusError, path);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    const message = `The data directory ${path} cannot be used (${code}).`;
    throw new CliError("cli/data_dir", message, "Choose another with --home.", { cause: error });
  }
}

/**
 * Whether a new network is to be made here. What an interrupted first start left is removed; it
 * had no block yet.
 * @throws {CliError} `cli/data_dir` when there are blocks and the genesis document is gone.
 */
export function prepareNew(directory: DataDir): boolean {
  if (existsSync(directory.genesisFile)) return false;
  if (readdirSync(directory.chainDir).length > 0) {
    throw new CliError(
      "cli/data_dir",
      `There are blocks in ${directory.chainDir}, but ${directory.genesisFile} is gone.`,
      "Bring it back, or begin again with --fresh.",
    );
  }
  removeState(directory);
  return true;
}

/** Removes what a node makes; the lock and the key ring stay. */
export function removeState(directory: DataDir): void {
  const { chainDir, applicationDir, enclaveDir } = directory;
  rmSync(join(directory.path, "config"), { recursive: true, force: true });
  rmSync(join(directory.path, "data"), { recursive: true, force: true });
  for (const part of [join(directory.path, "config"), chainDir, applicationDir, enclaveDir]) {
    mkdirSync(part, { recursive: true, mode: 0o700 });
  }
}

function explained(error: ConsensusError, path: string): CliError {
  const { failure } = error;
  switch (failure.code) {
    case "consensus/data_dir_locked":
      return new CliError(
        "cli/data_dir",
        `Another node (process ${failure.pid}) is already running on ${path}.`,
        "Stop it first, or start this one on another directory with --home.",
        { cause: error },
      );
    case "consensus/data_dir_format":
      return new CliError(
        "cli/data_dir",
        `${path} was made by another version: its format is ${failure.found}, this is ${failure.expected}.`,
        "Choose another directory with --home, or delete this one.",
        { cause: error },
      );
    default:
      return new CliError("cli/data_dir", error.message, undefined, { cause: error });
  }
}
