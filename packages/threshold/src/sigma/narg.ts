/**
 * What a prover sends, in the order in which it is sent: elements and scalars, each absorbed as
 * it is written or read. Nothing can be sent that later challenges do not depend on.
 */
import { concatBytes, u32LittleEndian, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import { DuplexSponge, deriveSessionId, encodeString, squeezeChallenge } from "./transcript.ts";

/**
 * A tag of this package's own protocols: what is proven, in which group, bound to what.
 *
 * @param protocol a name with its version. @param binding whatever the proof must not be moved from.
 */
export function protocolTag(protocol: string, groupName: string, binding: Uint8Array): Uint8Array {
  return concatBytes(
    encodeString(utf8(`tacit/${protocol}`)),
    encodeString(utf8(groupName)),
    encodeString(binding),
  );
}

/** The statement, then what is sent. Only elements, scalars and counts go in: no raw bytes. */
export class Transcript<P> {
  readonly group: Group<P>;
  readonly #sponge: DuplexSponge;

  constructor(group: Group<P>, tag: Uint8Array) {
    this.group = group;
    this.#sponge = new DuplexSponge(deriveSessionId(tag));
  }

  /** A statement that has an unambiguous form of its own; as a whole, or not at all. */
  absorbStatement(encoded: Uint8Array): void {
    this.#sponge.absorb(encoded);
  }

  /** A statement of numbers, whose count the protocol fixes, and elements, whose count is absorbed. */
  absorbNumbersAndElements(numbers: readonly number[], elements: readonly P[]): void {
    this.absorbStatement(
      concatBytes(
        ...[...numbers, elements.length].map(u32LittleEndian),
        ...this.group.encodeAll(elements),
      ),
    );
  }

  /** What was sent, element by element. @throws {ThresholdError} `threshold/identity`. */
  absorbElements(points: readonly P[]): void {
    this.absorbEncoded(this.group.encodeAll(points));
  }

  /** Elements whose canonical encodings are at hand. */
  absorbEncoded(encodings: readonly Uint8Array[]): void {
    for (const encoding of encodings) this.#sponge.absorb(encoding);
  }

  absorbScalars(scalars: readonly Scalar[]): void {
    for (const scalar of scalars) this.#sponge.absorb(this.group.encodeScalar(scalar));
  }

  challenge(): Scalar {
    return squeezeChallenge(this.#sponge, this.group.order);
  }

  /** Never 0, for protocols that divide by it. Drawing again happens with chance 2^-252. */
  challengeNonZero(): Scalar {
    for (;;) {
      const challenge = this.challenge();
      if (challenge !== 0n) return challenge;
    }
  }

  /** 32 bytes that stand for everything absorbed. */
  digest(): Uint8Array {
    return this.#sponge.squeeze(32);
  }
}

export class ProofWriter<P> {
  readonly transcript: Transcript<P>;
  readonly #parts: Uint8Array[] = [];

  constructor(transcript: Transcript<P>) {
    this.transcript = transcript;
  }

  /** @throws {ThresholdError} `threshold/identity`. */
  sendElements(points: readonly P[]): void {
    const encodings = this.transcript.group.encodeAll(points);
    this.transcript.absorbEncoded(encodings);
    this.#parts.push(...encodings);
  }

  sendScalars(scalars: readonly Scalar[]): void {
    this.transcript.absorbScalars(scalars);
    this.#parts.push(...scalars.map((scalar) => this.transcript.group.encodeScalar(scalar)));
  }

  finish(): Uint8Array {
    return concatBytes(...this.#parts);
  }
}

export class ProofReader<P> {
  readonly transcript: Transcript<P>;
  readonly #proof: Uint8Array;
  #offset = 0;

  /** @param lengthBytes what the proof must have. @throws {ThresholdError} `threshold/length`. */
  constructor(transcript: Transcript<P>, proof: Uint8Array, lengthBytes: number) {
    assertLength(proof, lengthBytes, "proof");
    this.transcript = transcript;
    this.#proof = proof;
  }

  /** @throws {ThresholdError} `threshold/element`, `threshold/identity`. */
  readElements(count: number): P[] {
    const { group } = this.transcript;
    const encodings = this.#take(count, group.elementBytes);
    const points = encodings.map((encoding) => group.decode(encoding));
    this.transcript.absorbEncoded(encodings);
    return points;
  }

  /** @throws {ThresholdError} `threshold/scalar`. */
  readScalars(count: number): Scalar[] {
    const { group } = this.transcript;
    const scalars = this.#take(count, group.scalarBytes).map((bytes) => group.decodeScalar(bytes));
    this.transcript.absorbScalars(scalars);
    return scalars;
  }

  #take(count: number, width: number): Uint8Array[] {
    return Array.from({ length: count }, () => {
      const start = this.#offset;
      this.#offset += width;
      if (this.#offset > this.#proof.length) {
        throw new ThresholdError({
          code: "threshold/length",
          what: "proof",
          lengthBytes: this.#proof.length,
        });
      }
      return this.#proof.subarray(start, this.#offset);
    });
  }
}
