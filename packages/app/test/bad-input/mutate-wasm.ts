/** Changes of a WebAssembly module that leave the lengths of its sections right. */
import { concatBytes, equalBytes } from "@tacit/encoding";
import { mutateBytes, mutateOneByte } from "./mutate.ts";
import type { Random } from "./random.ts";

const HEADER_BYTES = 8;
const CODE_SECTION = 10;
const SECTION_IDS = 13;

interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/** Never the same bytes. `wasm` is well-formed. */
export function mutateModule(wasm: Uint8Array, random: Random): Uint8Array {
  const sections = readSections(wasm);
  const index = random.below(sections.length);
  const changed = random.pick(SECTION_CHANGES)(sections, index, random);
  const mutant = concatBytes(wasm.subarray(0, HEADER_BYTES), ...changed.flatMap(written));
  return equalBytes(mutant, wasm) ? mutateBytes(wasm, random) : mutant;
}

type SectionChange = (
  sections: readonly Section[],
  index: number,
  random: Random,
) => readonly Section[];

const changeContent: SectionChange = (sections, index, random) => {
  const section = sections[index] as Section;
  const mutate = random.below(2) === 0 ? mutateBytes : mutateOneByte;
  return sections.with(index, { ...section, content: mutate(section.content, random) });
};

/** One function's body, its length kept right; mostly one byte of it, for what still compiles. */
const changeBody: SectionChange = (sections, _index, random) => {
  const index = sections.findIndex(({ id }) => id === CODE_SECTION);
  const section = sections[index] as Section;
  const count = readLength(section.content, 0);
  const bodies: Uint8Array[] = [];
  for (let at = count.end; bodies.length < count.value; ) {
    const { value, end } = readLength(section.content, at);
    bodies.push(section.content.subarray(end, end + value));
    at = end + value;
  }
  const which = random.below(bodies.length);
  const mutate = random.below(8) === 0 ? mutateBytes : mutateOneByte;
  const changed = bodies.with(which, mutate(bodies[which] as Uint8Array, random));
  const content = concatBytes(
    section.content.subarray(0, count.end),
    ...changed.flatMap((body) => [writeLength(body.length), body]),
  );
  return sections.with(index, { ...section, content });
};

const SECTION_CHANGES: readonly SectionChange[] = [
  changeContent,
  changeContent,
  changeBody,
  changeBody,
  changeBody,
  changeBody,
  (sections, index) => sections.toSpliced(index, 1),
  (sections, index) => sections.toSpliced(index, 0, sections[index] as Section),
  (sections, index, random) => {
    const other = random.below(sections.length);
    return sections.with(other, sections[index] as Section).with(index, sections[other] as Section);
  },
  (sections, index, random) => {
    const content = random.bytes(random.below(16));
    return sections.toSpliced(index, 0, { id: random.below(SECTION_IDS), content });
  },
];

function readSections(wasm: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = HEADER_BYTES; at < wasm.length; ) {
    const { value, end } = readLength(wasm, at + 1);
    sections.push({ id: wasm[at] as number, content: wasm.subarray(end, end + value) });
    at = end + value;
  }
  return sections;
}

const written = ({ id, content }: Section): Uint8Array[] => [
  Uint8Array.of(id),
  writeLength(content.length),
  content,
];

function readLength(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let end = at, shift = 0; ; end++, shift += 7) {
    const byte = bytes[end] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: end + 1 };
  }
}

function writeLength(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.of(...bytes, rest);
}
