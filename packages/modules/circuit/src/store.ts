/** Who may trip what, and what is tripped. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { type Permissions, PermissionsSchema } from "@tacit/encoding/proto/cosmos/circuit/v1/types";
import { type Context, prefixEnd, utf8Text } from "@tacit/sdk";
import {
  circuitStoreName,
  disabledKey,
  disabledPrefix,
  permissionsKey,
  permissionsPrefix,
} from "./keys.ts";

const empty = new Uint8Array();

export function getPermissions(context: Context, address: Uint8Array): Permissions | undefined {
  const bytes = context.kvStore(circuitStoreName).get(permissionsKey(address));
  return bytes === undefined ? undefined : decodeMessage(PermissionsSchema, bytes);
}

export function setPermissions(
  context: Context,
  address: Uint8Array,
  permissions: Permissions,
): void {
  const bytes = encodeMessage(PermissionsSchema, permissions);
  context.kvStore(circuitStoreName).set(permissionsKey(address), bytes);
}

/** By ascending address. */
export function* allPermissions(
  context: Context,
): Iterable<{ readonly address: Uint8Array; readonly permissions: Permissions }> {
  const store = context.kvStore(circuitStoreName);
  for (const [key, value] of store.iterator(permissionsPrefix, prefixEnd(permissionsPrefix))) {
    const address = key.slice(permissionsPrefix.length);
    yield { address, permissions: decodeMessage(PermissionsSchema, value) };
  }
}

export function trip(context: Context, typeUrl: string): void {
  context.kvStore(circuitStoreName).set(disabledKey(typeUrl), empty);
}

export function reset(context: Context, typeUrl: string): void {
  context.kvStore(circuitStoreName).delete(disabledKey(typeUrl));
}

/** Types on the list, sorted. */
export function trippedTypes(context: Context): string[] {
  const store = context.kvStore(circuitStoreName);
  const types: string[] = [];
  for (const [key] of store.iterator(disabledPrefix, prefixEnd(disabledPrefix))) {
    types.push(utf8Text(key.subarray(disabledPrefix.length)));
  }
  return types;
}
