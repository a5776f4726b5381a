import { Refusal } from "../errors.ts";
import { BRANCHES_MAX } from "../limits.ts";

/** A record's value, or `null` for "known to be absent". */
export type Known = Uint8Array | null;

const NO_NOTE = new Uint8Array(0);

interface Layer {
  readonly records: Map<string, Known>;
  /** How often each one-time token was granted minus used in this layer. */
  readonly tokens: Map<string, number>;
  /** What came with a token. */
  readonly notes: Map<string, Uint8Array>;
}

/**
 * What the block under way has written, as a stack that mirrors the cache contexts of the host's
 * state machine: a failed sub-message takes its writes with it.
 *
 * Tokens are permissions that calls of this block have handed out to be used once: callback
 * signatures and replies to come.
 */
export class Overlay {
  #layers: Layer[] = [newLayer()];

  /** Forgets everything. */
  reset(): void {
    this.#layers = [newLayer()];
  }

  /** @throws {Refusal} `enclave/unbalanced` past the bound. */
  branch(): void {
    if (this.#layers.length >= BRANCHES_MAX) throw new Refusal("enclave/unbalanced");
    this.#layers.push(newLayer());
  }

  /** @throws {Refusal} `enclave/unbalanced` if no branch is open. */
  commit(): void {
    const top = this.#pop();
    const below = this.#layers.at(-1)!;
    for (const [key, value] of top.records) below.records.set(key, value);
    for (const [token, count] of top.tokens) addTo(below.tokens, token, count);
    for (const [token, note] of top.notes) below.notes.set(token, note);
  }

  /** @throws {Refusal} `enclave/unbalanced` if no branch is open. */
  revert(): void {
    this.#pop();
  }

  get depth(): number {
    return this.#layers.length;
  }

  /** Undefined if the block has not written this record. */
  get(key: string): Known | undefined {
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const value = this.#layers[index]!.records.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  set(key: string, value: Known): void {
    this.#layers.at(-1)!.records.set(key, value);
  }

  /** @param note comes back with `use`; equal tokens have equal notes. */
  grant(token: string, note: Uint8Array = NO_NOTE): void {
    const layer = this.#layers.at(-1)!;
    addTo(layer.tokens, token, 1);
    layer.notes.set(token, note);
  }

  /** Whether the token is there. */
  has(token: string): boolean {
    return this.#layers.reduce((sum, layer) => sum + (layer.tokens.get(token) ?? 0), 0) > 0;
  }

  /** The token's note, if it was there; it is gone afterwards. */
  use(token: string): Uint8Array | undefined {
    if (!this.has(token)) return undefined;
    let note: Uint8Array = NO_NOTE;
    for (const layer of this.#layers) note = layer.notes.get(token) ?? note;
    addTo(this.#layers.at(-1)!.tokens, token, -1);
    return note;
  }

  /** What the whole block has written. @throws {Refusal} `enclave/unbalanced` while a branch is open. */
  finish(): ReadonlyMap<string, Known> {
    if (this.#layers.length !== 1) throw new Refusal("enclave/unbalanced");
    const { records } = this.#layers[0]!;
    this.reset();
    return records;
  }

  #pop(): Layer {
    if (this.#layers.length < 2) throw new Refusal("enclave/unbalanced");
    return this.#layers.pop()!;
  }
}

function newLayer(): Layer {
  return { records: new Map(), tokens: new Map(), notes: new Map() };
}

function addTo(counts: Map<string, number>, token: string, count: number): void {
  counts.set(token, (counts.get(token) ?? 0) + count);
}
