/**
 * Validator sets as they change from block to block (CometBFT types.ValidatorSet): order, updates
 * from the application, and the priorities of the proposer rotation.
 */
import { compareBytes, toHex } from "@tacit/encoding";
import { sortValidators, type Validator, type ValidatorSet, validatorAddress } from "@tacit/light";
import type { ValidatorUpdate } from "@tacit/sdk";
import { ConsensusError } from "../errors.ts";
import { PRIORITY_WINDOW_FACTOR, VOTING_POWER_TOTAL_MAX } from "../limits.ts";

/** The set of a new chain. @throws {ConsensusError} `consensus/bad_validator_update`. */
export function createValidatorSet(updates: readonly ValidatorUpdate[]): ValidatorSet {
  const empty: readonly Validator[] = [];
  return incrementProposerPriority(applyUpdates(empty, updates));
}

/**
 * The set after next of a block: the next one with the application's changes, turned by one.
 * @throws {ConsensusError} `consensus/bad_validator_update` for a duplicate, an unknown removal,
 *   a key that is not Ed25519, too much power, or an empty result.
 */
export function nextValidatorSet(
  set: ValidatorSet,
  updates: readonly ValidatorUpdate[],
): ValidatorSet {
  const validators = updates.length === 0 ? set.validators : applyUpdates(set.validators, updates);
  return incrementProposerPriority(validators);
}

function applyUpdates(
  current: readonly Validator[],
  updates: readonly ValidatorUpdate[],
): readonly Validator[] {
  const byAddress = new Map(current.map((entry) => [toHex(entry.address), entry]));
  const changes = new Map<string, ValidatorUpdate & { address: Uint8Array }>();
  for (const update of updates) {
    checkUpdate(update);
    const address = validatorAddress(update.publicKey);
    const key = toHex(address);
    if (changes.has(key)) refuse("the same validator twice");
    if (update.power === 0n && !byAddress.has(key)) refuse("removal of an unknown validator");
    changes.set(key, { ...update, address });
  }
  const joined = joinPriority(byAddress, changes);
  for (const [key, { address, publicKey, power }] of changes) {
    const proposerPriority = byAddress.get(key)?.proposerPriority ?? joined;
    if (power === 0n) byAddress.delete(key);
    else byAddress.set(key, { address, publicKey, power, proposerPriority });
  }
  const validators = [...byAddress.values()];
  if (validators.length === 0) refuse("no validator is left");
  if (sumPower(validators) > VOTING_POWER_TOTAL_MAX) refuse("too much power");
  return sortValidators(shiftByAverage(rescale(validators)));
}

function checkUpdate(update: ValidatorUpdate): void {
  if (update.keyType !== "ed25519" || update.publicKey.length !== 32) refuse("not an Ed25519 key");
  if (update.power < 0n) refuse("negative power");
}

function sumPower(validators: readonly Validator[]): bigint {
  return validators.reduce((total, { power }) => total + power, 0n);
}

/** A new validator starts at -1.125 times the total, so that rejoining resets no priority. */
function joinPriority(
  current: ReadonlyMap<string, Validator>,
  changes: ReadonlyMap<string, ValidatorUpdate>,
): bigint {
  let total = 0n;
  for (const [key, { power }] of current) if (!changes.has(key)) total += power;
  // Removals still count with their old power here (CometBFT verifyUpdates).
  for (const [key, { power }] of changes) {
    total += power === 0n ? (current.get(key)?.power ?? 0n) : power;
  }
  return -(total + (total >> 3n));
}

function incrementProposerPriority(validators: readonly Validator[]): ValidatorSet {
  const total = sumPower(validators);
  const raised = shiftByAverage(rescale(validators)).map((validator) => ({
    ...validator,
    proposerPriority: validator.proposerPriority + validator.power,
  }));
  const first = raised.reduce((best, other) => (precedes(other, best) ? other : best));
  first.proposerPriority -= total;
  return { validators: raised, proposer: first };
}

function precedes(a: Validator, b: Validator): boolean {
  if (a.proposerPriority !== b.proposerPriority) return a.proposerPriority > b.proposerPriority;
  return compareBytes(a.address, b.address) < 0;
}

/** Keeps the spread of priorities within twice the total power. */
function rescale(validators: readonly Validator[]): Validator[] {
  const priorities = validators.map(({ proposerPriority }) => proposerPriority);
  const spread = maxOf(priorities) - minOf(priorities);
  const window = PRIORITY_WINDOW_FACTOR * sumPower(validators);
  if (window <= 0n || spread <= window) return [...validators];
  const ratio = (spread + window - 1n) / window;
  return validators.map((validator) => ({
    ...validator,
    proposerPriority: validator.proposerPriority / ratio,
  }));
}

/** Division rounds down, as big.Int.Div does for a positive divisor. */
function shiftByAverage(validators: readonly Validator[]): Validator[] {
  const count = BigInt(validators.length);
  const sum = validators.reduce((total, { proposerPriority }) => total + proposerPriority, 0n);
  const average = sum >= 0n ? sum / count : -((-sum + count - 1n) / count);
  return validators.map((validator) => ({
    ...validator,
    proposerPriority: validator.proposerPriority - average,
  }));
}

function maxOf(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b));
}

function minOf(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a < b ? a : b));
}

function refuse(reason: string): never {
  throw new ConsensusError({ code: "consensus/bad_validator_update", reason });
}
