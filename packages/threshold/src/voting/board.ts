/**
 * The board: entries that are only added, each chained to all before. A ballot goes on it if it
 * verifies and shares no element of a ciphertext with anything that was there before.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8 } from "../bytes.ts";
import { ThresholdError, type ThresholdFailure } from "../errors.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import { findFalseClaims } from "../sigma/claims.ts";
import {
  type BodyReading,
  type OpenedBallot,
  readBallot,
  refuseBallot,
  verifyOpening,
} from "./ballot.ts";
import { bytesToKey, type Election } from "./election.ts";
import { demand } from "./refuse.ts";

/** What an entry holds: a ballot with its signature, an opened one, or the end. */
export const EntryKind = { ballot: 1, challenge: 2, close: 3 } as const;

export interface BoardEntry {
  readonly kind: (typeof EntryKind)[keyof typeof EntryKind];
  readonly bytes: Uint8Array;
}

/** What a voter keeps: with it, a board that dropped the ballot later is caught. */
export interface Receipt {
  readonly tracker: Uint8Array;
  readonly position: number;
  /** The chain's value behind this entry. */
  readonly head: Uint8Array;
}

export type BallotVerdict =
  | (Receipt & { readonly failure?: undefined })
  | { readonly failure: ThresholdFailure };

export interface CountedBallot {
  readonly body: Uint8Array;
  readonly tracker: Uint8Array;
  readonly weight: bigint;
}

const CHAIN_LABEL = utf8("tacit/voting/board/v1");
/** Ballots that are verified as one. */
const BATCH = 256;

export class Board<P> {
  readonly election: Election<P>;
  readonly #entries: BoardEntry[] = [];
  readonly #components = new Set<string>();
  /** By credential: the last ballot replaces those before. */
  readonly #counted = new Map<string, CountedBallot>();
  #head: Uint8Array;

  constructor(election: Election<P>) {
    this.election = election;
    this.#head = sha256(concatBytes(CHAIN_LABEL, election.fingerprint));
  }

  /** 32 bytes that stand for the election and every entry. */
  get head(): Uint8Array {
    return this.#head.slice();
  }

  get entries(): readonly BoardEntry[] {
    return this.#entries;
  }

  get isClosed(): boolean {
    return this.#entries.at(-1)?.kind === EntryKind.close;
  }

  /** The last ballot of each credential, in the order of the credentials' first. */
  get counted(): readonly CountedBallot[] {
    return [...this.#counted.values()];
  }

  /** Verifies ballots, all of a batch as one, and adds those that are good, in their order. */
  append(ballots: readonly Uint8Array[]): BallotVerdict[] {
    const verdicts: BallotVerdict[] = [];
    for (let start = 0; start < ballots.length; start += BATCH) {
      verdicts.push(...this.#appendBatch(ballots.slice(start, start + BATCH)));
    }
    return verdicts;
  }

  /** Adds a ballot that was opened: it is never cast. @throws as {@link verifyOpening}. */
  appendChallenge(opened: OpenedBallot): Receipt {
    if (this.isClosed) refuseBallot("closed");
    const { reading } = verifyOpening(this.election, opened);
    this.#take(reading);
    const bytes = new ByteWriter().variable(opened.body).variable(opened.opening).bytes();
    return this.#push({ kind: EntryKind.challenge, bytes }, reading.tracker);
  }

  /** Nothing comes behind the end. @throws {ThresholdError} `threshold/ballot` with `closed`. */
  close(): void {
    if (this.isClosed) refuseBallot("closed");
    this.#push({ kind: EntryKind.close, bytes: new Uint8Array(0) }, new Uint8Array(0));
  }

  #appendBatch(ballots: readonly Uint8Array[]): BallotVerdict[] {
    const read = ballots.map((ballot) => attempt(() => readBallot(this.election, ballot)));
    const owners = read.flatMap((reading, i) =>
      "claims" in reading ? reading.claims.map((claim) => ({ claim, i })) : [],
    );
    const claims = owners.map(({ claim }) => claim);
    const wrong = new Set(
      findFalseClaims(this.election.group, claims).map((position) => owners[position]?.i),
    );
    return read.map((reading, i) => {
      if ("failure" in reading) return reading;
      if (wrong.has(i)) return { failure: { code: "threshold/proof" } };
      return attempt(() => this.#appendVerified(reading, ballots[i] as Uint8Array));
    });
  }

  #appendVerified(reading: BodyReading<P>, ballot: Uint8Array): Receipt {
    if (this.isClosed) refuseBallot("closed");
    this.#take(reading);
    const { body, tracker } = reading;
    const credential = bytesToKey(reading.credential);
    const weight = this.election.voters.get(credential)?.weight ?? 0n;
    this.#counted.set(credential, { body, tracker, weight });
    return this.#push({ kind: EntryKind.ballot, bytes: ballot.slice() }, tracker);
  }

  /** @throws {ThresholdError} `threshold/ballot` with `copied`; then nothing was taken. */
  #take({ components }: BodyReading<P>): void {
    const own = new Set(components);
    const isNew =
      own.size === components.length && !components.some((item) => this.#components.has(item));
    if (!isNew) refuseBallot("copied");
    for (const component of own) this.#components.add(component);
  }

  #push(entry: BoardEntry, tracker: Uint8Array): Receipt {
    this.#head = sha256(concatBytes(this.#head, encodeEntry(entry)));
    const position = this.#entries.push(entry) - 1;
    return { tracker, position, head: this.head };
  }
}

/** kind(1) ‖ length(4) ‖ bytes. */
export function encodeEntry({ kind, bytes }: BoardEntry): Uint8Array {
  return new ByteWriter().unsigned(kind, 1).variable(bytes).bytes();
}

/** @throws {ThresholdError} `threshold/record`, `threshold/length`. */
export function readEntry(reader: ByteReader): BoardEntry {
  const kind = reader.unsigned(1);
  demand(kind === 1 || kind === 2 || kind === 3, "kind of an entry");
  return { kind, bytes: reader.variable() };
}

/**
 * A board again from its entries, every one verified.
 *
 * @throws {ThresholdError} the code of the first entry that is refused, `threshold/record`.
 */
export function replayBoard<P>(election: Election<P>, entries: readonly BoardEntry[]): Board<P> {
  const board = new Board(election);
  let waiting: Uint8Array[] = [];
  const flush = (): void => {
    for (const { failure } of board.append(waiting)) {
      if (failure !== undefined) throw new ThresholdError(failure);
    }
    waiting = [];
  };
  for (const { kind, bytes } of entries) {
    if (kind === EntryKind.ballot) {
      waiting.push(bytes);
      continue;
    }
    flush();
    if (kind === EntryKind.challenge) {
      const reader = new ByteReader(bytes);
      const opened = { body: reader.variable(), opening: reader.variable() };
      reader.end();
      board.appendChallenge(opened);
    } else {
      demand(bytes.length === 0, "end of the board");
      board.close();
    }
  }
  flush();
  return board;
}

function attempt<Value>(run: () => Value): Value | { readonly failure: ThresholdFailure } {
  try {
    return run();
  } catch (error) {
    if (error instanceof ThresholdError) return { failure: error.failure };
    throw error;
  }
}
