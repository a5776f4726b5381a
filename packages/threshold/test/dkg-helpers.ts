/** Sets of holders with known keys, and runs of them. */
import { createDkg, type DkgConfig, restoreDkg } from "../src/dkg/dkg-party.ts";
import type { RunOutcome, SharedKey } from "../src/dkg/shared-key.ts";
import type { Group, Scalar } from "../src/groups/group.ts";
import { combineShares } from "../src/vss.ts";
import type { Actor, Dice } from "./simulator.ts";

export interface Members<P> {
  readonly config: DkgConfig<P>;
  readonly secrets: readonly Scalar[];
}

export function createMembers<P>(
  group: Group<P>,
  dice: Dice,
  options: { readonly weights: readonly number[]; readonly threshold: number },
): Members<P> {
  const secrets = options.weights.map(() => group.randomScalar(dice.bytes));
  const holders = secrets.map((secret, i) => ({
    key: group.encode(group.multiplyBase(secret)),
    weight: options.weights[i] as number,
  }));
  const run = { chainId: "test-1", keyId: "key", epoch: 1n, sessionId: dice.bytes(32) };
  return { config: { group, run, threshold: options.threshold, holders }, secrets };
}

export function createActors<P>(
  { config, secrets }: Members<P>,
  dice: Dice,
  corrupt: Readonly<Record<number, NonNullable<Actor<RunOutcome>["corrupt"]>>> = {},
): Actor<RunOutcome>[] {
  return secrets.map((keySecret, i) => {
    const index = i + 1;
    const change = corrupt[index];
    return {
      indexOf: () => index,
      party: createDkg(config, { index, keySecret, seed: dice.bytes(32) }),
      restart: (snapshot) => restoreDkg(config, keySecret, snapshot),
      ...(change === undefined ? {} : { corrupt: change }),
    };
  });
}

/** The keys of a run in which everybody ended well and alike. */
export function keysOf(outcomes: readonly (RunOutcome | undefined)[]): SharedKey[] {
  return outcomes.map((outcome) => {
    if (outcome?.status !== "key") throw new TypeError(`the run failed: ${outcome?.status}`);
    return outcome;
  });
}

export function secretOf<P>(group: Group<P>, keys: readonly SharedKey[]): Scalar {
  const shares = keys.flatMap((key) => key.shares);
  return combineShares(group, shares.slice(-(keys[0] as SharedKey).threshold), 1);
}
