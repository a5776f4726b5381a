/** Pages of a store, as `cosmos.base.query.v1beta1` asks for them. */
import type { KVStore } from "@tacit/store";
import { PlainError } from "./errors.ts";
import { createPrefixStore } from "./prefix-store.ts";

/** Entries of a page when the request names no limit. */
export const pageLimitDefault = 100n;

const maxUint64 = (1n << 64n) - 1n;

/** Shape of `PageRequest`; `key` empty means absent. */
export interface PageRequest {
  readonly key: Uint8Array;
  readonly offset: bigint;
  readonly limit: bigint;
  readonly countTotal: boolean;
  readonly reverse: boolean;
}

export interface PageResponse {
  /** Empty when this was the last page. */
  readonly nextKey: Uint8Array;
  readonly total: bigint;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly pagination: PageResponse;
}

const defaults: PageRequest = {
  key: new Uint8Array(),
  offset: 0n,
  limit: 0n,
  countTotal: false,
  reverse: false,
};

/**
 * One page of the pairs below `prefix`; keys reach `read` without it. A pair for which `read`
 * answers undefined is skipped and not counted. Without a limit the page has 100 entries and the
 * total is counted; with a key it never is.
 *
 * @throws {PlainError} if the request has both key and offset.
 */
export function paginate<Item>(
  store: KVStore,
  prefix: Uint8Array,
  request: Partial<PageRequest> | undefined,
  read: (key: Uint8Array, value: Uint8Array) => Item | undefined,
): Page<Item> {
  const asked = { ...defaults, ...request };
  if (asked.offset > 0n && asked.key.length > 0) {
    throw new PlainError("invalid request, either offset or key is expected, got both");
  }
  const isLimited = asked.limit > 0n;
  const limit = isLimited ? asked.limit : pageLimitDefault;
  const countTotal = !isLimited || asked.countTotal;
  const pairs = pairsFrom(createPrefixStore(store, prefix), asked.key, asked.reverse);
  if (asked.key.length > 0) return pageFromKey(pairs, limit, read);
  const end = asked.offset + limit > maxUint64 ? maxUint64 : asked.offset + limit;
  return pageFromOffset(pairs, { offset: asked.offset, end, countTotal }, read);
}

function pageFromKey<Item>(
  pairs: Iterable<readonly [Uint8Array, Uint8Array]>,
  limit: bigint,
  read: (key: Uint8Array, value: Uint8Array) => Item | undefined,
): Page<Item> {
  const items: Item[] = [];
  for (const [key, value] of pairs) {
    if (BigInt(items.length) === limit) {
      return { items, pagination: { nextKey: key.slice(), total: 0n } };
    }
    const item = read(key, value);
    if (item !== undefined) items.push(item);
  }
  return { items, pagination: { nextKey: new Uint8Array(), total: 0n } };
}

function pageFromOffset<Item>(
  pairs: Iterable<readonly [Uint8Array, Uint8Array]>,
  range: { readonly offset: bigint; readonly end: bigint; readonly countTotal: boolean },
  read: (key: Uint8Array, value: Uint8Array) => Item | undefined,
): Page<Item> {
  const items: Item[] = [];
  let nextKey = new Uint8Array();
  let count = 0n;
  for (const [key, value] of pairs) {
    const item = read(key, value);
    if (item === undefined) continue;
    count += 1n;
    if (count <= range.offset) continue;
    if (count <= range.end) {
      items.push(item);
    } else if (count === range.end + 1n) {
      nextKey = key.slice();
      if (!range.countTotal) break;
    }
  }
  return { items, pagination: { nextKey, total: range.countTotal ? count : 0n } };
}

/** Ascending from `key`, or descending with `key` the first one shown. */
function pairsFrom(
  store: KVStore,
  key: Uint8Array,
  reverse: boolean,
): Iterable<readonly [Uint8Array, Uint8Array]> {
  if (!reverse) return store.iterator(key.length > 0 ? key : undefined);
  if (key.length === 0) return store.reverseIterator();
  let end: Uint8Array | undefined;
  let index = 0;
  for (const [next] of store.iterator(key)) {
    if (index === 1) {
      end = next;
      break;
    }
    index += 1;
  }
  return store.reverseIterator(undefined, end);
}
