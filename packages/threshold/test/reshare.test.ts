import { describe, expect, it } from "vitest";
import { drawPolynomials, encodeDealing } from "../src/dkg/dealing.ts";
import { verifyReshareFault } from "../src/dkg/faults.ts";
import {
  finishRepair,
  splitForRepair,
  sumForRepair,
  verifyRepairCommitments,
} from "../src/dkg/repair.ts";
import {
  createReshare,
  createResharePlan,
  type ReshareConfig,
  restoreReshare,
} from "../src/dkg/reshare-party.ts";
import type { RunOutcome, SharedKey } from "../src/dkg/shared-key.ts";
import type { Scalar } from "../src/groups/group.ts";
import { ristretto255Group as group } from "../src/groups/noble-group.ts";
import type { Fault } from "../src/protocol/party.ts";
import {
  combineShares,
  dealShares,
  lagrangeWeightsAt,
  publicShare,
  type Share,
} from "../src/vss.ts";
import { keysOf, secretOf } from "./dkg-helpers.ts";
import { type Actor, createDice, type Dice, simulate } from "./simulator.ts";
import { codeOf } from "./vectors.ts";

type P = typeof group.generator;

interface Member {
  readonly secret: Scalar;
  readonly key: Uint8Array;
}

function createMembers(dice: Dice, count: number): Member[] {
  return Array.from({ length: count }, () => {
    const secret = group.randomScalar(dice.bytes);
    return { secret, key: group.encode(group.multiplyBase(secret)) };
  });
}

/** A key shared 3 of 5 by weights 2, 1, 2, to be shared anew. */
function createScene(seed: string) {
  const dice = createDice(seed);
  const secret = group.randomScalar(dice.bytes);
  const { shares, commitments } = dealShares(group, { secret, threshold: 3, count: 5 }, dice.bytes);
  const old = createMembers(dice, 3);
  const weights = [2, 1, 2];
  const previous = {
    publicKey: group.encode(commitments[0] as P),
    threshold: 3,
    holders: old.map(({ key }, i) => ({ key, weight: weights[i] as number })),
    publicShares: shares.map(({ index }) => group.encode(publicShare(group, commitments, index))),
  };
  const held = [shares.slice(0, 2), shares.slice(2, 3), shares.slice(3)];
  const run = { chainId: "test-1", keyId: "key", epoch: 2n, sessionId: dice.bytes(32) };
  return { dice, secret, old, held, previous, run, shares };
}

type Scene = ReturnType<typeof createScene>;

/** Old holders, and new ones of which the first is an old one. */
function createActors(
  { dice, old, held, previous, run }: Scene,
  corrupt: Readonly<Record<string, NonNullable<Actor<RunOutcome>["corrupt"]>>> = {},
) {
  const fresh = createMembers(dice, 3);
  const next = [old[0] as Member, ...fresh];
  const holders = next.map(({ key }) => ({ key, weight: 1 }));
  const config: ReshareConfig<P> = { group, run, previous, threshold: 2, holders };
  const make = (member: Member, oldIndex?: number, nextIndex?: number): Actor<RunOutcome> => {
    const before =
      oldIndex === undefined
        ? {}
        : { old: { index: oldIndex, shares: held[oldIndex - 1] as Share[] } };
    const after = nextIndex === undefined ? {} : { next: nextIndex };
    const keySecret = member.secret;
    const change = corrupt[oldIndex === undefined ? `new ${nextIndex}` : `old ${oldIndex}`];
    return {
      indexOf: (round) => (round === 1 ? oldIndex : nextIndex),
      party: createReshare(config, { ...before, ...after, keySecret, seed: dice.bytes(32) }),
      restart: (snapshot) => restoreReshare(config, { ...before, keySecret }, snapshot),
      ...(change === undefined ? {} : { corrupt: change }),
    };
  };
  const actors = [
    make(old[0] as Member, 1, 1),
    make(old[1] as Member, 2),
    make(old[2] as Member, 3),
    ...fresh.map((member, i) => make(member, undefined, i + 2)),
  ];
  return { actors, config };
}

function checkKeys(scene: Scene, keys: readonly SharedKey[]): void {
  for (const key of keys) expect(key.publicKey).toEqual(scene.previous.publicKey);
  expect(secretOf(group, keys)).toBe(scene.secret);
  for (const { index, value } of keys.flatMap(({ shares }) => shares)) {
    const expected = keys[0]?.publicShares[index - 1];
    expect(group.encode(group.multiplyBase(value))).toEqual(expected);
  }
}

describe("resharing", () => {
  it("moves the key to another set with another threshold, through crashes at any step", () => {
    const scene = createScene("move");
    const { actors } = createActors(scene);
    const { outcomes, faults } = simulate(actors, { dice: scene.dice, crashPercent: 50 });
    checkKeys(scene, keysOf(outcomes));
    expect(faults.flat()).toEqual([]);
  });

  it("makes shares that do not fit the old ones", () => {
    const scene = createScene("mix");
    const { outcomes } = simulate(createActors(scene).actors, { dice: scene.dice });
    const fresh = keysOf(outcomes).flatMap(({ shares }) => shares);
    const mixed = [fresh[1] as Share, scene.shares[0] as Share, scene.shares[2] as Share];
    expect(combineShares(group, mixed, 3)).not.toBe(scene.secret);
  });

  it("goes on without an old holder who stays away, and fails below the old threshold", () => {
    const away = createScene("away");
    const one = createActors(away, { "old 2": () => [] });
    const run = simulate(one.actors, { dice: away.dice });
    checkKeys(away, keysOf(run.outcomes));
    expect(run.faults[0]).toMatchObject([{ index: 2, kind: "absent" }]);
    const scene = createScene("too few");
    const two = createActors(scene, {
      "old 1": (body, round) => (round === 1 ? [] : [body]),
      "old 2": () => [],
    });
    for (const outcome of simulate(two.actors, { dice: scene.dice }).outcomes) {
      expect(outcome).toEqual({ status: "failed", have: 2, need: 3 });
    }
  });

  it("refuses a dealing of another secret than the old share, signed or not", () => {
    const scene = createScene("other secret");
    const { actors, config } = createActors(scene, {
      "old 2": (body, round) => (round === 1 ? [wrong] : [body]),
    });
    const plan = createResharePlan(config);
    const polynomials = drawPolynomials(plan, [5n], scene.dice.bytes);
    const secret = scene.old[1]?.secret as Scalar;
    const wrong = encodeDealing(plan, 2, secret, polynomials, scene.dice.bytes);
    const { outcomes, faults } = simulate(actors, { dice: scene.dice });
    checkKeys(scene, keysOf(outcomes));
    expect(faults[0]).toMatchObject([{ index: 2, kind: "malformed" }]);
  });

  it("convicts an old holder whose share for a new one is wrong", () => {
    const scene = createScene("wrong share");
    const { actors, config } = createActors(scene, {
      "old 3": (body, round) => (round === 1 ? [wrong] : [body]),
    });
    const plan = createResharePlan(config);
    const shares = scene.held[2]?.map(({ value }) => value) as Scalar[];
    const polynomials = drawPolynomials(plan, shares, scene.dice.bytes);
    const receivers = plan.receivers.map((item, i) =>
      i === 3 ? { ...item, key: group.multiplyBase(9n) } : item,
    );
    const secret = scene.old[2]?.secret as Scalar;
    const wrong = encodeDealing({ ...plan, receivers }, 3, secret, polynomials, scene.dice.bytes);
    const { outcomes, faults } = simulate(actors, { dice: scene.dice });
    checkKeys(scene, keysOf(outcomes));
    expect(faults[0]?.map(({ index, kind }) => [index, kind])).toEqual([[3, "bad_share"]]);
    expect(verifyReshareFault(config, faults[0]?.[0] as Fault)).toBe(true);
  });

  it("does not end, so nobody drops an old share, before a threshold has acknowledged", () => {
    const scene = createScene("no acknowledgements");
    const silent = (body: Uint8Array, round: number) => (round === 3 ? [] : [body]);
    const { actors } = createActors(scene, { "old 1": silent, "new 2": silent, "new 3": silent });
    for (const outcome of simulate(actors, { dice: scene.dice }).outcomes) {
      expect(outcome).toEqual({ status: "failed", have: 1, need: 2 });
    }
  });

  it("refuses a message of another epoch, and old shares that are not the public ones", () => {
    const scene = createScene("epochs");
    const { actors, config } = createActors(scene);
    const body = actors[1]?.party.start().out[0]?.body as Uint8Array;
    const later = { ...config, run: { ...config.run, epoch: 3n } };
    expect(createReshare(later, undefined).receive(2, body).faults[0]?.kind).toBe("malformed");
    expect(createReshare(config, undefined).receive(2, body).faults).toEqual([]);
    const run = () =>
      createReshare(config, {
        old: { index: 2, shares: [{ index: 3, value: 1n }] },
        keySecret: scene.old[1]?.secret as Scalar,
        seed: new Uint8Array(32),
      });
    expect(codeOf(run)).toBe("threshold/bad_share");
  });
});

describe("repair", () => {
  const { shares, previous } = createScene("repair");
  const helpers = [1, 3, 5];
  const plan = {
    group,
    helpers,
    lost: 2,
    publicShare: (index: number) => group.decode(previous.publicShares[index - 1] as Uint8Array),
  };
  const split = helpers.map((index) => splitForRepair(plan, shares[index - 1] as Share));
  const commitments = split.map((item) => item.commitments);
  const received = (position: number) =>
    split.map((item) => ({ part: item.parts[position] as Scalar, commitments: item.commitments }));
  const sums = helpers.map((index, i) => sumForRepair(plan, index, received(i)));

  it("gives the lost share back, and only with every helper", () => {
    for (const item of split) verifyRepairCommitments(plan, item.helper, item.commitments);
    expect(finishRepair(plan, sums, commitments)).toEqual(shares[1]);
    expect(codeOf(() => finishRepair(plan, sums.slice(1), commitments))).toBe("threshold/too_few");
  });

  it("names the helper who shows, sends or sums something else", () => {
    const [first] = split as [(typeof split)[0]];
    const swapped = () => verifyRepairCommitments(plan, 3, first.commitments);
    expect(codeOf(swapped)).toBe("threshold/bad_share");
    const wrongPart = received(0).map((item, i) => (i === 2 ? { ...item, part: 1n } : item));
    expect(() => sumForRepair(plan, 1, wrongPart)).toThrow(
      expect.objectContaining({ failure: { code: "threshold/bad_share", indices: [5] } }),
    );
    expect(() =>
      finishRepair(plan, [sums[0] as Scalar, 1n, sums[2] as Scalar], commitments),
    ).toThrow(expect.objectContaining({ failure: { code: "threshold/bad_share", indices: [3] } }));
  });

  it("refuses who is no helper, index 0, and a lost share among the helpers", () => {
    const own = () => splitForRepair({ ...plan, lost: 1 }, shares[0] as Share);
    expect(codeOf(own)).toBe("threshold/index");
    expect(codeOf(() => splitForRepair(plan, shares[3] as Share))).toBe("threshold/index");
    expect(codeOf(() => lagrangeWeightsAt(group, helpers, 0))).toBe("threshold/index");
    expect(codeOf(() => lagrangeWeightsAt(group, helpers, 3))).toBe("threshold/duplicate_index");
  });
});
