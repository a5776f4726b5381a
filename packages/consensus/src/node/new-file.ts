import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeSync } from "node:fs";

/**
 * Creates a file that is there whole or not at all, however the process ends, and on disk when
 * this returns.
 * @throws the system's `EEXIST` if it is there already.
 */
export function writeNewFile(path: string, text: string, mode: number): void {
  const part = `${path}.${process.pid}.part`;
  rmSync(part, { force: true });
  const file = openSync(part, "wx", mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(part, path);
  } finally {
    rmSync(part);
  }
}
