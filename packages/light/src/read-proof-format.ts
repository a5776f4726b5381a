/**
 * The compact proof of one read against the root of an IAVL tree, made for an enclave that checks
 * thousands a second: no protobuf, one pass, no allocation but the result.
 *
 * ```
 * proof    = 00 version count step*                                 present
 *          | 01 leaf leaf count step* count step* prefix count step*  absent, between two neighbours
 *          | 02 leaf count step*                                    absent, before the first key
 *          | 03 leaf count step*                                    absent, after the last key
 *          | 04                                                     absent, the tree is empty
 * leaf     = keyLength key version valueHash(32)
 * step     = side|prefixLength(1) prefix sibling(32)                side: 0x80 if the sibling is left
 * prefix   = prefixLength(1) zigzag(height) zigzag(size) zigzag(version)
 * ```
 * `version` and `keyLength` are unsigned varints, `count` is one byte. Steps go from the leaf up.
 * Between two neighbours, the first path ends below the node where both meet, as the right-most of
 * its left side, the second as the left-most of its right side; then come that node's prefix and
 * the path from there to the root.
 *
 * Why this is sound: an inner node's hash begins with zigzag(height) ≥ 2 and a leaf's with 0, so
 * neither can pass for the other; lengths are fixed by the prefix, so children cannot move; and a
 * leaf's key and value hash stand in it with their lengths.
 */
import { HASH_BYTES, writeId, writeUvarint } from "./ids.ts";

export const READ_PRESENT = 0;
export const READ_ABSENT_BETWEEN = 1;
export const READ_ABSENT_BEFORE = 2;
export const READ_ABSENT_AFTER = 3;
export const READ_ABSENT_EMPTY = 4;

/** Set in a step's first byte when the sibling is the left child. */
export const SIBLING_LEFT = 0x80;

/** Three varints of at least one byte each. */
export const PREFIX_BYTES_MIN = 3;
/** Height fits one byte, size and version 53 bits: zigzag takes 8 bytes each. */
export const PREFIX_BYTES_MAX = 17;

/** An AVL tree of 2^53 keys is at most 77 high. */
export const STEPS_MAX = 80;

const STEP_BYTES_MAX = 1 + PREFIX_BYTES_MAX + HASH_BYTES;
const START_BYTES = 1024;

/** Writes a proof from the leaf up. Hashes and keys are ids; numbers are below 2^52. */
export class ReadProofWriter {
  #bytes = new Uint8Array(START_BYTES);
  #end = 1;

  constructor(kind: number) {
    this.#bytes[0] = kind;
  }

  version(version: number): void {
    this.#reserve(10);
    this.#end = writeUvarint(this.#bytes, version, this.#end);
  }

  /** A neighbour of an absent key. */
  leaf(key: string, version: number, valueHash: string): void {
    this.#reserve(20 + key.length + HASH_BYTES);
    this.#end = writeUvarint(this.#bytes, key.length, this.#end);
    this.#end = writeId(this.#bytes, key, this.#end);
    this.#end = writeUvarint(this.#bytes, version, this.#end);
    this.#end = writeId(this.#bytes, valueHash, this.#end);
  }

  count(count: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = count;
  }

  step(
    siblingIsLeft: boolean,
    node: { readonly height: number; readonly size: number; readonly version: number },
    sibling: string,
  ): void {
    const head = this.#end;
    this.prefix(node);
    if (siblingIsLeft) this.#bytes[head]! |= SIBLING_LEFT;
    this.#end = writeId(this.#bytes, sibling, this.#end);
  }

  prefix(node: { readonly height: number; readonly size: number; readonly version: number }): void {
    this.#reserve(STEP_BYTES_MAX);
    const head = this.#end;
    let end = writeUvarint(this.#bytes, node.height * 2, head + 1);
    end = writeUvarint(this.#bytes, node.size * 2, end);
    end = writeUvarint(this.#bytes, node.version * 2, end);
    this.#bytes[head] = end - head - 1;
    this.#end = end;
  }

  /** The proof; a fresh array. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#end);
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * this.#bytes.length + bytes);
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
  }
}
