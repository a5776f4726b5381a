/** Every key of the store `staking` (Cosmos SDK v0.50, `x/staking/types/keys.go`). */
import { type Instant, secondsText } from "@tacit/encoding";
import {
  concatBytes,
  lengthPrefixed,
  prefixEnd,
  readUint64BigEndian,
  uint64BigEndian,
  utf8Bytes,
} from "@tacit/sdk";

export const stakingStoreName = "staking";

const lastPowerPrefix = Uint8Array.of(0x11);
/** Protobuf IntProto. */
export const lastTotalPowerKey: Uint8Array = Uint8Array.of(0x12);
const validatorPrefix = Uint8Array.of(0x21);
const byConsensusPrefix = Uint8Array.of(0x22);
const powerIndexPrefix = Uint8Array.of(0x23);
const delegationPrefix = Uint8Array.of(0x31);
const unbondingPrefix = Uint8Array.of(0x32);
const unbondingByValidatorPrefix = Uint8Array.of(0x33);
const redelegationPrefix = Uint8Array.of(0x34);
const redelegationBySourcePrefix = Uint8Array.of(0x35);
const redelegationByDestinationPrefix = Uint8Array.of(0x36);
/** The last id of anything that unbonds, 8 bytes big-endian. */
export const unbondingIdKey: Uint8Array = Uint8Array.of(0x37);
const unbondingIndexPrefix = Uint8Array.of(0x38);
const unbondingTypePrefix = Uint8Array.of(0x39);
const unbondingQueuePrefix = Uint8Array.of(0x41);
const redelegationQueuePrefix = Uint8Array.of(0x42);
const validatorQueuePrefix = Uint8Array.of(0x43);
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

/** Protobuf UnbondingDelegation. */
export function unbondingKey(delegator: Uint8Array, operator: Uint8Array): Uint8Array {
  return concatBytes(unbondingPrefixOf(delegator), lengthPrefixed(operator));
}

export function unbondingPrefixOf(delegator: Uint8Array): Uint8Array {
  return concatBytes(unbondingPrefix, lengthPrefixed(delegator));
}

/** Empty value: that coins of a delegator unbond from a validator. */
export function unbondingByValidatorKey(operator: Uint8Array, delegator: Uint8Array): Uint8Array {
  return concatBytes(unbondingByValidatorPrefixOf(operator), lengthPrefixed(delegator));
}

/** The delegator follows with its length. */
export function unbondingByValidatorPrefixOf(operator: Uint8Array): Uint8Array {
  return concatBytes(unbondingByValidatorPrefix, lengthPrefixed(operator));
}

/** Who moves stake from which validator to which. */
export interface RedelegationPath {
  readonly delegator: Uint8Array;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

/** Protobuf Redelegation. */
export function redelegationKey({ delegator, source, destination }: RedelegationPath): Uint8Array {
  return concatBytes(
    redelegationPrefixOf(delegator),
    lengthPrefixed(source),
    lengthPrefixed(destination),
  );
}

export function redelegationPrefixOf(delegator: Uint8Array): Uint8Array {
  return concatBytes(redelegationPrefix, lengthPrefixed(delegator));
}

export function redelegationBySourceKey(path: RedelegationPath): Uint8Array {
  return concatBytes(
    redelegationBySourcePrefixOf(path.source),
    lengthPrefixed(path.delegator),
    lengthPrefixed(path.destination),
  );
}

/** Delegator and destination follow, each with its length. */
export function redelegationBySourcePrefixOf(source: Uint8Array): Uint8Array {
  return concatBytes(redelegationBySourcePrefix, lengthPrefixed(source));
}

export function redelegationByDestinationKey(path: RedelegationPath): Uint8Array {
  return concatBytes(
    redelegationToPrefixOf(path.delegator, path.destination),
    lengthPrefixed(path.source),
  );
}

/** What a delegator moves to a validator; the source follows with its length. */
export function redelegationToPrefixOf(delegator: Uint8Array, destination: Uint8Array): Uint8Array {
  return concatBytes(
    redelegationByDestinationPrefix,
    lengthPrefixed(destination),
    lengthPrefixed(delegator),
  );
}

/** Two addresses, each after its length. */
export function splitAddresses(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const firstEnd = 1 + (bytes[0] ?? 0);
  return [bytes.slice(1, firstEnd), bytes.slice(firstEnd + 1)];
}

/** Key of what unbonds under an id. */
export function unbondingIndexKey(id: bigint): Uint8Array {
  return concatBytes(unbondingIndexPrefix, uint64BigEndian(id));
}

/** What kind of thing unbonds under an id: 8 bytes big-endian. */
export function unbondingTypeKey(id: bigint): Uint8Array {
  return concatBytes(unbondingTypePrefix, uint64BigEndian(id));
}

/** Protobuf DVPairs. */
export function unbondingQueueKey(time: Instant): Uint8Array {
  return concatBytes(unbondingQueuePrefix, sortableTime(time));
}

/** Protobuf DVVTriplets. */
export function redelegationQueueKey(time: Instant): Uint8Array {
  return concatBytes(redelegationQueuePrefix, sortableTime(time));
}

/** Protobuf ValAddresses. */
export function validatorQueueKey(time: Instant, height: bigint): Uint8Array {
  const text = sortableTime(time);
  return concatBytes(
    validatorQueuePrefix,
    uint64BigEndian(BigInt(text.length)),
    text,
    uint64BigEndian(height),
  );
}

/** Height in a key made by {@link validatorQueueKey}. */
export function heightOfValidatorQueueKey(key: Uint8Array): bigint {
  return readUint64BigEndian(key, key.length - 8);
}

/** Protobuf HistoricalInfo, by height (in decimal digits before version 5 of the module). */
export function historicalKey(height: bigint): Uint8Array {
  return concatBytes(historicalPrefix, uint64BigEndian(height));
}

/** `2006-01-02T15:04:05.000000000`, in UTC: sorts as the times do. */
function sortableTime({ seconds, nanos }: Instant): Uint8Array {
  return utf8Bytes(`${secondsText(seconds)}.${nanos.toString().padStart(9, "0")}`);
}

type Range = readonly [start: Uint8Array, end: Uint8Array | undefined];
const rangeOf = (prefix: Uint8Array): Range => [prefix, prefixEnd(prefix)];
/** From the first key of `prefix` to `last` and with it. */
const rangeTo = (prefix: Uint8Array, last: Uint8Array): Range => [
  prefix,
  concatBytes(last, Uint8Array.of(0)),
];

export const lastPowerRange: Range = rangeOf(lastPowerPrefix);
export const validatorRange: Range = rangeOf(validatorPrefix);
export const powerIndexRange: Range = rangeOf(powerIndexPrefix);
export const delegationRange: Range = rangeOf(delegationPrefix);
export const unbondingRange: Range = rangeOf(unbondingPrefix);
export const redelegationRange: Range = rangeOf(redelegationPrefix);

export function unbondingQueueUntil(time: Instant): Range {
  return rangeTo(unbondingQueuePrefix, unbondingQueueKey(time));
}

export function redelegationQueueUntil(time: Instant): Range {
  return rangeTo(redelegationQueuePrefix, redelegationQueueKey(time));
}

export function validatorQueueUntil(time: Instant, height: bigint): Range {
  return rangeTo(validatorQueuePrefix, validatorQueueKey(time, height));
}

export { validatorPrefix };
