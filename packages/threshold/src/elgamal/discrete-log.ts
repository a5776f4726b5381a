/**
 * Finding m in m·G: baby steps in a table, giant steps by search (Shanks).
 *
 * Steps are recognised by the encodings of their doubles, which cost one inversion for many. The
 * table keeps four bytes of each; what it finds is checked by multiplication, so a wrong table
 * finds nothing, but never something wrong.
 */
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group } from "../groups/group.ts";

/** Giant steps that are encoded at once. */
const CHUNK = 256;
/** Steps of a table that are encoded at once. */
const BUILD_CHUNK = 8192;
const BITS_MIN = 4;
const BITS_MAX = 22;
/** Most giant steps of one search. */
const STEPS_MAX = 2 ** 24;

export class DiscreteLogTable<P> {
  readonly #group: Group<P>;
  readonly #steps: number;
  /** The first bytes of the double of (j + 1)·G, as a number, at j. */
  readonly #prints: Uint32Array;
  /** Open addressing: j + 1, or 0 for an empty slot. */
  readonly #slots: Uint32Array;

  private constructor(group: Group<P>, prints: Uint32Array) {
    this.#group = group;
    this.#steps = prints.length;
    this.#prints = prints;
    this.#slots = new Uint32Array(2 * prints.length);
    prints.forEach((print, j) => {
      let slot = print % this.#slots.length;
      while (this.#slots[slot] !== 0) slot = (slot + 1) % this.#slots.length;
      this.#slots[slot] = j + 1;
    });
  }

  /** @param bits of 4 … 22: 2^bits steps, 12 bytes of memory each. @throws `threshold/parameters`. */
  static build<P>(group: Group<P>, bits = 16): DiscreteLogTable<P> {
    if (!Number.isInteger(bits) || bits < BITS_MIN || bits > BITS_MAX) {
      throw new ThresholdError({ code: "threshold/parameters" });
    }
    const prints = new Uint32Array(2 ** bits);
    let step = group.generator;
    for (let start = 0; start < prints.length; start += BUILD_CHUNK) {
      const points: P[] = [];
      const end = Math.min(prints.length, start + BUILD_CHUNK);
      for (let j = start; j < end; j++) {
        points.push(step);
        step = group.add(step, group.generator);
      }
      group.encodeDoubles(points).forEach((bytes, i) => {
        prints[start + i] = fingerprint(bytes);
      });
    }
    return new DiscreteLogTable(group, prints);
  }

  /** Four bytes for each step, little-endian. */
  encode(): Uint8Array {
    const out = new Uint8Array(4 * this.#steps);
    const view = new DataView(out.buffer);
    this.#prints.forEach((print, j) => {
      view.setUint32(4 * j, print, true);
    });
    return out;
  }

  /** @throws {ThresholdError} `threshold/length`; `threshold/parameters` if steps are wrong. */
  static decode<P>(group: Group<P>, bytes: Uint8Array): DiscreteLogTable<P> {
    const bits = Math.log2(bytes.length / 4);
    if (!Number.isInteger(bits) || bits < BITS_MIN || bits > BITS_MAX) {
      assertLength(bytes, 4 * 2 ** 16, "table");
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const prints = Uint32Array.from({ length: 2 ** bits }, (_, j) => view.getUint32(4 * j, true));
    // A spot check against the table of another group or version: first, middle and last step.
    for (const j of [0, prints.length >> 1, prints.length - 1]) {
      const [double] = group.encodeDoubles([group.multiplyBase(BigInt(j + 1))]);
      if (double === undefined || fingerprint(double) !== prints[j]) {
        throw new ThresholdError({ code: "threshold/parameters" });
      }
    }
    return new DiscreteLogTable(group, prints);
  }

  /**
   * The m in 0 … `max` with m·G = `target`. Time depends on m: up to max / 2^bits giant steps.
   *
   * @throws {ThresholdError} `threshold/range` if there is none; `threshold/parameters` if `max`
   * is negative or beyond 2^24 giant steps.
   */
  solve(target: P, max: bigint): bigint {
    const group = this.#group;
    const width = BigInt(this.#steps);
    if (max < 0n || max / width > BigInt(STEPS_MAX)) {
      throw new ThresholdError({ code: "threshold/parameters" });
    }
    // m + 1 = i · 2^bits + j with j from 1 on: step i is (m + 1)·G - i · 2^bits·G.
    let step = group.add(target, group.generator);
    const giant = group.multiplyBase(width);
    const steps = Number(max / width) + 1;
    for (let start = 0; start < steps; start += CHUNK) {
      const points: P[] = [];
      for (let i = start; i < Math.min(steps, start + CHUNK); i++) {
        // Beyond the identity there is nothing to find: the step before had j = 2^bits.
        if (group.isIdentity(step)) break;
        points.push(step);
        step = group.subtract(step, giant);
      }
      const found = this.#search(points, start);
      if (found !== undefined && found <= max) return found;
      if (points.length < Math.min(CHUNK, steps - start)) break;
    }
    throw new ThresholdError({ code: "threshold/range" });
  }

  /** The first hit among the steps from number `start` on that multiplication confirms. */
  #search(points: readonly P[], start: number): bigint | undefined {
    const group = this.#group;
    const encodings = group.encodeDoubles(points);
    for (const [i, bytes] of encodings.entries()) {
      const print = fingerprint(bytes);
      let slot = print % this.#slots.length;
      for (
        let held = this.#slots[slot];
        held !== undefined && held !== 0;
        held = this.#slots[slot]
      ) {
        if (this.#prints[held - 1] === print && this.#isRight(BigInt(held), points[i] as P)) {
          return BigInt(start + i) * BigInt(this.#steps) + BigInt(held) - 1n;
        }
        slot = (slot + 1) % this.#slots.length;
      }
    }
    return undefined;
  }

  #isRight(scalar: bigint, point: P): boolean {
    return this.#group.equal(this.#group.multiplyBase(scalar), point);
  }
}

function fingerprint(encoding: Uint8Array): number {
  return new DataView(encoding.buffer, encoding.byteOffset).getUint32(0, true);
}
