/** Transactions that passed CheckTx and wait for a block, first in, first out. */
import { sha256 } from "@tacit/crypto";
import { toHex } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import type { Application, CheckTxResponse, ExecTxResult } from "@tacit/sdk";
import { CHECKS_UNDER_WAY_MAX } from "../limits.ts";
import { TxCache } from "./tx-cache.ts";

export interface MempoolOptions {
  readonly txsMax: number;
  readonly bytesMax: number;
  readonly txBytesMax: number;
  readonly cacheSize: number;
}

export type AddFailure =
  | { readonly code: "tx_in_cache" }
  | { readonly code: "mempool_full"; readonly txs: number }
  | { readonly code: "tx_too_large"; readonly bytesMax: number };

export type AddResult =
  | { readonly ok: true; readonly hash: Uint8Array; readonly check: CheckTxResponse }
  | { readonly ok: false; readonly hash: Uint8Array; readonly error: AddFailure };

interface Entry {
  readonly tx: Uint8Array;
  readonly gasWanted: bigint;
}

/**
 * While a block is executed and committed the pool is locked: no CheckTx is under way then, since
 * Commit resets the state that CheckTx works on. Calls of `add` made in that time wait in line,
 * behind the transactions that are checked again.
 */
export class Mempool {
  readonly #options: MempoolOptions;
  readonly #app: Pick<Application, "checkTx">;
  readonly #onAvailable: () => void;
  readonly #cache: TxCache;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #checking = 0;
  #checkingBytes = 0;
  #isLocked = false;
  /** Calls of CheckTx under way, and those in line for it. */
  #running = 0;
  readonly #line: (() => void)[] = [];
  #onIdle: (() => void) | undefined;

  /** @param modules.onAvailable is called after each transaction that enters. */
  constructor(
    options: MempoolOptions,
    modules: { readonly app: Pick<Application, "checkTx">; readonly onAvailable: () => void },
  ) {
    this.#options = options;
    this.#app = modules.app;
    this.#onAvailable = modules.onAvailable;
    this.#cache = new TxCache(options.cacheSize);
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Runs CheckTx and keeps `tx` if it passes. The array is kept and must not change. */
  async add(tx: Uint8Array): Promise<AddResult> {
    const hash = sha256(tx);
    const error = this.#refuse(tx);
    if (error !== undefined) return { ok: false, hash, error };
    const key = toHex(hash);
    if (!this.#cache.add(key)) return { ok: false, hash, error: { code: "tx_in_cache" } };
    this.#checking += 1;
    this.#checkingBytes += tx.length;
    try {
      const check = await this.#check(tx);
      if (check.code === 0) this.#insert(key, tx, check.gasWanted);
      else this.#cache.remove(key);
      return { ok: true, hash, check };
    } catch (error) {
      this.#cache.remove(key);
      throw error;
    } finally {
      this.#checking -= 1;
      this.#checkingBytes -= tx.length;
    }
  }

  /** The oldest transactions that fit; -1 is no limit. They stay in the pool. */
  reap(limits: { readonly bytesMax: bigint; readonly gasMax: bigint }): Uint8Array[] {
    const txs: Uint8Array[] = [];
    let bytes = 0n;
    let gas = 0n;
    for (const { tx, gasWanted } of this.#entries.values()) {
      bytes += protoBytes(tx);
      gas += gasWanted;
      if (limits.bytesMax >= 0n && bytes > limits.bytesMax) break;
      if (limits.gasMax >= 0n && gas > limits.gasMax) break;
      txs.push(tx);
    }
    return txs;
  }

  pending(limit: number): Uint8Array[] {
    const txs: Uint8Array[] = [];
    for (const { tx } of this.#entries.values()) {
      if (txs.length >= limit) break;
      txs.push(tx);
    }
    return txs;
  }

  /** Holds back CheckTx until `update` or `unlock`; resolves when none is under way. */
  async lock(): Promise<void> {
    invariant(!this.#isLocked, "the pool is not locked twice");
    this.#isLocked = true;
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  unlock(): void {
    this.#isLocked = false;
    while (this.#mayRun()) this.#startNext();
  }

  /**
   * Takes out what a block contained, checks the rest again on the new state, and unlocks.
   * Nothing new is checked before the rest, so that sequence numbers are used up in order.
   */
  async update(txs: readonly Uint8Array[], results: readonly ExecTxResult[]): Promise<void> {
    txs.forEach((tx, index) => {
      const key = toHex(sha256(tx));
      this.#remove(key);
      if (results[index]?.code === 0) this.#cache.add(key);
      else this.#cache.remove(key);
    });
    try {
      await this.#recheck();
    } finally {
      this.unlock();
    }
  }

  async #recheck(): Promise<void> {
    const rest = this.#entries.entries();
    const work = async () => {
      for (const [key, { tx }] of rest) {
        const { code } = await this.#app.checkTx({ tx, recheck: true });
        if (code === 0) continue;
        this.#remove(key);
        this.#cache.remove(key);
      }
    };
    await Promise.all(Array.from({ length: CHECKS_UNDER_WAY_MAX }, work));
  }

  async #check(tx: Uint8Array): Promise<CheckTxResponse> {
    if (this.#mayStart()) this.#running += 1;
    else await new Promise<void>((resolve) => this.#line.push(resolve));
    try {
      return await this.#app.checkTx({ tx, recheck: false });
    } finally {
      this.#running -= 1;
      if (this.#mayRun()) this.#startNext();
      if (this.#running === 0) this.#onIdle?.();
    }
  }

  #mayStart(): boolean {
    return !this.#isLocked && this.#line.length === 0 && this.#running < CHECKS_UNDER_WAY_MAX;
  }

  #mayRun(): boolean {
    return !this.#isLocked && this.#line.length > 0 && this.#running < CHECKS_UNDER_WAY_MAX;
  }

  #startNext(): void {
    this.#running += 1;
    this.#line.shift()?.();
  }

  #refuse(tx: Uint8Array): AddFailure | undefined {
    const { txsMax, bytesMax, txBytesMax } = this.#options;
    if (tx.length > txBytesMax) return { code: "tx_too_large", bytesMax: txBytesMax };
    const txs = this.#entries.size + this.#checking;
    const bytes = this.#bytes + this.#checkingBytes + tx.length;
    if (txs >= txsMax || bytes > bytesMax) return { code: "mempool_full", txs: this.size };
    return undefined;
  }

  #insert(key: string, tx: Uint8Array, gasWanted: bigint): void {
    this.#entries.set(key, { tx, gasWanted });
    this.#bytes += tx.length;
    this.#onAvailable();
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.tx.length;
  }
}

/** Bytes of `tx` as an element of the block's protobuf `Data` (types.ComputeProtoSizeForTxs). */
export function protoBytes(tx: Uint8Array): bigint {
  let lengthBytes = 1;
  for (let rest = tx.length; rest >= 0x80; rest = Math.floor(rest / 0x80)) lengthBytes += 1;
  return BigInt(1 + lengthBytes + tx.length);
}
