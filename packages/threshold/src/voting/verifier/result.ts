/** Sums, partial decryptions and values, as the verifier checks them. */
import { concatBytes } from "../../bytes.ts";
import type { Group } from "../../groups/group.ts";
import { demand } from "../refuse.ts";
import { lagrange, type ReadElection } from "./definition.ts";
import { type Known, ProofBytes, type ZeroSum } from "./equations.ts";
import { prefixed, u32, VerifierTranscript } from "./transcript.ts";

export interface ReadPartial {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** Sums of ciphertexts' two sides, ballots of one weight together. */
export class WeightedSums<P> {
  readonly #group: Group<P>;
  readonly #width: number;
  readonly #byWeight = new Map<bigint, P[]>();

  /** @param width ciphertexts of one ballot. */
  constructor(group: Group<P>, width: number) {
    this.#group = group;
    this.#width = width;
  }

  /** @param points both sides of each ciphertext, one behind the other. */
  add(points: readonly P[], weight: bigint): void {
    const before = this.#byWeight.get(weight);
    const sums = before?.map((sum, i) => this.#group.add(sum, points[i] as P));
    this.#byWeight.set(weight, sums ?? [...points]);
  }

  /** With the mask that the head gives: randomness for an encryption of 0. */
  finish(key: P, head: Uint8Array): Known<P>[] {
    const group = this.#group;
    const transcript = new VerifierTranscript(group.order, "voting-mask/v1", group.name, [head]);
    const weights = [...this.#byWeight.keys()];
    const columns = [...this.#byWeight.values()];
    return Array.from({ length: this.#width }, () => transcript.challenge()).flatMap((mask, i) =>
      [key, group.generator].map((base, side) => {
        const points = columns.map((sums) => sums[2 * i + side] as P);
        const point = group.sumOfProducts([...points, base], [...weights, mask]);
        return { point, encoding: group.encode(point) };
      }),
    );
  }
}

/**
 * What must be zero for the partials to be right, and for the values to be what they decrypt to.
 *
 * @param sums both sides of each sum.
 */
export function resultZeros<P>(
  group: Group<P>,
  election: ReadElection<P>,
  { sums, id }: { readonly sums: readonly Known<P>[]; readonly id: Uint8Array },
  {
    partials,
    values,
  }: { readonly partials: readonly ReadPartial[]; readonly values: readonly bigint[] },
): ZeroSum<P>[] {
  const { threshold, width } = election;
  demand(partials.length === threshold, "number of partial decryptions");
  const indices = partials.map(({ index }) => index);
  demand(
    indices.every((index, i) => index > (indices[i - 1] ?? 0)),
    "order of partial decryptions",
  );
  const read = partials.map((partial) => readPartial(group, election, { sums, id }, partial));
  const weights = lagrange(group, indices, 0);
  const zeros = read.flatMap((partial) => partial.zeros);
  for (let i = 0; i < width; i++) {
    zeros.push([
      [(sums[2 * i] as Known<P>).point, 1n],
      ...read.map(({ factors }, j) => [factors[i] as P, -(weights[j] as bigint)] as const),
      [group.generator, -(values[i] as bigint)],
    ]);
  }
  return zeros;
}

/** One proof for all factors: weighted by challenges, they are the share times the weighted D. */
function readPartial<P>(
  group: Group<P>,
  { key, shares, width }: ReadElection<P>,
  { sums, id }: { readonly sums: readonly Known<P>[]; readonly id: Uint8Array },
  { index, bytes }: ReadPartial,
): { readonly factors: readonly P[]; readonly zeros: readonly ZeroSum<P>[] } {
  const share = shares[index - 1];
  demand(share !== undefined, "trustee of a partial decryption");
  const bases = [key.encoding, group.encode(group.generator)];
  const binding = [concatBytes(...prefixed(id), ...bases, u32(index))];
  const transcript = new VerifierTranscript(
    group.order,
    "partial-decryption/v1",
    group.name,
    binding,
  );
  const statement = [share, ...sums].map(({ encoding }) => encoding);
  transcript.absorb([u32(statement.length), ...statement]);
  const proof = new ProofBytes(group, transcript, bytes);
  const factors = proof.elements(width).map(({ point }) => point);
  const weights = factors.map(() => transcript.challenge());
  const [first, second] = proof.elements(2).map(({ point }) => point) as [P, P];
  const challenge = transcript.challenge();
  const [response] = proof.scalars(1) as [bigint];
  proof.end();
  return {
    factors,
    zeros: [
      [
        [group.generator, response],
        [share.point, -challenge],
        [first, -1n],
      ],
      [
        ...weights.map(
          (weight, i) => [(sums[2 * i + 1] as Known<P>).point, weight * response] as const,
        ),
        ...weights.map((weight, i) => [factors[i] as P, -weight * challenge] as const),
        [second, -1n],
      ],
    ],
  };
}
