import { GAS_IMPORT } from "./gas.ts";
import type { ContractInstance } from "./instance.ts";
import { ADDRESS_BYTES_MAX } from "./limits.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Longer ones are not looked at; the network's engine says this of short ones. */
const TOO_LONG = "invalid length";

/** What Rust's `str::trim` removes: the Unicode property White_Space. */
const SPACE = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const SPACE_AROUND = new RegExp(`^${SPACE}|${SPACE}$`, "gu");

/** v0.10: trims its input; 0, or a region with the reason. */
export function canonicalizeV010(
  instance: ContractInstance,
  human: number,
  canonical: number,
): number {
  instance.charge(GAS_IMPORT.address);
  const input = readText(instance, human);
  if ("reason" in input) return fail(instance, input.reason ?? "input is not valid UTF-8");
  const text = input.text.replaceAll(SPACE_AROUND, "");
  return canonicalize(instance, text, canonical, "input is empty");
}

/** v1: takes its input as it is. */
export function canonicalizeV1(
  instance: ContractInstance,
  human: number,
  canonical: number,
): number {
  instance.charge(GAS_IMPORT.address);
  const input = readText(instance, human);
  if ("reason" in input) return fail(instance, input.reason ?? "input is not valid UTF-8");
  return canonicalize(instance, input.text, canonical, "Input is empty");
}

/** The same in both ABIs. */
export function humanize(instance: ContractInstance, canonical: number, human: number): number {
  instance.charge(GAS_IMPORT.address);
  const bytes = instance.memory.readRegionStart(canonical, ADDRESS_BYTES_MAX + 1);
  if (bytes.length > ADDRESS_BYTES_MAX) return fail(instance, TOO_LONG);
  const result = instance.call.addresses.humanize(bytes);
  if ("error" in result) return fail(instance, result.error);
  instance.memory.writeRegion(human, new TextEncoder().encode(result.ok));
  return 0;
}

export function validate(instance: ContractInstance, human: number): number {
  instance.charge(GAS_IMPORT.address);
  const input = readText(instance, human);
  if ("reason" in input) return fail(instance, input.reason ?? "Input is not valid UTF-8");
  if (input.text === "") return fail(instance, "Input is empty");
  const reason = instance.call.addresses.validate(input.text);
  return reason === undefined ? 0 : fail(instance, reason);
}

function canonicalize(
  instance: ContractInstance,
  text: string,
  canonical: number,
  emptyText: string,
): number {
  if (text === "") return fail(instance, emptyText);
  const result = instance.call.addresses.canonicalize(text);
  if ("error" in result) return fail(instance, result.error);
  instance.memory.writeRegion(canonical, result.ok);
  return 0;
}

function fail(instance: ContractInstance, reason: string): number {
  return instance.allocate(new TextEncoder().encode(reason));
}

/** Without a `reason` what is wrong is the encoding, for which each import has its own text. */
type TextInput = { readonly text: string } | { readonly reason: string | undefined };

function readText(instance: ContractInstance, pointer: number): TextInput {
  const bytes = instance.memory.viewRegionStart(pointer, ADDRESS_BYTES_MAX + 1);
  if (bytes.length > ADDRESS_BYTES_MAX) return { reason: TOO_LONG };
  try {
    return { text: utf8.decode(bytes) };
  } catch {
    return { reason: undefined };
  }
}
