/** Records of elections: the prover's replay and the independent verifier beside each other. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../src/bytes.ts";
import type { PartialDecryption } from "../src/decryption/partial.ts";
import type { SharedKey } from "../src/dkg/shared-key.ts";
import { ThresholdError } from "../src/errors.ts";
import { ristretto255Group } from "../src/groups/noble-group.ts";
import { ByteReader, ByteWriter } from "../src/protocol/codec.ts";
import { prepareBallot } from "../src/voting/ballot.ts";
import { Board, type BoardEntry, type CountedBallot } from "../src/voting/board.ts";
import { type Credential, deriveCredential } from "../src/voting/credential.ts";
import { openElection } from "../src/voting/election.ts";
import { decryptTally, replayRecord } from "../src/voting/tally.ts";
import { verifyElection } from "../src/voting/verifier/verify-election.ts";
import { createActors, createMembers, keysOf } from "./dkg-helpers.ts";
import { createDice, simulate } from "./simulator.ts";
import { codeOf } from "./vectors.ts";
import { countedOf, forgeBallot, forgeRecord, sign } from "./voting-forgers.ts";
import { cast, count, group, setUp, verdictOf } from "./voting-helpers.ts";

const setup = setUp([1n, 2n, 10n]);
const { election, credentials, shares, definition } = setup;
const board = new Board(election);
board.append([cast(setup, 0, [[1], [0]]), cast(setup, 1, ["blank", [1]])]);
board.appendChallenge(
  prepareBallot(election, credentials[2] as Credential, [[0], [0]]).challenge(),
);
board.append([cast(setup, 0, [[0, 2], [1]])]);
board.close();
const { record, results } = count(board, shares);

type Verdict = "valid" | "refused";

function judge(run: () => unknown): Verdict {
  try {
    run();
    return "valid";
  } catch (error) {
    if (error instanceof ThresholdError) return "refused";
    throw error;
  }
}

const RESULT = "partial decryptions or result";
const yes = { values: [1n, 0n] };

function whatOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    const failure = error instanceof ThresholdError ? error.failure : undefined;
    return failure?.code === "threshold/record" ? failure.what : String(error);
  }
}

/** Of both, which must agree. */
function judgeBoth(bytes: Uint8Array): Verdict {
  const own = judge(() => replayRecord(group, bytes));
  expect(judge(() => verifyElection(group, bytes))).toBe(own);
  return own;
}

interface Parts {
  magic: Uint8Array;
  election: Uint8Array;
  entries: { kind: number; bytes: Uint8Array }[];
  head: Uint8Array;
  partials: { index: number; bytes: Uint8Array }[];
  values: bigint[];
}

function takeApart(bytes: Uint8Array): Parts {
  const reader = new ByteReader(bytes);
  const [magic, text] = [reader.variable(), reader.variable()];
  const entries = Array.from({ length: reader.unsigned(4) }, () => ({
    kind: reader.unsigned(1),
    bytes: reader.variable(),
  }));
  const head = reader.fixed(32);
  const partials = Array.from({ length: reader.unsigned(2) }, () => ({
    index: reader.unsigned(2),
    bytes: reader.variable(),
  }));
  const values = Array.from({ length: 6 }, () => reader.unsignedBig(8));
  reader.end();
  return { magic, election: text, entries, head, partials, values };
}

function putTogether(parts: Parts): Uint8Array {
  const writer = new ByteWriter().variable(parts.magic).variable(parts.election);
  writer.unsigned(parts.entries.length, 4);
  for (const { kind, bytes } of parts.entries) writer.unsigned(kind, 1).variable(bytes);
  writer.fixed(parts.head).unsigned(parts.partials.length, 2);
  for (const { index, bytes } of parts.partials) writer.unsigned(index, 2).variable(bytes);
  for (const value of parts.values) writer.unsigned(value, 8);
  return writer.bytes();
}

/** The same entries but for `edit`, counted again: everything behind it fits. */
function recount(edit: (entries: Uint8Array[]) => Uint8Array[]): Uint8Array {
  const again = new Board(election);
  const ballots = board.entries.filter(({ kind }) => kind === 1).map(({ bytes }) => bytes);
  expect(again.append(edit(ballots)).map(verdictOf)).not.toContain("copied");
  again.close();
  return count(again, shares).record;
}

describe("the record of an election", () => {
  it("is put together again to the same bytes", () => {
    expect(putTogether(takeApart(record))).toEqual(record);
  });

  it("gives the independent verifier the board's results, and the fate of each ballot", () => {
    const verified = verifyElection(group, record);
    expect(verified.results).toEqual([
      [2n - 1n, 0n, 1n, 2n],
      [0n, 3n],
    ]);
    expect(results).toEqual([
      { options: [1n, 0n, 1n], blank: 2n },
      { options: [0n, 3n], blank: undefined },
    ]);
    expect(verified.ballots.map(({ fate }) => fate)).toEqual([
      "replaced",
      "counted",
      "challenged",
      "counted",
    ]);
    expect(verified.head).toEqual(board.head);
    expect(verified.fingerprint).toEqual(election.fingerprint);
  });

  it("verifies in another backend, with progress", () => {
    const seen: number[] = [];
    const { results: other } = verifyElection(ristretto255Group, record, (done) => seen.push(done));
    expect(other).toEqual(verifyElection(group, record).results);
    expect(seen).toEqual([5]);
  });

  const late = cast(setup, 2, [[0], [0]]);
  const others = setUp([1n, 2n, 10n]);
  const emptyBoard = new Board(election);
  emptyBoard.close();
  const otherPart = decryptTally(emptyBoard, shares[0] as never, undefined);
  const insert = (at: number, kind: number, bytes: Uint8Array) => (parts: Parts) => ({
    ...parts,
    entries: parts.entries.toSpliced(at, 0, { kind, bytes }),
  });
  const drop = (at: number) => (parts: Parts) => ({
    ...parts,
    entries: parts.entries.toSpliced(at, 1),
  });
  const entry =
    (at: number, fields: { readonly kind?: number; readonly bytes?: Uint8Array }) =>
    (parts: Parts) => ({
      ...parts,
      entries: parts.entries.map((item, i) => (i === at ? { ...item, ...fields } : item)),
    });
  const partial = (at: number, fields: Partial<PartialDecryption>) => (parts: Parts) => ({
    ...parts,
    partials: parts.partials.map((item, i) => (i === at ? { ...item, ...fields } : item)),
  });
  const value = (at: number, to: bigint) => (parts: Parts) => ({
    ...parts,
    values: parts.values.with(at, to),
  });
  const end = new Uint8Array(0);
  const otherWeights = openElection(group, {
    ...definition,
    voters: definition.voters.map((voter) => ({ ...voter, weight: 7n })),
  }).bytes;
  it.each<[string, (parts: Parts) => Parts]>([
    ["another format", (parts) => ({ ...parts, magic: parts.magic.with(0, 0) })],
    ["another election", (parts) => ({ ...parts, election: others.election.bytes })],
    ["another weight", (parts) => ({ ...parts, election: otherWeights })],
    ["a ballot dropped", drop(1)],
    ["the replacing ballot dropped", drop(3)],
    ["the challenge dropped", drop(2)],
    ["a late ballot", insert(5, 1, late)],
    ["a ballot added before the end", insert(4, 1, late)],
    ["a ballot twice", insert(1, 1, board.entries[0]?.bytes as Uint8Array)],
    ["no end", drop(4)],
    ["a second end", insert(5, 3, end)],
    ["an end with bytes", entry(4, { bytes: new Uint8Array(1) })],
    ["an entry of no kind", entry(0, { kind: 4 })],
    ["a challenge as a ballot", entry(2, { kind: 1 })],
    ["a ballot as a challenge", entry(1, { kind: 2 })],
    ["entries in another order", (parts) => ({ ...parts, entries: parts.entries.toReversed() })],
    ["another head", (parts) => ({ ...parts, head: parts.head.map((byte) => byte ^ 1) })],
    ["one partial less", (parts) => ({ ...parts, partials: parts.partials.slice(1) })],
    ["partials reversed", (parts) => ({ ...parts, partials: parts.partials.toReversed() })],
    ["a partial under another's index", partial(1, { index: 2 })],
    ["a partial twice", partial(1, takeApart(record).partials[0] as PartialDecryption)],
    ["a partial of nobody", partial(1, { index: 4 })],
    ["a partial of another board", partial(0, otherPart)],
    ["another result", value(0, 2n)],
    ["results swapped", (parts) => ({ ...parts, values: parts.values.toReversed() })],
    ["a result beyond all reach", value(1, 2n ** 64n - 1n)],
  ])("with %s is refused by both", (_, edit) => {
    expect(judgeBoth(putTogether(edit(takeApart(record))))).toBe("refused");
  });

  it("in which everything fits a wrong board is refused by both, for what is wrong", () => {
    const [first, second] = credentials as [Credential, Credential];
    const [one, two] = [cast(setup, 0, [[1], [0]]), cast(setup, 1, [[1], [1]])];
    const again = cast(setup, 0, [[0], [1]]);
    const heavy = forgeBallot(election, first, [{ values: [2n, 0n, 0n, 0n], branch: 1 }, yes]);
    const opened = prepareBallot(election, first, [[0], [0]]).challenge();
    const opening = new ByteWriter().variable(opened.body).variable(opened.opening).bytes();
    const questions = definition.questions.map((question) => ({ ...question, text: "Else?" }));
    const other = openElection(group, { ...definition, questions });
    const replayed = prepareBallot(other, first, [[1], [0]]).cast();
    const stranger = deriveCredential(group, new Uint8Array(32).fill(99), definition.id);
    const foreign = concatBytes(election.fingerprint, stranger.publicKey, one.slice(64, -64));
    const stolen = concatBytes(one.slice(0, 32), second.publicKey, one.slice(64, -64));
    const ballot = (bytes: Uint8Array) => ({ kind: 1, bytes }) as const;
    const close = { kind: 3, bytes: end } as const;
    const challenge = { kind: 2, bytes: opening } as const;
    const lie = { kind: 2, bytes: opening.with(-1, (opening.at(-1) as number) ^ 1) } as const;
    const count1 = countedOf(one, 1n);
    const count2 = countedOf(two, 2n);
    const forge = (entries: BoardEntry[], counted: CountedBallot[]) =>
      forgeRecord(election, shares, entries, counted);

    expect(judgeBoth(forge([ballot(one), ballot(two), close], [count1, count2]))).toBe("valid");
    const wrong: [Uint8Array, string][] = [
      [forge([ballot(heavy), close], []), "proofs of entry 0"],
      [
        forge([ballot(two), ballot(heavy), close], [count2, countedOf(heavy, 1n)]),
        "proofs of entry 1",
      ],
      [forge([ballot(one), ballot(one), close], [count1]), "copied ciphertext in entry 1"],
      [forge([ballot(sign(stolen, second)), close], [count1]), "proofs of entry 0"],
      [forge([ballot(sign(one.slice(0, -64), second)), close], [count1]), "proofs of entry 0"],
      [forge([ballot(replayed), close], [countedOf(replayed, 1n)]), "election of a ballot"],
      [forge([ballot(sign(foreign, stranger)), close], [count1]), "voter of a ballot"],
      [forge([ballot(one), close, ballot(two)], [count1, count2]), "entry behind the end"],
      [forge([ballot(one)], [count1]), "end of the board"],
      [
        forge([challenge, ballot(sign(opened.body, first)), close], []),
        "copied ciphertext in entry 1",
      ],
      [forge([lie, close], []), "opening"],
      // Not counted, counted twice, with another's weight, the replaced one, a challenged one.
      [forge([ballot(one), ballot(two), close], [count1]), RESULT],
      [forge([ballot(one), close], [count1, count1]), RESULT],
      [forge([ballot(one), close], [countedOf(one, 2n)]), RESULT],
      [forge([ballot(one), ballot(again), close], [count1]), RESULT],
      [forge([challenge, close], [countedOf(sign(opened.body, first), 1n)]), RESULT],
    ];
    for (const [bytes, what] of wrong) {
      expect(judgeBoth(bytes), what).toBe("refused");
      expect(whatOf(() => verifyElection(group, bytes))).toBe(what);
    }
  });

  it("with any bit of any ballot changed, and everything behind it fitting, is refused by both", () => {
    const change = fc.record({
      which: fc.constantFrom(0, 1, 2, 3),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bit: fc.nat({ max: 7 }),
    });
    fc.assert(
      fc.property(change, ({ which, at, bit }) => {
        const entries = board.entries.map((item, i) => {
          if (i !== which) return item;
          const bytes = item.bytes.slice();
          const offset = Math.floor(at * bytes.length);
          bytes[offset] = (bytes[offset] as number) ^ (1 << bit);
          return { ...item, bytes };
        });
        const wrong = forgeRecord(election, shares, entries, board.counted);
        expect(judgeBoth(wrong)).toBe("refused");
        expect(whatOf(() => verifyElection(group, wrong))).not.toBe(RESULT);
      }),
      { numRuns: 20 },
    );
  });

  it("of a voter whose key is the generator itself is valid to both", () => {
    const one = { secret: 1n, publicKey: group.encode(group.generator) };
    const voters = [...definition.voters, { key: one.publicKey, weight: 1n }];
    const open = new Board(openElection(group, { ...definition, voters }));
    open.append([prepareBallot(open.election, one, [[0], [0]]).cast()]);
    open.close();
    expect(open.entries).toHaveLength(2);
    expect(judgeBoth(count(open, shares).record)).toBe("valid");
  });

  it("with any byte changed, some bytes cut or one added is refused by both", () => {
    expect(judgeBoth(record.slice(0, -1))).toBe("refused");
    expect(judgeBoth(concatBytes(record, new Uint8Array(1)))).toBe("refused");
    const where = fc.record({
      at: fc.nat({ max: record.length - 1 }),
      bit: fc.nat({ max: 7 }),
    });
    fc.assert(
      fc.property(where, ({ at, bit }) => {
        const wrong = record.slice();
        wrong[at] = (wrong[at] as number) ^ (1 << bit);
        return judgeBoth(wrong) === "refused";
      }),
      { numRuns: 40 },
    );
  });

  it("of ballots left out or in another order is another record, valid to both: heads tell", () => {
    const fewer = recount((ballots) => ballots.slice(1));
    expect(judgeBoth(fewer)).toBe("valid");
    expect(verifyElection(group, fewer).head).not.toEqual(board.head);
  });

  it("of any votes is valid to both, with the same results", () => {
    const choice = fc.constantFrom<readonly number[] | "blank">([0], [1, 2], "blank");
    const votes = fc.array(fc.tuple(fc.nat({ max: 2 }), choice), { maxLength: 4 });
    fc.assert(
      fc.property(votes, (list) => {
        const open = new Board(election);
        open.append(list.map(([voter, who]) => cast(setup, voter, [who, [0]])));
        open.close();
        const made = count(open, shares, [1, 2]);
        const verified = verifyElection(group, made.record).results;
        expect(verified).toEqual(
          made.results.map(({ options, blank }) =>
            blank === undefined ? options : [...options, blank],
          ),
        );
        expect(replayRecord(group, made.record).results).toEqual(made.results);
      }),
      { numRuns: 6 },
    );
  });
});

describe("an election whose key no single machine ever held", () => {
  it("is defined by what a distributed generation ends with, and decrypted by its holders", () => {
    const dice = createDice("election");
    const members = createMembers(group, dice, { weights: [1, 2, 1], threshold: 3 });
    const keys = keysOf(simulate(createActors(members, dice), { dice }).outcomes);
    const [{ publicKey, publicShares, threshold }] = keys as [SharedKey];
    const own = { ...definition, publicKey, publicShares, threshold };
    const open = new Board(openElection(group, own));
    open.append([prepareBallot(open.election, credentials[2] as Credential, [[1], [1]]).cast()]);
    open.close();
    // Of four shares the second holder has two.
    const held = keys.slice(0, 2).flatMap((key) => key.shares);
    const made = count(open, held, [0, 1, 2]);
    expect(made.results[0]).toEqual({ options: [0n, 10n, 0n], blank: 0n });
    expect(judgeBoth(made.record)).toBe("valid");
    expect(codeOf(() => count(open, held, [1, 2]))).toBe("threshold/too_few");
  });
});

describe("the record of more ballots than are verified at once", () => {
  const questions = [{ text: "", options: ["yes"], min: 0, max: 1, blank: false }];
  const single = setUp([1n], { questions });
  const many = Array.from({ length: 258 }, (_, i) => cast(single, 0, [i % 2 === 0 ? [0] : []]));

  it("is valid to both, says how far it is, and has the last ballot counted", () => {
    const open = new Board(single.election);
    expect(new Set(open.append(many).map(verdictOf))).toEqual(new Set(["taken"]));
    open.close();
    const made = count(open, single.shares);
    expect(judgeBoth(made.record)).toBe("valid");
    const seen: number[] = [];
    const { results: sums, ballots } = verifyElection(group, made.record, (n) => seen.push(n));
    expect(sums).toEqual([[0n]]);
    expect(seen).toEqual([256, 259]);
    expect(ballots.map(({ fate }) => fate)).toEqual([...Array(257).fill("replaced"), "counted"]);
  });

  it("is refused for the one that is wrong, in the first batch and behind it", () => {
    for (const at of [100, 257]) {
      const ballot = many[at] as Uint8Array;
      const wrong = many.with(at, ballot.with(-20, (ballot.at(-20) as number) ^ 1));
      const verdicts = new Board(single.election).append(wrong).map(verdictOf);
      expect(verdicts.flatMap((verdict, i) => (verdict === "taken" ? [] : [i]))).toEqual([at]);
      const entries = [...wrong.map((bytes) => ({ kind: 1, bytes }) as const)];
      const close = { kind: 3, bytes: new Uint8Array(0) } as const;
      const forged = forgeRecord(single.election, single.shares, [...entries, close], []);
      expect(whatOf(() => verifyElection(group, forged))).toBe(`proofs of entry ${at}`);
    }
  });
});

describe("the independent verifier", () => {
  it("imports groups, hashing, bytes and refusals, and nothing of the prover", () => {
    const directory = join(import.meta.dirname, "../src/voting/verifier");
    const allowed = [
      "@noble/hashes/sha2.js",
      "@noble/hashes/sha3.js",
      "@noble/hashes/utils.js",
      "../../bytes.ts",
      "../../groups/group.ts",
      "../refuse.ts",
      "../limits.ts",
    ];
    const files = readdirSync(directory);
    const imported = files.flatMap((file) => {
      const text = readFileSync(join(directory, file), "utf8");
      return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]);
    });
    const own = files.map((file) => `./${file}`);
    expect(files).toContain("verify-election.ts");
    expect(imported.filter((path) => ![...allowed, ...own].includes(path as string))).toEqual([]);
  });
});
