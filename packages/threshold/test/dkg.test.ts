import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes } from "../src/bytes.ts";
import { encodeComplaints } from "../src/dkg/complaint.ts";
import { decodeDealing, drawPolynomials, encodeDealing } from "../src/dkg/dealing.ts";
import { createDkg, createDkgPlan, type DkgConfig } from "../src/dkg/dkg-party.ts";
import { verifyDkgFault } from "../src/dkg/faults.ts";
import { encodeReveal } from "../src/dkg/finish.ts";
import type { Group, Scalar } from "../src/groups/group.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import {
  bls12381G2Group,
  p256Group,
  ristretto255Group,
  secp256k1Group,
} from "../src/groups/noble-group.ts";
import type { Fault } from "../src/protocol/party.ts";
import { signMessage } from "../src/protocol/signed.ts";
import { combineShares } from "../src/vss.ts";
import { createActors, createMembers, keysOf, type Members, secretOf } from "./dkg-helpers.ts";
import { createDice, simulate } from "./simulator.ts";
import { codeOf } from "./vectors.ts";

const group = ristretto255Group;
type P = typeof group.generator;

/** Runs with some parties corrupted, and checks what must hold whatever they do. */
function runCorrupted(
  seed: string,
  members: Members<P>,
  corrupt: Parameters<typeof createActors<P>>[2],
) {
  const dice = createDice(seed);
  const run = simulate(createActors(members, dice, corrupt), { dice });
  const keys = keysOf(run.outcomes);
  expect(
    keys.every(({ publicKey }) => equalBytes(publicKey, keys[0]?.publicKey as Uint8Array)),
  ).toBe(true);
  for (const key of keys) {
    for (const { index, value } of key.shares) {
      const expected = key.publicShares[index - 1] as Uint8Array;
      expect(group.encode(group.multiplyBase(value))).toEqual(expected);
    }
  }
  const secret = secretOf(group, keys);
  expect(group.encode(group.multiplyBase(secret))).toEqual(keys[0]?.publicKey);
  const kinds = (list: readonly Fault[]) => list.map(({ index, kind }) => `${index} ${kind}`);
  for (const list of run.faults) expect(kinds(list)).toEqual(kinds(run.faults[0] as Fault[]));
  return { ...run, keys, faults: run.faults[0] as Fault[], members };
}

function createThree(seed: string, weights = [1, 1, 1, 1], threshold = 3) {
  return createMembers(group, createDice(`members ${seed}`), { weights, threshold });
}

/** A dealing whose values for one receiver are wrong, signed as it should be. */
function dealWrongly(members: Members<P>, dealer: number, victim: number): Uint8Array {
  const plan = createDkgPlan(members.config);
  const random = createDice(`wrong ${dealer}`).bytes;
  const polynomials = drawPolynomials(plan, [undefined], random);
  const receivers = plan.receivers.map((receiver, i) =>
    // Whoever encrypts to the wrong key gives the victim another value than was committed to.
    i === victim - 1 ? { ...receiver, key: group.multiplyBase(7n) } : receiver,
  );
  const secret = members.secrets[dealer - 1] as Scalar;
  return encodeDealing({ ...plan, receivers }, dealer, secret, polynomials, random);
}

describe("key generation", () => {
  const checkGroup = <Q>(other: Group<Q>): void => {
    const dice = createDice(`plain ${other.name}`);
    const members = createMembers(other, dice, { weights: [1, 1, 1], threshold: 2 });
    const { outcomes, faults } = simulate(createActors(members, dice), { dice });
    const keys = keysOf(outcomes);
    expect(faults.flat()).toEqual([]);
    expect(other.encode(other.multiplyBase(secretOf(other, keys)))).toEqual(keys[0]?.publicKey);
  };
  it.each([ristretto255Group, secp256k1Group, p256Group, bls12381G2Group] as Group<unknown>[])(
    "gives shares of one key in $name",
    (other) => checkGroup(other),
  );

  it("gives each holder as many shares as it has weight, and needs threshold many", () => {
    const { keys } = runCorrupted("weights", createThree("weights", [3, 1, 2], 4), {});
    expect(keys.map(({ shares }) => shares.map(({ index }) => index))).toEqual([
      [1, 2, 3],
      [4],
      [5, 6],
    ]);
    const few = keys.flatMap(({ shares }) => shares).slice(0, 3);
    const guess = combineShares(group, few, 3);
    expect(group.encode(group.multiplyBase(guess))).not.toEqual(keys[0]?.publicKey);
  });

  it("lets anybody watch: who has no share knows the same public key and faults", () => {
    const members = createThree("watch");
    const dice = createDice("watch");
    const { log, outcomes } = simulate(createActors(members, dice), { dice });
    const watcher = createDkg(members.config, undefined);
    const steps = log.map(({ from, body }) => watcher.receive(from, body as Uint8Array));
    const seen = keysOf([steps.find(({ done }) => done !== undefined)?.done])[0];
    expect(seen?.publicKey).toEqual(keysOf(outcomes)[0]?.publicKey);
    expect(seen?.shares).toEqual([]);
  });
});

describe("a dealer who cheats", () => {
  it("with a wrong share is named by its receiver, with evidence that convinces anybody", () => {
    const members = createThree("bad share");
    const bad = dealWrongly(members, 2, 4);
    const { faults, keys, log } = runCorrupted("bad share", members, {
      2: (body, round) => (round === 1 ? [bad] : [body]),
    });
    expect(faults.map(({ index, kind }) => [index, kind])).toEqual([[2, "bad_share"]]);
    const [fault] = faults as [Fault];
    expect(verifyDkgFault(members.config, fault)).toBe(true);
    expect(keys[0]?.qualified).toEqual([1, 3, 4]);
    // The evidence convicts nobody else, of nothing else, and in no other run.
    expect(verifyDkgFault(members.config, { ...fault, index: 4 })).toBe(false);
    expect(verifyDkgFault(members.config, { ...fault, kind: "false_complaint" })).toBe(false);
    const { run } = members.config;
    for (const other of [
      { ...run, epoch: 2n },
      { ...run, sessionId: new Uint8Array(32) },
      { ...run, keyId: "other" },
      { ...run, chainId: "other" },
    ]) {
      expect(verifyDkgFault({ ...members.config, run: other }, fault)).toBe(false);
    }
    expect(log.length).toBe(4 + 4 + 3);
  });

  it("with two dealings is named, and the first counts", () => {
    const members = createThree("twice");
    const second = dealWrongly(members, 2, 4);
    const { faults, keys } = runCorrupted("twice", members, {
      2: (body, round) => (round === 1 ? [body, second, body] : [body]),
    });
    expect(faults.map(({ index, kind }) => [index, kind])).toEqual([[2, "equivocation"]]);
    expect(verifyDkgFault(members.config, faults[0] as Fault)).toBe(true);
    expect(verifyDkgFault(members.config, { ...(faults[0] as Fault), index: 1 })).toBe(false);
    expect(keys[0]?.qualified).toEqual([1, 2, 3, 4]);
  });

  it("who counts and then says nothing is reconstructed, and changes nothing", () => {
    const silent = runCorrupted("silent", createThree("silent"), {
      2: (body, round) => (round >= 3 ? [] : [body]),
    });
    const loud = runCorrupted("silent", createThree("silent"), {});
    expect(silent.faults.map(({ index, kind }) => [index, kind])).toEqual([[2, "absent"]]);
    expect(silent.keys[0]?.publicKey).toEqual(loud.keys[0]?.publicKey);
    expect(silent.keys[0]?.publicShares).toEqual(loud.keys[0]?.publicShares);
  });

  it("who finishes with other commitments is convicted and reconstructed", () => {
    const members = createThree("finish");
    const { context } = createDkgPlan(members.config);
    const { faults, keys } = runCorrupted("finish", members, {
      3: (body, round) => {
        if (round !== 3) return [body];
        const payload = body.slice(0, -64);
        payload.set(group.encode(group.multiplyBase(5n)), 1);
        const message = { context, sender: 3, payload };
        return [concatBytes(payload, signMessage(group, message, [members.secrets[2] as Scalar]))];
      },
    });
    expect(faults.map(({ index, kind }) => [index, kind])).toEqual([[3, "bad_finish"]]);
    expect(verifyDkgFault(members.config, faults[0] as Fault)).toBe(true);
    expect(keys[0]?.qualified).toEqual([1, 2, 3, 4]);
  });

  it("is left out when it never deals, and two of four with the key of the others fail", () => {
    const members = createThree("absent");
    const { keys, faults } = runCorrupted("absent", members, { 1: () => [] });
    expect(keys[0]?.qualified).toEqual([2, 3, 4]);
    expect(faults[0]).toMatchObject({ index: 1, kind: "absent" });
    const dice = createDice("two absent");
    const { outcomes } = simulate(createActors(members, dice, { 1: () => [], 2: () => [] }), {
      dice,
    });
    for (const outcome of outcomes) {
      expect(outcome).toEqual({ status: "failed", have: 2, need: 3 });
    }
  });
});

describe("a holder who cheats", () => {
  it("by complaining about a good dealing is convicted, and the dealer stays", () => {
    const members = createThree("slander");
    const plan = createDkgPlan(members.config);
    const bodies = new Map<number, Uint8Array>();
    const { faults, keys } = runCorrupted("slander", members, {
      1: (body, round) => {
        if (round === 1) bodies.set(1, body);
        return [body];
      },
      4: (body, round) => {
        if (round !== 2) return [body];
        const first = bodies.get(1) as Uint8Array;
        const dealing = decodeDealing(plan, 1, first);
        const secret = members.secrets[3] as Scalar;
        return [encodeComplaints(plan, 4, secret, [{ dealing, body: first }])];
      },
    });
    expect(faults.map(({ index, kind }) => [index, kind])).toEqual([[4, "false_complaint"]]);
    expect(verifyDkgFault(members.config, faults[0] as Fault)).toBe(true);
    expect(keys[0]?.qualified).toEqual([1, 2, 3, 4]);
  });

  it("cannot be framed with a second dealing of the same dealer", () => {
    const members = createThree("frame");
    const plan = createDkgPlan(members.config);
    const bad = dealWrongly(members, 2, 4);
    const { faults } = runCorrupted("frame", members, {
      2: (body, round) => (round === 1 ? [bad] : [body]),
    });
    // The dealer signs another dealing, a good one, and shows the complaint with that.
    const random = createDice("frame again").bytes;
    const secret = members.secrets[1] as Scalar;
    const polynomials = drawPolynomials(plan, [undefined], random);
    const good = encodeDealing(plan, 2, secret, polynomials, random);
    const evidence = faults[0]?.evidence as Uint8Array;
    const at = 8 + 4;
    const message = evidence.slice(at + bad.length);
    const swapped = concatBytes(evidence.slice(0, at), good, message);
    const fault = { index: 4, kind: "false_complaint", evidence: swapped } as const;
    expect(verifyDkgFault(members.config, fault)).toBe(false);
  });

  it("by revealing a wrong share of a silent dealer is convicted, and does not count", () => {
    const members = createThree("reveal");
    const plan = createDkgPlan(members.config);
    let dealt: Uint8Array | undefined;
    const { faults } = runCorrupted("reveal", members, {
      2: (body, round) => {
        if (round === 1) dealt = body;
        return round === 3 ? [] : [body];
      },
      4: (body, round) => {
        if (round !== 4) return [body];
        const dealingHash = body.slice(5, 37);
        const shares = [{ index: 4, value: 1n }];
        const secret = members.secrets[3] as Scalar;
        return [encodeReveal(plan, 4, secret, [{ dealer: 2, dealingHash, shares }])];
      },
    });
    expect(dealt).toBeDefined();
    // Whether the liar speaks before three others have is the scheduler's choice; it does here.
    expect(faults.map(({ index, kind }) => [index, kind])).toContainEqual([4, "bad_reveal"]);
    const fault = faults.find(({ kind }) => kind === "bad_reveal") as Fault;
    expect(verifyDkgFault(members.config, fault)).toBe(true);
    expect(verifyDkgFault(members.config, { ...fault, index: 1 })).toBe(false);
  });
});

describe("hostile bytes", () => {
  const members = createThree("bytes", [1, 1], 1);
  const seed = new Uint8Array(32).fill(1);
  const make = (index: number) =>
    createDkg(members.config, { index, keySecret: members.secrets[index - 1] as Scalar, seed });
  const body = make(1).start().out[0]?.body as Uint8Array;

  it("are malformed in any length but the right one, and as any one bit is changed", () => {
    const tries = [new Uint8Array(0), body.slice(0, -1), concatBytes(body, Uint8Array.of(0))];
    for (let i = 0; i < body.length; i += 5) {
      const changed = Uint8Array.from(body);
      changed[i] = (changed[i] as number) ^ (1 << (i % 8));
      tries.push(changed);
    }
    for (const bytes of tries) {
      const { faults } = createDkg(members.config, undefined).receive(1, bytes);
      expect(faults.map(({ kind }) => kind)).toEqual(["malformed"]);
      expect(verifyDkgFault(members.config, faults[0] as Fault)).toBe(false);
    }
  });

  it("are malformed with the identity or a point of small order for a commitment", () => {
    const identity = new Uint8Array(32);
    const small = Uint8Array.from(
      Buffer.from("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "hex"),
    );
    for (const point of [identity, small, new Uint8Array(32).fill(255)]) {
      for (const at of [1, 33]) {
        const changed = Uint8Array.from(body);
        changed.set(point, at);
        const { faults } = createDkg(members.config, undefined).receive(1, changed);
        expect(faults[0]?.kind).toBe("malformed");
      }
    }
  });

  it("of another sender, epoch or session are malformed", () => {
    const { run } = members.config;
    const other = { ...members.config, run: { ...run, epoch: 2n } };
    expect(createDkg(members.config, undefined).receive(2, body).faults[0]?.kind).toBe("malformed");
    expect(createDkg(other, undefined).receive(1, body).faults[0]?.kind).toBe("malformed");
  });

  it("from nobody are refused", () => {
    for (const from of [0, 3, -1, 1.5]) {
      expect(codeOf(() => make(1).receive(from, body))).toBe("threshold/index");
    }
  });

  it("make no configuration of holders twice, without weight, or with no threshold", () => {
    const { config } = members;
    const [first] = config.holders as [(typeof config.holders)[0]];
    const bad: Partial<DkgConfig<P>>[] = [
      { holders: [first, first] },
      { holders: [{ ...first, weight: 0 }] },
      { holders: [{ ...first, weight: 70_000 }] },
      { holders: [] },
      { threshold: 0 },
      { threshold: 3 },
    ];
    for (const change of bad) {
      const run = () => createDkg({ ...config, ...change }, undefined);
      expect(codeOf(run)).toBe("threshold/parameters");
    }
    const wrongKey = { index: 2, keySecret: members.secrets[0] as Scalar, seed };
    expect(codeOf(() => createDkg(config, wrongKey))).toBe("threshold/index");
  });
});

describe("crashes", () => {
  it.each([3, 8, 50])(
    "at any step, %i holders at their own pace: all end with one key",
    async (count) => {
      const wasm = await loadRistretto255("wasm");
      const dice = createDice(`crash ${count}`);
      const threshold = Math.min(3, count);
      const weights = Array.from({ length: count }, () => 1);
      const members = createMembers(wasm, dice, { weights, threshold });
      const silent = (body: Uint8Array, round: number) => (round >= 3 ? [] : [body]);
      const corrupt = count === 8 ? { 2: silent } : {};
      const actors = createActors(members, dice, corrupt);
      const crashPercent = count === 50 ? 5 : 50;
      const { outcomes } = simulate(actors, { dice, crashPercent });
      const keys = keysOf(outcomes);
      const publicKeys = new Set(
        keys.map(({ publicKey }) => Buffer.from(publicKey).toString("hex")),
      );
      expect(publicKeys.size).toBe(1);
      expect(wasm.encode(wasm.multiplyBase(secretOf(wasm, keys)))).toEqual(keys[0]?.publicKey);
    },
  );

  it("make nobody say two things: the log has no equivocation", () => {
    const members = createThree("calm");
    const dice = createDice("calm");
    const { faults, log } = simulate(createActors(members, dice), { dice, crashPercent: 60 });
    expect(faults.flat()).toEqual([]);
    expect(log).toHaveLength(12);
  });
});
