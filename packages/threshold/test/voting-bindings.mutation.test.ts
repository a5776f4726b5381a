/**
 * What an answer's proof is bound to, taken out of the tag in turn, for who proves and who
 * verifies alike: the attack that it is there against then succeeds, and fails again restored. The
 * independent verifier has a transcript of its own and refuses throughout.
 */
import { afterEach, describe, expect, it, vi } from "vitest";
import { concatBytes, utf8 } from "../src/bytes.ts";
import { DuplexSponge } from "../src/sigma/transcript.ts";
import { prepareBallot } from "../src/voting/ballot.ts";
import { Board } from "../src/voting/board.ts";
import type { Credential } from "../src/voting/credential.ts";
import { type Election, openElection } from "../src/voting/election.ts";
import { verifyElection } from "../src/voting/verifier/verify-election.ts";
import { codeOf } from "./vectors.ts";
import { sign } from "./voting-forgers.ts";
import { count, group, QUESTIONS, setUp, verdictOf } from "./voting-helpers.ts";

const { definition, credentials, shares } = setUp([1n, 1n]);
const [victim, thief] = credentials as [Credential, Credential];
const twins = [QUESTIONS[1], QUESTIONS[1]] as (typeof QUESTIONS)[number][];
const election = openElection(group, { ...definition, questions: twins });
const earlier = openElection(group, { ...definition, questions: twins, id: utf8("earlier") });
const ANSWER = utf8("tacit/voting-answer/v1");
/** The tag ends with fingerprint(32) ‖ credential(32) ‖ question(4). */
const END = { fingerprint: [68, 36], credential: [36, 4], question: [4, 0] } as const;

afterEach(() => vi.restoreAllMocks());

function without<Result>(part: keyof typeof END | undefined, run: () => Result): Result {
  const original = DuplexSponge.prototype.absorb;
  const spy = vi.spyOn(DuplexSponge.prototype, "absorb").mockImplementation(function (
    this: DuplexSponge,
    bytes,
  ) {
    const isTag = ANSWER.every((byte, i) => bytes[4 + i] === byte);
    const [from, to] = part === undefined || !isTag ? [0, 0] : END[part];
    const changed = bytes.slice();
    changed.fill(0, bytes.length - from, bytes.length - to);
    original.call(this, from === 0 ? bytes : changed);
  });
  try {
    return run();
  } finally {
    spy.mockRestore();
  }
}

const bodyOf = (of: Election<typeof group.generator>): Uint8Array =>
  prepareBallot(of, victim, [[0], [1]])
    .cast()
    .slice(0, -64);

/** Each makes a ballot out of one that the victim published. */
const attacks = {
  fingerprint: () => {
    const body = bodyOf(earlier);
    return sign(concatBytes(election.fingerprint, body.slice(32)), victim);
  },
  credential: () => {
    const body = bodyOf(election);
    return sign(concatBytes(body.slice(0, 32), thief.publicKey, body.slice(64)), thief);
  },
  question: () => {
    const body = bodyOf(election);
    const middle = 64 + (body.length - 64) / 2;
    return sign(concatBytes(body.slice(0, 64), body.slice(middle), body.slice(64, middle)), victim);
  },
};

describe("an answer's proof", () => {
  it.each(["fingerprint", "credential", "question"] as const)(
    "that is not bound to the %s can be moved",
    (part) => {
      const record = without(part, () => {
        const board = new Board(election);
        expect(board.append([attacks[part]()]).map(verdictOf)).toEqual(["taken"]);
        board.close();
        return count(board, shares).record;
      });
      expect(codeOf(() => verifyElection(group, record))).toBe("threshold/record");
      without(undefined, () => {
        expect(new Board(election).append([attacks[part]()]).map(verdictOf)).toEqual([
          "threshold/proof",
        ]);
      });
    },
  );
});
