/** The plan, what was done, and the versions of modules. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { type Plan, PlanSchema } from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/upgrade";
import {
  type Context,
  prefixEnd,
  readUint64BigEndian,
  sdkErrors,
  uint64BigEndian,
  utf8Text,
} from "@tacit/sdk";
import {
  doneKey,
  donePrefix,
  planKey,
  protocolVersionKey,
  splitDoneKey,
  upgradedClientKey,
  upgradedConsensusKey,
  upgradeStoreName,
  versionKey,
  versionPrefix,
} from "./keys.ts";

const one = Uint8Array.of(1);
/** Go's zero time, year 1. */
const zeroTimeSeconds = -62_135_596_800n;

export function getPlan(context: Context): Plan | undefined {
  const bytes = context.kvStore(upgradeStoreName).get(planKey);
  return bytes === undefined ? undefined : decodeMessage(PlanSchema, bytes);
}

/** Schedules `plan` in place of another. @throws {SdkError} `sdk/18`. */
export function schedule(context: Context, plan: Plan): void {
  validatePlan(plan);
  if (plan.height < context.height) {
    throw sdkErrors.invalidRequest.wrap("upgrade cannot be scheduled in the past");
  }
  if (doneHeight(context, plan.name) !== 0n) {
    throw sdkErrors.invalidRequest.wrap(
      `upgrade with name ${plan.name} has already been completed`,
    );
  }
  const old = getPlan(context);
  if (old !== undefined) clearIbcState(context, old.height);
  context.kvStore(upgradeStoreName).set(planKey, encodeMessage(PlanSchema, plan));
}

function validatePlan({ time, upgradedClientState, name, height }: Plan): void {
  if (time !== undefined && (time.seconds !== zeroTimeSeconds || time.nanos !== 0)) {
    throw sdkErrors.invalidRequest.wrap("time-based upgrades have been deprecated in the SDK");
  }
  if (upgradedClientState !== undefined) {
    throw sdkErrors.invalidRequest.wrap("upgrade logic for IBC has been moved to the IBC module");
  }
  if (name === "") throw sdkErrors.invalidRequest.wrap("name cannot be empty");
  if (height <= 0n) throw sdkErrors.invalidRequest.wrap("height must be greater than 0");
}

/** Forgets the plan, if there is one. */
export function clearPlan(context: Context): void {
  const plan = getPlan(context);
  if (plan === undefined) return;
  clearIbcState(context, plan.height);
  context.kvStore(upgradeStoreName).delete(planKey);
}

function clearIbcState(context: Context, height: bigint): void {
  const store = context.kvStore(upgradeStoreName);
  store.delete(upgradedClientKey(height));
  store.delete(upgradedConsensusKey(height));
}

/** 0 if the upgrade was not applied. */
export function doneHeight(context: Context, name: string): bigint {
  const store = context.kvStore(upgradeStoreName);
  for (const [key] of store.iterator(donePrefix, prefixEnd(donePrefix))) {
    const done = splitDoneKey(key);
    if (done.name === name) return done.height;
  }
  return 0n;
}

/** The name of the last upgrade applied. */
export function lastDone(context: Context): string | undefined {
  const store = context.kvStore(upgradeStoreName);
  for (const [key] of store.reverseIterator(donePrefix, prefixEnd(donePrefix))) {
    return splitDoneKey(key).name;
  }
  return undefined;
}

export function setModuleVersions(context: Context, versions: ReadonlyMap<string, bigint>): void {
  const store = context.kvStore(upgradeStoreName);
  for (const name of [...versions.keys()].sort()) {
    store.set(versionKey(name), uint64BigEndian(versions.get(name) ?? 0n));
  }
}

/** By name. */
export function moduleVersions(context: Context): Map<string, bigint> {
  const store = context.kvStore(upgradeStoreName);
  const versions = new Map<string, bigint>();
  for (const [key, value] of store.iterator(versionPrefix, prefixEnd(versionPrefix))) {
    versions.set(utf8Text(key.subarray(1)), readUint64BigEndian(value));
  }
  return versions;
}

/** Notes that the plan's migration ran. */
export function markDone(
  context: Context,
  plan: Plan,
  versions: ReadonlyMap<string, bigint>,
): void {
  const store = context.kvStore(upgradeStoreName);
  setModuleVersions(context, versions);
  const bytes = store.get(protocolVersionKey);
  const protocolVersion = bytes === undefined ? 0n : readUint64BigEndian(bytes);
  store.set(protocolVersionKey, uint64BigEndian(protocolVersion + 1n));
  clearIbcState(context, plan.height);
  clearPlan(context);
  store.set(doneKey(context.height, plan.name), one);
}
