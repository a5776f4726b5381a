/** Writes a linear relation equation by equation, elements by value instead of by number. */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Group, Scalar } from "../groups/group.ts";
import { type Equation, keepEncodings, type LinearRelation } from "./relation.ts";

/** A secret of the relation under construction. */
export interface SecretScalar {
  readonly scalar: number;
}

/**
 * Elements get their numbers in the order of their first use, an element that comes again the
 * same one. What is the same is told by encodings: prover and verifier may hold one element in
 * several objects.
 */
export class RelationBuilder<P> {
  readonly #group: Group<P>;
  readonly #elements: P[];
  readonly #encodings: Uint8Array[];
  readonly #numbers: Map<P | string, number>;
  readonly #equations: Equation[] = [];
  #scalars = 0;

  constructor(group: Group<P>) {
    this.#group = group;
    this.#elements = [group.generator];
    this.#encodings = [group.encode(group.generator)];
    this.#numbers = new Map<P | string, number>([
      [group.generator, 0],
      [bytesToHex(this.#encodings[0] as Uint8Array), 0],
    ]);
  }

  /** The witness has its secrets in the order of these calls. */
  secret(): SecretScalar {
    this.#scalars += 1;
    return { scalar: this.#scalars - 1 };
  }

  /**
   * The sum of `image`, weighted, is the sum of secrets times elements.
   * @throws {ThresholdError} `threshold/identity`.
   */
  equation(
    image: readonly (readonly [P, bigint])[],
    terms: readonly (readonly [SecretScalar, P])[],
  ): this {
    this.#equations.push({
      image: image.map(([point, weight]) => this.#term(point, this.#group.reduce(weight))),
      terms: terms.map(([{ scalar }, point]) => ({ scalar, ...this.#term(point, 1n) })),
    });
    return this;
  }

  build(): LinearRelation<P> {
    const relation = {
      group: this.#group,
      elements: this.#elements,
      equations: this.#equations,
    };
    keepEncodings(relation, this.#encodings.slice(1));
    return relation;
  }

  #term(point: P, coefficient: Scalar): { element: number; coefficient: Scalar } {
    return { element: this.#numbers.get(point) ?? this.#addElement(point), coefficient };
  }

  #addElement(point: P): number {
    const encoding = this.#group.encode(point);
    const hex = bytesToHex(encoding);
    let number = this.#numbers.get(hex);
    if (number === undefined) {
      number = this.#elements.push(point) - 1;
      this.#encodings.push(encoding);
      this.#numbers.set(hex, number);
    }
    this.#numbers.set(point, number);
    return number;
  }
}
