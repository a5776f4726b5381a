/** Keys of the `circuit` store. */
import { concatBytes, utf8Bytes } from "@tacit/sdk";

export const circuitStoreName = "circuit";

export const permissionsPrefix = Uint8Array.of(0x01);
export const disabledPrefix = Uint8Array.of(0x02);

/** What an account may do, as Permissions. */
export function permissionsKey(address: Uint8Array): Uint8Array {
  return concatBytes(permissionsPrefix, address);
}

/** A refused message type; the value is empty. */
export function disabledKey(typeUrl: string): Uint8Array {
  return concatBytes(disabledPrefix, utf8Bytes(typeUrl));
}
