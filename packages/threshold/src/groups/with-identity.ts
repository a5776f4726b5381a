/** Encodings in which zeros are the identity, which a sum may be though no summand is. */
import { ThresholdError } from "../errors.ts";
import type { Group } from "./group.ts";

type Coding<P> = Pick<Group<P>, "elementBytes" | "identity" | "isIdentity" | "encode" | "decode">;

export function encodeWithIdentity<P>(group: Coding<P>, point: P): Uint8Array {
  return group.isIdentity(point) ? new Uint8Array(group.elementBytes) : group.encode(point);
}

/** Undefined for what is no element. */
export function decodeWithIdentity<P>(group: Coding<P>, bytes: Uint8Array): P | undefined {
  const isZeros = bytes.length === group.elementBytes && bytes.every((byte) => byte === 0);
  return isZeros ? group.identity : decodeOrUndefined(group, bytes);
}

/** Undefined for what is no element, or the identity. */
export function decodeOrUndefined<P>(
  group: Pick<Group<P>, "decode">,
  bytes: Uint8Array,
): P | undefined {
  try {
    return group.decode(bytes);
  } catch (error) {
    if (error instanceof ThresholdError) return undefined;
    throw error;
  }
}
