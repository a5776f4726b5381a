/** A key that its holders share: what a run ends with. */
import type { Group } from "../groups/group.ts";
import { publicShare, type Share } from "../vss.ts";
import { type Holder, rangeIndices, type ShareRange, shareCount } from "./config.ts";

/** Known to everybody. */
export interface PublicKeySet {
  readonly publicKey: Uint8Array;
  readonly threshold: number;
  readonly holders: readonly Holder[];
  /** Of share 1, 2, …: the share times the generator. */
  readonly publicShares: readonly Uint8Array[];
}

export interface SharedKey extends PublicKeySet {
  readonly status: "key";
  /** This holder's; empty for who only watches. Secret. */
  readonly shares: readonly Share[];
  /** Dealers whose dealings count. */
  readonly qualified: readonly number[];
}

/** Too few shares behind the dealings, revelations or acknowledgements that are left. */
export interface FailedRun {
  readonly status: "failed";
  readonly have: number;
  readonly need: number;
}

export type RunOutcome = SharedKey | FailedRun;

/** @param commitments of the whole key, as multiples of the generator. */
export function createKeySet<P>(
  group: Group<P>,
  holders: readonly Holder[],
  commitments: readonly P[],
): PublicKeySet {
  const count = shareCount(holders);
  const indices = rangeIndices({ first: 1, count } as ShareRange);
  return {
    publicKey: group.encode(commitments[0] as P),
    threshold: commitments.length,
    holders,
    publicShares: indices.map((index) => group.encode(publicShare(group, commitments, index))),
  };
}
