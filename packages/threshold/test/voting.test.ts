import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, utf8 } from "../src/bytes.ts";
import {
  combinePartials,
  type PartialDecryption,
  partialDecrypt,
} from "../src/decryption/partial.ts";
import { ristretto255Group } from "../src/groups/noble-group.ts";
import type { Choice } from "../src/voting/answer.ts";
import { prepareBallot, readBody, verifyOpening } from "../src/voting/ballot.ts";
import { Board, replayBoard } from "../src/voting/board.ts";
import { type Credential, deriveCredential } from "../src/voting/credential.ts";
import { decodeElection, type ElectionDefinition, openElection } from "../src/voting/election.ts";
import { decryptTally, finishTally, replayRecord, tallyRequest } from "../src/voting/tally.ts";
import { codeOf } from "./vectors.ts";
import { forgeBallot, sign } from "./voting-forgers.ts";
import { cast, count, group, QUESTIONS, reasonOf, setUp, verdictOf } from "./voting-helpers.ts";

const A: readonly Choice[] = [[0], [0]];
const B: readonly Choice[] = [[0, 2], [1]];
const BLANK: readonly Choice[] = ["blank", [1]];
const setup = setUp([1n, 2n, 10n]);
const { definition, election, credentials, shares } = setup;
const SIGNATURE_BYTES = 64;

function put(bytes: Uint8Array, part: Uint8Array, at: number): Uint8Array {
  const out = bytes.slice();
  out.set(part, at);
  return out;
}

describe("an election's definition", () => {
  it("has one spelling, whatever the order of the voters", () => {
    const voters = definition.voters.toReversed();
    expect(openElection(group, { ...definition, voters }).fingerprint).toEqual(
      election.fingerprint,
    );
    expect(decodeElection(group, election.bytes).fingerprint).toEqual(election.fingerprint);
  });

  it("is refused with voters in another order, bytes missing or bytes added", () => {
    const { bytes } = election;
    const [last, before] = [bytes.slice(-36), bytes.slice(-72, -36)];
    const swapped = concatBytes(bytes.slice(0, -72), last, before);
    for (const wrong of [swapped, bytes.slice(0, -1), concatBytes(bytes, new Uint8Array(1))]) {
      expect(codeOf(() => decodeElection(group, wrong))).toBeDefined();
    }
  });

  it("never throws untyped, and never reads changed bytes as the same election", () => {
    const change = fc.record({
      at: fc.nat({ max: election.bytes.length - 1 }),
      by: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ at, by }) => {
        const wrong = election.bytes.slice();
        wrong[at] = (wrong[at] as number) ^ by;
        const code = codeOf(() => {
          const other = decodeElection(group, wrong);
          expect(other.fingerprint).not.toEqual(election.fingerprint);
        });
        return code === undefined || code.startsWith("threshold/");
      }),
      { numRuns: 60 },
    );
  });

  const other = setUp([1n]).definition;
  const [share1, share2, share3] = definition.publicShares as [Uint8Array, Uint8Array, Uint8Array];
  const question = QUESTIONS[0] as (typeof QUESTIONS)[number];
  it.each<[string, Partial<ElectionDefinition>]>([
    ["a key of others", { publicKey: other.publicKey }],
    ["swapped shares", { publicShares: [share2, share1, share3] }],
    ["a share of others", { publicShares: [share1, share2, other.publicShares[2] as Uint8Array] }],
    ["a threshold below the key's", { threshold: 1 }],
    ["a threshold above the trustees", { threshold: 4 }],
    ["no questions", { questions: [] }],
    ["no voters", { voters: [] }],
    ["a voter twice", { voters: [...definition.voters, ...definition.voters.slice(0, 1)] }],
    ["a weight of 0", { voters: definition.voters.map((voter) => ({ ...voter, weight: 0n })) }],
    ["a minimum above the maximum", { questions: [{ ...question, min: 2, max: 1 }] }],
    ["a maximum above the options", { questions: [{ ...question, max: 4 }] }],
    ["no id", { id: new Uint8Array(0) }],
    ["text that is no Unicode", { questions: [{ ...question, text: "\ud800" }] }],
  ])("is refused with %s", (_, change) => {
    expect(codeOf(() => openElection(group, { ...definition, ...change }))).toBe(
      "threshold/record",
    );
  });
});

describe("a ballot", () => {
  it.each<[string, readonly Choice[]]>([
    ["too few", [[], [0]]],
    ["too many", [[0, 1, 2], [0]]],
    ["an option twice", [[0, 0], [0]]],
    ["an option that is not there", [[3], [0]]],
    ["a blank vote where there is none", [[0], "blank"]],
    ["a question left out", [[0]]],
  ])("is not made of %s", (_, choices) => {
    expect(reasonOf(() => cast(setup, 0, choices))).toBe("choice");
  });

  it("is taken for every choice that is allowed", () => {
    const all: readonly Choice[] = [[0], [1], [2], [0, 1], [0, 2], [1, 2], "blank"];
    const ballots = all.map((choice) => cast(setup, 1, [choice, [1]]));
    expect(new Board(election).append(ballots).map(verdictOf)).toEqual(all.map(() => "taken"));
  });

  it("of credentials of another election, or not on the list, is refused", () => {
    const stranger = deriveCredential(group, new Uint8Array(32).fill(1), utf8("election 2"));
    expect(reasonOf(() => prepareBallot(election, stranger, A))).toBe("credential");
    const body = cast(setup, 0, A).slice(0, -SIGNATURE_BYTES);
    const moved = sign(put(body, stranger.publicKey, 32), stranger);
    expect(new Board(election).append([moved]).map(verdictOf)).toEqual(["credential"]);
  });

  it("of another election with the same trustees and voters is refused, also when moved", () => {
    const questions = QUESTIONS.map((question) => ({ ...question, text: "Another?" }));
    const other = openElection(group, { ...definition, questions });
    const ballot = prepareBallot(other, credentials[0] as Credential, A).cast();
    const moved = put(ballot.slice(0, -SIGNATURE_BYTES), election.fingerprint, 0);
    const verdicts = new Board(election).append([
      ballot,
      sign(moved, credentials[0] as Credential),
    ]);
    expect(verdicts.map(verdictOf)).toEqual(["election", "threshold/proof"]);
  });

  it("that another voter copies is refused, as it stands and under the copier's name", () => {
    const board = new Board(election);
    const ballot = cast(setup, 0, A);
    const body = ballot.slice(0, -SIGNATURE_BYTES);
    const copier = credentials[1] as Credential;
    const renamed = sign(put(body, copier.publicKey, 32), copier);
    const resigned = sign(body, copier);
    expect(board.append([ballot, ballot, renamed, resigned]).map(verdictOf)).toEqual([
      "taken",
      "copied",
      "threshold/proof",
      "threshold/proof",
    ]);
  });

  it("whose own answers share part of a ciphertext is refused", () => {
    const who = credentials[0] as Credential;
    const constant = (lengthBytes: number) => new Uint8Array(lengthBytes).fill(7);
    const ballot = prepareBallot(election, who, A, constant).cast();
    expect(new Board(election).append([ballot]).map(verdictOf)).toEqual(["copied"]);
  });

  it("whose answers to two questions of one kind change places is refused", () => {
    const questions = [QUESTIONS[1], QUESTIONS[1]] as (typeof QUESTIONS)[number][];
    const twins = openElection(group, { ...definition, questions });
    const who = credentials[0] as Credential;
    const body = prepareBallot(twins, who, [[0], [1]])
      .cast()
      .slice(0, -SIGNATURE_BYTES);
    const middle = (body.length - 64) / 2 + 64;
    const parts = [body.slice(0, 64), body.slice(middle), body.slice(64, middle)];
    const verdicts = new Board(twins).append([sign(body, who), sign(concatBytes(...parts), who)]);
    expect(verdicts.map(verdictOf)).toEqual(["taken", "threshold/proof"]);
  });

  it("that noble made is taken by a board that WebAssembly computes", () => {
    const slow = openElection(ristretto255Group, definition);
    const ballot = prepareBallot(slow, credentials[0] as Credential, B).cast();
    expect(new Board(election).append([ballot]).map(verdictOf)).toEqual(["taken"]);
  });

  it("of any other bytes is refused, typed", () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.boolean(), (tail, isOurs) => {
        const head = isOurs ? concatBytes(election.fingerprint, tail) : tail;
        const [verdict] = new Board(election).append([head]);
        return verdict?.failure !== undefined;
      }),
      { numRuns: 50 },
    );
  });

  it("that repeats one element of an earlier ballot is refused even with proofs that hold", () => {
    // The same stream of randomness: all ciphertexts again, in a ballot that verifies by itself.
    const stream = () => {
      let counter = 0;
      return (length: number) => new Uint8Array(length).fill(++counter);
    };
    const [first, second] = credentials as [Credential, Credential];
    const ballots = [first, second].map((who) => prepareBallot(election, who, A, stream()).cast());
    for (const ballot of ballots) {
      expect(new Board(election).append([ballot]).map(verdictOf)).toEqual(["taken"]);
    }
    expect(new Board(election).append(ballots).map(verdictOf)).toEqual(["taken", "copied"]);
  });

  it("with a signature of another voter is refused", () => {
    const body = cast(setup, 0, A).slice(0, -SIGNATURE_BYTES);
    const wrong = sign(body, credentials[1] as Credential);
    expect(new Board(election).append([wrong]).map(verdictOf)).toEqual(["threshold/proof"]);
  });

  it("of values that are not allowed is refused, whatever its maker's machine proves", () => {
    const yes = { values: [1n, 0n] };
    const who = credentials[0] as Credential;
    // The sums that the first question allows: 1, 2, or 4 for a blank vote.
    const forge = (values: bigint[], branch: number, second = yes) =>
      forgeBallot(election, who, [{ values, branch }, second]);
    const honest = [forge([1n, 0n, 0n, 0n], 0), forge([0n, 0n, 0n, 1n], 2)];
    expect(new Board(election).append(honest).map(verdictOf)).toEqual(["taken", "taken"]);
    const wrong = [
      forge([2n, 0n, 0n, 0n], 1),
      forge([-1n, 1n, 1n, 0n], 0),
      forge([0n, 0n, 0n, 0n], 0),
      forge([1n, 1n, 1n, 0n], 1),
      // Blank and chosen: as one, as two, as blank.
      forge([1n, 0n, 0n, 1n], 0),
      forge([1n, 0n, 0n, 1n], 1),
      forge([1n, 0n, 0n, 1n], 2),
      forge([4n, 0n, 0n, 0n], 2),
      forge([1n, 0n, 0n, 0n], 0, { values: [1n, 1n] }),
      forge([1n, 0n, 0n, 0n], 0, { values: [2n, -1n] }),
      forge([1n, 0n, 0n, 0n], 0, { values: [0n, 0n] }),
    ];
    const verdicts = new Board(election).append(wrong);
    expect(verdicts.map(verdictOf)).toEqual(wrong.map(() => "threshold/proof"));
  });

  it("with any part changed, cut or lengthened is refused, and the others of its batch taken", () => {
    const good = cast(setup, 0, B);
    const changed = Array.from({ length: Math.ceil(good.length / 97) }, (_, i) => {
      const wrong = good.slice();
      wrong[i * 97] = (wrong[i * 97] as number) ^ 1;
      return wrong;
    });
    const wrong = [...changed, good.slice(0, -1), concatBytes(good, new Uint8Array(1)), utf8("")];
    const verdicts = new Board(election).append([...wrong, good]).map(verdictOf);
    expect(verdicts.slice(0, -1)).not.toContain("taken");
    expect(verdicts.at(-1)).toBe("taken");
  });
});

describe("Benaloh's challenge", () => {
  it("opens a ballot that anyone checks, and that is then never cast", () => {
    const prepared = prepareBallot(election, credentials[0] as Credential, B);
    const opened = prepared.challenge();
    const { reading, choices } = verifyOpening(election, opened);
    expect(choices).toEqual(B);
    expect(reading.tracker).toEqual(prepared.tracker);
    expect(reasonOf(() => prepared.cast())).toBe("challenged");
  });

  it("is refused by the board to be cast after it was opened, and opened after it was cast", () => {
    const opened = prepareBallot(election, credentials[0] as Credential, A).challenge();
    const board = new Board(election);
    board.appendChallenge(opened);
    // A machine that cheats signs it nevertheless.
    const ballot = sign(opened.body, credentials[0] as Credential);
    expect(board.append([ballot]).map(verdictOf)).toEqual(["copied"]);
    const other = new Board(election);
    expect(other.append([ballot]).map(verdictOf)).toEqual(["taken"]);
    expect(reasonOf(() => other.appendChallenge(opened))).toBe("copied");
  });

  it("is not answered once the ballot is cast, which gives the same bytes each time", () => {
    const prepared = prepareBallot(election, credentials[0] as Credential, A);
    expect(prepared.cast()).toEqual(prepared.cast());
    expect(reasonOf(() => prepared.challenge())).toBe("cast");
  });

  it("catches a machine that encrypted another choice and claims what it was told", () => {
    const { body, opening } = prepareBallot(election, credentials[0] as Credential, A).challenge();
    const lie = opening.slice();
    [lie[0], lie[33]] = [lie[33] as number, lie[0] as number];
    expect(reasonOf(() => verifyOpening(election, { body, opening: lie }))).toBe("opening");
    const short = opening.slice(0, -1);
    expect(reasonOf(() => verifyOpening(election, { body, opening: short }))).toBe(
      "threshold/length",
    );
  });
});

describe("the board", () => {
  it("counts the last ballot of each credential, with its weight", () => {
    const board = new Board(election);
    board.append([cast(setup, 0, B), cast(setup, 1, A), cast(setup, 2, BLANK), cast(setup, 0, A)]);
    board.close();
    expect(count(board, shares).results).toEqual([
      { options: [3n, 0n, 0n], blank: 10n },
      { options: [3n, 10n], blank: undefined },
    ]);
  });

  it("refuses late ballots, challenges and a second end", () => {
    const board = new Board(election);
    board.close();
    expect(board.append([cast(setup, 0, A)]).map(verdictOf)).toEqual(["closed"]);
    const opened = prepareBallot(election, credentials[0] as Credential, A).challenge();
    expect(reasonOf(() => board.appendChallenge(opened))).toBe("closed");
    expect(reasonOf(() => board.close())).toBe("closed");
  });

  it("that drops or reorders ballots has another head than the receipts say", () => {
    const board = new Board(election);
    const receipts = board.append([cast(setup, 0, A), cast(setup, 1, A), cast(setup, 2, A)]);
    const [one, two, three] = board.entries as [never, never, never];
    for (const entries of [
      [one, two],
      [one, three],
      [two, one, three],
    ]) {
      expect(replayBoard(election, entries).head).not.toEqual(board.head);
    }
    expect(receipts[2]).toMatchObject({ position: 2, head: board.head });
    expect(replayBoard(election, [one, two, three]).head).toEqual(board.head);
  });
});

describe("the tally", () => {
  const board = new Board(election);
  board.append([cast(setup, 0, A), cast(setup, 1, B)]);
  board.close();

  it("is not made by fewer trustees than the threshold, nor before the end", () => {
    expect(codeOf(() => count(board, shares, [1]))).toBe("threshold/too_few");
    expect(reasonOf(() => tallyRequest(new Board(election)))).toBe("not_closed");
  });

  it("names the trustee whose part is wrong, and is made by the others", () => {
    const partials = shares.map((share) => decryptTally(board, share, undefined));
    const [first] = partials as [(typeof partials)[number]];
    const other = new Board(election);
    other.close();
    // Part of another board, and one under another's index.
    for (const bytes of [
      decryptTally(other, shares[0] as never, undefined).bytes,
      partials[1]?.bytes,
    ]) {
      const wrong = { ...first, bytes: bytes as Uint8Array };
      const { cheaters, results } = finishTally(board, [wrong, ...partials.slice(1)]);
      expect(cheaters).toEqual([{ index: 1, code: "threshold/proof" }]);
      expect(results[0]?.options).toEqual([3n, 0n, 2n]);
    }
  });

  it("hides single ballots from fewer than the threshold, and from no more than that", () => {
    const ciphertexts = readBody(
      election,
      cast(setup, 1, B).slice(0, -SIGNATURE_BYTES),
    ).ciphertexts;
    const request = { group, key: election.key, ciphertexts, id: utf8("not the tally") };
    const partials = shares.slice(0, 2).map((share) => partialDecrypt(request, share));
    // One trustee's part, filled up with a part that was made up.
    const [one, two] = partials as [PartialDecryption, PartialDecryption];
    const madeUp = { index: 2, bytes: one.bytes };
    const isOne = (element: typeof group.generator) => group.equal(element, group.generator);
    expect(codeOf(() => combinePartials(request, [one], 2))).toBe("threshold/too_few");
    expect(combinePartials(request, [one, madeUp], 2).map(isOne)).toEqual(Array(6).fill(false));
    expect(combinePartials(request, [one, two], 2).map(isOne)).toEqual([
      true,
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  it("is not decrypted for two boards of one election", () => {
    const other = new Board(election);
    other.close();
    expect(reasonOf(() => decryptTally(other, shares[0] as never, board.head))).toBe(
      "second_board",
    );
    expect(reasonOf(() => decryptTally(board, shares[0] as never, board.head))).toBeUndefined();
  });

  it("of no ballots is zero, and verifies", () => {
    const empty = new Board(election);
    empty.close();
    const { results, record } = count(empty, shares);
    expect(results[0]).toEqual({ options: [0n, 0n, 0n], blank: 0n });
    expect(replayRecord(group, record).results).toEqual(results);
  });

  it("is what a plain count of the last ballots gives", () => {
    const choice = fc.constantFrom<Choice>([0], [1], [2], [0, 1], [0, 2], [1, 2], "blank");
    const vote = fc.record({ voter: fc.nat({ max: 2 }), who: choice, yes: fc.nat({ max: 1 }) });
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 6 }), (votes) => {
        const open = new Board(election);
        open.append(votes.map(({ voter, who, yes }) => cast(setup, voter, [who, [yes]])));
        open.close();
        const last = new Map(votes.map((item) => [item.voter, item]));
        const plain = [0n, 0n, 0n, 0n, 0n, 0n];
        for (const { voter, who, yes } of last.values()) {
          const weight = [1n, 2n, 10n][voter] as bigint;
          for (const at of [...(who === "blank" ? [3] : who), 4 + yes]) {
            plain[at] = (plain[at] as bigint) + weight;
          }
        }
        const { results } = count(open, shares);
        expect(results).toEqual([
          { options: plain.slice(0, 3), blank: plain[3] },
          { options: plain.slice(4), blank: undefined },
        ]);
      }),
      { numRuns: 8 },
    );
  });

  it("reads a ballot's body to its end", () => {
    const body = cast(setup, 0, A).slice(0, -SIGNATURE_BYTES);
    expect(readBody(election, body).ciphertexts).toHaveLength(6);
    expect(codeOf(() => readBody(election, concatBytes(body, body)))).toBe("threshold/length");
  });
});
