/** Linear relations over a group: draft-irtf-cfrg-sigma-protocols, the statements. */
import { concatBytes, u32LittleEndian } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import type { ProductSum } from "./claims.ts";

/** `coefficient` times element `element`. */
export interface ImageTerm {
  readonly element: number;
  readonly coefficient: Scalar;
}
/** `coefficient` times secret `scalar` times element `element`. */
export interface Term extends ImageTerm {
  readonly scalar: number;
}
/** The sum of `image` equals the sum of `terms`. */
export interface Equation {
  readonly image: readonly ImageTerm[];
  readonly terms: readonly Term[];
}
/** What is proven: secrets exist that satisfy every equation. Element 0 is the generator. */
export interface LinearRelation<P> {
  readonly group: Group<P>;
  readonly elements: readonly P[];
  readonly equations: readonly Equation[];
}

export function countScalars<P>({ equations }: LinearRelation<P>): number {
  let count = 0;
  for (const { terms } of equations) {
    for (const { scalar } of terms) count = Math.max(count, scalar + 1);
  }
  return count;
}

/**
 * The right-hand sides for these scalars, which are secret.
 * @param scalars one for each that the relation has.
 */
export function evaluateMap<P>(
  { group, elements, equations }: LinearRelation<P>,
  scalars: readonly Scalar[],
): P[] {
  return equations.map(({ terms }) => {
    let base = 0n;
    const others: { point: P; scalar: Scalar }[] = [];
    for (const { scalar, element, coefficient } of terms) {
      const product = group.reduce(coefficient * (scalars[scalar] as Scalar));
      if (element === 0) base += product;
      else others.push({ point: elements[element] as P, scalar: product });
    }
    const hasBase = terms.some(({ element }) => element === 0);
    const start = hasBase ? group.multiplyBase(group.reduce(base)) : group.identity;
    if (others.length === 0) return start;
    const sum = group.sumOfSecretProducts(
      others.map(({ point }) => point),
      others.map(({ scalar }) => scalar),
    );
    return hasBase ? group.add(start, sum) : sum;
  });
}

/** The left-hand sides. */
export function evaluateImages<P>({ group, elements, equations }: LinearRelation<P>): P[] {
  return equations.map(({ image }) =>
    combine(
      group,
      image.map(({ element }) => elements[element] as P),
      image.map(({ coefficient }) => group.reduce(coefficient)),
    ),
  );
}

/**
 * For each equation the sum that is the commitment which makes `challenge` and `responses` right.
 */
export function simulateCommitments<P>(
  { group, elements, equations }: LinearRelation<P>,
  challenge: Scalar,
  responses: readonly Scalar[],
): ProductSum<P>[] {
  return equations.map(({ image, terms }) => {
    const weights = new Map<number, Scalar>();
    const add = (element: number, scalar: bigint): void => {
      weights.set(element, group.reduce((weights.get(element) ?? 0n) + scalar));
    };
    for (const { element, coefficient, scalar } of terms) {
      add(element, coefficient * (responses[scalar] as Scalar));
    }
    for (const { element, coefficient } of image) add(element, -coefficient * challenge);
    return {
      points: [...weights.keys()].map((element) => elements[element] as P),
      scalars: [...weights.values()],
    };
  });
}

function combine<P>(group: Group<P>, points: readonly P[], scalars: readonly Scalar[]): P {
  const [point] = points;
  return points.length === 1 && scalars[0] === 1n && point !== undefined
    ? point
    : group.sumOfProducts(points, scalars);
}

const encodings = new WeakMap<object, readonly Uint8Array[]>();

/** Encodings of the elements from the second on, for who has them; a relation is never changed. */
export function keepEncodings<P>(relation: LinearRelation<P>, known: readonly Uint8Array[]): void {
  encodings.set(relation, known);
}

/** SerializeLinearRelation. The relation is one that {@link assertRelation} accepts. */
export function encodeRelation<P>(relation: LinearRelation<P>): Uint8Array {
  const { group, elements, equations } = relation;
  const parts = [u32LittleEndian(equations.length)];
  for (const { image, terms } of equations) {
    parts.push(u32LittleEndian(image.length));
    for (const { element, coefficient } of image) {
      parts.push(u32LittleEndian(element), group.encodeScalar(coefficient));
    }
    parts.push(u32LittleEndian(terms.length));
    for (const { scalar, element, coefficient } of terms) {
      parts.push(u32LittleEndian(scalar), u32LittleEndian(element));
      parts.push(group.encodeScalar(coefficient));
    }
  }
  return concatBytes(...parts, ...(encodings.get(relation) ?? group.encodeAll(elements.slice(1))));
}

/** The ten checks of the draft's instance validation. @throws `threshold/relation`. */
export function assertRelation<P>(relation: LinearRelation<P>): void {
  const { group, elements, equations } = relation;
  const require = (condition: boolean, check: number): void => {
    if (!condition) throw new ThresholdError({ code: "threshold/relation", check });
  };
  require(equations.length > 0, 1);
  require(equations.every(({ terms, image }) => terms.length > 0 && image.length > 0), 2);
  const terms = equations.flatMap((equation) => equation.terms);
  const referenced = new Set(
    equations
      .flatMap(({ image, terms: right }) => [...image, ...right])
      .map((term) => term.element),
  );
  const isIndex = (value: number): boolean =>
    Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  require([...referenced].every(isIndex) && terms.every(({ scalar }) => isIndex(scalar)), 3);
  require([...referenced].every((index) => index < elements.length), 4);
  require(elements.every((_, index) => index === 0 || referenced.has(index)), 5);
  const used = new Set(terms.map(({ scalar }) => scalar));
  require(used.size === countScalars(relation), 6);
  require(elements[0] !== undefined && group.equal(elements[0], group.generator), 7);
  require(!elements.some((element) => group.isIdentity(element)), 8);
  require(!evaluateImages(relation).some((image) => group.isIdentity(image)), 9);
  require([...used].every((scalar) =>
    equations.some((equation) => constrains(relation, equation, scalar)),
  ), 10);
}

/** Whether the equation's terms with this secret do not cancel each other. */
function constrains<P>(relation: LinearRelation<P>, equation: Equation, scalar: number): boolean {
  const { group, elements } = relation;
  const terms = equation.terms.filter((term) => term.scalar === scalar);
  const sum = combine(
    group,
    terms.map(({ element }) => elements[element] as P),
    terms.map(({ coefficient }) => group.reduce(coefficient)),
  );
  return !group.isIdentity(sum);
}

/** Most equations, terms and elements that {@link decodeRelation} reads. */
const COUNT_MAX = 4096;

/** Inverse of {@link encodeRelation}. @throws `threshold/length` and the group's codes. */
export function decodeRelation<P>(group: Group<P>, bytes: Uint8Array): LinearRelation<P> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  let elementMax = 0;
  const take = (lengthBytes: number): number => {
    const start = offset;
    if (start + lengthBytes > bytes.length) assertLength(bytes, start + lengthBytes, "relation");
    offset += lengthBytes;
    return start;
  };
  const readInteger = (): number => view.getUint32(take(4), true);
  const readCount = (): number => {
    const count = readInteger();
    if (count > COUNT_MAX) throw new ThresholdError({ code: "threshold/relation", check: 3 });
    return count;
  };
  const readImage = (): ImageTerm => {
    const element = readInteger();
    elementMax = Math.max(elementMax, element);
    const start = take(group.scalarBytes);
    return { element, coefficient: group.decodeScalar(bytes.subarray(start, offset)) };
  };
  const readTerm = (): Term => ({ scalar: readInteger(), ...readImage() });
  const equations = Array.from({ length: readCount() }, () => ({
    image: Array.from({ length: readCount() }, readImage),
    terms: Array.from({ length: readCount() }, readTerm),
  }));
  if (elementMax > COUNT_MAX) throw new ThresholdError({ code: "threshold/relation", check: 4 });
  assertLength(bytes, offset + elementMax * group.elementBytes, "relation");
  const elements = Array.from({ length: elementMax }, () => {
    const start = take(group.elementBytes);
    return group.decode(bytes.subarray(start, offset));
  });
  return { group, elements: [group.generator, ...elements], equations };
}
