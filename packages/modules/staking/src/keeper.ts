/** What other modules may ask of staking and tell it to do. */
import type { Dec } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import type {
  Delegation,
  Params,
  Validator,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type AddressCodec, type Context, prefixEnd, type ValidatorUpdate } from "@tacit/sdk";
import { delegate } from "./delegate.ts";
import { delegations, delegationsOf, getDelegation } from "./delegations.ts";
import type { StakingEnvironment } from "./environment.ts";
import { stakingErrors } from "./errors.ts";
import { byValidatorPrefixOf, stakingStoreName } from "./keys.ts";
import { getParams } from "./params.ts";
import { bondedRatio, stakingTokenSupply, totalBondedTokens } from "./pools.ts";
import { sharesWorth, sharesWorthTruncated } from "./shares.ts";
import { type Infraction, slash } from "./slash.ts";
import { applyValidatorSetUpdates, lastValidators } from "./validator-set.ts";
import { jailValidator, unjailValidator } from "./validator-states.ts";
import {
  consensusAddressOf,
  consensusPublicKey,
  getValidator,
  getValidatorByConsensusAddress,
  isBonded,
  knownValidator,
  mustGetValidator,
  operatorsByPower,
  powerOf,
  validators,
} from "./validators.ts";
import { prepareForZeroHeight } from "./zero-height.ts";

/** Reads cost what the SDK's keeper reads; nothing is cached. */
export class StakingKeeper {
  readonly #env: StakingEnvironment;

  constructor(env: StakingEnvironment) {
    this.#env = env;
  }

  /** Of operators: `secretvaloper`. */
  get operators(): AddressCodec {
    return this.#env.options.operators;
  }

  getParams(context: Context): Params {
    return getParams(context);
  }

  bondDenom(context: Context): string {
    return getParams(context).bondDenom;
  }

  getValidator(context: Context, operator: Uint8Array): Validator | undefined {
    return getValidator(context, operator);
  }

  /** @throws {SdkError} `staking/3` */
  validator(context: Context, operator: Uint8Array): Validator {
    return mustGetValidator(context, operator);
  }

  /** @throws {SdkError} `staking/3` */
  validatorByConsensusAddress(context: Context, address: Uint8Array): Validator {
    const validator = getValidatorByConsensusAddress(context, address);
    if (validator === undefined) throw stakingErrors.noValidator.make();
    return validator;
  }

  /** All by ascending operator address. */
  validators(context: Context): Iterable<Validator> {
    return validators(context);
  }

  /** The active set, most powerful first. */
  *bondedValidators(context: Context): Iterable<Validator> {
    const { maxValidators } = getParams(context);
    let count = 0;
    for (const operator of operatorsByPower(context)) {
      if (count >= maxValidators) return;
      const validator = knownValidator(context, operator);
      if (!isBonded(validator)) continue;
      count += 1;
      yield validator;
    }
  }

  getDelegation(
    context: Context,
    delegator: Uint8Array,
    operator: Uint8Array,
  ): Delegation | undefined {
    return getDelegation(context, delegator, operator);
  }

  /** @throws {SdkError} `staking/19` */
  delegation(context: Context, delegator: Uint8Array, operator: Uint8Array): Delegation {
    const delegation = getDelegation(context, delegator, operator);
    if (delegation === undefined) throw stakingErrors.noDelegation.make();
    return delegation;
  }

  /** By ascending validator. */
  delegationsOf(context: Context, delegator: Uint8Array): readonly Delegation[] {
    return delegationsOf(context, delegator);
  }

  /** By ascending delegator. */
  delegationsTo(context: Context, operator: Uint8Array): readonly Delegation[] {
    const prefix = byValidatorPrefixOf(operator);
    const pairs = context.kvStore(stakingStoreName).iterator(prefix, prefixEnd(prefix));
    return Array.from(pairs, ([key]) => {
      const delegation = getDelegation(context, key.slice(prefix.length), operator);
      invariant(delegation !== undefined, "an indexed delegation exists");
      return delegation;
    });
  }

  allDelegations(context: Context): Iterable<Delegation> {
    return delegations(context);
  }

  consensusAddress(validator: Validator): Uint8Array {
    return consensusAddressOf(validator);
  }

  /** Ed25519, 32 bytes. */
  consensusPublicKey(validator: Validator): Uint8Array {
    return consensusPublicKey(validator);
  }

  /** Tokens that shares are worth, rounded half to even at 18 places. */
  sharesWorth(validator: Validator, shares: Dec): Dec {
    return sharesWorth(validator, shares);
  }

  /** The same, cut down. */
  sharesWorthTruncated(validator: Validator, shares: Dec): Dec {
    return sharesWorthTruncated(validator, shares);
  }

  totalBondedTokens(context: Context): bigint {
    return totalBondedTokens(this.#env, context);
  }

  stakingTokenSupply(context: Context): bigint {
    return stakingTokenSupply(this.#env, context);
  }

  bondedRatio(context: Context): Dec {
    return bondedRatio(this.#env, context);
  }

  /** Stakes coins of an account. @returns the shares issued. @throws {SdkError} `staking/34`, bank's. */
  delegate(
    context: Context,
    stake: {
      readonly delegator: Uint8Array;
      readonly amount: bigint;
      readonly validator: Validator;
    },
  ): Dec {
    return delegate(this.#env, context, { ...stake, source: "account" });
  }

  /** @returns tokens burnt. @throws {PlainError} for an unbonded validator. */
  slash(context: Context, infraction: Infraction): bigint {
    return slash(this.#env, context, infraction);
  }

  /** @throws {SdkError} `staking/3`, `staking/7` */
  jail(context: Context, consensusAddress: Uint8Array): void {
    const validator = this.validatorByConsensusAddress(context, consensusAddress);
    jailValidator(context, this.operators.toBytes(validator.operatorAddress), validator);
  }

  /** @throws {SdkError} `staking/3`; {PlainError} if it is not jailed. */
  unjail(context: Context, consensusAddress: Uint8Array): void {
    const validator = this.validatorByConsensusAddress(context, consensusAddress);
    unjailValidator(context, this.operators.toBytes(validator.operatorAddress), validator);
  }

  /** @see {@link prepareForZeroHeight} of zero-height.ts */
  prepareForZeroHeight(context: Context, jailAllowedAddresses: readonly string[]): void {
    prepareForZeroHeight(this.#env, context, jailAllowedAddresses);
  }

  /** What consensus knows, by ascending operator. */
  lastValidators(context: Context): readonly Validator[] {
    return lastValidators(context);
  }

  /** Voting power: a millionth of the tokens. */
  powerOf(validator: Validator): bigint {
    return powerOf(validator);
  }

  /** For genesis transactions. @returns the first validators. */
  applyValidatorSetUpdates(context: Context): readonly ValidatorUpdate[] {
    return applyValidatorSetUpdates(this.#env, context);
  }
}
