/**
 * What is left of a proof once it has been read: sums that must be the identity. Those of many
 * proofs are checked as one, weighted with numbers that depend on every byte of every proof, so
 * that each verifier comes to the same answer.
 */
import { utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import { DuplexSponge, deriveSessionId } from "./transcript.ts";

/** `points` times `scalars`, one by one, must add to the identity. */
export interface ProductSum<P> {
  readonly points: readonly P[];
  readonly scalars: readonly Scalar[];
}

export interface Claim<P> {
  /** 32 bytes of the transcript after the prover's last word. */
  readonly digest: Uint8Array;
  /** At least one. */
  readonly sums: readonly ProductSum<P>[];
}

/** Two sums that are not the identity cancel with a chance of 2^-128. */
const WEIGHT_BYTES = 16;
const BATCH_SESSION = deriveSessionId(utf8("tacit/batch-weights/v1"));

/** @throws {ThresholdError} `threshold/proof`; also for no claims, which show nothing. */
export function checkClaims<P>(group: Group<P>, claims: readonly Claim<P>[]): void {
  if (!holds(group, claims)) throw new ThresholdError({ code: "threshold/proof" });
}

/**
 * Positions of the claims that do not hold, ascending. All are checked as one; only if that
 * fails, halves are. The bad ones of n claims take at most 2 log2(n) sums each.
 */
export function findFalseClaims<P>(group: Group<P>, claims: readonly Claim<P>[]): number[] {
  if (claims.length === 0 || holds(group, claims)) return [];
  if (claims.length === 1) return [0];
  const middle = claims.length >> 1;
  const right = findFalseClaims(group, claims.slice(middle));
  return [
    ...findFalseClaims(group, claims.slice(0, middle)),
    ...right.map((position) => position + middle),
  ];
}

function holds<P>(group: Group<P>, claims: readonly Claim<P>[]): boolean {
  if (claims.length === 0 || claims.some(({ sums }) => sums.length === 0)) return false;
  // Digests are of one length, so their sequence is unambiguous.
  const sponge = new DuplexSponge(BATCH_SESSION);
  for (const { digest } of claims) sponge.absorb(digest);
  const total = new Map<P, Scalar>();
  for (const { points, scalars } of claims.flatMap(({ sums }) => sums)) {
    const weight = readWeight(sponge.squeeze(WEIGHT_BYTES));
    points.forEach((point, i) => {
      total.set(point, (total.get(point) ?? 0n) + weight * (scalars[i] as Scalar));
    });
  }
  const sum = group.sumOfProducts([...total.keys()], [...total.values()].map(group.reduce));
  return group.isIdentity(sum);
}

function readWeight(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, WEIGHT_BYTES);
  return (view.getBigUint64(0, true) << 64n) | view.getBigUint64(8, true);
}
