/** BLS12-381 with its pairing, whatever computes it. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import type { Group, Scalar } from "./group.ts";
import { bls12381G1Group, bls12381G2Group, type G1Point, type G2Point } from "./noble-group.ts";

export interface Pairing<G1, G2> {
  readonly g1: Group<G1>;
  readonly g2: Group<G2>;
  /**
   * Sum of products of encoded elements of G1 with public scalars. That the sum is in the group of
   * prime order is checked; whether each part is may go unchecked. So it is for sums that mean
   * something only once they are verified themselves, as a combined signature.
   *
   * @throws {ThresholdError} the codes of decoding.
   */
  sumOfEncoded(encodings: readonly Uint8Array[], scalars: readonly Scalar[]): G1;
  /**
   * Whether the product of the pairings is one; of no pairs it is. Elements may be the identity.
   * Time depends on them.
   */
  isProductOne(pairs: readonly { readonly g1: G1; readonly g2: G2 }[]): boolean;
}

export const noblePairing: Pairing<G1Point, G2Point> = {
  g1: bls12381G1Group,
  g2: bls12381G2Group,
  sumOfEncoded: (encodings, scalars) =>
    bls12381G1Group.sumOfProducts(encodings.map(bls12381G1Group.decode), scalars),
  isProductOne(pairs) {
    const { Fp12 } = bls12_381.fields;
    const used = pairs.filter(({ g1, g2 }) => !g1.is0() && !g2.is0());
    return Fp12.eql(bls12_381.pairingBatch([...used]), Fp12.ONE);
  },
};
