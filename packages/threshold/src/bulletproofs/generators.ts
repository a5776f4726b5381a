/** Elements that nobody knows a relation between, hashed to the group and kept. */
import { concatBytes, u32LittleEndian, utf8 } from "../bytes.ts";
import type { Group } from "../groups/group.ts";

const DST = "tacit/bulletproofs/generators/v1";

interface Generators<P> {
  readonly left: P[];
  readonly right: P[];
  /** Of the two with one number. */
  readonly sums: P[];
}

const kept = new WeakMap<object, Generators<unknown>>();

/** The first `count` generators of both vectors; the same objects each time. */
export function vectorGenerators<P>(group: Group<P>, count: number): Generators<P> {
  const known = (kept.get(group) ?? { left: [], right: [], sums: [] }) as Generators<P>;
  for (let i = known.left.length; i < count; i++) {
    known.left.push(group.hashToGroup(concatBytes(utf8("G"), u32LittleEndian(i)), DST));
    known.right.push(group.hashToGroup(concatBytes(utf8("H"), u32LittleEndian(i)), DST));
    known.sums.push(group.add(known.left[i] as P, known.right[i] as P));
  }
  kept.set(group, known);
  const { left, right, sums } = known;
  return {
    left: left.slice(0, count),
    right: right.slice(0, count),
    sums: sums.slice(0, count),
  };
}
