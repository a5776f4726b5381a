/** `cosmos.store.internal.kv.v1beta1.Pairs`: key-value pairs of a subspace answer. */
import { concatBytes } from "@tacit/encoding";

/** `Pairs{1 repeated Pair{1 key, 2 value}}`. */
export function encodePairs(pairs: readonly (readonly [Uint8Array, Uint8Array])[]): Uint8Array {
  return concatBytes(
    ...pairs.map(([key, value]) => field(0x0a, concatBytes(field(0x0a, key), field(0x12, value)))),
  );
}

/** A length-delimited field; an empty one is left out. */
function field(tag: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes;
  const prefix: number[] = [tag];
  let rest = bytes.length;
  while (rest >= 0x80) {
    prefix.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  prefix.push(rest);
  return concatBytes(Uint8Array.from(prefix), bytes);
}
