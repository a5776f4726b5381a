/** Files that commands name. */
import { readFileSync } from "node:fs";
import { CliError } from "../errors.ts";

/** @throws {CliError} `cli/file`. */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CliError("cli/file", `The file ${path} cannot be read.`, undefined, { cause });
  }
}
