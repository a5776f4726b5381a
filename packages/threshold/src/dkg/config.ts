/** Who takes part in a run, which shares each holds, and the bytes that bind all of it. */
import { equalBytes, u16BigEndian, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group } from "../groups/group.ts";
import { ByteWriter } from "../protocol/codec.ts";
import { DuplexSponge, deriveSessionId, encodeString } from "../sigma/transcript.ts";
import { SHARES_MAX } from "../vss.ts";

/** Most holders of one key, whatever their weights. */
export const HOLDERS_MAX = 1024;

/** A member with a long-term key, known to all, and a number of shares by its weight. */
export interface Holder {
  /** An element of the run's group: shares are encrypted to it, messages signed with it. */
  readonly key: Uint8Array;
  /** Shares held, at least 1. */
  readonly weight: number;
}

/** What a run is for. No two runs share all four. */
export interface RunId {
  readonly chainId: string;
  readonly keyId: string;
  readonly epoch: bigint;
  /** 32 bytes. */
  readonly sessionId: Uint8Array;
}

/** Holder `index` (from 1) holds the shares `first` … `first + count - 1`. */
export interface ShareRange {
  readonly index: number;
  readonly first: number;
  readonly count: number;
}

/** Shares go to holders in their order: the first has 1 … weight, and so on. */
export function shareRanges(holders: readonly Holder[]): ShareRange[] {
  let next = 1;
  return holders.map(({ weight }, i) => {
    const range = { index: i + 1, first: next, count: weight };
    next += weight;
    return range;
  });
}

export function rangeIndices({ first, count }: ShareRange): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

export function shareCount(holders: readonly Holder[]): number {
  return holders.reduce((sum, { weight }) => sum + weight, 0);
}

/**
 * @returns the holders' keys.
 * @throws {ThresholdError} `threshold/parameters` for sets, weights and thresholds that make no
 * sense or a key that comes twice; the codes of decoding for keys.
 */
export function decodeHolders<P>(
  group: Group<P>,
  holders: readonly Holder[],
  threshold: number,
): P[] {
  const count = shareCount(holders);
  const sane =
    holders.length >= 1 &&
    holders.length <= HOLDERS_MAX &&
    holders.every(({ weight }) => Number.isInteger(weight) && weight >= 1) &&
    Number.isInteger(threshold) &&
    threshold >= 1 &&
    threshold <= count &&
    count <= SHARES_MAX;
  const twice = holders.some(({ key }, i) =>
    holders.slice(0, i).some((other) => equalBytes(other.key, key)),
  );
  if (!sane || twice) throw new ThresholdError({ code: "threshold/parameters" });
  return holders.map(({ key }) => group.decode(key));
}

/** 32 bytes of everything that all parties agree on before they begin. */
export function deriveContext<P>(
  label: string,
  group: Group<P>,
  run: RunId,
  sets: readonly { readonly holders: readonly Holder[]; readonly threshold: number }[],
): Uint8Array {
  assertLength(run.sessionId, 32, "session id");
  if (run.epoch < 0n || run.epoch >= 1n << 64n)
    throw new ThresholdError({ code: "threshold/range" });
  const sponge = new DuplexSponge(deriveSessionId(utf8(label)));
  for (const text of [group.name, run.chainId, run.keyId]) sponge.absorb(encodeString(utf8(text)));
  sponge.absorb(new ByteWriter().unsigned(run.epoch, 8).fixed(run.sessionId).bytes());
  for (const { holders, threshold } of sets) {
    sponge.absorb(u16BigEndian(threshold));
    sponge.absorb(u16BigEndian(holders.length));
    for (const { key, weight } of holders) {
      sponge.absorb(new ByteWriter().unsigned(weight, 2).variable(key).bytes());
    }
  }
  return sponge.squeeze(32);
}
