/** What a chain's stores hold, without the history that roots of IAVL trees also show. */
import { toHex } from "@tacit/encoding";
import type { MultiStoreView } from "@tacit/store";

/** `store/key → value`, hex; keys that `isLeftOut` names are not in it. */
export function storeContents(
  view: MultiStoreView,
  names: readonly string[],
  isLeftOut: (store: string, key: Uint8Array) => boolean = () => false,
): Map<string, string> {
  const contents = new Map<string, string>();
  for (const name of names) {
    for (const [key, value] of view.kvStore(name).iterator()) {
      if (!isLeftOut(name, key)) contents.set(`${name}/${toHex(key)}`, toHex(value));
    }
  }
  return contents;
}

/** Keys whose values differ, with both. */
export function differences(
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): readonly string[] {
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort();
  return keys
    .filter((key) => a.get(key) !== b.get(key))
    .map((key) => `${key}: ${a.get(key) ?? "–"} ≠ ${b.get(key) ?? "–"}`);
}
