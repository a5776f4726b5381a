/** COCKTAIL-DKG's signatures, which no other verifier takes: `R || z`, with a derived nonce. */
import { concatBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { ByteReader } from "../protocol/codec.ts";
import type { CocktailSuite } from "./suites.ts";

export function cocktailSignatureBytes<P>({ group }: CocktailSuite<P>): number {
  return group.elementBytes + group.scalarBytes;
}

/** @throws {ThresholdError} `threshold/scalar` for a nonce of 0: never but by chance. */
export function signCocktail<P>(
  suite: CocktailSuite<P>,
  secret: Scalar,
  message: Uint8Array,
): Uint8Array {
  const { group } = suite;
  const nonce = suite.hashToScalar("NONCE", [group.encodeScalar(secret), message]);
  if (nonce === 0n) throw new ThresholdError({ code: "threshold/scalar" });
  const commitment = group.encode(group.multiplyBase(nonce));
  const key = group.encode(group.multiplyBase(secret));
  const challenge = suite.hashToScalar("H7", [commitment, key, message]);
  return concatBytes(commitment, group.encodeScalar(group.reduce(nonce + challenge * secret)));
}

export function isCocktailSignature<P>(
  suite: CocktailSuite<P>,
  key: P,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { group } = suite;
  try {
    const reader = new ByteReader(signature);
    const commitment = reader.element(group);
    const response = reader.scalar(group);
    reader.end();
    const bytes = group.encode(commitment);
    const challenge = suite.hashToScalar("H7", [bytes, group.encode(key), message]);
    const right = group.add(commitment, group.multiplyPublic(key, challenge));
    return group.equal(group.multiplyBase(response), right);
  } catch (error) {
    if (error instanceof ThresholdError) return false;
    throw error;
  }
}
