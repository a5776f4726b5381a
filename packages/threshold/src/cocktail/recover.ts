/** A finished session from its transcript, certificate and encrypted shares, by the host key. */
import { equalBytes, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { ByteReader } from "../protocol/codec.ts";
import { CONTEXT_BYTES_MAX, PARTICIPANTS_MAX } from "./limits.ts";
import { decodeBundle } from "./messages.ts";
import { findWrongSignatures } from "./participant.ts";
import { cocktailSignatureBytes } from "./schnorr.ts";
import {
  blameCocktail,
  type CocktailKey,
  type CocktailOutput,
  type CocktailParams,
  type CocktailRecovery,
  createCocktailKey,
  decodeHostKeys,
  findParticipant,
  type PublicPart,
} from "./session.ts";
import { openAll } from "./shares.ts";
import { type CocktailSuite, withLength } from "./suites.ts";

/** What a transcript says. */
export interface DecodedTranscript<P> {
  readonly params: CocktailParams<P>;
  readonly parts: readonly PublicPart[];
  readonly extension: Uint8Array;
}

/**
 * What everybody may know of a session, from what is the same for all.
 *
 * @throws {ThresholdError} `threshold/cocktail`: recovery_data.
 */
export function readCocktailRecord<P>(
  suite: CocktailSuite<P>,
  { transcript, certificate }: Omit<CocktailRecovery, "bundle">,
): { key: CocktailKey; params: CocktailParams<P>; extension: Uint8Array } {
  return asRecovery(() => {
    const { params, parts, extension } = decodeTranscript(suite, transcript);
    if (findWrongSignatures(params, transcript, certificate).length > 0) {
      throw blameCocktail("recovery_data");
    }
    return { key: createCocktailKey(params, decodeCommitments(params, parts)), params, extension };
  });
}

/**
 * @param secret the logarithm of the participant's host key.
 * @throws {ThresholdError} `threshold/cocktail`: recovery_data; host_key; ciphertext, plaintext or
 * share, with the participant whose share is not good.
 */
export function recoverCocktail<P>(
  suite: CocktailSuite<P>,
  secret: Scalar,
  recovery: CocktailRecovery,
): { output: CocktailOutput; params: CocktailParams<P>; extension: Uint8Array } {
  const { key, params, extension } = readCocktailRecord(suite, recovery);
  const index = findParticipant(params, secret);
  const ciphertexts = asRecovery(() => decodeBundle(params, recovery.bundle));
  const { parts } = decodeTranscript(suite, recovery.transcript);
  const { group } = suite;
  const addressed = decodeCommitments(params, parts).map((commitments, i) => {
    const part = parts[i] as PublicPart;
    const ciphertext = ciphertexts[i] as Uint8Array;
    return {
      ...part,
      ciphertext,
      points: { commitments, ephemeral: group.decode(part.ephemeral) },
    };
  });
  const opened = openAll(params, decodeHostKeys(params), { index, secret }, addressed);
  const value = group.reduce(opened.reduce((sum, share) => sum + share.value, 0n));
  const payloads = opened.map(({ payload }) => payload);
  return { output: { ...key, share: { index, value }, payloads }, params, extension };
}

/** Every failure inside is one of the data. */
function asRecovery<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof ThresholdError) throw blameCocktail("recovery_data");
    throw cause;
  }
}

/** @throws {ThresholdError} `threshold/length`, `threshold/parameters`, `threshold/range`. */
function decodeTranscript<P>(
  suite: CocktailSuite<P>,
  transcript: Uint8Array,
): DecodedTranscript<P> {
  const reader = new ByteReader(transcript);
  const id = withLength(utf8(suite.id));
  if (!equalBytes(reader.fixed(id.length), id)) {
    throw new ThresholdError({ code: "threshold/parameters" });
  }
  const context = reader.fixed(readLength(reader, 8, CONTEXT_BYTES_MAX));
  const count = readLength(reader, 4, PARTICIPANTS_MAX);
  const threshold = readLength(reader, 4, count);
  const take = (width: number) => Array.from({ length: count }, () => reader.fixed(width));
  const { elementBytes } = suite.group;
  const hostPublicKeys = take(elementBytes);
  const commitments = take(threshold * elementBytes);
  const proofs = take(cocktailSignatureBytes(suite));
  const ephemerals = take(elementBytes);
  const extension = reader.fixed(readLength(reader, 8, CONTEXT_BYTES_MAX));
  reader.end();
  const parts = commitments.map((item, i) => ({
    commitments: item,
    proof: proofs[i] as Uint8Array,
    ephemeral: ephemerals[i] as Uint8Array,
  }));
  return { params: { suite, context, threshold, hostPublicKeys }, parts, extension };
}

/** Little-endian, and at most `most`. */
function readLength(reader: ByteReader, lengthBytes: number, most: number): number {
  const bytes = reader.fixed(lengthBytes).reverse();
  const value = new ByteReader(bytes).unsignedBig(lengthBytes);
  if (value > BigInt(most)) throw new ThresholdError({ code: "threshold/range" });
  return Number(value);
}

function decodeCommitments<P>(
  { suite, threshold }: CocktailParams<P>,
  parts: readonly PublicPart[],
): P[][] {
  return parts.map(({ commitments }) => {
    const reader = new ByteReader(commitments);
    return Array.from({ length: threshold }, () => reader.element(suite.group));
  });
}
