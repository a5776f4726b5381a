/** COCKTAIL-DKG's messages between bytes and values. */
import { concatBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import { ByteReader } from "../protocol/codec.ts";
import { CIPHERTEXT_BYTES_MAX } from "./limits.ts";
import { cocktailSignatureBytes, isCocktailSignature } from "./schnorr.ts";
import { blameCocktail, type CocktailParams, type PublicPart } from "./session.ts";
import { AEAD_TAG_BYTES, type CocktailSuite, withFrame } from "./suites.ts";

/** A participant's public part: as bytes, and decoded. */
export interface Contribution<P> extends PublicPart {
  readonly points: { readonly commitments: readonly P[]; readonly ephemeral: P };
}

/** What the proof of possession is over. */
export function possessionMessage(context: Uint8Array, part: Omit<PublicPart, "proof">) {
  return concatBytes(context, part.commitments, part.ephemeral);
}

/** @throws {ThresholdError} `threshold/length`, the codes of decoding. */
export function readContribution<P>(
  { suite, threshold }: CocktailParams<P>,
  reader: ByteReader,
): Contribution<P> {
  const { group } = suite;
  const commitments = reader.fixed(threshold * group.elementBytes);
  const proof = reader.fixed(cocktailSignatureBytes(suite));
  const ephemeral = reader.fixed(group.elementBytes);
  const list = new ByteReader(commitments);
  const points = {
    commitments: Array.from({ length: threshold }, () => list.element(group)),
    ephemeral: group.decode(ephemeral),
  };
  return { commitments, proof, ephemeral, points };
}

/** @throws {ThresholdError} `threshold/length`: too short for a share, too long, or cut. */
export function readCiphertext<P>({ group }: CocktailSuite<P>, reader: ByteReader): Uint8Array {
  const lengthBytes = reader.unsignedBig(8);
  const least = group.scalarBytes + AEAD_TAG_BYTES;
  if (lengthBytes < BigInt(least) || lengthBytes > BigInt(CIPHERTEXT_BYTES_MAX)) {
    throw new ThresholdError({ code: "threshold/length", what: "ciphertext", lengthBytes: 0 });
  }
  return reader.fixed(Number(lengthBytes));
}

/** `C || PoP || E`. */
export function encodeContribution({ commitments, proof, ephemeral }: PublicPart): Uint8Array {
  return concatBytes(commitments, proof, ephemeral);
}

export interface FirstMessage<P> extends Contribution<P> {
  /** To participant 1, 2, … */
  readonly ciphertexts: readonly Uint8Array[];
}

/** Form alone. @throws {ThresholdError} `threshold/length`, the codes of decoding. */
export function decodeFirstMessage<P>(
  params: CocktailParams<P>,
  message: Uint8Array,
): FirstMessage<P> {
  const reader = new ByteReader(message);
  const contribution = readContribution(params, reader);
  const ciphertexts = params.hostPublicKeys.map(() => readCiphertext(params.suite, reader));
  reader.end();
  return { ...contribution, ciphertexts };
}

export function isPossessionProven<P>(
  { suite, context }: CocktailParams<P>,
  contribution: Contribution<P>,
): boolean {
  const key = contribution.points.commitments[0] as P;
  return isCocktailSignature(
    suite,
    key,
    possessionMessage(context, contribution),
    contribution.proof,
  );
}

/** What of each participant comes to one of them. */
export interface Addressed<P> extends Contribution<P> {
  readonly ciphertext: Uint8Array;
}

/**
 * The coordinator's message to one participant.
 *
 * @throws {ThresholdError} `threshold/cocktail`: message, with the participant it is about;
 * coordinator for bytes that are left.
 */
export function decodeSecondMessage<P>(
  params: CocktailParams<P>,
  message: Uint8Array,
): Addressed<P>[] {
  const reader = new ByteReader(message);
  const parts = params.hostPublicKeys.map((_, i) =>
    blaming(i + 1, () => ({
      ...readContribution(params, reader),
      ciphertext: readCiphertext(params.suite, reader),
    })),
  );
  if (reader.remainingBytes !== 0) throw blameCocktail("coordinator");
  return parts;
}

/** Runs, and blames the participant for whatever is wrong with its message. */
export function blaming<T>(participant: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ThresholdError) throw blameCocktail("message", [participant]);
    throw error;
  }
}

/** @throws {ThresholdError} `threshold/length`. */
export function decodeBundle<P>(params: CocktailParams<P>, bundle: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(bundle);
  const ciphertexts = params.hostPublicKeys.map(() => readCiphertext(params.suite, reader));
  reader.end();
  return ciphertexts;
}

export function encodeBundle(ciphertexts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...ciphertexts.map(withFrame));
}
