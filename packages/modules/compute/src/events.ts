/** Events of contract calls (privacy protocol section 11.5). */
import type { OutputAttribute, OutputEvent } from "@tacit/enclave-channel";
import { type AbciEvent, createEvent } from "@tacit/sdk";
import { computeErrors } from "./errors.ts";
import { EVENT_TYPE_CHARS_MIN } from "./limits.ts";

const contractAddressKey = "contract_address";

/** `message{module=compute, sender, …}`: who sent a message to which contract. */
export function messageEvent(
  sender: string,
  ...more: readonly (readonly [key: string, value: string])[]
): AbciEvent {
  return createEvent("message", ["module", "compute"], ["sender", sender], ...more);
}

export function contractEvent(type: "execute" | "reply", address: string): AbciEvent {
  return createEvent(type, [contractAddressKey, address]);
}

export function instantiateEvent(address: string, codeId: bigint): AbciEvent {
  return createEvent("instantiate", [contractAddressKey, address], ["code_id", codeId.toString()]);
}

export function migrateEvent(address: string, codeId: bigint): AbciEvent {
  return createEvent("migrate", ["code_id", codeId.toString()], [contractAddressKey, address]);
}

export function updateAdminEvent(address: string, newAdmin: string): AbciEvent {
  return createEvent(
    "update_contract_admin",
    [contractAddressKey, address],
    ["new_admin_address", newAdmin],
  );
}

/**
 * A contract's attributes as the event `wasm`, there even without any. The first attribute says
 * whose they are; the contract cannot say otherwise.
 */
export function wasmEvent(address: string, attributes: readonly OutputAttribute[]): AbciEvent {
  const kept: (readonly [string, string])[] = [[contractAddressKey, address]];
  for (const { key, value } of attributes) {
    if (key !== contractAddressKey) kept.push([key, value]);
  }
  return createEvent("wasm", ...kept);
}

/**
 * A contract's own events as `wasm-<type>`. Attributes are trimmed and checked in the form they
 * have here, which is mostly encrypted.
 * @throws {SdkError} `compute/21` for a short type, an empty key or value, a key starting with `_`.
 */
export function customEvents(address: string, events: readonly OutputEvent[]): AbciEvent[] {
  return events.map((event) => {
    const type = goTrim(event.type);
    if (type.length < EVENT_TYPE_CHARS_MIN) {
      throw computeErrors.invalidEvent.wrap(`Event type too short: '${type}'`);
    }
    const attributes = event.attributes.map(checkedAttribute);
    return createEvent(`wasm-${type}`, [contractAddressKey, address], ...attributes);
  });
}

function checkedAttribute(attribute: OutputAttribute): readonly [string, string] {
  const key = goTrim(attribute.key);
  if (key === "") {
    throw computeErrors.invalidEvent.wrap(`Empty attribute key. Value: ${attribute.value}`);
  }
  const value = goTrim(attribute.value);
  if (value === "") {
    throw computeErrors.invalidEvent.wrap(`Empty attribute value. Key: ${key}`);
  }
  if (key.startsWith("_")) {
    throw computeErrors.invalidEvent.wrap(`Attribute key starts with reserved prefix _: '${key}'`);
  }
  return [key, value];
}

/** White space by Unicode's White_Space property, which unlike `trim` has U+0085 and not U+FEFF. */
function goTrim(text: string): string {
  return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
}
