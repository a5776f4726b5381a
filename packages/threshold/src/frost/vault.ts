/**
 * Nonces that are used once, whatever happens to the machine.
 *
 * A nonce used for two messages gives the key share away. A vault forgets a nonce before it
 * hands it out, which is enough against crashes; against a snapshot of the whole machine that is
 * restored, something outside of the machine must remember: a counter that only goes up.
 */
import { ThresholdError } from "../errors.ts";
import type { RandomBytes } from "../groups/group.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import type { Share } from "../vss.ts";
import { commitNonces, drawNonces, type NonceCommitments, type Nonces } from "./sign.ts";
import type { FrostSuite } from "./suites.ts";

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

/** Most nonces that wait in one vault. */
export const NONCES_MAX = 1024;

export class NonceVault<P> {
  readonly #suite: FrostSuite<P>;
  readonly #share: Share;
  readonly #storage: VaultStorage;
  readonly #counter: MonotonicCounter;
  #count: bigint;
  readonly #nonces: Map<string, Nonces>;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    parts: { suite: FrostSuite<P>; share: Share; storage: VaultStorage; counter: MonotonicCounter },
    count: bigint,
    nonces: Map<string, Nonces>,
  ) {
    this.#suite = parts.suite;
    this.#share = parts.share;
    this.#storage = parts.storage;
    this.#counter = parts.counter;
    this.#count = count;
    this.#nonces = nonces;
  }

  /**
   * Opens what is stored. If the counter has gone on since, the storage is an old one: whatever
   * nonces it has may have been used, and are dropped.
   *
   * @throws {ThresholdError} `threshold/length`, `threshold/scalar` for a storage that is damaged.
   */
  static async open<P>(parts: {
    readonly suite: FrostSuite<P>;
    readonly share: Share;
    readonly storage: VaultStorage;
    readonly counter: MonotonicCounter;
  }): Promise<NonceVault<P>> {
    const { suite, share, storage, counter } = parts;
    const [stored, now] = [await storage.read(), await counter.read()];
    const saved = stored === undefined ? undefined : decodeVault(suite, share.index, stored);
    const nonces = saved?.count === now ? saved.nonces : new Map<string, Nonces>();
    return new NonceVault(parts, now, nonces);
  }

  /**
   * Draws nonces, stores them, and returns their commitments to publish.
   *
   * @throws {ThresholdError} `threshold/range` for more than {@link NONCES_MAX} waiting.
   */
  commit(count: number, random?: RandomBytes): Promise<NonceCommitments[]> {
    return this.#inTurn(async () => {
      if (this.#nonces.size + count > NONCES_MAX) {
        throw new ThresholdError({ code: "threshold/range" });
      }
      const drawn = Array.from({ length: count }, () =>
        drawNonces(this.#suite, this.#share, random),
      );
      for (const { nonces, commitments } of drawn) this.#nonces.set(nameOf(commitments), nonces);
      await this.#save();
      return drawn.map(({ commitments }) => commitments);
    });
  }

  /**
   * The nonces of `commitments`, which are gone from here and from storage before this resolves.
   *
   * @throws {ThresholdError} `threshold/nonce` if they are not here: used, dropped or never drawn;
   * or if the counter is elsewhere, which means that this vault, running, is a restored one. All
   * nonces are dropped then.
   */
  take(commitments: NonceCommitments): Promise<Nonces> {
    return this.#inTurn(async () => {
      const name = nameOf(commitments);
      const nonces = this.#nonces.get(name);
      if (nonces === undefined) throw new ThresholdError({ code: "threshold/nonce" });
      if (!(await this.#counter.advance(this.#count))) {
        this.#nonces.clear();
        this.#count = await this.#counter.read();
        await this.#save();
        throw new ThresholdError({ code: "threshold/nonce" });
      }
      this.#count += 1n;
      this.#nonces.delete(name);
      await this.#save();
      return nonces;
    });
  }

  /** One after the other: two that took at once would write one state each. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run, run);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #save(): Promise<void> {
    const { group } = this.#suite;
    const writer = new ByteWriter().unsigned(this.#count, 8).unsigned(this.#nonces.size, 2);
    for (const { hiding, binding } of this.#nonces.values()) {
      writer.scalar(group, hiding).scalar(group, binding);
    }
    return this.#storage.write(writer.bytes());
  }
}

function nameOf({ hiding, binding }: NonceCommitments): string {
  return String.fromCharCode(...hiding, ...binding);
}

function decodeVault<P>(suite: FrostSuite<P>, index: number, bytes: Uint8Array) {
  const reader = new ByteReader(bytes);
  const count = reader.unsignedBig(8);
  const nonces = new Map<string, Nonces>();
  for (let left = reader.unsigned(2); left > 0; left--) {
    const item = {
      hiding: reader.scalar(suite.group),
      binding: reader.scalar(suite.group),
    };
    nonces.set(nameOf(commitNonces(suite, index, item)), item);
  }
  reader.end();
  return { count, nonces };
}
