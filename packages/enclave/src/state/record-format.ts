import { concat, type SivKey } from "@tacit/crypto";
import { uint64BigEndian } from "@tacit/encoding";
import { utf8 } from "../bytes.ts";
import { Refusal } from "../errors.ts";
import { padBehind, SMALL_BLOCK_BYTES, unpadOrFail } from "../message/padding.ts";

/**
 * Keys of the private store: contract state under `03 ‖ contract ‖ stored name`, the contract's
 * keys under `06 ‖ contract`, the proof of its admin under `07 ‖ contract`.
 */
const STATE_PREFIX = 0x03;
const CONTRACT_KEY_PREFIX = 0x06;
const ADMIN_PROOF_PREFIX = 0x07;

export function contractKeyRecordKey(contract: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(CONTRACT_KEY_PREFIX), contract);
}

export function adminProofRecordKey(contract: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(ADMIN_PROOF_PREFIX), contract);
}

/** `u64LE 6 ‖ "secret" ‖ u16LE 2 ‖ u32LE 3`: magic, seed version, encryption version (privacy protocol section 6). */
const NAME_HEADER = concat(
  Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0),
  utf8("secret"),
  Uint8Array.of(2, 0, 3, 0, 0, 0),
);
const LENGTH_BYTES = 8;
const SALT_BYTES = 24;
const VALUE_HEADER_BYTES = LENGTH_BYTES + SALT_BYTES + LENGTH_BYTES;
const TAG_BYTES = 16;

/** Length of the key that the legacy layout would have: prefix, contract and a SHA-256. */
export function legacyKeyBytes(contract: Uint8Array): number {
  return 1 + contract.length + 32;
}

/** Time of the block and message counter: what makes two values of one name differ. */
export function encodeSalt(
  timeNs: bigint,
  counter: { readonly height: bigint; readonly count: bigint },
): Uint8Array {
  return concat(
    uint64BigEndian(timeNs),
    uint64BigEndian(counter.height),
    uint64BigEndian(counter.count),
  );
}

/** One name of a contract's state, encrypted. */
export interface SealedName {
  /** The AES-SIV ciphertext, which values are bound to as associated data. */
  readonly sealed: Uint8Array;
  /** The whole key in the private store, which ends with it. */
  readonly key: Uint8Array;
  /** Length that the key has without padding, which is what gas counts. */
  readonly chargedBytes: number;
}

/** @param isPadded whether names have the length of a bucket. */
export function sealName(
  nameKey: SivKey,
  contract: Uint8Array,
  name: Uint8Array,
  isPadded: boolean,
): SealedName {
  const at = 1 + contract.length;
  const sealedAt = at + NAME_HEADER.length + LENGTH_BYTES;
  const key = placeBehind(sealedAt + TAG_BYTES, name, isPadded);
  const sealed = key.subarray(sealedAt);
  key[0] = STATE_PREFIX;
  key.set(contract, 1);
  key.set(NAME_HEADER, at);
  setLength(key, sealedAt - LENGTH_BYTES, sealed.length);
  nameKey.sealEach([{ bytes: sealed, associatedData: [] }]);
  const chargedBytes = at + NAME_HEADER.length + LENGTH_BYTES + TAG_BYTES + name.length;
  return { sealed, key, chargedBytes };
}

/** Length that the record of a value has without padding, which is what gas counts. */
export function chargedRecordBytes(value: Uint8Array): number {
  return VALUE_HEADER_BYTES + TAG_BYTES + value.length;
}

/** A value to be sealed under its name. */
export interface NamedValue {
  readonly sealedName: SealedName;
  readonly value: Uint8Array;
}

/**
 * The record of each value: `u64LE 24 ‖ salt ‖ u64LE length ‖ ciphertext`.
 * @param isPadded whether records have the length of a bucket.
 */
export function sealValues(
  key: SivKey,
  salt: Uint8Array,
  values: readonly NamedValue[],
  isPadded: boolean,
): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  const messages = values.map(({ sealedName, value }) => {
    const record = placeBehind(VALUE_HEADER_BYTES + TAG_BYTES, value, isPadded);
    setLength(record, 0, SALT_BYTES);
    record.set(salt, LENGTH_BYTES);
    setLength(record, LENGTH_BYTES + SALT_BYTES, record.length - VALUE_HEADER_BYTES);
    records.push(record);
    return {
      bytes: record.subarray(VALUE_HEADER_BYTES),
      associatedData: [sealedName.sealed, salt],
    };
  });
  key.sealEach(messages);
  return records;
}

/** @throws {Refusal} `enclave/corrupt_record`: proved, so an enclave of this network wrote something else there. */
export function openValue(
  key: SivKey,
  { sealed }: SealedName,
  record: Uint8Array,
  isPadded: boolean,
): Uint8Array {
  const isFramed =
    record.length >= VALUE_HEADER_BYTES + TAG_BYTES &&
    hasLength(record, 0, SALT_BYTES) &&
    hasLength(record, LENGTH_BYTES + SALT_BYTES, record.length - VALUE_HEADER_BYTES);
  if (!isFramed) throw new Refusal("enclave/corrupt_record");
  const salt = record.subarray(LENGTH_BYTES, LENGTH_BYTES + SALT_BYTES);
  try {
    const opened = key.open(record.subarray(VALUE_HEADER_BYTES), [sealed, salt]);
    return isPadded ? unpadOrFail(opened) : opened;
  } catch (cause) {
    throw new Refusal("enclave/corrupt_record", { cause });
  }
}

function placeBehind(zeroBytes: number, content: Uint8Array, isPadded: boolean): Uint8Array {
  if (isPadded) return padBehind(zeroBytes, content, SMALL_BLOCK_BYTES);
  const bytes = new Uint8Array(zeroBytes + content.length);
  bytes.set(content, zeroBytes);
  return bytes;
}

function setLength(target: Uint8Array, at: number, length: number): void {
  for (let i = 0; i < 4; i++) target[at + i] = length >>> (8 * i);
}

/** Whether the eight bytes, little-endian, are `length`. */
function hasLength(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = 0; i < LENGTH_BYTES; i++) {
    if (bytes[at + i] !== (i < 4 ? (length >>> (8 * i)) & 0xff : 0)) return false;
  }
  return true;
}
