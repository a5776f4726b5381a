import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { concatBytes, integerToBytes, utf8 } from "../src/bytes.ts";
import { complainAbout } from "../src/cocktail/dispute.ts";
import {
  type CocktailOutcome,
  type CocktailSuite,
  createCocktail,
  createRistrettoCocktail,
  ed25519Cocktail,
  p256Cocktail,
  recoverCocktail,
  restoreCocktail,
  secp256k1Cocktail,
  verifyCocktailFault,
} from "../src/cocktail/index.ts";
import { runStep1 } from "../src/cocktail/participant.ts";
import {
  createCocktailPlan,
  decodeShares,
  decodeVerdict,
  encodeVerdict,
  sealEnvelope,
} from "../src/cocktail/plan.ts";
import { signCocktail } from "../src/cocktail/schnorr.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import type { Fault } from "../src/protocol/party.ts";
import { combineShares } from "../src/vss.ts";
import {
  type CocktailMembers,
  createCocktailActors,
  createCocktailMembers,
  dealWrongly,
} from "./cocktail-helpers.ts";
import { createDice, type Run, simulate } from "./simulator.ts";
import { codeOf } from "./vectors.ts";

const suite = createRistrettoCocktail(await loadRistretto255("wasm"));
const { group } = suite;
type P = typeof group.generator;

/** Everybody has its share of one key, and can recover it. */
function expectKey<Q>(
  { params, secrets }: CocktailMembers<Q>,
  outcomes: readonly (CocktailOutcome | undefined)[],
): void {
  const { group: on } = params.suite;
  const results = outcomes.map((outcome) => {
    if (outcome?.status !== "key") throw new TypeError(`the session failed: ${outcome?.status}`);
    return outcome;
  });
  const shares = results.map(({ output }) => output.share);
  const secret = combineShares(on, shares.slice(-params.threshold), 1);
  results.forEach(({ output, recovery }, i) => {
    expect(output.publicKey).toEqual(on.encode(on.multiplyBase(secret)));
    const own = on.encode(on.multiplyBase(output.share.value));
    for (const other of results) expect(other.output.publicShares[i]).toEqual(own);
    if (i === 0) {
      const restored = recoverCocktail(params.suite, secrets[i] as bigint, recovery);
      expect(restored.output).toEqual(output);
    }
    expect(recovery.transcript).toEqual(results[0]?.recovery.transcript);
    expect(recovery.certificate).toEqual(results[0]?.recovery.certificate);
  });
}

const kinds = (list: readonly Fault[]): string[] =>
  list.map(({ index, kind }) => `${index} ${kind}`);

/** What all honest parties saw alike, when one or some were corrupted. */
function faultsOf(run: Run<CocktailOutcome>): readonly Fault[] {
  for (const list of run.faults) expect(kinds(list)).toEqual(kinds(run.faults[0] ?? []));
  return run.faults[0] as readonly Fault[];
}

const setUp = (seed: string, count = 4, threshold = 2) =>
  createCocktailMembers(suite, createDice(`members ${seed}`), { threshold, count });

function runCorrupted(
  seed: string,
  members: CocktailMembers<P>,
  corrupt: Parameters<typeof createCocktailActors<P>>[2],
  more: Parameters<typeof createCocktailActors<P>>[3] = {},
) {
  const dice = createDice(seed);
  return simulate(createCocktailActors(members, dice, corrupt, more), { dice });
}

const only =
  (round: number, change: (body: Uint8Array) => readonly Uint8Array[]) =>
  (body: Uint8Array, at: number): readonly Uint8Array[] =>
    at === round ? change(body) : [body];

describe("COCKTAIL-DKG over a channel", () => {
  const check = <Q>(other: CocktailSuite<Q>): void => {
    const dice = createDice(`plain ${other.id}`);
    const members = createCocktailMembers(other, dice, { threshold: 2, count: 3 });
    const run = simulate(createCocktailActors(members, dice), { dice, crashPercent: 40 });
    expect(run.faults.flat()).toEqual([]);
    expectKey(members, run.outcomes);
  };
  it("gives shares of one key in every suite, with crashes", () => {
    check(suite);
    check(ed25519Cocktail);
    check(p256Cocktail);
    check(secp256k1Cocktail);
  });

  it.each([
    [1, 1],
    [1, 3],
    [5, 5],
    [7, 12],
  ])("works for %i of %i, delivered in any order, with crashes at any step", (threshold, count) => {
    const dice = createDice(`${threshold} of ${count}`);
    const members = createCocktailMembers(suite, dice, { threshold, count });
    const run = simulate(createCocktailActors(members, dice), { dice, crashPercent: 30 });
    expect(run.faults.flat()).toEqual([]);
    expectKey(members, run.outcomes);
  });

  it("works for 26 of 50 with crashes", { timeout: 240_000 }, () => {
    const dice = createDice("fifty");
    const members = createCocktailMembers(suite, dice, { threshold: 26, count: 50 });
    const run = simulate(createCocktailActors(members, dice), { dice, crashPercent: 1 });
    expect(run.faults.flat()).toEqual([]);
    expectKey(members, run.outcomes);
  });

  it("says the same bytes after a restart at every step, and after its end nothing", () => {
    const dice = createDice("every step");
    const members = setUp("every step", 3);
    const actors = createCocktailActors(members, dice);
    const said = new Map<number, string>();
    const restarted = actors.map((actor, i) => ({
      ...actor,
      restart: (snapshot: Uint8Array) => {
        const party = actor.restart(snapshot);
        for (const { body } of party.start().out) {
          const name = 10 * i + (body[0] as number);
          expect(said.get(name) ?? String(body)).toBe(String(body));
          said.set(name, String(body));
        }
        return party;
      },
    }));
    const run = simulate(restarted, { dice, crashPercent: 100 });
    expectKey(members, run.outcomes);
    expect(restarted.map(({ party }) => party.start().out)).toEqual([[], [], []]);
  });

  it("makes all agree on payloads, and on an extension", () => {
    const members = setUp("payloads");
    const payloads = ["a", "", "long".repeat(50), "d"].map(utf8);
    const run = runCorrupted("payloads", members, {}, { payloads, extension: "payloads" });
    expectKey(members, run.outcomes);
    for (const outcome of run.outcomes) {
      expect(outcome?.status === "key" && outcome.output.payloads).toEqual(payloads);
    }
    const [first] = run.outcomes;
    if (first?.status !== "key") return expect.unreachable();
    const { extension } = recoverCocktail(suite, members.secrets[0] as bigint, first.recovery);
    expect(extension).toHaveLength(64);
  });

  it("takes no stranger, no index 0, no key that is none of the session's, no long extension", () => {
    const { params, secrets } = setUp("stranger");
    const party = createCocktail(params, {
      keySecret: secrets[0] as bigint,
      seed: new Uint8Array(32).fill(1),
    });
    for (const from of [0, 5, -1, 1.5]) {
      expect(codeOf(() => party.receive(from, Uint8Array.of(1)))).toBe("threshold/index");
    }
    const seed = new Uint8Array(32);
    expect(codeOf(() => createCocktail(params, { keySecret: 7n, seed }))).toBe(
      "threshold/cocktail",
    );
    const extension = new Uint8Array(65_537);
    expect(
      codeOf(() =>
        createCocktail({ ...params, extension }, { keySecret: secrets[0] as bigint, seed }),
      ),
    ).toBe("threshold/range");
    const snapshot = party.snapshot();
    for (const broken of [snapshot.slice(1), snapshot.slice(0, -1), concatBytes(snapshot, seed)]) {
      expect(codeOf(() => restoreCocktail(params, secrets[0] as bigint, broken))).toBe(
        "threshold/length",
      );
    }
  });
});

describe("who cheats over a channel is named by all alike", () => {
  const members = setUp("cheats");
  const { params, secrets } = members;
  const plan = createCocktailPlan(params);
  const failed = (...participants: number[]) => ({ status: "failed", participants });

  /** What 2 sends in place of its first message, in an envelope that is right. */
  const wrongly = (plaintext: Uint8Array): Uint8Array => {
    const way = { sender: 2, victim: 3, plaintext };
    const { message, ephemeralSecret } = dealWrongly(members, createDice("wrong"), way);
    const body = concatBytes(Uint8Array.of(1), message);
    return sealEnvelope(plan, 2, body, [secrets[1] as bigint, ephemeralSecret]);
  };

  it.each([
    ["another's value", integerToBytes(7n, 32, true)],
    ["no scalar", integerToBytes(group.order, 32, true)],
    ["a value, cut", new Uint8Array(0)],
  ])("for a share that is %s, which its receiver proves to anybody", (name, plaintext) => {
    const body = plaintext.length === 0 ? undefined : wrongly(plaintext);
    const run = runCorrupted(`share ${name}`, members, {
      2: only(1, (own) => [body ?? own.slice(0, -1)]),
    });
    const faults = faultsOf(run);
    expect(kinds(faults)).toEqual([body === undefined ? "2 malformed" : "2 bad_share"]);
    for (const outcome of run.outcomes) expect(outcome).toEqual(failed(2));
    const [fault] = faults as [Fault];
    expect(verifyCocktailFault(params, fault)).toBe(body !== undefined);
    if (body === undefined) return;
    expect(verifyCocktailFault(params, { ...fault, index: 3 })).toBe(false);
    expect(verifyCocktailFault(params, { ...fault, kind: "false_complaint" })).toBe(false);
    const { evidence } = fault;
    for (let at = 0; at < evidence.length; at += 29) {
      const changed = Uint8Array.from(evidence);
      changed[at] = (changed[at] as number) ^ 1;
      expect(verifyCocktailFault(params, { ...fault, evidence: changed }), `${at}`).toBe(false);
    }
  });

  it("for a share whose ciphertext was spoilt, and signed so", () => {
    const honest = runStep1(params, secrets[1] as bigint, new Uint8Array(32).fill(3), []);
    const message = Uint8Array.from(honest.message);
    message[message.length - 1] = (message.at(-1) as number) ^ 1;
    const body = concatBytes(Uint8Array.of(1), message);
    const sealed = sealEnvelope(plan, 2, body, [secrets[1] as bigint, honest.ephemeralSecret]);
    const run = runCorrupted("spoilt", members, { 2: only(1, () => [sealed]) });
    const faults = faultsOf(run);
    expect(kinds(faults)).toEqual(["2 bad_share"]);
    expect(verifyCocktailFault(params, faults[0] as Fault)).toBe(true);
  });

  it("for a complaint without a reason", () => {
    const dice = createDice("false");
    const actors = createCocktailActors(members, dice);
    const [, second] = actors.map(({ party }) => party.start().out[0]?.body as Uint8Array);
    const first = decodeShares(plan, 2, second as Uint8Array);
    const received = { first, body: second as Uint8Array };
    const secret = secrets[2] as bigint;
    const complaint = complainAbout(plan, { sender: 2, recipient: 3 }, secret, received);
    const sealed = (item: typeof complaint) =>
      sealEnvelope(plan, 3, encodeVerdict({ kind: "complaints", complaints: [item] }), [secret]);
    const lies = [
      complaint,
      { ...complaint, lasting: complaint.ephemeral },
      { ...complaint, ephemeral: group.encode(group.generator) },
      { ...complaint, proof: new Uint8Array(64) },
      { ...complaint, ephemeral: new Uint8Array(32).fill(255) },
    ];
    for (const [i, lie] of lies.entries()) {
      const again = createCocktailActors(members, createDice("false"), {
        3: only(2, () => [sealed(lie)]),
      });
      const run = simulate(again, { dice: createDice(`false ${i}`) });
      const faults = faultsOf(run);
      expect(kinds(faults), `${i}`).toEqual(["3 false_complaint"]);
      expect(verifyCocktailFault(params, faults[0] as Fault)).toBe(true);
      expect(verifyCocktailFault(params, { ...(faults[0] as Fault), index: 2 })).toBe(false);
      for (const outcome of run.outcomes) expect(outcome).toEqual(failed(3));
    }
  });

  it("for a complaint about what nobody sent, or about nobody", () => {
    const secret = secrets[2] as bigint;
    const nobody = (sender: number) => ({
      sender,
      messageHash: new Uint8Array(32),
      ephemeral: group.encode(group.generator),
      lasting: group.encode(group.generator),
      proof: new Uint8Array(64),
    });
    for (const list of [[nobody(2)], [nobody(0)], [nobody(9)], [nobody(2), nobody(2)]]) {
      const body = encodeVerdict({ kind: "complaints", complaints: list });
      const sealed = sealEnvelope(plan, 3, body, [secret]);
      const run = runCorrupted("nobody", members, { 3: only(2, () => [sealed]) });
      expect(kinds(faultsOf(run))).toEqual(["3 malformed"]);
      for (const outcome of run.outcomes) expect(outcome).toEqual(failed(3));
    }
  });

  it("for a signature of the transcript that is none", () => {
    const change = (body: Uint8Array): Uint8Array[] => {
      const verdict = decodeVerdict(plan, 2, body);
      if (verdict.kind !== "signature") return [body];
      const signature = signCocktail(suite, secrets[1] as bigint, utf8("something else"));
      return [
        sealEnvelope(plan, 2, encodeVerdict({ ...verdict, signature }), [secrets[1] as bigint]),
      ];
    };
    const run = runCorrupted("signature", members, { 2: only(2, change) });
    const faults = faultsOf(run);
    expect(kinds(faults)).toEqual(["2 bad_finish"]);
    expect(verifyCocktailFault(params, faults[0] as Fault)).toBe(true);
    expect(verifyCocktailFault(params, { ...(faults[0] as Fault), index: 1 })).toBe(false);
    for (const outcome of run.outcomes) expect(outcome).toEqual(failed(2));
  });

  it("for a transcript that is another than the record gives, which convicts nobody elsewhere", () => {
    const transcript = utf8("another");
    const signature = signCocktail(suite, secrets[1] as bigint, transcript);
    const verdict = { kind: "signature", transcriptHash: sha256(transcript), signature } as const;
    const sealed = sealEnvelope(plan, 2, encodeVerdict(verdict), [secrets[1] as bigint]);
    const run = runCorrupted("another", members, { 2: only(2, () => [sealed]) });
    const faults = faultsOf(run);
    expect(kinds(faults)).toEqual(["2 bad_finish"]);
    expect(verifyCocktailFault(params, faults[0] as Fault)).toBe(false);
  });

  it("for two first messages (equivocation), which shows to anybody", () => {
    const other = wrongly(integerToBytes(7n, 32, true));
    const run = runCorrupted("two", members, { 2: only(1, (body) => [body, other]) });
    // Some see the second after the round is over: then it counts for nothing.
    const faults = run.faults.flat().filter(({ kind }) => kind === "equivocation");
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) expect(verifyCocktailFault(params, fault)).toBe(true);
    expect(verifyCocktailFault(params, { ...(faults[0] as Fault), index: 1 })).toBe(false);
  });

  it("for silence, in either round, and what comes late changes nothing", () => {
    for (const round of [1, 2]) {
      const dice = createDice(`silent ${round}`);
      const held: Uint8Array[] = [];
      const hold = only(round, (body) => {
        held.push(body);
        return [];
      });
      const actors = createCocktailActors(members, dice, { 2: hold });
      const run = simulate(actors, { dice });
      expect(kinds(faultsOf(run))).toEqual(["2 absent"]);
      for (const outcome of run.outcomes) expect(outcome).toEqual(failed(2));
      expect(verifyCocktailFault(params, faultsOf(run)[0] as Fault)).toBe(false);
      for (const { party } of actors) {
        expect(party.receive(2, held[0] as Uint8Array)).toEqual({ out: [], faults: [] });
        expect(party.closeRound()).toEqual({ out: [], faults: [] });
      }
    }
  });

  it("for a message of another session, of another sender, or of no form", () => {
    const elsewhere = setUp("cheats");
    const replay = createCocktailActors(
      { ...elsewhere, params: { ...params, context: utf8("yesterday") } },
      createDice("replay"),
    )[1]?.party.start().out[0]?.body as Uint8Array;
    const others = createCocktailActors(members, createDice("other"))[0]?.party.start().out[0]
      ?.body as Uint8Array;
    const forms = [replay, others, Uint8Array.of(1), new Uint8Array(2000).fill(1)];
    for (const body of forms) {
      const run = runCorrupted("form", members, { 2: only(1, () => [body]) });
      expect(kinds(faultsOf(run))).toEqual(["2 malformed"]);
      for (const outcome of run.outcomes) expect(outcome).toEqual(failed(2));
      expect(verifyCocktailFault(params, faultsOf(run)[0] as Fault)).toBe(false);
    }
  });

  it("for a first message that is signed and yet none, which shows to anybody", () => {
    const { message, ephemeralSecret } = runStep1(
      params,
      secrets[1] as bigint,
      new Uint8Array(32).fill(5),
      [],
    );
    const proof = Uint8Array.from(message);
    proof[2 * 32 + 40] = (proof[2 * 32 + 40] as number) ^ 1;
    const raised = concatBytes(message.slice(0, 160), message.slice(160), Uint8Array.of(0));
    for (const bad of [proof, raised]) {
      const body = concatBytes(Uint8Array.of(1), bad);
      const sealed = sealEnvelope(plan, 2, body, [secrets[1] as bigint, ephemeralSecret]);
      const run = runCorrupted("signed", members, { 2: only(1, () => [sealed]) });
      const faults = faultsOf(run);
      expect(kinds(faults)).toEqual(["2 malformed"]);
      expect(verifyCocktailFault(params, faults[0] as Fault)).toBe(true);
    }
  });

  it("for another's ephemeral key, which a complaint would open the other's shares with", () => {
    const victim = decodeShares(
      plan,
      1,
      createCocktailActors(members, createDice("victim"))[0]?.party.start().out[0]
        ?.body as Uint8Array,
    );
    const own = runStep1(params, secrets[1] as bigint, new Uint8Array(32).fill(6), []);
    const message = Uint8Array.from(own.message);
    message.set(victim.ephemeral, 2 * 32 + 64);
    const body = concatBytes(Uint8Array.of(1), message);
    const sealed = sealEnvelope(plan, 2, body, [secrets[1] as bigint, own.ephemeralSecret]);
    const run = runCorrupted("ephemeral", members, { 2: only(1, () => [sealed]) });
    expect(kinds(faultsOf(run))).toEqual(["2 malformed"]);
  });

  it("but not for payloads that only some got: the session ends, and nobody is framed", () => {
    const dice = createDice("uneven");
    const sent = runStep1(
      params,
      secrets[1] as bigint,
      dice.bytes(32),
      ["x", "x", "y", "x"].map(utf8),
    );
    const body = concatBytes(Uint8Array.of(1), sent.message);
    const sealed = sealEnvelope(plan, 2, body, [secrets[1] as bigint, sent.ephemeralSecret]);
    const run = runCorrupted(
      "uneven",
      members,
      { 2: only(1, () => [sealed]) },
      { extension: "payloads" },
    );
    expect(run.faults.flat()).toEqual([]);
    for (const outcome of run.outcomes) expect(outcome).toEqual(failed());
  });

  it("all at once, by each who got a bad share", () => {
    const dice = createDice("collusion");
    const cheats = [1, 2].map((sender) => {
      const plaintext = integerToBytes(9n, 32, true);
      const wrong = dealWrongly(members, dice, { sender, victim: 4, plaintext });
      const body = concatBytes(Uint8Array.of(1), wrong.message);
      return sealEnvelope(plan, sender, body, [
        secrets[sender - 1] as bigint,
        wrong.ephemeralSecret,
      ]);
    });
    const run = runCorrupted("collusion", members, {
      1: only(1, () => [cheats[0] as Uint8Array]),
      2: only(1, () => [cheats[1] as Uint8Array]),
    });
    const faults = faultsOf(run);
    expect(kinds(faults)).toEqual(["1 bad_share", "2 bad_share"]);
    expect(faults.every((fault) => verifyCocktailFault(params, fault))).toBe(true);
    for (const outcome of run.outcomes) expect(outcome).toEqual(failed(1, 2));
  });
});
