/** Vectors that stay outside of the repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ThresholdError, type ThresholdErrorCode, type ThresholdFailure } from "../src/errors.ts";

const root = join(import.meta.dirname, "../../../../shared/vectors");

/** The folder's path, or undefined with one line said. With CI set it must exist. */
export function findVectors(topic: string): string | undefined {
  const directory = join(root, topic);
  if (existsSync(directory)) return directory;
  if (process.env.CI) throw new TypeError(`vectors are missing: ${topic}`);
  console.warn(`left out, vectors are not here: ${topic}`);
  return undefined;
}

export function listFiles(directory: string): string[] {
  return readdirSync(directory).sort();
}

/** Cases of a file; a field that is not known is an error. */
export function readCases<Case>(path: string, fields: readonly string[]): Case[] {
  const cases = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>[];
  for (const field of cases.flatMap((item) => Object.keys(item))) {
    if (!fields.includes(field)) throw new TypeError(`unknown field ${field} in ${path}`);
  }
  return cases as Case[];
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** What `run` throws, or undefined; anything but our error goes through. */
export function catchFailure(run: () => unknown): ThresholdFailure | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ThresholdError) return error.failure;
    throw error;
  }
}

/** The code that `run` throws, or undefined; anything but our error goes through. */
export function codeOf(run: () => unknown): ThresholdErrorCode | undefined {
  return catchFailure(run)?.code;
}
