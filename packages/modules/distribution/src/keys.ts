/** Every key of the store `distribution` (Cosmos SDK v0.50; `0xF0` is Secret's). */
import { concatBytes, lengthPrefixed, prefixEnd, uint64BigEndian } from "@tacit/sdk";

export const distributionStoreName = "distribution";

/** Protobuf FeePool. */
export const feePoolKey: Uint8Array = Uint8Array.of(0x00);
/** Protobuf BytesValue: the consensus address of the last block's proposer. */
export const proposerKey: Uint8Array = Uint8Array.of(0x01);
const outstandingPrefix = Uint8Array.of(0x02);
const withdrawAddressPrefix = Uint8Array.of(0x03);
const startingInfoPrefix = Uint8Array.of(0x04);
const historicalPrefix = Uint8Array.of(0x05);
const currentPrefix = Uint8Array.of(0x06);
const commissionPrefix = Uint8Array.of(0x07);
const slashPrefix = Uint8Array.of(0x08);
/** Protobuf Params. */
export const paramsKey: Uint8Array = Uint8Array.of(0x09);
const restakePrefix = Uint8Array.of(0xf0);

/** Protobuf ValidatorOutstandingRewards. */
export function outstandingKey(operator: Uint8Array): Uint8Array {
  return concatBytes(outstandingPrefix, lengthPrefixed(operator));
}

/** Raw address. */
export function withdrawAddressKey(delegator: Uint8Array): Uint8Array {
  return concatBytes(withdrawAddressPrefix, lengthPrefixed(delegator));
}

/** Protobuf DelegatorStartingInfo. */
export function startingInfoKey(operator: Uint8Array, delegator: Uint8Array): Uint8Array {
  return concatBytes(startingInfoPrefix, lengthPrefixed(operator), lengthPrefixed(delegator));
}

/** Protobuf ValidatorHistoricalRewards. The period is little-endian. */
export function historicalKey(operator: Uint8Array, period: bigint): Uint8Array {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, period, true);
  return concatBytes(historicalPrefixOf(operator), number);
}

export function historicalPrefixOf(operator: Uint8Array): Uint8Array {
  return concatBytes(historicalPrefix, lengthPrefixed(operator));
}

/** Protobuf ValidatorCurrentRewards. */
export function currentKey(operator: Uint8Array): Uint8Array {
  return concatBytes(currentPrefix, lengthPrefixed(operator));
}

/** Protobuf ValidatorAccumulatedCommission. */
export function commissionKey(operator: Uint8Array): Uint8Array {
  return concatBytes(commissionPrefix, lengthPrefixed(operator));
}

/** Protobuf ValidatorSlashEvent. */
export function slashKey(operator: Uint8Array, height: bigint, period: bigint): Uint8Array {
  return concatBytes(slashHeightPrefix(operator, height), uint64BigEndian(period));
}

export function slashPrefixOf(operator: Uint8Array): Uint8Array {
  return concatBytes(slashPrefix, lengthPrefixed(operator));
}

export function slashHeightPrefix(operator: Uint8Array, height: bigint): Uint8Array {
  return concatBytes(slashPrefixOf(operator), uint64BigEndian(height));
}

/** One byte `k`: rewards of this delegation are staked again. */
export function restakeKey(delegator: Uint8Array, operator: Uint8Array): Uint8Array {
  return concatBytes(restakePrefixOf(delegator), lengthPrefixed(operator));
}

export function restakePrefixOf(delegator: Uint8Array): Uint8Array {
  return concatBytes(restakePrefix, lengthPrefixed(delegator));
}

/** The address after its length at `at`, and where it ends. */
export function addressAt(
  key: Uint8Array,
  at: number,
): { readonly address: Uint8Array; readonly end: number } {
  const end = at + 1 + (key[at] ?? 0);
  return { address: key.slice(at + 1, end), end };
}

type Range = readonly [start: Uint8Array, end: Uint8Array | undefined];
export const rangeOf = (prefix: Uint8Array): Range => [prefix, prefixEnd(prefix)];

export const outstandingRange: Range = rangeOf(outstandingPrefix);
export const withdrawAddressRange: Range = rangeOf(withdrawAddressPrefix);
export const startingInfoRange: Range = rangeOf(startingInfoPrefix);
export const historicalRange: Range = rangeOf(historicalPrefix);
export const currentRange: Range = rangeOf(currentPrefix);
export const commissionRange: Range = rangeOf(commissionPrefix);
export const slashRange: Range = rangeOf(slashPrefix);
export const restakeRange: Range = rangeOf(restakePrefix);
