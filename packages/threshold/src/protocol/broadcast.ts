/** Protocols over a broadcast channel: rounds, and what anybody says twice, wrongly or not at all. */
import { equalBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import { ByteReader, ByteWriter } from "./codec.ts";
import type { Fault, Outgoing, Party, Step } from "./party.ts";

const SNAPSHOT_VERSION = 1;

/** @throws {ThresholdError} `threshold/length` unless the message begins with its round. */
export function assertRound(reader: ByteReader, round: number): void {
  if (reader.unsigned(1) !== round) {
    throw new ThresholdError({ code: "threshold/length", what: "round", lengthBytes: 1 });
  }
}

/** Bodies after one another, each with its length: the evidence of a fault. */
export function encodeEvidence(...bodies: readonly Uint8Array[]): Uint8Array {
  return bodies.reduce((writer, body) => writer.variable(body), new ByteWriter()).bytes();
}

/** @throws {ThresholdError} `threshold/length`. */
export function decodeEvidence(evidence: Uint8Array, count: number): Uint8Array[] {
  const reader = new ByteReader(evidence);
  const bodies = Array.from({ length: count }, () => reader.variable());
  reader.end();
  return bodies;
}

/** What a protocol does when a round is over. */
export interface RoundEnd<Out> {
  readonly faults?: readonly Fault[];
  /** The round to go on with, or the outcome. */
  readonly next: number | { readonly done: Out };
}

/**
 * The first message of a sender in a round counts. Everything else that a sender says in the
 * round is a fault (or the same again); what comes after the round is ignored.
 */
export abstract class BroadcastParty<Out> implements Party<Out> {
  #round = 1;
  #done = false;
  /** This round's message, once it was made. */
  #said: Uint8Array | undefined;
  /** By round, then sender. Undefined: it was no message. */
  readonly #heard = new Map<number, Map<number, Uint8Array | undefined>>();

  get round(): number {
    return this.#round;
  }

  /** The one message of this party in the round, or undefined. The same bytes every time. */
  protected abstract message(round: number): Uint8Array | undefined;
  protected abstract mayTakePart(from: number): boolean;
  protected abstract senders(round: number): readonly number[];
  /** @returns faults that others or the sender are shown of. @throws ThresholdError if malformed. */
  protected abstract accept(round: number, from: number, body: Uint8Array): readonly Fault[];
  /** Whether the body is signed by the sender, whatever else is wrong with it. */
  protected abstract isSigned(round: number, from: number, body: Uint8Array): boolean;
  protected abstract endRound(round: number): RoundEnd<Out>;
  /** Whether the round can end before all have spoken. */
  protected isEnough(_round: number): boolean {
    return false;
  }
  protected abstract saveSecrets(writer: ByteWriter): void;
  protected abstract loadSecrets(reader: ByteReader): void;

  /** Accepted bodies of a round, by sender, in the order in which they came. */
  protected heard(round: number): [number, Uint8Array][] {
    return [...(this.#heard.get(round) ?? [])].filter(
      (entry): entry is [number, Uint8Array] => entry[1] !== undefined,
    );
  }

  protected drop(round: number, from: number): void {
    this.#heard.get(round)?.set(from, undefined);
  }

  start(): Step<Out> {
    return { out: this.#done ? [] : this.#outgoing(), faults: [] };
  }

  receive(from: number, body: Uint8Array): Step<Out> {
    if (!this.mayTakePart(from)) throw new ThresholdError({ code: "threshold/index", index: from });
    if (this.#done) return { out: [], faults: [] };
    const round = body[0] ?? 0;
    const before = this.#heard.get(round)?.get(from);
    if (before !== undefined) return { out: [], faults: this.#repeated(from, before, body) };
    if (round < this.#round && round > 0) return { out: [], faults: [] };
    const malformed = [{ index: from, kind: "malformed", evidence: body } as const];
    const expected = round === this.#round && this.senders(round).includes(from);
    if (!expected) return { out: [], faults: malformed };
    if (this.#heard.get(round)?.has(from)) return { out: [], faults: malformed };
    const heard = this.#heard.get(round) ?? new Map<number, Uint8Array | undefined>();
    this.#heard.set(round, heard);
    let faults: readonly Fault[];
    try {
      faults = this.accept(round, from, body);
      if (!heard.has(from)) heard.set(from, Uint8Array.from(body));
    } catch (error) {
      if (!(error instanceof ThresholdError)) throw error;
      heard.set(from, undefined);
      faults = malformed;
    }
    const over = this.isEnough(round) || this.senders(round).every((sender) => heard.has(sender));
    return over ? this.#advance(faults) : { out: [], faults };
  }

  closeRound(): Step<Out> {
    if (this.#done) return { out: [], faults: [] };
    const heard = this.#heard.get(this.#round);
    const absent = this.senders(this.#round).filter((sender) => !heard?.has(sender));
    return this.#advance(
      absent.map((index) => ({ index, kind: "absent", evidence: new Uint8Array(0) })),
    );
  }

  snapshot(): Uint8Array {
    const writer = new ByteWriter().unsigned(SNAPSHOT_VERSION, 1).unsigned(this.#round, 1);
    writer.unsigned(this.#done ? 1 : 0, 1).unsigned(this.#heard.size, 1);
    for (const [round, heard] of this.#heard) {
      writer.unsigned(round, 1).unsigned(heard.size, 2);
      for (const [from, body] of heard) {
        writer.unsigned(from, 2).variable(body ?? new Uint8Array(0));
      }
    }
    writer.variable(this.#said ?? new Uint8Array(0));
    this.saveSecrets(writer);
    return writer.bytes();
  }

  /** Called once, by whatever makes the party. @throws {ThresholdError} `threshold/length`. */
  protected restore(snapshot: Uint8Array): void {
    const reader = new ByteReader(snapshot);
    assertRound(reader, SNAPSHOT_VERSION);
    this.#round = reader.unsigned(1);
    this.#done = reader.unsigned(1) === 1;
    for (let rounds = reader.unsigned(1); rounds > 0; rounds--) {
      const heard = new Map<number, Uint8Array | undefined>();
      this.#heard.set(reader.unsigned(1), heard);
      for (let senders = reader.unsigned(2); senders > 0; senders--) {
        const from = reader.unsigned(2);
        const body = reader.variable();
        heard.set(from, body.length === 0 ? undefined : body);
      }
    }
    const said = reader.variable();
    this.#said = said.length === 0 ? undefined : said;
    this.loadSecrets(reader);
    reader.end();
  }

  #repeated(index: number, before: Uint8Array, body: Uint8Array): Fault[] {
    if (equalBytes(before, body)) return [];
    if (!this.isSigned(before[0] as number, index, body)) {
      return [{ index, kind: "malformed", evidence: body }];
    }
    return [{ index, kind: "equivocation", evidence: encodeEvidence(before, body) }];
  }

  #advance(faults: readonly Fault[]): Step<Out> {
    const { next, faults: more = [] } = this.endRound(this.#round);
    const all = [...faults, ...more];
    if (typeof next !== "number") {
      this.#done = true;
      return { out: [], faults: all, done: next.done };
    }
    this.#round = next;
    this.#said = undefined;
    return { out: this.#outgoing(), faults: all };
  }

  #outgoing(): Outgoing[] {
    this.#said ??= this.message(this.#round);
    return this.#said === undefined ? [] : [{ to: "all", body: this.#said, confidential: false }];
  }
}
