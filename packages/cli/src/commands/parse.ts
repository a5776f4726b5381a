/** Arguments of commands: addresses, coins, JSON. */
import { readFileSync } from "node:fs";
import { EncodingError, fromAccountAddress, parseCoins } from "@tacit/encoding";
import { CliError } from "../errors.ts";
import type { Keyring } from "../keys/keyring.ts";

/** An address as it is, or that of a key. @throws {CliError} `cli/usage`, `cli/key_unknown`. */
export function addressOf(keyring: Keyring, text: string): string {
  if (!text.startsWith("secret1")) return keyring.info(text).address;
  try {
    fromAccountAddress(text);
    return text;
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw new CliError("cli/usage", `"${text}" is not an address: ${error.message}.`);
  }
}

/** `1000000uscrt,5uatom`; empty for none. @throws {CliError} `cli/usage`. */
export function coinsOf(text: string): { denom: string; amount: string }[] {
  try {
    return parseCoins(text).map(({ denom, amount }) => ({ denom, amount: `${amount}` }));
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    const hint = "Write a whole number and the unit together: 1000000uscrt is one SCRT.";
    throw new CliError("cli/usage", `"${text}" is not an amount of coins.`, hint);
  }
}

/** JSON, or `@file` with JSON in it. @throws {CliError} `cli/json`, `cli/file`. */
export function jsonOf(text: string): unknown {
  const source = text.startsWith("@") ? readText(text.slice(1)) : text;
  try {
    return JSON.parse(source);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    throw new CliError(
      "cli/json",
      `The message is not JSON: ${reason}.`,
      `Quote it for the shell: '{"increment":{}}'.`,
    );
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CliError("cli/file", `The file ${path} cannot be read.`, undefined, { cause });
  }
}

/** A whole number from 1. @throws {CliError} `cli/usage`. */
export function positiveInteger(text: string, what: string): number {
  const value = Number(text);
  if (/^[0-9]{1,15}$/.test(text) && value > 0) return value;
  throw new CliError("cli/usage", `${what} is "${text}", which is not a whole number from 1.`);
}
