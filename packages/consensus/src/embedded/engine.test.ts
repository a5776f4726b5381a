import { describe, expect, it } from "vitest";
import { inDirectory, openNode, textBytes } from "../../test/node.ts";

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
      expect(app.entries.get("a")).toBe("1");
      await engine.stop();
    }));
});
