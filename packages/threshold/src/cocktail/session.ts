/** What COCKTAIL-DKG's parties agree on before a session, and what they sign after it. */
import { concatBytes, equalBytes, u32LittleEndian, utf8 } from "../bytes.ts";
import { type CocktailReason, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { publicShare, type Share } from "../vss.ts";
import { CONTEXT_BYTES_MAX, PARTICIPANTS_MAX } from "./limits.ts";
import { type CocktailSuite, withFrame, withLength } from "./suites.ts";

/** What all participants must agree on; authentic copies of all host keys above all. */
export interface CocktailParams<P> {
  readonly suite: CocktailSuite<P>;
  /** Of this session alone, bound to suite and keys: see {@link deriveCocktailContext}. */
  readonly context: Uint8Array;
  /** Shares that restore the key; fewer say nothing about it. */
  readonly threshold: number;
  /** Encodings of the group's elements; participant 1's first. */
  readonly hostPublicKeys: readonly Uint8Array[];
}

/** Known to everybody; what FROST signs with. */
export interface CocktailKey {
  readonly publicKey: Uint8Array;
  readonly threshold: number;
  /** Of participant 1, 2, …: the share times the generator. */
  readonly publicShares: readonly Uint8Array[];
}

export interface CocktailOutput extends CocktailKey {
  /** Secret. */
  readonly share: Share;
  /** What each participant sent along; empty where it sent nothing. */
  readonly payloads: readonly Uint8Array[];
}

/** What restores the output with the host key alone. None of it is secret, but see the docs. */
export interface CocktailRecovery {
  /** The same for all. */
  readonly transcript: Uint8Array;
  /** Everybody's signature of the transcript, in order; the same for all. */
  readonly certificate: Uint8Array;
  /** This participant's encrypted shares. */
  readonly bundle: Uint8Array;
}

/** Blames: participants count from 1, as the standard counts them. */
export function blameCocktail(
  reason: CocktailReason,
  participants: readonly number[] = [],
): ThresholdError {
  return new ThresholdError({ code: "threshold/cocktail", reason, participants });
}

/**
 * The standard's recommended context.
 *
 * @param sessionId bytes that no other session has.
 */
export function deriveCocktailContext<P>(
  suite: CocktailSuite<P>,
  sessionId: Uint8Array,
  hostPublicKeys: readonly Uint8Array[],
): Uint8Array {
  return suite.hash(
    concatBytes(
      utf8("COCKTAIL-DKG-CONTEXT"),
      withFrame(sessionId),
      withFrame(utf8(suite.id)),
      u32LittleEndian(hostPublicKeys.length),
      ...hostPublicKeys,
    ),
  );
}

/**
 * The extension that makes all agree on payloads which each sends to everybody alike.
 *
 * @param payloads of participant 1, 2, …
 */
export function derivePayloadExtension<P>(
  suite: CocktailSuite<P>,
  payloads: readonly Uint8Array[],
): Uint8Array {
  const count = concatBytes(u32LittleEndian(payloads.length), new Uint8Array(4));
  return suite.hash(concatBytes(count, ...payloads.map(withLength)));
}

/**
 * @returns the host keys as elements.
 * @throws {ThresholdError} `threshold/parameters` for thresholds and numbers that make no sense, a
 * key that comes twice, a context that is too long; the codes of decoding for keys.
 */
export function decodeHostKeys<P>(params: CocktailParams<P>): P[] {
  const { suite, context, threshold, hostPublicKeys } = params;
  const count = hostPublicKeys.length;
  const sane =
    Number.isInteger(threshold) &&
    threshold >= 1 &&
    threshold <= count &&
    count <= PARTICIPANTS_MAX &&
    context.length <= CONTEXT_BYTES_MAX;
  const twice = hostPublicKeys.some((key, i) =>
    hostPublicKeys.slice(0, i).some((other) => equalBytes(other, key)),
  );
  if (!sane || twice) throw new ThresholdError({ code: "threshold/parameters" });
  return hostPublicKeys.map((key) => suite.group.decode(key));
}

/**
 * Which participant has this key, from 1 on.
 *
 * @throws {ThresholdError} `threshold/cocktail`: host_key.
 */
export function findParticipant<P>(params: CocktailParams<P>, secret: Scalar): number {
  const { group } = params.suite;
  const own = secret === 0n ? undefined : group.encode(group.multiplyBase(secret));
  const at = params.hostPublicKeys.findIndex((key) => own !== undefined && equalBytes(key, own));
  if (at < 0) throw blameCocktail("host_key");
  return at + 1;
}

/** What a participant publishes with its first message: encodings. */
export interface PublicPart {
  /** `threshold` elements, one after another. */
  readonly commitments: Uint8Array;
  readonly proof: Uint8Array;
  readonly ephemeral: Uint8Array;
}

/**
 * The bytes that all sign in the end.
 *
 * @throws {ThresholdError} `threshold/range` for an extension that is too long.
 */
export function encodeCocktailTranscript<P>(
  params: CocktailParams<P>,
  parts: readonly PublicPart[],
  extension: Uint8Array,
): Uint8Array {
  if (extension.length > CONTEXT_BYTES_MAX) throw new ThresholdError({ code: "threshold/range" });
  const { suite, context, threshold, hostPublicKeys } = params;
  return concatBytes(
    withLength(utf8(suite.id)),
    withLength(context),
    u32LittleEndian(hostPublicKeys.length),
    u32LittleEndian(threshold),
    ...hostPublicKeys,
    ...parts.map(({ commitments }) => commitments),
    ...parts.map(({ proof }) => proof),
    ...parts.map(({ ephemeral }) => ephemeral),
    withLength(extension),
  );
}

/** @param commitments of each participant. @throws {ThresholdError} `threshold/identity`: by chance. */
export function createCocktailKey<P>(
  { suite, threshold }: CocktailParams<P>,
  commitments: readonly (readonly P[])[],
): CocktailKey {
  const { group } = suite;
  const sums = Array.from({ length: threshold }, (_, k) =>
    commitments.reduce((sum, list) => group.add(sum, list[k] as P), group.identity),
  );
  return {
    publicKey: group.encode(sums[0] as P),
    threshold,
    publicShares: commitments.map((_, i) => group.encode(publicShare(group, sums, i + 1))),
  };
}
