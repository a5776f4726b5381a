import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { concatBytes } from "../src/bytes.ts";
import { encodeCiphertext, encrypt } from "../src/elgamal/ciphertext.ts";
import type { WasmPoint } from "../src/groups/wasm-group.ts";
import type { Choice } from "../src/voting/answer.ts";
import { prepareBallot, readCiphertexts, trackerOf } from "../src/voting/ballot.ts";
import { Board, EntryKind } from "../src/voting/board.ts";
import {
  type BallotOffer,
  offerBallot,
  receiveOffer,
  simulateReencryption,
  verifyOfferOpening,
} from "../src/voting/box.ts";
import { type Credential, deriveCredential, signBallot } from "../src/voting/credential.ts";
import { decodeElection, openElection } from "../src/voting/election.ts";
import { verifyElection } from "../src/voting/verifier/verify-election.ts";
import { codeOf, toHex } from "./vectors.ts";
import { forgeRecord } from "./voting-forgers.ts";
import { cast, count, group, reasonOf, setUp, verdictOf } from "./voting-helpers.ts";

const SIGNATURE_BYTES = 64;
const plain = setUp([1n, 2n, 10n]);
const { credentials, shares } = plain;
const box = deriveCredential(group, new Uint8Array(32).fill(99), plain.definition.id);
const election = openElection(group, { ...plain.definition, box: box.publicKey });
const [ada, emmy] = credentials as [Credential, Credential];
const A: readonly Choice[] = [[0], [0]];
const B: readonly Choice[] = [[0, 2], [1]];
const BLANK: readonly Choice[] = ["blank", [1]];

interface Exchange {
  readonly offer: BallotOffer;
  readonly challenges: Uint8Array;
  readonly answer: Uint8Array;
  readonly reply: Uint8Array;
  readonly ballot: Uint8Array;
  readonly body: Uint8Array;
}

function exchange(who: Credential, choices: readonly Choice[]): Exchange {
  const offer = offerBallot(election, who, choices);
  const boxed = receiveOffer(election, box, offer.bytes);
  const answer = offer.answer(boxed.challenges);
  const reply = boxed.finish(answer);
  const { ballot, tracker } = offer.cast(reply);
  const body = ballot.slice(0, -2 * SIGNATURE_BYTES);
  expect(tracker).toEqual(trackerOf(body));
  return { offer, challenges: boxed.challenges, answer, reply, ballot, body };
}

describe("a ballot that a box re-randomised", () => {
  it.each<[string, readonly Choice[]]>([
    ["one choice", A],
    ["two choices", B],
    ["a blank vote", BLANK],
  ])("of %s is taken, and is not what was offered", (_, choices) => {
    const { offer, challenges, answer, ballot } = exchange(ada, choices);
    expect(new Board(election).append([ballot]).map(verdictOf)).toEqual(["taken"]);
    const seen = new Set(
      [offer.bytes.slice(64), challenges, answer].flatMap((bytes) => chunks(bytes)),
    );
    const published = chunks(ballot.slice(64, -2 * SIGNATURE_BYTES));
    expect(published.filter((part) => seen.has(part))).toEqual([]);
  });

  it("counts as it was offered, in a record that verifies alone", () => {
    const ballots = [ada, emmy].map((who, i) => exchange(who, [A, B][i] ?? A).ballot);
    const board = new Board(election);
    expect(board.append(ballots).map(verdictOf)).toEqual(["taken", "taken"]);
    board.close();
    const { record } = count(board, shares);
    expect(verifyElection(group, record).results).toEqual([
      [3n, 0n, 2n, 0n],
      [1n, 2n],
    ]);
  });

  it("is taken only with the signature of the election's box, by board and verifier", () => {
    const { ballot, body } = exchange(ada, A);
    const voter = ballot.slice(-SIGNATURE_BYTES);
    const stranger = deriveCredential(group, new Uint8Array(32).fill(98), plain.definition.id);
    const tracker = trackerOf(body);
    const wrong = [
      concatBytes(body, signBallot(group, stranger, tracker, "box"), voter),
      concatBytes(body, voter, voter),
      concatBytes(body, signBallot(group, box, tracker), voter),
      concatBytes(body, voter),
      cast(plain, 0, A),
    ];
    const verdicts = new Board(election).append(wrong).map(verdictOf);
    expect(verdicts).not.toContain("taken");
    const recordOf = (bytes: Uint8Array) =>
      forgeRecord(
        election,
        shares,
        [
          { kind: EntryKind.ballot, bytes },
          { kind: EntryKind.close, bytes: new Uint8Array(0) },
        ],
        [{ body, tracker, weight: 1n }],
      );
    expect(verifyElection(group, recordOf(ballot)).results[1]).toEqual([1n, 0n]);
    for (const bad of wrong) {
      expect(codeOf(() => verifyElection(group, recordOf(bad)))).toBeDefined();
    }
  });

  it("is made by no voter alone, and by no box for an election without one", () => {
    expect(reasonOf(() => prepareBallot(election, ada, A))).toBe("box");
    expect(reasonOf(() => offerBallot(plain.election, ada, A))).toBe("box");
    const offer = offerBallot(election, ada, A).bytes;
    expect(reasonOf(() => receiveOffer(plain.election, box, offer))).toBe("box");
    expect(reasonOf(() => receiveOffer(election, ada, offer))).toBe("box");
  });

  it("needs an election that names the box, in one spelling", () => {
    expect(decodeElection(group, election.bytes).fingerprint).toEqual(election.fingerprint);
    expect(election.fingerprint).not.toEqual(plain.election.fingerprint);
  });
});

describe("a box", () => {
  let offer: BallotOffer;
  beforeEach(() => {
    offer = offerBallot(election, ada, A);
  });

  it("that puts another choice in does not get the voter's signature", () => {
    // The box votes by itself in the voter's name; only its proof of re-encryption is missing.
    const other = exchange(ada, B);
    const boxed = receiveOffer(election, box, offer.bytes);
    const honest = boxed.finish(offer.answer(boxed.challenges));
    const swapped = honest.slice();
    swapped.set(other.reply.slice(0, other.body.length + SIGNATURE_BYTES));
    expect(reasonOf(() => offer.cast(swapped))).toBe("threshold/proof");
    expect(reasonOf(() => offer.cast(other.reply))).toBe("threshold/proof");
    expect(() => offer.cast(honest)).not.toThrow();
  });

  it("that hands the ballot of another voter, or of another election, is refused", () => {
    expect(reasonOf(() => offer.cast(exchange(emmy, A).reply))).toBe("credential");
    const boxed = receiveOffer(election, box, offer.bytes);
    const reply = boxed.finish(offer.answer(boxed.challenges));
    const moved = reply.slice();
    moved.set(plain.election.fingerprint);
    expect(reasonOf(() => offer.cast(moved))).toBe("election");
  });

  it("gets one answer, and none for an offer that was opened", () => {
    const first = receiveOffer(election, box, offer.bytes);
    const second = receiveOffer(election, box, offer.bytes);
    offer.answer(first.challenges);
    expect(reasonOf(() => offer.answer(second.challenges))).toBe("cast");
    expect(reasonOf(() => offer.challenge())).toBe("cast");
    const opened = offerBallot(election, ada, A);
    opened.challenge();
    expect(reasonOf(() => opened.answer(second.challenges))).toBe("challenged");
    expect(reasonOf(() => opened.cast(exchange(ada, A).reply))).toBe("challenged");
  });

  it("refuses whoever does not know what is in the offer, or offers what is not allowed", () => {
    // Copied from the board into an own offer: nothing answers its challenge.
    const published = exchange(emmy, A).body;
    const copied = offer.bytes.slice();
    copied.set(published.slice(64, 64 + 4 * 64), 64);
    const boxed = receiveOffer(election, box, copied);
    expect(reasonOf(() => boxed.finish(offer.answer(boxed.challenges)))).toBe("threshold/proof");
    // A ciphertext of 2, with everything else right.
    const two = offerBallot(election, ada, A);
    const spoilt = two.bytes.slice();
    spoilt.set(encodeCiphertext(group, encrypt(group, election.key, 2n).ciphertext), 64);
    const asked = receiveOffer(election, box, spoilt);
    expect(reasonOf(() => asked.finish(two.answer(asked.challenges)))).toBe("threshold/proof");
  });

  it("and a voter refuse whatever was changed on the way, typed", () => {
    const boxed = receiveOffer(election, box, offer.bytes);
    const answer = offer.answer(boxed.challenges);
    const reply = boxed.finish(answer);
    const change = (bytes: Uint8Array, at: number, by: number) => {
      const wrong = bytes.slice();
      wrong[at % bytes.length] = (wrong[at % bytes.length] as number) ^ by;
      return wrong;
    };
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const codes = [
          codeOf(() => offer.cast(change(reply, at, by))),
          codeOf(() => {
            const other = receiveOffer(election, box, change(offer.bytes, at, by));
            const own = offerBallot(election, ada, A);
            other.finish(own.answer(other.challenges));
          }),
          codeOf(() => receiveOffer(election, box, offer.bytes).finish(change(answer, at, by))),
        ];
        return codes.every((code) => code?.startsWith("threshold/"));
      }),
      { numRuns: 25 },
    );
    for (const cut of [reply.slice(0, -1), concatBytes(reply, new Uint8Array(1)), answer]) {
      expect(codeOf(() => offer.cast(cut))).toBeDefined();
    }
    expect(codeOf(() => receiveOffer(election, box, offer.bytes.slice(1)))).toBeDefined();
  });
});

describe("a voter", () => {
  it("shows whom it likes that the published ballot holds any choice at all", () => {
    const { body } = exchange(ada, A);
    for (const demanded of [A, B, BLANK]) {
      const pretended = offerBallot(election, ada, demanded);
      const proof = simulateReencryption(election, ada, pretended.bytes, body);
      const signature = signBallot(group, box, trackerOf(body), "box");
      // The very check that convinced the voter: so it convinces nobody else.
      expect(() => pretended.cast(concatBytes(body, signature, proof))).not.toThrow();
    }
  });

  it("has a receipt after all if the box is broken: its randomness links both ciphertexts", () => {
    const offer = offerBallot(election, ada, A);
    const known: Uint8Array[] = [];
    const recorded = (lengthBytes: number) => {
      const bytes = crypto.getRandomValues(new Uint8Array(lengthBytes));
      known.push(bytes);
      return bytes;
    };
    const boxed = receiveOffer(election, box, offer.bytes, recorded);
    const { ballot } = offer.cast(boxed.finish(offer.answer(boxed.challenges)));
    const [published] = readCiphertexts(election, ballot.slice(0, -2 * SIGNATURE_BYTES));
    // The first draw is what was added to the first ciphertext, and anybody can check that.
    const delta = group.randomScalar(() => known[0] as Uint8Array);
    const offered = group.decode(offer.bytes.slice(64, 96));
    const expected = group.add(offered, group.multiplyPublic(election.key.commitmentBase, delta));
    expect(group.equal(expected, published?.commitment as WasmPoint)).toBe(true);
  });

  it("learns by a challenge what the machine had offered", () => {
    const offer = offerBallot(election, ada, B);
    const opening = offer.challenge();
    expect(verifyOfferOpening(election, offer.bytes, opening)).toEqual(B);
    const lied = opening.slice();
    lied[0] = 1 - (lied[0] as number);
    expect(reasonOf(() => verifyOfferOpening(election, offer.bytes, lied))).toBe("opening");
  });
});

/** Elements and scalars, in hex. */
function chunks(bytes: Uint8Array): string[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) =>
    toHex(bytes.slice(32 * i, 32 * i + 32)),
  );
}
