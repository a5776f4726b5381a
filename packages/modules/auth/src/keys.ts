/** Keys of the `acc` store. @see chain-and-client-api section 5.3 */
import { concatBytes, uint64BigEndian, utf8Bytes } from "@tacit/sdk";

export const authStoreName = "acc";

export const paramsKey = Uint8Array.of(0x00);
export const accountPrefix = Uint8Array.of(0x01);
/** The next account number, big-endian. */
export const nextAccountNumberKey = Uint8Array.of(0x02);
const accountNumberPrefix = utf8Bytes("accountNumber");

/** The account at an address, as protobuf Any. */
export function accountKey(address: Uint8Array): Uint8Array {
  const key = new Uint8Array(address.length + 1);
  key[0] = 0x01;
  key.set(address, 1);
  return key;
}

/** The address with an account number. */
export function accountNumberKey(accountNumber: bigint): Uint8Array {
  return concatBytes(accountNumberPrefix, uint64BigEndian(accountNumber));
}
