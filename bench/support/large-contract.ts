/** Makes a contract larger with more of its own code, to measure what depends on size. */

const SECTION = { functions: 3, code: 10 };

interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/**
 * The same contract with its functions repeated behind its own until it has about `bytes` bytes.
 * Nothing calls the copies, but they are checked, instrumented and compiled like any code.
 */
export function enlarge(wasm: Uint8Array, bytes: number): Uint8Array {
  const sections = readSections(wasm).filter(({ id }) => id !== 0);
  const bodies = sections.find(({ id }) => id === SECTION.code)!.content;
  const copies = Math.max(0, Math.round((bytes - wasm.length) / bodies.length));
  const larger = sections.map(({ id, content }) =>
    id === SECTION.functions || id === SECTION.code
      ? { id, content: repeatVector(content, copies + 1) }
      : { id, content },
  );
  const encoded = larger.map(({ id, content }) =>
    Buffer.concat([Uint8Array.of(id), leb(content.length), content]),
  );
  return new Uint8Array(Buffer.concat([wasm.subarray(0, 8), ...encoded]));
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
