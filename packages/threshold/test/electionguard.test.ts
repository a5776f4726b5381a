/** Records of ElectionGuard 2.0.0 that this test makes, and what becomes of them when they lie. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RecordPlace } from "../src/errors.ts";
import { modPow } from "../src/paillier/modular.ts";
import { readBallot } from "../src/voting/electionguard/ballot.ts";
import { verifyChallengedBallot } from "../src/voting/electionguard/decryption.ts";
import { COFACTOR, G, P, Q } from "../src/voting/electionguard/group.ts";
import { verifyElectionGuard } from "../src/voting/electionguard/index.ts";
import { Base, FixedBase, generatorPower } from "../src/voting/electionguard/powers.ts";
import { readSetup } from "../src/voting/electionguard/setup.ts";
import { readDecryption } from "../src/voting/electionguard/tally.ts";
import { type Json, serialise } from "./electionguard-election.ts";
import { refusalOf, textOf, verify } from "./electionguard-helpers.ts";
import { type Lies, Recorder } from "./electionguard-recorder.ts";

describe("the group of ElectionGuard", () => {
  it("is that of the specification: its generator is 2 to the cofactor, of order q", () => {
    expect((P - 1n) % Q).toBe(0n);
    expect(modPow(2n, COFACTOR, P)).toBe(G);
    expect(modPow(G, Q, P)).toBe(1n);
  });

  it("has powers that are those of plain squaring and multiplying", () => {
    const exponents = [0n, 1n, Q - 1n, Q, Q + 5n, -3n, 2n ** 255n + 12345n, 15n << 100n];
    const element = modPow(G, 987654321n, P);
    const table = new FixedBase(element);
    const base = new Base(element);
    for (const exponent of exponents) {
      const reduced = ((exponent % Q) + Q) % Q;
      expect(generatorPower(exponent)).toBe(modPow(G, reduced, P));
      expect(table.power(exponent)).toBe(modPow(element, reduced, P));
      expect(base.power(exponent)).toBe(modPow(element, reduced, P));
    }
  });

  it("has no member that is negative, 0, another spelling or out of the subgroup", () => {
    const element = modPow(G, 77n, P);
    expect([element, 1n, G].map((one) => new Base(one).isMember())).toEqual([true, true, true]);
    const foreign = [0n, P - element, P - 1n, P, P + 1n, 2n, element + 1n];
    expect(foreign.map((one) => new Base(one).isMember())).not.toContain(true);
  });
});

describe("a record of ElectionGuard", () => {
  it.each([false, true])("that is honest verifies, with its codes chained: %s", (isChaining) => {
    const progress: string[] = [];
    const result = verify(new Recorder({ isChaining }).record(), (verified, all) => {
      progress.push(`${verified}/${all}`);
    });
    const votes = result.contests.map(({ id, selections }) => [
      id,
      ...selections.map((one) => one.votes),
    ]);
    expect(votes).toEqual([
      ["mayor", 2, 1],
      ["board", 2, 1, 1],
      ["ferry", 0, 0],
    ]);
    const states = result.ballots.map(({ id, state, opened }) => [id, state, opened !== undefined]);
    expect(states.sort()).toEqual([
      ["b 1", "CAST", false],
      ["b2", "CAST", false],
      ["b3", "SPOILED", true],
      ["p1", "CAST", false],
      ["u1", "UNKNOWN", false],
    ]);
    const challenged = result.ballots.find(({ id }) => id === "b3")?.opened?.[0];
    expect(challenged?.selections.map((one) => one.votes)).toEqual([0, 1]);
    expect(challenged?.data?.writeIns).toEqual(["Évariste"]);
    expect(progress).toEqual(["1/5", "2/5", "3/5", "4/5", "5/5"]);
    expect({ guardians: result.guardians, quorum: result.quorum }).toEqual({
      guardians: ["g1", "g2", "g3"],
      quorum: 2,
    });
  });

  const lies: [string, Lies, string, RecordPlace][] = [
    [
      "two votes in one selection",
      { firstVote: 2 },
      "5.D",
      { ballot: "b 1", contest: "mayor", selection: "ada" },
    ],
    [
      "an element outside of the group",
      { isOutsideGroup: true },
      "5.A",
      { ballot: "b 1", contest: "mayor", selection: "ada" },
    ],
    [
      "more votes than its contest allows",
      { isOverVoted: true },
      "6.D",
      { ballot: "b 1", contest: "mayor" },
    ],
    ["a ballot twice", { isBallotCopied: true }, "7.C", { ballot: "b 1" }],
    ["a last ballot that was taken away", { isLastHidden: true }, "7.F", { device: "hall 1" }],
    ["a ballot that is not counted", { isBallotDropped: true }, "8.A", {}],
    [
      "a sum that is one more",
      { isSumRaised: true },
      "9.B",
      { contest: "mayor", selection: "ada" },
    ],
    [
      "votes in a contest that nobody cast",
      { isUnvotedFilled: true },
      "10.A",
      { contest: "ferry", selection: "yes" },
    ],
    [
      "a challenged ballot opened to something else",
      { isOpeningSwapped: true },
      "12.B",
      { ballot: "b3", contest: "mayor", selection: "ada" },
    ],
    ["a cast ballot that is opened", { isCastOpened: true }, "12.B", { ballot: "b2" }],
    [
      "a challenged ballot of two votes",
      { challengedVote: 2 },
      "5.D",
      { ballot: "b3", contest: "mayor", selection: "ada" },
    ],
    [
      "another name written in",
      { isWriteInChanged: true },
      "14.B",
      { ballot: "b3", contest: "mayor" },
    ],
    [
      "a short code of another choice",
      { isShortCodeSwapped: true },
      "18.B",
      { ballot: "p1", contest: "mayor", selection: "ada" },
    ],
    ["a guardian whose key is 1", { isKeyOne: true }, "3.A", { guardian: "g1" }],
  ];

  it.each(lies)("with %s, to which all else fits, is refused", (_, told, refusal, place) => {
    const record = new Recorder({ isChaining: true, lies: told }).record();
    expect(refusalOf(() => verify(record))).toEqual({ refusal, place });
  });

  it("is read one ballot at a time, each file once", () => {
    const record = new Recorder().record();
    const reads: string[] = [];
    const files = {
      paths: record.keys(),
      read: (path: string) => {
        reads.push(path);
        return serialise(record.get(path) as Json);
      },
    };
    const open: number[] = [];
    verifyElectionGuard(files, () => {
      open.push(reads.filter((path) => path.includes("/eballot-")).length);
    });
    expect(open).toEqual([1, 2, 3, 4, 5]);
    expect(reads.sort()).toEqual([...record.keys()].sort());
  });

  it("with a challenged ballot beyond its limits is refused by what looks at that alone, too", () => {
    const refusal = (lies: Lies, votesAllowed: number) => {
      const record = new Recorder({ lies }).record();
      const setup = readSetup((path, read) => read(textOf(record, path)));
      const text = textOf(record, "encrypted_ballots/hall_1/eballot-b3.json");
      const ballot = readBallot(setup.manifest, text);
      const own = (id: string) => ballot.contests.find(({ contest }) => contest.id === id);
      const expected = {
        contests: ballot.contests.map(({ contest }) => ({ ...contest, votesAllowed })),
        vote: (id: string, selection: string) =>
          own(id)?.selections.find((one) => one.id === selection)?.vote,
        data: (id: string) => own(id)?.data,
      };
      const opening = readDecryption(textOf(record, "challenged_ballots/dballot-b3.json"));
      return refusalOf(() => verifyChallengedBallot(setup, expected, opening));
    };
    expect(refusal({}, 2)).toEqual({ refusal: "none" });
    expect(refusal({ challengedVote: 2 }, 3)).toEqual({
      refusal: "13.B",
      place: { ballot: "b3", contest: "mayor", selection: "ada" },
    });
    expect(refusal({ challengedVote: 1 }, 1)).toEqual({
      refusal: "13.C",
      place: { ballot: "b3", contest: "mayor" },
    });
  });
});

describe("the verifier of ElectionGuard's records", () => {
  it("imports hashing, bytes, errors and strict reading, and nothing of a prover", () => {
    const directory = join(import.meta.dirname, "../src/voting/electionguard");
    const files = readdirSync(directory);
    const imported = files.flatMap((file) => {
      const text = readFileSync(join(directory, file), "utf8");
      return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]);
    });
    expect(files).toContain("verify.ts");
    const own = files.map((file) => `./${file}`);
    const foreign = new Set(imported.filter((path) => !own.includes(path as string)));
    expect([...foreign].sort()).toEqual([
      "../../bytes.ts",
      "../../errors.ts",
      "../json.ts",
      "../refuse.ts",
      "@noble/hashes/hmac.js",
      "@noble/hashes/sha2.js",
      "@noble/hashes/utils.js",
    ]);
  });
});
