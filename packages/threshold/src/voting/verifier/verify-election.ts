/**
 * Verifies the record of an election, alone: of this package it uses groups, hashing and bytes,
 * and nothing of what makes ballots, boards and tallies, not their transcript nor their proofs.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { shake128 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { concatBytes, equalBytes, utf8 } from "../../bytes.ts";
import type { Group } from "../../groups/group.ts";
import { demand, refuse } from "../refuse.ts";
import { type ReadBallot, readBallotBody, readSignedBallot } from "./ballots.ts";
import { type ReadElection, readElection } from "./definition.ts";
import type { ZeroSum } from "./equations.ts";
import { RecordReader } from "./reader.ts";
import { resultZeros, WeightedSums } from "./result.ts";
import { fromLittleEndian } from "./transcript.ts";

export interface VerifiedElection {
  /** SHA-256 of the definition: what voters agreed to. */
  readonly fingerprint: Uint8Array;
  /** Compare with those that others see, and with receipts. */
  readonly head: Uint8Array;
  /** For each question the sums of weights, a blank vote's last if there is one. */
  readonly results: readonly (readonly bigint[])[];
  /** In the board's order. */
  readonly ballots: readonly {
    readonly tracker: Uint8Array;
    /** Public key of the credential. */
    readonly voter: Uint8Array;
    readonly fate: "counted" | "replaced" | "challenged";
  }[];
}

/** Ballots whose proofs are checked as one. */
const BATCH = 256;
const WEIGHT_BYTES = 16;

/**
 * @param onProgress called now and then with the number of entries that were verified.
 * @throws {ThresholdError} `threshold/record` naming the first thing that is wrong, or a code of
 * decoding points.
 */
export function verifyElection<P>(
  group: Group<P>,
  record: Uint8Array,
  onProgress: (verified: number, all: number) => void = () => {},
): VerifiedElection {
  demand(group.name === "ristretto255", "group");
  const reader = new RecordReader(record, "record");
  reader.expect("tacit/voting/record/v1");
  const election = readElection(group, reader.string());
  const entryCount = reader.number(4);
  demand(entryCount <= reader.left, "length of record");
  const walk = new Walk(group, election, record);
  for (let position = 0; position < entryCount; position++) {
    walk.enter(reader.number(1), reader.string());
    if (position % BATCH === BATCH - 1) {
      walk.settle();
      onProgress(position + 1, entryCount);
    }
  }
  walk.settle();
  demand(walk.isClosed, "end of the board");
  demand(equalBytes(reader.take(32), walk.head), "head");
  const partials = reader.list(2, () => ({ index: reader.number(2), bytes: reader.string() }));
  const values = Array.from({ length: election.width }, () => reader.integer(8));
  reader.end();
  const { head } = walk;
  const sums = walk.sum().finish(election.key.point, head);
  const request = { sums, id: concatBytes(election.fingerprint, head) };
  const zeros = resultZeros(group, election, request, { partials, values });
  if (!walk.areZero(zeros)) refuse("partial decryptions or result");
  onProgress(entryCount, entryCount);
  return {
    fingerprint: election.fingerprint,
    head,
    results: split(election, values),
    ballots: walk.ballots(),
  };
}

function split<P>({ questions }: ReadElection<P>, values: readonly bigint[]): bigint[][] {
  let at = 0;
  return questions.map(({ options, hasBlank }) => {
    at += options + Number(hasBlank);
    return values.slice(at - options - Number(hasBlank), at);
  });
}

/** Goes along the board. */
class Walk<P> {
  head: Uint8Array;
  isClosed = false;
  readonly #group: Group<P>;
  readonly #election: ReadElection<P>;
  readonly #weights: ReturnType<typeof shake128.create>;
  readonly #seen = new Set<string>();
  readonly #ballots: { tracker: Uint8Array; voter: string; isChallenged: boolean }[] = [];
  /** By voter: the ballot that counts, its number and both sides of its ciphertexts, encoded. */
  readonly #last = new Map<string, { number: number; sides: readonly Uint8Array[] }>();
  #waiting: { position: number; zeros: readonly ZeroSum<P>[] }[] = [];
  #position = 0;

  /** The weights of batches depend on every byte of the record, so nothing can be fitted to them. */
  constructor(group: Group<P>, election: ReadElection<P>, record: Uint8Array) {
    this.#group = group;
    this.#election = election;
    this.#weights = shake128.create().update(utf8("tacit/voting/verifier-weights/v1"));
    this.#weights.update(sha256(record));
    this.head = sha256(concatBytes(utf8("tacit/voting/board/v1"), election.fingerprint));
  }

  enter(kind: number, bytes: Uint8Array): void {
    demand(!this.isClosed, "entry behind the end");
    const lengthBytes = Uint8Array.of(
      bytes.length >>> 24,
      bytes.length >>> 16,
      bytes.length >>> 8,
      bytes.length,
    );
    this.head = sha256(concatBytes(this.head, Uint8Array.of(kind), lengthBytes, bytes));
    if (kind === 1) this.#enterBallot(readSignedBallot(this.#group, this.#election, bytes), false);
    else if (kind === 2) this.#enterChallenge(bytes);
    else {
      demand(kind === 3 && bytes.length === 0, "kind of an entry");
      this.isClosed = true;
    }
    this.#position += 1;
  }

  #enterBallot({ tracker, voter, pairs, zeros }: ReadBallot<P>, isChallenged: boolean): void {
    const sides = pairs.flatMap((pair) => pair.map(({ encoding }) => encoding));
    for (const side of sides) {
      const name = bytesToHex(side);
      demand(!this.#seen.has(name), `copied ciphertext in entry ${this.#position}`);
      this.#seen.add(name);
    }
    this.#waiting.push({ position: this.#position, zeros });
    const number = this.#ballots.push({ tracker, voter, isChallenged }) - 1;
    if (!isChallenged) this.#last.set(voter, { number, sides });
  }

  /** The body, then message and randomness of each ciphertext. */
  #enterChallenge(bytes: Uint8Array): void {
    const group = this.#group;
    const reader = new RecordReader(bytes, "challenge");
    const ballot = readBallotBody(group, this.#election, reader.string());
    const opening = new RecordReader(reader.string(), "opening");
    reader.end();
    for (const [C, D] of ballot.pairs) {
      const message = opening.integer(1);
      const randomness = fromLittleEndian(opening.take(32));
      demand(randomness > 0n && randomness < group.order, "opening");
      const made = group.sumOfProducts(
        [group.generator, this.#election.key.point],
        [message, randomness],
      );
      const isSame = group.equal(made, C.point);
      demand(isSame && group.equal(group.multiplyBase(randomness), D.point), "opening");
    }
    opening.end();
    this.#enterBallot(ballot, true);
  }

  /** Checks what waits; if something is wrong, says which entry. */
  settle(): void {
    if (!this.areZero(this.#waiting.flatMap(({ zeros }) => zeros))) {
      const wrong = this.#waiting.find(({ zeros }) => !this.areZero(zeros));
      refuse(`proofs of entry ${wrong?.position ?? this.#position}`);
    }
    this.#waiting = [];
  }

  /** Each sum with a random weight of its own; they cancel with a chance of 2^-128. */
  areZero(zeros: readonly ZeroSum<P>[]): boolean {
    const total = new Map<P, bigint>();
    for (const zero of zeros) {
      const weight = fromLittleEndian(this.#weights.xof(WEIGHT_BYTES));
      for (const [point, factor] of zero) {
        total.set(point, (total.get(point) ?? 0n) + weight * factor);
      }
    }
    const factors = [...total.values()].map((factor) => this.#group.reduce(factor));
    return this.#group.isIdentity(this.#group.sumOfProducts([...total.keys()], factors));
  }

  sum(): WeightedSums<P> {
    const sums = new WeightedSums(this.#group, this.#election.width);
    for (const [voter, { sides }] of this.#last) {
      const points = sides.map((side) => this.#group.decode(side));
      sums.add(points, this.#election.voters.get(voter)?.weight ?? 0n);
    }
    return sums;
  }

  ballots(): VerifiedElection["ballots"] {
    return this.#ballots.map(({ tracker, voter, isChallenged }, number) => {
      const fate = this.#last.get(voter)?.number === number ? "counted" : "replaced";
      const key = this.#election.voters.get(voter)?.key.encoding ?? new Uint8Array(0);
      return { tracker, voter: key, fate: isChallenged ? "challenged" : fate };
    });
  }
}
