import { GAS_IMPORT } from "./gas.ts";
import type { ContractInstance } from "./instance.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

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
  const text = readText(instance, human)?.replaceAll(SPACE_AROUND, "");
  return canonicalize(instance, text, canonical, "input is empty");
}

/** v1: takes its input as it is. */
export function canonicalizeV1(
  instance: ContractInstance,
  human: number,
  canonical: number,
): number {
  instance.charge(GAS_IMPORT.address);
  return canonicalize(instance, readText(instance, human), canonical, "Input is empty");
}

/** The same in both ABIs. */
export function humanize(instance: ContractInstance, canonical: number, human: number): number {
  instance.charge(GAS_IMPORT.address);
  const result = instance.call.addresses.humanize(instance.memory.readRegion(canonical));
  if ("error" in result) return fail(instance, result.error);
  instance.memory.writeRegion(human, new TextEncoder().encode(result.ok));
  return 0;
}

export function validate(instance: ContractInstance, human: number): number {
  instance.charge(GAS_IMPORT.address);
  const bytes = instance.memory.readRegion(human);
  if (bytes.length === 0) return fail(instance, "Input is empty");
  const text = decodeText(bytes);
  if (text === undefined) return fail(instance, "Input is not valid UTF-8");
  const reason = instance.call.addresses.validate(text);
  return reason === undefined ? 0 : fail(instance, reason);
}

function canonicalize(
  instance: ContractInstance,
  text: string | undefined,
  canonical: number,
  emptyText: string,
): number {
  if (text === undefined) return fail(instance, "input is not valid UTF-8");
  if (text === "") return fail(instance, emptyText);
  const result = instance.call.addresses.canonicalize(text);
  if ("error" in result) return fail(instance, result.error);
  instance.memory.writeRegion(canonical, result.ok);
  return 0;
}

function fail(instance: ContractInstance, reason: string): number {
  return instance.allocate(new TextEncoder().encode(reason));
}

function readText(instance: ContractInstance, pointer: number): string | undefined {
  return decodeText(instance.memory.readRegion(pointer));
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
