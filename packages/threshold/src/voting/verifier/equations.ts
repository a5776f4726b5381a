/**
 * Linear relations and what must be zero for their proofs to hold, written from
 * draft-irtf-cfrg-sigma-protocols for the verifier alone.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Group } from "../../groups/group.ts";
import { demand } from "../refuse.ts";
import { fromLittleEndian, u32, type VerifierTranscript } from "./transcript.ts";

/** A point with its encoding. */
export interface Known<P> {
  readonly point: P;
  readonly encoding: Uint8Array;
}

interface Line {
  /** Left: element numbers with public factors. */
  readonly left: readonly (readonly [element: number, factor: bigint])[];
  /** Right: numbers of secrets with elements. */
  readonly right: readonly (readonly [secret: number, element: number])[];
}

/** A sum of products that must be the identity. */
export type ZeroSum<P> = readonly (readonly [P, bigint])[];

export class Relation<P> {
  readonly #group: Group<P>;
  readonly #elements: Known<P>[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #lines: Line[] = [];
  #secrets = 0;

  /** @param generator element 0. */
  constructor(group: Group<P>, generator: Known<P>) {
    this.#group = group;
    this.#number(generator);
  }

  get secrets(): number {
    return this.#secrets;
  }

  get lines(): number {
    return this.#lines.length;
  }

  secret(): number {
    this.#secrets += 1;
    return this.#secrets - 1;
  }

  /** Refuses an image that is the identity: it would be shown without any secret. */
  line(
    left: readonly (readonly [Known<P>, bigint])[],
    right: readonly (readonly [number, Known<P>])[],
  ): void {
    const group = this.#group;
    const factors = left.map(([, factor]) => group.reduce(factor));
    if (left.length > 1) {
      const points = left.map(([{ point }]) => point);
      demand(!group.isIdentity(group.sumOfProducts(points, factors)), "image of a proof");
    }
    this.#lines.push({
      left: left.map(([known], i) => [this.#number(known), factors[i] as bigint] as const),
      right: right.map(([secret, known]) => [secret, this.#number(known)] as const),
    });
  }

  encode(): Uint8Array[] {
    const scalar = (value: bigint) => this.#group.encodeScalar(value);
    const parts = [u32(this.#lines.length)];
    for (const { left, right } of this.#lines) {
      parts.push(u32(left.length));
      for (const [element, factor] of left) parts.push(u32(element), scalar(factor));
      parts.push(u32(right.length));
      for (const [secret, element] of right) parts.push(u32(secret), u32(element), scalar(1n));
    }
    return [...parts, ...this.#elements.slice(1).map(({ encoding }) => encoding)];
  }

  /** responses · right - challenge · left - commitment, for each line. */
  zeroSums(
    commitments: readonly P[],
    challenge: bigint,
    responses: readonly bigint[],
  ): ZeroSum<P>[] {
    const point = (element: number) => (this.#elements[element] as Known<P>).point;
    return this.#lines.map(({ left, right }, i) => [
      ...right.map(([secret, element]) => [point(element), responses[secret] as bigint] as const),
      ...left.map(([element, factor]) => [point(element), -challenge * factor] as const),
      [commitments[i] as P, -1n] as const,
    ]);
  }

  #number(known: Known<P>): number {
    const name = bytesToHex(known.encoding);
    const number = this.#numbers.get(name) ?? this.#elements.push(known) - 1;
    this.#numbers.set(name, number);
    return number;
  }
}

/** Elements and scalars off the front of a proof, absorbed as they are read. */
export class ProofBytes<P> {
  readonly #group: Group<P>;
  readonly #transcript: VerifierTranscript;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(group: Group<P>, transcript: VerifierTranscript, bytes: Uint8Array) {
    this.#group = group;
    this.#transcript = transcript;
    this.#bytes = bytes;
  }

  elements(count: number): Known<P>[] {
    return this.#take(count).map((encoding) => ({ point: this.#group.decode(encoding), encoding }));
  }

  scalars(count: number): bigint[] {
    return this.#take(count).map((bytes) => {
      const value = fromLittleEndian(bytes);
      demand(value < this.#group.order, "scalar of a proof");
      return value;
    });
  }

  end(): void {
    demand(this.#at === this.#bytes.length, "length of a proof");
  }

  #take(count: number): Uint8Array[] {
    const parts: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      parts.push(this.#bytes.subarray(this.#at, this.#at + 32));
      this.#at += 32;
    }
    demand(this.#at <= this.#bytes.length, "length of a proof");
    this.#transcript.absorb(parts);
    return parts;
  }
}
