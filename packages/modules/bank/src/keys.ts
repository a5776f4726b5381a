/** Keys of the `bank` store. @see chain-and-client-api section 5.3 */
import { concatBytes, utf8Bytes, utf8Text } from "@tacit/sdk";

export const bankStoreName = "bank";

export const supplyPrefix = Uint8Array.of(0x00);
export const metadataPrefix = Uint8Array.of(0x01);
export const balancesPrefix = Uint8Array.of(0x02);
export const denomIndexPrefix = Uint8Array.of(0x03);
export const sendEnabledPrefix = Uint8Array.of(0x04);
export const paramsKey = Uint8Array.of(0x05);

const zero = Uint8Array.of(0x00);

/** Denominations come back with nearly every key; they are few. */
const denomBytes = new Map<string, Uint8Array>();
const denomBytesMax = 10_000;

function bytesOf(denom: string): Uint8Array {
  let bytes = denomBytes.get(denom);
  if (bytes === undefined) {
    bytes = utf8Bytes(denom);
    if (denomBytes.size >= denomBytesMax) denomBytes.clear();
    denomBytes.set(denom, bytes);
  }
  return bytes;
}

export function supplyKey(denom: string): Uint8Array {
  return concatBytes(supplyPrefix, bytesOf(denom));
}

export function metadataKey(denom: string): Uint8Array {
  return concatBytes(metadataPrefix, bytesOf(denom));
}

export function sendEnabledKey(denom: string): Uint8Array {
  return concatBytes(sendEnabledPrefix, bytesOf(denom));
}

/** Balances of one account follow one another, by denomination. */
export function balancesOfPrefix(address: Uint8Array): Uint8Array {
  const key = new Uint8Array(address.length + 2);
  key[0] = 0x02;
  key[1] = address.length;
  key.set(address, 2);
  return key;
}

export function balanceKey(address: Uint8Array, denom: string): Uint8Array {
  const text = bytesOf(denom);
  const key = new Uint8Array(address.length + 2 + text.length);
  key[0] = 0x02;
  key[1] = address.length;
  key.set(address, 2);
  key.set(text, 2 + address.length);
  return key;
}

/** Holders of a denomination: its name, a zero byte, length and address. */
export function denomIndexKey(denom: string, address: Uint8Array): Uint8Array {
  const text = bytesOf(denom);
  const key = new Uint8Array(text.length + 3 + address.length);
  key[0] = 0x03;
  key.set(text, 1);
  key[text.length + 2] = address.length;
  key.set(address, text.length + 3);
  return key;
}

export function ownersPrefix(denom: string): Uint8Array {
  return concatBytes(denomIndexPrefix, bytesOf(denom), zero);
}

/** Address and denomination of a balance's key without its first byte. */
export function splitBalanceKey(key: Uint8Array): {
  readonly address: Uint8Array;
  readonly denom: string;
} {
  const length = key[0] ?? 0;
  return { address: key.subarray(1, 1 + length), denom: utf8Text(key.subarray(1 + length)) };
}
