/** Elements that nobody knows a relation between, hashed to the group and kept. */
import { concatBytes, u32LittleEndian, utf8 } from "../bytes.ts";
import type { Group } from "../groups/group.ts";

const DST = "tacit/bulletproofs/generators/v1";

interface Generators<P> {
  readonly left: P[];
  readonly right: P[];
}

const kept = new WeakMap<object, Generators<unknown>>();

/** The first `count` generators of both vectors; the same objects each time. */
export function vectorGenerators<P>(group: Group<P>, count: number): Generators<P> {
  const known = (kept.get(group) ?? { left: [], right: [] }) as Generators<P>;
  for (let i = known.left.length; i < count; i++) {
    known.left.push(group.hashToGroup(concatBytes(utf8("G"), u32LittleEndian(i)), DST));
    known.right.push(group.hashToGroup(concatBytes(utf8("H"), u32LittleEndian(i)), DST));
  }
  kept.set(group, known);
  return { left: known.left.slice(0, count), right: known.right.slice(0, count) };
}
