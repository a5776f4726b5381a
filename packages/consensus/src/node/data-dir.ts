/**
 * The data directory of a node, with its lock and format version:
 *
 * ```
 * format                          version of this layout, a decimal number
 * lock                            process id of the node that uses the directory
 * config/genesis.json             the genesis document
 * config/priv_validator_key.json  the key that signs blocks, mode 0600
 * config/node_key.json            the key of the node's id, mode 0600
 * data/chain/                     LMDB: blocks, results, validator sets, index (this package)
 * data/application/               the state machine's
 * data/enclave/                   the enclave's sealed files
 * ```
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConsensusError } from "../errors.ts";
import { writeNewFile } from "./new-file.ts";

export const DATA_DIR_FORMAT = "1";

export interface DataDir {
  readonly path: string;
  readonly genesisFile: string;
  readonly validatorKeyFile: string;
  readonly nodeKeyFile: string;
  readonly chainDir: string;
  readonly applicationDir: string;
  readonly enclaveDir: string;
  /** Gives the lock back. */
  release(): void;
}

/**
 * Creates the directory if needed and takes its lock. A lock left behind by a process that no
 * longer runs is taken over.
 * @throws {ConsensusError} `consensus/data_dir_locked`, `consensus/data_dir_format`.
 */
export function openDataDir(path: string): DataDir {
  for (const part of ["config", "data"]) mkdirSync(join(path, part), { recursive: true });
  const release = takeLock(join(path, "lock"), path);
  try {
    checkFormat(path);
  } catch (error) {
    release();
    throw error;
  }
  const chainDir = join(path, "data", "chain");
  const applicationDir = join(path, "data", "application");
  const enclaveDir = join(path, "data", "enclave");
  for (const directory of [chainDir, applicationDir, enclaveDir]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
  return {
    path,
    genesisFile: join(path, "config", "genesis.json"),
    validatorKeyFile: join(path, "config", "priv_validator_key.json"),
    nodeKeyFile: join(path, "config", "node_key.json"),
    chainDir,
    applicationDir,
    enclaveDir,
    release,
  };
}

function checkFormat(path: string): void {
  const file = join(path, "format");
  if (!existsSync(file)) writeNewFile(file, `${DATA_DIR_FORMAT}\n`, 0o644);
  const found = readFileSync(file, "utf8").trim();
  if (found !== DATA_DIR_FORMAT) {
    throw new ConsensusError({
      code: "consensus/data_dir_format",
      path,
      found,
      expected: DATA_DIR_FORMAT,
    });
  }
}

function takeLock(file: string, path: string): () => void {
  const own = `${process.pid} ${startOf(process.pid)}`;
  if (!create(file, own)) {
    removeStale(file, path);
    if (!create(file, own)) refuse(path, readFileSync(file, "utf8"));
  }
  return () => {
    if (existsSync(file) && readFileSync(file, "utf8") === own) rmSync(file);
  };
}

/** @returns false if the file exists already. */
function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a lock without a living owner away; of two nodes that try, one finds it gone or new. */
function removeStale(file: string, path: string): void {
  const owner = readFileSync(file, "utf8");
  const [pid = "", start = ""] = owner.split(" ");
  if (isRunning(Number(pid), start)) refuse(path, owner);
  const aside = `${file}.${process.pid}`;
  renameSync(file, aside);
  const moved = readFileSync(aside, "utf8");
  if (moved !== owner) {
    renameSync(aside, file);
    refuse(path, moved);
  }
  rmSync(aside);
}

function refuse(path: string, owner: string): never {
  const pid = Number(owner.split(" ")[0]);
  throw new ConsensusError({ code: "consensus/data_dir_locked", path, pid });
}

function isRunning(pid: number, start: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startOf(pid) === start;
}

/** Start time of a process in the kernel's ticks, so that a reused id is told apart; "" elsewhere. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
