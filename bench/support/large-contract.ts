/** Makes a contract larger with more of its own code and data, to measure what depends on size. */

const SECTION = { functions: 3, memory: 5, code: 10, data: 11 };
const PAGE_BYTES = 65_536;
const I32_CONST = 0x41;
const END = 0x0b;

interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/**
 * The same contract with its functions and its data repeated behind its own until it has
 * `bytes` bytes or more. Nothing calls the copies, but they are checked, instrumented and compiled like any
 * code; nothing reads the data, but every instance has it.
 */
export function enlarge(wasm: Uint8Array, bytes: number): Uint8Array {
  const sections = readSections(wasm).filter(({ id }) => id !== 0);
  const contentOf = (wanted: number) => sections.find(({ id }) => id === wanted)!.content;
  const repeated = contentOf(SECTION.code).length + contentOf(SECTION.data).length;
  const copies = Math.max(0, Math.ceil((bytes - wasm.length) / repeated));
  const { value: pages } = readLeb(contentOf(SECTION.memory), 2);
  const data = repeatData(contentOf(SECTION.data), pages * PAGE_BYTES, copies);
  const larger = sections.map(({ id, content }) => {
    if (id === SECTION.functions || id === SECTION.code) {
      return { id, content: repeatVector(content, copies + 1) };
    }
    if (id === SECTION.data) return { id, content: data.content };
    if (id !== SECTION.memory) return { id, content };
    return { id, content: Buffer.concat([Uint8Array.of(1, 0), leb(data.end / PAGE_BYTES)]) };
  });
  const encoded = larger.map(({ id, content }) =>
    Buffer.concat([Uint8Array.of(id), leb(content.length), content]),
  );
  return new Uint8Array(Buffer.concat([wasm.subarray(0, 8), ...encoded]));
}

/**
 * Copies of all segments from `start` on, behind the memory as it was.
 * @returns `end`: where the last page ends that they need.
 */
function repeatData(
  content: Uint8Array,
  start: number,
  copies: number,
): { readonly content: Uint8Array; readonly end: number } {
  const { value: count, end: first } = readLeb(content, 0);
  const added: Uint8Array[] = [];
  let place = start;
  for (let copy = 0; copy < copies; copy++) {
    for (let at = first; at < content.length; ) {
      const offset = readLeb(content, at + 2);
      const length = readLeb(content, offset.end + 1);
      const next = length.end + length.value;
      const head = [Uint8Array.of(0, I32_CONST), signedLeb(place), Uint8Array.of(END)];
      added.push(...head, content.subarray(offset.end + 1, next));
      place += length.value;
      at = next;
    }
  }
  const end = Math.ceil(place / PAGE_BYTES) * PAGE_BYTES;
  const all = [leb(count * (copies + 1)), content.subarray(first), ...added];
  return { content: Buffer.concat(all), end };
}

function readSections(wasm: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = 8; at < wasm.length; ) {
    const id = wasm[at]!;
    const { value: length, end } = readLeb(wasm, at + 1);
    sections.push({ id, content: wasm.subarray(end, end + length) });
    at = end + length;
  }
  return sections;
}

/** A vector is a count and its elements. */
function repeatVector(content: Uint8Array, times: number): Uint8Array {
  const { value: count, end } = readLeb(content, 0);
  const elements = new Array<Uint8Array>(times).fill(content.subarray(end));
  return Buffer.concat([leb(count * times), ...elements]);
}

function readLeb(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start, shift = 0; ; at++, shift += 7) {
    value += (bytes[at]! & 0x7f) * 2 ** shift;
    if (bytes[at]! < 0x80) return { value, end: at + 1 };
  }
}

function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

/** Four bytes, for what is below 2^27. */
function signedLeb(value: number): Uint8Array {
  const more = [0, 7, 14].map((shift) => ((value >> shift) & 0x7f) | 0x80);
  return Uint8Array.of(...more, value >> 21);
}
