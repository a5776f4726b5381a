/**
 * Secrets that are used once, whatever happens to the machine.
 *
 * A vault forgets a secret before it hands it out, which is enough against crashes; against a
 * snapshot of the whole machine that is restored, something outside of the machine must
 * remember: a counter that only goes up.
 */
import { ThresholdError } from "../errors.ts";
import { ByteReader, ByteWriter } from "./codec.ts";

/** One durable value. `write` resolves once a crash cannot undo it. */
export interface VaultStorage {
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * A counter outside of what snapshots cover: of a chain, a secure element, another machine.
 * `advance` adds one if the counter is at `from`, and says whether it was.
 */
export interface MonotonicCounter {
  read(): Promise<bigint>;
  advance(from: bigint): Promise<boolean>;
}

export interface VaultParts {
  readonly storage: VaultStorage;
  readonly counter: MonotonicCounter;
}

/** Most secrets that wait in one vault. */
export const VAULT_ENTRIES_MAX = 1024;

export interface VaultEntry {
  readonly name: Uint8Array;
  readonly secret: Uint8Array;
}

/** Storage: `counter (8) || count (2) || count x (name, secret, each with its length)`. */
export class BurnVault {
  readonly #parts: VaultParts;
  readonly #entries: Map<string, VaultEntry>;
  #count: bigint;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(parts: VaultParts, count: bigint, entries: Map<string, VaultEntry>) {
    this.#parts = parts;
    this.#count = count;
    this.#entries = entries;
  }

  /**
   * Opens what is stored. If the counter has gone on since, the storage is an old one: whatever
   * secrets it has may have been used, and are dropped.
   *
   * @throws {ThresholdError} `threshold/length` for a storage that is damaged.
   */
  static async open(parts: VaultParts): Promise<BurnVault> {
    const [stored, now] = [await parts.storage.read(), await parts.counter.read()];
    const saved = stored === undefined ? undefined : decodeVault(stored);
    return new BurnVault(parts, now, saved?.count === now ? saved.entries : new Map());
  }

  /** Stored when this resolves. @throws {ThresholdError} `threshold/range` for too many. */
  put(entries: readonly VaultEntry[]): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#entries.size + entries.length > VAULT_ENTRIES_MAX) {
        throw new ThresholdError({ code: "threshold/range" });
      }
      for (const entry of entries) this.#entries.set(nameOf(entry.name), entry);
      await this.#save();
    });
  }

  /**
   * The secret, which is gone from here and from storage before this resolves.
   *
   * @throws {ThresholdError} `threshold/nonce` if it is not here: used, dropped or never stored; or
   * if the counter is elsewhere, which means that this vault, running, is a restored one. All
   * secrets are dropped then.
   */
  take(name: Uint8Array): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      const entry = this.#entries.get(nameOf(name));
      if (entry === undefined) throw new ThresholdError({ code: "threshold/nonce" });
      if (!(await this.#parts.counter.advance(this.#count))) {
        this.#entries.clear();
        this.#count = await this.#parts.counter.read();
        await this.#save();
        throw new ThresholdError({ code: "threshold/nonce" });
      }
      this.#count += 1n;
      this.#entries.delete(nameOf(name));
      await this.#save();
      return entry.secret;
    });
  }

  /** One after the other: two that took at once would write one state each. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run, run);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #save(): Promise<void> {
    const writer = new ByteWriter().unsigned(this.#count, 8).unsigned(this.#entries.size, 2);
    for (const { name, secret } of this.#entries.values()) writer.variable(name).variable(secret);
    return this.#parts.storage.write(writer.bytes());
  }
}

function nameOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function decodeVault(bytes: Uint8Array): { count: bigint; entries: Map<string, VaultEntry> } {
  const reader = new ByteReader(bytes);
  const count = reader.unsignedBig(8);
  const entries = new Map<string, VaultEntry>();
  for (let left = reader.unsigned(2); left > 0; left--) {
    const entry = { name: reader.variable(), secret: reader.variable() };
    entries.set(nameOf(entry.name), entry);
  }
  reader.end();
  return { count, entries };
}
