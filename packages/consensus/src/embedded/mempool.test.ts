import type { CheckTxResponse, ExecTxResult } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { textBytes } from "../../test/node.ts";
import { Mempool, type MempoolOptions } from "./mempool.ts";

const OK: CheckTxResponse = {
  code: 0,
  data: new Uint8Array(0),
  log: "",
  info: "",
  gasWanted: 10n,
  gasUsed: 1n,
  events: [],
  codespace: "",
};
const FAILED: ExecTxResult = { ...OK, code: 5 };
const OPTIONS: MempoolOptions = { txsMax: 3, bytesMax: 100, txBytesMax: 50, cacheSize: 10 };
const a = textBytes("a");
const b = textBytes("b");
const c = textBytes("c");

interface Checked {
  readonly pool: Mempool;
  /** What CheckTx was asked, in order; a trailing `!` is a recheck. */
  readonly calls: string[];
  available: number;
}

/** A pool over a CheckTx that answers by `verdict`. */
function createPool(
  options: Partial<MempoolOptions> = {},
  verdict: (text: string, recheck: boolean) => CheckTxResponse | Promise<CheckTxResponse> = () =>
    OK,
): Checked {
  const calls: string[] = [];
  const app = {
    checkTx: async ({ tx, recheck }: { tx: Uint8Array; recheck: boolean }) => {
      const text = new TextDecoder().decode(tx);
      calls.push(recheck ? `${text}!` : text);
      return verdict(text, recheck);
    },
  };
  const checked: Checked = {
    calls,
    available: 0,
    pool: new Mempool(
      { ...OPTIONS, ...options },
      {
        app,
        onAvailable: () => {
          checked.available += 1;
        },
      },
    ),
  };
  return checked;
}

describe("the pool", () => {
  it("hands out transactions in the order of their coming, within bytes and gas", async () => {
    const { pool } = createPool();
    for (const tx of [b, a, c]) await pool.add(tx);
    expect(pool.reap({ bytesMax: -1n, gasMax: -1n })).toEqual([b, a, c]);
    // One byte is three as an element of the block's data.
    expect(pool.reap({ bytesMax: 6n, gasMax: -1n })).toEqual([b, a]);
    expect(pool.reap({ bytesMax: 5n, gasMax: -1n })).toEqual([b]);
    expect(pool.reap({ bytesMax: -1n, gasMax: 29n })).toEqual([b, a]);
    expect(pool.pending(1)).toEqual([b]);
    expect([pool.size, pool.bytes]).toEqual([3, 3]);
  });

  it("refuses what it has seen, also while it is still checked and after it was committed", async () => {
    const { pool } = createPool();
    const [first, second] = await Promise.all([pool.add(a), pool.add(a)]);
    expect(first.ok).toBe(true);
    expect(second).toMatchObject({ ok: false, error: { code: "tx_in_cache" } });
    await pool.lock();
    await pool.update([a], [OK]);
    expect(await pool.add(a)).toMatchObject({ ok: false, error: { code: "tx_in_cache" } });
  });

  it("lets in again what failed in its check or in its block", async () => {
    let code = 5;
    const { pool } = createPool({}, () => ({ ...OK, code }));
    expect(await pool.add(a)).toMatchObject({ ok: true, check: { code: 5 } });
    expect(pool.size).toBe(0);
    code = 0;
    expect(await pool.add(a)).toMatchObject({ ok: true, check: { code: 0 } });
    await pool.lock();
    await pool.update([a], [FAILED]);
    expect(await pool.add(a)).toMatchObject({ ok: true });
  });

  it("lets in again what could not be checked", async () => {
    let broken = true;
    const { pool } = createPool({}, () => {
      if (broken) throw new RangeError("no worker");
      return OK;
    });
    await expect(pool.add(a)).rejects.toThrow("no worker");
    broken = false;
    expect(await pool.add(a)).toMatchObject({ ok: true });
  });

  it("refuses more than its bounds, counting what is being checked", async () => {
    const { pool } = createPool({ txsMax: 2 });
    const sent = await Promise.all([a, b, c].map((tx) => pool.add(tx)));
    expect(sent.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(await pool.add(c)).toMatchObject({ error: { code: "mempool_full", txs: 2 } });
    const small = createPool({ bytesMax: 30 }).pool;
    expect(await small.add(new Uint8Array(30))).toMatchObject({ ok: true });
    expect(await small.add(a)).toMatchObject({ error: { code: "mempool_full" } });
    expect(await small.add(new Uint8Array(51))).toMatchObject({
      error: { code: "tx_too_large", bytesMax: 50 },
    });
  });

  it("forgets the oldest hashes first", async () => {
    const { pool } = createPool({ cacheSize: 2, txsMax: 10 });
    for (const tx of [a, b]) await pool.add(tx);
    await pool.lock();
    await pool.update([a, b], [OK, OK]);
    await pool.add(c);
    expect((await pool.add(a)).ok).toBe(true);
    expect((await pool.add(c)).ok).toBe(false);
  });

  it("checks the rest again after a block, before anything new, and drops what fails", async () => {
    let height = 0;
    const { pool, calls } = createPool({ txsMax: 4 }, (text, recheck) =>
      recheck && text === "b" && height === 1 ? FAILED : OK,
    );
    for (const tx of [a, b, c]) await pool.add(tx);
    await pool.lock();
    const late = pool.add(textBytes("d"));
    height = 1;
    await pool.update([a], [OK]);
    await late;
    expect(calls).toEqual(["a", "b", "c", "b!", "c!", "d"]);
    expect(pool.pending(9)).toEqual([c, textBytes("d")]);
  });

  it("waits for checks that are under way before it is locked", async () => {
    const { promise, resolve } = Promise.withResolvers<CheckTxResponse>();
    const { pool } = createPool({}, () => promise);
    const adding = pool.add(a);
    let isLocked = false;
    const locking = pool.lock().then(() => {
      isLocked = true;
    });
    await Promise.resolve();
    expect(isLocked).toBe(false);
    resolve(OK);
    await Promise.all([adding, locking]);
    expect(pool.size).toBe(1);
  });

  it("says that something is there, once a transaction", async () => {
    const checked = createPool();
    await checked.pool.add(a);
    await checked.pool.add(b);
    await checked.pool.add(b);
    expect(checked.available).toBe(2);
  });
});
