/** The enclave's first sealed state on disk, from its start until the first commit holds it. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { SealedFile } from "../enclave/session.ts";

export function sealedFileAt(path: string): SealedFile {
  return {
    read: () => (existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined),
    write: (sealed) => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const scratch = `${path}.new`;
      const file = openSync(scratch, "w", 0o600);
      try {
        writeSync(file, sealed);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(scratch, path);
    },
  };
}
