import { describe, expect, it } from "vitest";
import { inDirectory, openNode, type TestNode, textBytes } from "../../test/node.ts";

/** Lets time pass and waits for the block that it brings. */
async function nextBlock({ engine, clock }: TestNode, ms: number): Promise<void> {
  const made = new Promise<void>((resolve) => {
    const end = engine.subscribe((event) => {
      if (event.type !== "NewBlock") return;
      end();
      resolve();
    });
  });
  clock.advance(ms);
  await made;
  // The schedule plans the next block after the events of this one.
  await new Promise(setImmediate);
}

describe("the schedule", () => {
  it("makes a block at each interval while nothing happens", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      node.engine.start();
      expect(node.clock.nextMs).toBe(5_000);
      await nextBlock(node, 5_000);
      await nextBlock(node, 5_000);
      expect(node.engine.status().latestHeight).toBe(2n);
      await node.engine.stop();
    }));

  it("makes a block soon after a transaction and an empty one after that", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      node.engine.start();
      node.clock.advance(3_000);
      await node.engine.broadcastTx(textBytes("a=1"));
      expect(node.clock.nextMs).toBe(10);
      await node.engine.broadcastTx(textBytes("b=1"));
      expect(node.clock.nextMs).toBe(10);
      await nextBlock(node, 10);
      expect(node.engine.block(1n)?.block.txs).toHaveLength(2);
      expect(node.clock.nextMs).toBe(10);
      await nextBlock(node, 10);
      expect(node.engine.block(2n)?.block.txs).toHaveLength(0);
      expect(node.clock.nextMs).toBe(5_000);
      await node.engine.stop();
    }));

  it("still owes the empty block after a restart", () =>
    inDirectory(async (directory) => {
      const first = await openNode(directory);
      await first.engine.broadcastTx(textBytes("a=1"));
      await first.engine.produceBlock();
      await first.engine.stop();
      const second = await openNode(directory);
      second.engine.start();
      expect(second.clock.nextMs).toBe(10);
      await second.engine.stop();
    }));

  it("stops, and says so, when a block fails", () =>
    inDirectory(async (directory) => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const node = await openNode(directory, {
        onFailure: resolve,
        onStep: (step) => {
          if (step === "before_finalize") throw new RangeError("disk is gone");
        },
      });
      node.engine.start();
      node.clock.advance(5_000);
      expect(await promise).toMatchObject({ message: "disk is gone" });
      expect(node.clock.nextMs).toBeUndefined();
      await expect(node.engine.broadcastTx(textBytes("a=1"))).rejects.toMatchObject({
        code: "consensus/stopped",
      });
      await node.engine.stop();
    }));
});
