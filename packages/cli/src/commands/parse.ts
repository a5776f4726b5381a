/** Arguments of commands: addresses, coins, JSON. */
import { EncodingError, fromAccountAddress, parseCoins, validatorAddress } from "@tacit/encoding";
import { CliError } from "../errors.ts";
import type { Keyring } from "../keys/keyring.ts";
import { readTextFile } from "./read-file.ts";

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
  const source = text.startsWith("@") ? readTextFile(text.slice(1)) : text;
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

/** A whole number from 1. @throws {CliError} `cli/usage`. */
export function positiveInteger(text: string, what: string): number {
  const value = Number(text);
  if (/^[0-9]{1,15}$/.test(text) && value > 0) return value;
  throw new CliError("cli/usage", `${what} is "${text}", which is not a whole number from 1.`);
}

/** A whole number from 0. @throws {CliError} `cli/usage`. */
export function integer(text: string, what: string): bigint {
  if (/^[0-9]{1,19}$/.test(text)) return BigInt(text);
  throw new CliError("cli/usage", `${what} is "${text}", which is not a whole number.`);
}

/** One coin, such as `5uscrt`. @throws {CliError} `cli/usage`. */
export function coinOf(text: string): { denom: string; amount: string } {
  const [coin, ...more] = coinsOf(text);
  if (coin !== undefined && more.length === 0) return coin;
  throw new CliError("cli/usage", `"${text}" is not one amount of one coin.`);
}

/** Operator's address of a validator; accepts an account's address or a key's name too. */
export function operatorOf(keyring: Keyring, text: string): string {
  if (text.startsWith("secretvaloper1")) return text;
  return validatorAddress(fromAccountAddress(addressOf(keyring, text)));
}

/**
 * A point in time: RFC 3339, seconds since 1970, or a time from now such as `+30d`.
 * @returns RFC 3339.
 */
export function timeOf(text: string): string {
  const relative = /^\+([0-9]{1,9})([smhd])$/.exec(text);
  const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
  const at = relative
    ? Date.now() + Number(relative[1]) * seconds[relative[2] as keyof typeof seconds] * 1_000
    : /^[0-9]{1,12}$/.test(text)
      ? Number(text) * 1_000
      : Date.parse(text);
  const date = new Date(at);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  const hint = "Write 2027-01-31T12:00:00Z, seconds since 1970, or +30d, +12h, +90m from now.";
  throw new CliError("cli/usage", `"${text}" is not a time.`, hint);
}
