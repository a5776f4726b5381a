import { invariant } from "@tacit/encoding/errors";

const BLOCK_BYTES = 4_096;
const zeroBlock = new Uint8Array(BLOCK_BYTES);

/** Bytes at a place in a memory, whole blocks. */
interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A memory's content, kept as the blocks that are not zero. */
export class MemoryImage {
  readonly #patches: readonly Patch[];
  readonly bytesHeld: number;

  /** Copies `memory`. */
  constructor(memory: Uint8Array) {
    this.#patches = differentBlocks(memory, () => zeroBlock);
    this.bytesHeld = heldBytes(this.#patches);
  }

  /** What `memory` has become since it was as this image says, beyond whose end it was zero. */
  difference(memory: Uint8Array): MemoryDifference {
    const blocks = new Map<number, Uint8Array>();
    for (const { offset, bytes } of this.#patches) {
      for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
        blocks.set(offset + at, bytes.subarray(at, at + BLOCK_BYTES));
      }
    }
    const patches = differentBlocks(memory, (offset) => blocks.get(offset) ?? zeroBlock);
    return { patches, bytesHeld: heldBytes(patches) };
  }

  /**
   * Makes all of `memory` what it was when `difference` was taken, whatever it is now.
   * @param zeroBytes at its start that are zero, in this image as well.
   */
  restore(memory: Uint8Array, difference: MemoryDifference, zeroBytes: number): void {
    let end = zeroBytes;
    for (const { offset, bytes } of this.#patches) {
      memory.fill(0, end, offset);
      memory.set(bytes, offset);
      end = offset + bytes.length;
    }
    memory.fill(0, end);
    for (const { offset, bytes } of difference.patches) memory.set(bytes, offset);
  }
}

export interface MemoryDifference {
  readonly patches: readonly Patch[];
  readonly bytesHeld: number;
}

/** Neighbouring blocks of `memory` that are not as expected, joined. */
function differentBlocks(memory: Uint8Array, expected: (offset: number) => Uint8Array): Patch[] {
  invariant(memory.length % BLOCK_BYTES === 0, "memories are whole pages");
  const view = Buffer.from(memory.buffer, memory.byteOffset, memory.length);
  const patches: Patch[] = [];
  let start = -1;
  for (let offset = 0; offset <= memory.length; offset += BLOCK_BYTES) {
    const isSame =
      offset === memory.length ||
      view.compare(expected(offset), 0, BLOCK_BYTES, offset, offset + BLOCK_BYTES) === 0;
    if (!isSame && start < 0) start = offset;
    if (isSame && start >= 0) {
      patches.push({ offset: start, bytes: memory.slice(start, offset) });
      start = -1;
    }
  }
  return patches;
}

function heldBytes(patches: readonly Patch[]): number {
  return patches.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
