/** Every key of the store `compute` (privacy protocol section 11.2). */
import {
  concatBytes as concat,
  prefixEnd,
  readUint64BigEndian,
  uint64BigEndian,
  utf8Bytes,
} from "@tacit/sdk";

/** Code and contract records, indexes and parameters; readable by anybody. */
export const computeStoreName = "compute";
/** What the enclave writes: contract state and contract keys. Nothing else writes there. */
export const privateStoreName = "private";

/** Key in the store `private` of a contract's keys, which the enclave writes. */
export function contractKeyRecordKey(contract: Uint8Array): Uint8Array {
  const key = new Uint8Array(1 + contract.length);
  key[0] = 0x06;
  key.set(contract, 1);
  return key;
}

const codePrefix = Uint8Array.of(0x01);
const contractPrefix = Uint8Array.of(0x02);
const sequencePrefix = Uint8Array.of(0x04);
const labelPrefix = Uint8Array.of(0x07);
const historyPrefix = Uint8Array.of(0x09);
const byCodePrefix = Uint8Array.of(0x0a);
const authorizedMigrationPrefix = Uint8Array.of(0x0c);
const authorizedAdminPrefix = Uint8Array.of(0x0d);

/** BE64 height ‖ BE32 number of transactions counted at that height. */
export const txCounterKey = Uint8Array.of(0x08);
export const paramsKey = Uint8Array.of(0x0b);
/** BE64 of the next code id. */
export const lastCodeIdKey = concat(sequencePrefix, utf8Bytes("lastCodeId"));
/** BE64 of the next instance id; one counter for the whole chain. */
export const lastInstanceIdKey = concat(sequencePrefix, utf8Bytes("lastContractId"));

export function codeKey(codeId: bigint): Uint8Array {
  return concat(codePrefix, uint64BigEndian(codeId));
}

/** Code id of a key made by {@link codeKey}. */
export function codeIdOfKey(key: Uint8Array): bigint {
  return readUint64BigEndian(key, codePrefix.length);
}

export function contractKey(address: Uint8Array): Uint8Array {
  return concat(contractPrefix, address);
}

/** Address of a key made by {@link contractKey}. */
export function addressOfContractKey(key: Uint8Array): Uint8Array {
  return key.slice(contractPrefix.length);
}

/** Label → contract address. */
export function labelKey(label: string): Uint8Array {
  return concat(labelPrefix, utf8Bytes(label));
}

/** All history entries of a contract; positions, from 1, follow as BE64. */
export function historyPrefixOf(address: Uint8Array): Uint8Array {
  return concat(historyPrefix, address);
}

export function historyKey(address: Uint8Array, position: bigint): Uint8Array {
  return concat(historyPrefix, address, uint64BigEndian(position));
}

/** Position of a key made by {@link historyKey}. */
export function positionOfHistoryKey(key: Uint8Array): bigint {
  return readUint64BigEndian(key, key.length - 8);
}

export interface Position {
  readonly blockHeight: bigint;
  readonly txIndex: bigint;
}

export function byCodeKey(codeId: bigint, position: Position, address: Uint8Array): Uint8Array {
  return concat(
    byCodePrefix,
    uint64BigEndian(codeId),
    uint64BigEndian(position.blockHeight),
    uint64BigEndian(position.txIndex),
    address,
  );
}

/** All contracts that run a code; position and address follow. */
export function byCodePrefixOf(codeId: bigint): Uint8Array {
  return concat(byCodePrefix, uint64BigEndian(codeId));
}

/** Address in a key made by {@link byCodeKey}. */
export function addressOfByCodeKey(key: Uint8Array): Uint8Array {
  return key.slice(byCodePrefix.length + 24);
}

/** Governance's leave for one migration; the address in bech32. */
export function authorizedMigrationKey(contract: string): Uint8Array {
  return concat(authorizedMigrationPrefix, utf8Bytes(contract));
}

/** Governance's leave for one change of admin; the address in bech32. */
export function authorizedAdminKey(contract: string): Uint8Array {
  return concat(authorizedAdminPrefix, utf8Bytes(contract));
}

/** Records of a contract in the store `private`; their encrypted names follow. */
export function contractStatePrefix(contract: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x03), contract);
}

/** In the store `private`: a contract's keys. */
export function enclaveKeyKey(contract: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x06), contract);
}

/** In the store `private`: the enclave's proof of who a contract's admin is. */
export function enclaveAdminKey(contract: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x07), contract);
}

/** Bounds of all keys with this prefix. */
export function prefixRange(prefix: Uint8Array): readonly [start: Uint8Array, end?: Uint8Array] {
  const end = prefixEnd(prefix);
  return end === undefined ? [prefix] : [prefix, end];
}

export const codeRange = prefixRange(codePrefix);
export const contractRange = prefixRange(contractPrefix);
