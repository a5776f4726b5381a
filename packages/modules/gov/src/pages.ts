/**
 * Pages of a collection as the SDK's collections are paged. They differ from those of plain
 * stores where a filter is asked for too: an offset passes over entries that do not match, and a
 * page that begins at a key looks at as many entries as its limit.
 */
import {
  concatBytes,
  type PageRequest,
  type PageResponse,
  PlainError,
  pageLimitDefault,
  prefixEnd,
} from "@tacit/sdk";
import type { KVStore } from "@tacit/store";

export interface CollectionPage<Item> {
  readonly items: Item[];
  readonly pagination: PageResponse;
}

type Pairs = Iterable<readonly [Uint8Array, Uint8Array]>;

const noKey = new Uint8Array();

/**
 * One page of the values below `prefix`; keys of pages are without it.
 * @throws {PlainError} if the request has both key and offset.
 */
export function pageOf<Item>(
  store: KVStore,
  prefix: Uint8Array,
  request: Partial<PageRequest> | undefined,
  {
    read,
    matches = () => true,
  }: {
    readonly read: (value: Uint8Array) => Item;
    readonly matches?: (item: Item) => boolean;
  },
): CollectionPage<Item> {
  const { key = noKey, offset = 0n, reverse = false } = request ?? {};
  if (offset > 0n && key.length > 0) {
    throw new PlainError("invalid request, either offset or key is expected, got both");
  }
  const isLimited = (request?.limit ?? 0n) > 0n;
  const limit = isLimited ? (request?.limit ?? 0n) : pageLimitDefault;
  const countTotal = !isLimited || (request?.countTotal ?? false);
  const pairs = pairsOf(store, concatBytes(prefix, key), prefix, reverse);
  const page = { prefixBytes: prefix.length, limit, read, matches };
  if (key.length > 0) return pageFromKey(pairs, page);
  return pageFromOffset(pairs, { ...page, offset, countTotal });
}

interface PageOptions<Item> {
  readonly prefixBytes: number;
  readonly limit: bigint;
  readonly read: (value: Uint8Array) => Item;
  readonly matches: (item: Item) => boolean;
}

function pageFromKey<Item>(
  pairs: Pairs,
  { prefixBytes, limit, read, matches }: PageOptions<Item>,
): CollectionPage<Item> {
  const items: Item[] = [];
  let seen = 0n;
  for (const [key, value] of pairs) {
    if (seen === limit) {
      return { items, pagination: { nextKey: key.slice(prefixBytes), total: 0n } };
    }
    const item = read(value);
    if (matches(item)) items.push(item);
    seen += 1n;
  }
  return { items, pagination: { nextKey: noKey, total: 0n } };
}

function pageFromOffset<Item>(
  pairs: Pairs,
  options: PageOptions<Item> & { readonly offset: bigint; readonly countTotal: boolean },
): CollectionPage<Item> {
  const { prefixBytes, limit, read, matches, offset, countTotal } = options;
  const items: Item[] = [];
  let nextKey = noKey;
  let passed = 0n;
  let count = 0n;
  for (const [key, value] of pairs) {
    if (passed < offset) {
      passed += 1n;
      continue;
    }
    if (count === limit) {
      nextKey = key.slice(prefixBytes);
      if (!countTotal) break;
    }
    const item = read(value);
    if (!matches(item)) continue;
    if (count < limit) items.push(item);
    count += 1n;
  }
  const isPast = passed < offset;
  const total = countTotal && !isPast ? count + offset : 0n;
  return { items, pagination: { nextKey, total } };
}

/** Ascending from `start`, or descending with `start` the first one shown. */
function pairsOf(store: KVStore, start: Uint8Array, prefix: Uint8Array, reverse: boolean): Pairs {
  if (reverse) return store.reverseIterator(prefix, prefixEnd(start));
  return store.iterator(start, prefixEnd(prefix));
}
