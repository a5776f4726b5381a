/** Writes a linear relation equation by equation, elements by value instead of by number. */
import type { Group, Scalar } from "../groups/group.ts";
import type { Equation, LinearRelation } from "./relation.ts";

/** A secret of the relation under construction. */
export interface SecretScalar {
  readonly scalar: number;
}

export class RelationBuilder<P> {
  readonly #group: Group<P>;
  readonly #elements: P[];
  readonly #numbers: Map<P, number>;
  readonly #equations: Equation[] = [];
  #scalars = 0;

  constructor(group: Group<P>) {
    this.#group = group;
    this.#elements = [group.generator];
    this.#numbers = new Map([[group.generator, 0]]);
  }

  /** The witness has its secrets in the order of these calls. */
  secret(): SecretScalar {
    this.#scalars += 1;
    return { scalar: this.#scalars - 1 };
  }

  /** The sum of `image`, weighted, is the sum of secrets times elements. */
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
    return { group: this.#group, elements: this.#elements, equations: this.#equations };
  }

  #term(point: P, coefficient: Scalar): { element: number; coefficient: Scalar } {
    let element = this.#numbers.get(point);
    if (element === undefined) {
      element = this.#elements.push(point) - 1;
      this.#numbers.set(point, element);
    }
    return { element, coefficient };
  }
}
