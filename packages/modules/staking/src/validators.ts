/** Records of validators and the indexes over them. */
import { truncatedHashAddress } from "@tacit/crypto";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import {
  BondStatus,
  type Validator,
  ValidatorSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, PlainError } from "@tacit/sdk";
import { stakingErrors } from "./errors.ts";
import {
  byConsensusKey,
  powerIndexKey,
  powerIndexRange,
  stakingStoreName,
  validatorKey,
  validatorRange,
} from "./keys.ts";
import { POWER_REDUCTION } from "./params.ts";
import { tokensOf } from "./shares.ts";

const ed25519Url = "/cosmos.crypto.ed25519.PubKey";

export function getValidator(context: Context, operator: Uint8Array): Validator | undefined {
  const bytes = context.kvStore(stakingStoreName).get(validatorKey(operator));
  return bytes === undefined ? undefined : decodeMessage(ValidatorSchema, bytes);
}

/** @throws {SdkError} `staking/3` */
export function mustGetValidator(context: Context, operator: Uint8Array): Validator {
  const validator = getValidator(context, operator);
  if (validator === undefined) throw stakingErrors.noValidator.make();
  return validator;
}

/** A validator that an index or a queue names. */
export function knownValidator(context: Context, operator: Uint8Array): Validator {
  const validator = getValidator(context, operator);
  invariant(validator !== undefined, "an indexed validator exists");
  return validator;
}

export function getValidatorByConsensusAddress(
  context: Context,
  consensusAddress: Uint8Array,
): Validator | undefined {
  const operator = operatorByConsensusAddress(context, consensusAddress);
  return operator && getValidator(context, operator);
}

export function setValidator(context: Context, operator: Uint8Array, validator: Validator): void {
  const bytes = encodeMessage(ValidatorSchema, validator);
  context.kvStore(stakingStoreName).set(validatorKey(operator), bytes);
}

/** All validators by ascending operator address. */
export function* validators(context: Context): Iterable<Validator> {
  for (const [, value] of context.kvStore(stakingStoreName).iterator(...validatorRange)) {
    yield decodeMessage(ValidatorSchema, value);
  }
}

/** Lets consensus find the validator by the address of its key. */
export function setByConsensusAddress(
  context: Context,
  operator: Uint8Array,
  validator: Validator,
): void {
  const key = byConsensusKey(consensusAddressOf(validator));
  context.kvStore(stakingStoreName).set(key, operator);
}

/** Operator address of the validator that signs blocks with this key's address. */
export function operatorByConsensusAddress(
  context: Context,
  consensusAddress: Uint8Array,
): Uint8Array | undefined {
  return context.kvStore(stakingStoreName).get(byConsensusKey(consensusAddress));
}

/** Address of the key that a validator signs blocks with. */
export function consensusAddressOf(validator: Validator): Uint8Array {
  return truncatedHashAddress(consensusPublicKey(validator));
}

/** Ed25519, 32 bytes. @throws {PlainError} for other kinds of keys. */
export function consensusPublicKey(validator: Validator): Uint8Array {
  const any = validator.consensusPubkey;
  if (any?.typeUrl !== ed25519Url) {
    throw new PlainError(`validator pubkey type is not supported: ${any?.typeUrl ?? "none"}`);
  }
  return decodeMessage(PubKeySchema, any.value).key;
}

/** Voting power: a millionth of the tokens. */
export function powerOf(validator: Validator): bigint {
  return tokensOf(validator) / POWER_REDUCTION;
}

/** A jailed validator has no place in the order. */
export function setInPowerIndex(
  context: Context,
  operator: Uint8Array,
  validator: Validator,
): void {
  if (validator.jailed) return;
  const key = powerIndexKey(powerOf(validator), operator);
  context.kvStore(stakingStoreName).set(key, operator);
}

export function deleteFromPowerIndex(
  context: Context,
  operator: Uint8Array,
  validator: Validator,
): void {
  context.kvStore(stakingStoreName).delete(powerIndexKey(powerOf(validator), operator));
}

/** Operator addresses from the most powerful validator down. */
export function* operatorsByPower(context: Context): Iterable<Uint8Array> {
  for (const [, operator] of context
    .kvStore(stakingStoreName)
    .reverseIterator(...powerIndexRange)) {
    yield operator;
  }
}

export function isBonded(validator: Validator): boolean {
  return validator.status === BondStatus.BONDED;
}

export function isUnbonding(validator: Validator): boolean {
  return validator.status === BondStatus.UNBONDING;
}

export function isUnbonded(validator: Validator): boolean {
  return validator.status === BondStatus.UNBONDED;
}
