/** The part of a store below a key prefix, keys without it. Gas is charged for the full keys. */
import { concatBytes } from "@tacit/encoding";
import type { KVStore } from "@tacit/store";
import { prefixEnd } from "./keys.ts";

type Pair = readonly [Uint8Array, Uint8Array];

export function createPrefixStore(parent: KVStore, prefix: Uint8Array): KVStore {
  const full = (key: Uint8Array) => concatBytes(prefix, key);
  const bounds = (start?: Uint8Array, end?: Uint8Array) =>
    [
      start === undefined ? prefix : full(start),
      end === undefined ? prefixEnd(prefix) : full(end),
    ] as const;
  return {
    get: (key) => parent.get(full(key)),
    has: (key) => parent.has(full(key)),
    set: (key, value) => parent.set(full(key), value),
    delete: (key) => parent.delete(full(key)),
    iterator: (start, end) => stripped(parent.iterator(...bounds(start, end)), prefix.length),
    reverseIterator: (start, end) =>
      stripped(parent.reverseIterator(...bounds(start, end)), prefix.length),
  };
}

function stripped(pairs: Iterable<Pair>, prefixBytes: number): Iterable<Pair> {
  return (function* () {
    for (const [key, value] of pairs) yield [key.subarray(prefixBytes), value] as const;
  })();
}
