/** Every key of the store `staking` (Cosmos SDK v0.50, `x/staking/types/keys.go`). */
import {
  concatBytes,
  lengthPrefixed,
  prefixEnd,
  readUint64BigEndian,
  uint64BigEndian,
} from "@tacit/sdk";

export const stakingStoreName = "staking";

const lastPowerPrefix = Uint8Array.of(0x11);
/** Protobuf IntProto. */
export const lastTotalPowerKey: Uint8Array = Uint8Array.of(0x12);
const validatorPrefix = Uint8Array.of(0x21);
const byConsensusPrefix = Uint8Array.of(0x22);
const powerIndexPrefix = Uint8Array.of(0x23);
const delegationPrefix = Uint8Array.of(0x31);
const historicalPrefix = Uint8Array.of(0x50);
/** Protobuf Params. */
export const paramsKey: Uint8Array = Uint8Array.of(0x51);
/** Protobuf ValidatorUpdates of the last block, written at the end of each. */
export const validatorUpdatesKey: Uint8Array = Uint8Array.of(0x61);
const byValidatorPrefix = Uint8Array.of(0x71);

/** Protobuf Int64Value: the power that consensus knows of. */
export function lastPowerKey(operator: Uint8Array): Uint8Array {
  return concatBytes(lastPowerPrefix, lengthPrefixed(operator));
}

/** Operator address of a key made by {@link lastPowerKey} or {@link validatorKey}. */
export function operatorOfKey(key: Uint8Array): Uint8Array {
  return key.slice(2);
}

/** Protobuf Validator. */
export function validatorKey(operator: Uint8Array): Uint8Array {
  return concatBytes(validatorPrefix, lengthPrefixed(operator));
}

/** Operator address, by the address of the consensus key. */
export function byConsensusKey(consensusAddress: Uint8Array): Uint8Array {
  return concatBytes(byConsensusPrefix, lengthPrefixed(consensusAddress));
}

/**
 * Operator address, by power. The address is inverted, so that walking downwards gives the lower
 * address first among equals.
 */
export function powerIndexKey(power: bigint, operator: Uint8Array): Uint8Array {
  const inverted = operator.map((byte) => ~byte & 0xff);
  return concatBytes(powerIndexPrefix, uint64BigEndian(power), lengthPrefixed(inverted));
}

/** Power in a key made by {@link powerIndexKey}. */
export function powerOfIndexKey(key: Uint8Array): bigint {
  return readUint64BigEndian(key, powerIndexPrefix.length);
}

/** Protobuf Delegation. */
export function delegationKey(delegator: Uint8Array, operator: Uint8Array): Uint8Array {
  return concatBytes(delegationPrefixOf(delegator), lengthPrefixed(operator));
}

/** All delegations of an account; the validator follows with its length. */
export function delegationPrefixOf(delegator: Uint8Array): Uint8Array {
  return concatBytes(delegationPrefix, lengthPrefixed(delegator));
}

/** Empty value: that a delegation exists. */
export function byValidatorKey(operator: Uint8Array, delegator: Uint8Array): Uint8Array {
  return concatBytes(byValidatorPrefixOf(operator), delegator);
}

/** All delegations to a validator; the delegator follows. */
export function byValidatorPrefixOf(operator: Uint8Array): Uint8Array {
  return concatBytes(byValidatorPrefix, lengthPrefixed(operator));
}

/** Protobuf HistoricalInfo, by height (in decimal digits before version 5 of the module). */
export function historicalKey(height: bigint): Uint8Array {
  return concatBytes(historicalPrefix, uint64BigEndian(height));
}

type Range = readonly [start: Uint8Array, end: Uint8Array | undefined];
const rangeOf = (prefix: Uint8Array): Range => [prefix, prefixEnd(prefix)];

export const lastPowerRange: Range = rangeOf(lastPowerPrefix);
export const validatorRange: Range = rangeOf(validatorPrefix);
export const powerIndexRange: Range = rangeOf(powerIndexPrefix);
export const delegationRange: Range = rangeOf(delegationPrefix);
export { validatorPrefix };
