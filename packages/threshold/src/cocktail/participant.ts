/** A participant's steps with a coordinator. Each takes the state that the step before gave, once. */
import { concatBytes, equalBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { createSeededRandom } from "../protocol/random.ts";
import { CIPHERTEXT_BYTES_MAX } from "./limits.ts";
import {
  decodeSecondMessage,
  encodeBundle,
  encodeContribution,
  isPossessionProven,
  possessionMessage,
} from "./messages.ts";
import { cocktailSignatureBytes, isCocktailSignature, signCocktail } from "./schnorr.ts";
import {
  blameCocktail,
  type CocktailOutput,
  type CocktailParams,
  type CocktailRecovery,
  createCocktailKey,
  decodeHostKeys,
  encodeCocktailTranscript,
  findParticipant,
} from "./session.ts";
import { openAll, sealShares } from "./shares.ts";
import { AEAD_TAG_BYTES } from "./suites.ts";

export interface CocktailState1 {
  /** From 1 on. */
  readonly index: number;
  /** `C || PoP || E` as it must come back. */
  readonly contribution: Uint8Array;
}

export interface CocktailState2 {
  readonly output: CocktailOutput;
  readonly transcript: Uint8Array;
  readonly bundle: Uint8Array;
}

interface FirstStep {
  readonly state: CocktailState1;
  readonly message: Uint8Array;
  /** Secret. */
  readonly ephemeralSecret: Scalar;
}

/**
 * @param secret the logarithm of the participant's host key.
 * @param seed 32 fresh bytes; the same ones give the same message after a crash.
 * @param payloads to participant 1, 2, …; or one for all.
 * @returns `C || PoP || E`, then a frame for each participant.
 * @throws {ThresholdError} `threshold/cocktail`: host_key; `threshold/range` for payloads that are
 * too long; `threshold/length`; as {@link decodeHostKeys}.
 */
export function cocktailStep1<P>(
  params: CocktailParams<P>,
  secret: Scalar,
  seed: Uint8Array,
  payloads: Uint8Array | readonly Uint8Array[] = [],
): { state: CocktailState1; message: Uint8Array } {
  const { state, message } = runStep1(params, secret, seed, payloads);
  return { state, message };
}

/** As {@link cocktailStep1}, with the ephemeral secret for who signs the message. */
export function runStep1<P>(
  params: CocktailParams<P>,
  secret: Scalar,
  seed: Uint8Array,
  payloads: Uint8Array | readonly Uint8Array[],
): FirstStep {
  const keys = decodeHostKeys(params);
  const index = findParticipant(params, secret);
  const { suite, context, threshold } = params;
  const { group } = suite;
  const all = payloads instanceof Uint8Array ? keys.map(() => payloads) : payloads;
  const most = CIPHERTEXT_BYTES_MAX - AEAD_TAG_BYTES - group.scalarBytes;
  if (all.some(({ length }) => length > most)) {
    throw new ThresholdError({ code: "threshold/range" });
  }
  assertLength(seed, 32, "seed");
  const random = createSeededRandom(seed, "tacit/cocktail/step1/v1", context);
  const polynomial = Array.from({ length: threshold }, () => group.randomScalar(random));
  const ephemeralSecret = group.randomScalar(random);
  const ephemeral = group.encode(group.multiplyBase(ephemeralSecret));
  const commitments = concatBytes(
    ...polynomial.map((scalar) => group.encode(group.multiplyBase(scalar))),
  );
  const signed = possessionMessage(context, { commitments, ephemeral });
  const proof = signCocktail(suite, polynomial[0] as Scalar, signed);
  const sealing = { index, secret, ephemeralSecret, ephemeral, polynomial, payloads: all, keys };
  const contribution = encodeContribution({ commitments, proof, ephemeral });
  const message = concatBytes(contribution, encodeBundle(sealShares(params, sealing)));
  return { state: { index, contribution }, message, ephemeralSecret };
}

/**
 * @param message the coordinator's for this participant.
 * @param extension what all must agree on besides; or what makes it of everybody's payloads.
 * @returns the message: a signature of the transcript.
 * @throws {ThresholdError} `threshold/cocktail`: message, possession, ciphertext, plaintext or
 * share with the first participant to blame; coordinator; as {@link decodeHostKeys}.
 */
export function cocktailStep2<P>(
  params: CocktailParams<P>,
  secret: Scalar,
  { index, contribution }: CocktailState1,
  message: Uint8Array,
  extension: Uint8Array | ((payloads: readonly Uint8Array[]) => Uint8Array) = new Uint8Array(0),
): { state: CocktailState2; message: Uint8Array } {
  const keys = decodeHostKeys(params);
  if (findParticipant(params, secret) !== index) throw blameCocktail("host_key");
  const parts = decodeSecondMessage(params, message);
  const own = parts[index - 1];
  if (own === undefined || !equalBytes(encodeContribution(own), contribution)) {
    throw blameCocktail("coordinator");
  }
  parts.forEach((part, i) => {
    if (!isPossessionProven(params, part)) throw blameCocktail("possession", [i + 1]);
  });
  const opened = openAll(params, keys, { index, secret }, parts);
  const payloads = opened.map(({ payload }) => payload);
  const { group } = params.suite;
  const output = {
    ...createCocktailKey(
      params,
      parts.map(({ points }) => points.commitments),
    ),
    share: { index, value: group.reduce(opened.reduce((sum, { value }) => sum + value, 0n)) },
    payloads,
  };
  const agreed = typeof extension === "function" ? extension(payloads) : extension;
  const transcript = encodeCocktailTranscript(params, parts, agreed);
  const bundle = encodeBundle(parts.map(({ ciphertext }) => ciphertext));
  return {
    state: { output, transcript, bundle },
    message: signCocktail(params.suite, secret, transcript),
  };
}

/**
 * @param certificate everybody's signatures, in order.
 * @returns the key, and what recovers it with the host key: back it up, and see that all have.
 * @throws {ThresholdError} `threshold/length`; `threshold/cocktail`: signature, with everybody
 * whose signature is wrong. Others may have a good certificate all the same: keep the host key.
 */
export function cocktailFinalize<P>(
  params: CocktailParams<P>,
  { output, transcript, bundle }: CocktailState2,
  certificate: Uint8Array,
): { output: CocktailOutput; recovery: CocktailRecovery } {
  const wrong = findWrongSignatures(params, transcript, certificate);
  if (wrong.length > 0) throw blameCocktail("signature", wrong);
  return { output, recovery: { transcript, certificate, bundle } };
}

/** @returns participants, from 1 on. @throws {ThresholdError} `threshold/length`, of decoding. */
export function findWrongSignatures<P>(
  params: CocktailParams<P>,
  transcript: Uint8Array,
  certificate: Uint8Array,
): number[] {
  const { suite } = params;
  const keys = decodeHostKeys(params);
  const width = cocktailSignatureBytes(suite);
  assertLength(certificate, width * keys.length, "certificate");
  return keys.flatMap((key, i) => {
    const signature = certificate.slice(i * width, (i + 1) * width);
    return isCocktailSignature(suite, key, transcript, signature) ? [] : [i + 1];
  });
}
