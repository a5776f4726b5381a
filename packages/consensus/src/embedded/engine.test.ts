import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CounterApp } from "../../test/counter-app.ts";
import { inDirectory, openNode, textBytes } from "../../test/node.ts";
import type { ChainEvent } from "./events.ts";

describe("the embedded engine", () => {
  it("puts a transaction into the next block and makes it findable", () =>
    inDirectory(async (directory) => {
      const { engine, app } = await openNode(directory);
      const sent = await engine.broadcastTx(textBytes("a=1"));
      expect(sent.ok).toBe(true);
      await engine.produceBlock();
      expect(engine.status().latestHeight).toBe(1n);
      expect(engine.block(1n)?.block.txs).toEqual([textBytes("a=1")]);
      expect(engine.tx(sent.hash)).toMatchObject({ height: 1n, index: 0, result: { code: 0 } });
      expect(engine.tx(new Uint8Array(32))).toBeUndefined();
      expect(engine.tx(new Uint8Array(1))).toBeUndefined();
      expect(app.entries.get("a")).toBe("1");
      await engine.stop();
    }));

  it("shows a block only when it is finished", () =>
    inDirectory(async (directory) => {
      const seen: unknown[] = [];
      const node = await openNode(directory, {
        onStep: (step, height) => {
          if (height !== 2n) return;
          const { engine } = node;
          seen.push([step, engine.status().latestHeight, engine.block(2n), engine.tx(hash)]);
        },
      });
      const { engine } = node;
      await engine.produceBlock();
      const { hash } = await engine.broadcastTx(textBytes("a=1"));
      await engine.produceBlock();
      expect(seen).toHaveLength(9);
      for (const [, height, block] of seen as unknown[][]) {
        expect([height, block]).toEqual([1n, undefined]);
      }
      expect(engine.tx(hash)?.height).toBe(2n);
      await engine.stop();
    }));

  it("tells of a block before its transactions, in their order", () =>
    inDirectory(async (directory) => {
      const { engine } = await openNode(directory);
      const events: ChainEvent[] = [];
      const end = engine.subscribe((event) => events.push(event));
      for (const text of ["a=1", "b=1"]) await engine.broadcastTx(textBytes(text));
      await engine.produceBlock();
      end();
      await engine.produceBlock();
      expect(events.map(({ type }) => type)).toEqual(["NewBlock", "Tx", "Tx"]);
      const matches = engine.compileQuery("tm.event='Tx' AND set.key='b'");
      expect(events.map(matches)).toEqual([false, false, true]);
      await engine.stop();
    }));

  it("does not wait for a check that the application holds back until Commit", () =>
    inDirectory(async (directory) => {
      const app = new HoldingApp(join(directory, "app.json"));
      let late: Promise<unknown> | undefined;
      const { engine } = await openNode(directory, {
        app,
        onStep: (step) => {
          if (step === "after_finalize") late ??= engine.broadcastTx(textBytes("late=1"));
        },
      });
      await engine.produceBlock();
      expect(await late).toMatchObject({ ok: true, check: { code: 0 } });
      expect(engine.pendingTxs(1).total).toBe(1);
      await engine.stop();
    }));

  it("makes blocks one after the other when asked for many at once", () =>
    inDirectory(async (directory) => {
      const { engine } = await openNode(directory);
      await Promise.all([1, 2, 3].map(() => engine.produceBlock()));
      expect(engine.status().latestHeight).toBe(3n);
      await engine.stop();
    }));

  it("goes on when a listener fails, and tells the others", () =>
    inDirectory(async (directory) => {
      const { engine, warnings } = await openNode(directory);
      const heard: string[] = [];
      engine.subscribe(() => {
        throw new RangeError("socket gone");
      });
      engine.subscribe(({ type }) => heard.push(type));
      await engine.produceBlock();
      await engine.produceBlock();
      expect(heard).toEqual(["NewBlock", "NewBlock"]);
      expect(warnings).toContain("a listener failed: socket gone");
      await engine.stop();
    }));

  it("uses changed parameters from the next block on", () =>
    inDirectory(async (directory) => {
      const { engine } = await openNode(directory);
      await engine.broadcastTx(textBytes("gas=15"));
      await engine.produceBlock();
      for (const text of ["a=1", "b=1"]) await engine.broadcastTx(textBytes(text));
      await engine.produceBlock();
      expect(engine.block(2n)?.block.txs).toHaveLength(1);
      const [first, second] = [1n, 2n].map((height) => engine.block(height)?.block.header);
      expect([first?.version.app, second?.version.app]).toEqual([0n, 2n]);
      expect(second?.consensusHash).not.toEqual(first?.consensusHash);
      const gas = [1n, 2n, 3n].map((height) => engine.consensusParams(height)?.block.maxGas);
      expect(gas).toEqual([-1n, 15n, 15n]);
      expect(engine.consensusParams(4n)).toBeUndefined();
      await engine.stop();
    }));

  it("forgets the blocks that the application no longer needs", () =>
    inDirectory(async (directory) => {
      const { engine } = await openNode(directory);
      const { hash } = await engine.broadcastTx(textBytes("keep=2"));
      for (let i = 0; i < 5; i++) {
        await engine.broadcastTx(textBytes(`k${i}=v`));
        await engine.produceBlock();
      }
      expect(engine.status()).toMatchObject({ earliestHeight: 4n, latestHeight: 5n });
      expect([engine.block(3n), engine.blockResults(3n), engine.tx(hash)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      const found = await engine.txSearch("set.value='v'", { page: 1, perPage: 9, order: "asc" });
      expect(found.txs.map(({ height }) => height)).toEqual([4n, 5n]);
      await engine.stop();
      const restarted = await openNode(directory);
      await restarted.engine.produceBlock();
      expect(restarted.engine.status()).toMatchObject({ earliestHeight: 5n, latestHeight: 6n });
      await restarted.engine.stop();
      const app = new CounterApp(join(directory, "lost.json"));
      await expect(openNode(directory, { app })).rejects.toMatchObject({
        failure: { code: "consensus/app_too_far_behind", app: 0n, base: 5n },
      });
    }));

  it("keeps a transaction that does not fit for the next block", () =>
    inDirectory(async (directory) => {
      const { engine } = await openNode(directory, {
        genesis: {
          consensusParams: {
            block: { maxBytes: 2_000n, maxGas: 20n },
            evidence: { maxAgeNumBlocks: 1n, maxAgeDurationNs: 1n, maxBytes: 0n },
            validator: { pubKeyTypes: ["ed25519"] },
            version: { app: 0n },
            abci: { voteExtensionsEnableHeight: 0n },
          },
        },
      });
      for (const text of ["a=1", "b=1", "c=1"]) await engine.broadcastTx(textBytes(text));
      await engine.broadcastTx(textBytes(`d=${"x".repeat(1_300)}`));
      for (let i = 0; i < 3; i++) await engine.produceBlock();
      const counts = [1n, 2n, 3n].map((height) => engine.block(height)?.block.txs.length);
      // 20 of gas is two transactions; the third and the long one pass 2,000 bytes together.
      expect(counts).toEqual([2, 1, 0]);
      expect(engine.pendingTxs(9).total).toBe(1);
      await engine.stop();
    }));
});

/** As an application of one thread: after FinalizeBlock, checks wait for Commit. */
class HoldingApp extends CounterApp {
  #committed: Promise<void> | undefined;
  #release: () => void = () => {};

  override async finalizeBlock(request: Parameters<CounterApp["finalizeBlock"]>[0]) {
    const response = await super.finalizeBlock(request);
    this.#committed = new Promise((resolve) => {
      this.#release = resolve;
    });
    return response;
  }

  override async checkTx(request: Parameters<CounterApp["checkTx"]>[0]) {
    await this.#committed;
    return super.checkTx(request);
  }

  override async commit() {
    const response = await super.commit();
    this.#committed = undefined;
    this.#release();
    return response;
  }
}
