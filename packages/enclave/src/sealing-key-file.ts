import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { randomBytes, Secret } from "@tacit/crypto";
import { StartError } from "./arguments.ts";

const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;

/**
 * The key that seals the enclave's state, from a file that only its owner may read; made at the
 * first start.
 *
 * Simulated: with hardware this key would come from the processor and the enclave's measurement,
 * and no file would hold it. Whoever reads the file can read the network's seeds.
 *
 * @throws {StartError} if the file has other permissions or another length.
 */
export function readSealingKey(path: string): Secret {
  const fd = createNew(path) ?? openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const { mode, size } = fstatSync(fd);
    if ((mode & 0o777) !== OWNER_ONLY) {
      throw new StartError("others than its owner may read the sealing key");
    }
    const bytes = size === 0 ? fresh(fd) : read(fd, size);
    const key = new Secret(bytes, "sealing key");
    bytes.fill(0);
    return key;
  } finally {
    closeSync(fd);
  }
}

/** Undefined if there is a file already. */
function createNew(path: string): number | undefined {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW;
  try {
    return openSync(path, flags, OWNER_ONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
}

/** Also for the empty file that a start left behind which was killed in this very moment. */
function fresh(fd: number): Uint8Array {
  const bytes = randomBytes(KEY_BYTES);
  writeSync(fd, bytes);
  fsyncSync(fd);
  return bytes;
}

function read(fd: number, size: number): Uint8Array {
  const bytes = new Uint8Array(KEY_BYTES);
  const isWhole = size === KEY_BYTES && readSync(fd, bytes, 0, KEY_BYTES, 0) === KEY_BYTES;
  if (!isWhole) throw new StartError("the sealing key is damaged");
  return bytes;
}
