import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CounterApp } from "../../test/counter-app.ts";
import { inDirectory, openNode, type TestNode, textBytes } from "../../test/node.ts";

async function makeBlocks({ engine }: TestNode, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const height = engine.status().latestHeight + 1n;
    await engine.broadcastTx(textBytes(`k${height}=v`));
    await engine.produceBlock();
  }
}

describe("the handshake", () => {
  it("replays every block to an application that lost its state", () =>
    inDirectory(async (directory) => {
      const first = await openNode(directory);
      await makeBlocks(first, 5);
      await first.engine.stop();
      rmSync(join(directory, "app.json"));
      const second = await openNode(directory);
      expect(second.app.entries).toEqual(first.app.entries);
      expect(second.app.requests).toEqual(first.app.requests);
      await makeBlocks(second, 1);
      expect(second.engine.status().latestHeight).toBe(6n);
      await second.engine.stop();
    }));

  it("replays the blocks an older application lacks", () =>
    inDirectory(async (directory) => {
      const first = await openNode(directory);
      await makeBlocks(first, 2);
      cpSync(join(directory, "app.json"), join(directory, "old.json"));
      await makeBlocks(first, 3);
      await first.engine.stop();
      const app = new CounterApp(join(directory, "old.json"));
      const second = await openNode(directory, { app });
      expect(app.requests.map(({ height }) => height)).toEqual([3n, 4n, 5n]);
      expect(app.requests).toEqual(first.app.requests.slice(2));
      await second.engine.stop();
    }));

  it("refuses an application that is ahead of the blocks", () =>
    inDirectory(async (directory) => {
      const first = await openNode(directory);
      await makeBlocks(first, 2);
      await first.engine.stop();
      rmSync(join(directory, "chain"), { recursive: true });
      await expect(openNode(directory)).rejects.toMatchObject({
        failure: { code: "consensus/app_ahead", app: 2n, store: 0n },
      });
      const other = await openNode(join(directory, "other"));
      await makeBlocks(other, 1);
      await other.engine.stop();
      const app = new CounterApp(join(directory, "app.json"));
      await expect(openNode(join(directory, "other"), { app })).rejects.toMatchObject({
        failure: { code: "consensus/app_ahead", app: 2n, store: 1n },
      });
    }));

  it("refuses an application with another state", () =>
    inDirectory(async (directory) => {
      const first = await openNode(directory);
      await makeBlocks(first, 2);
      await first.engine.stop();
      const other = await openNode(join(directory, "other"), { genesis: { appState: { b: "2" } } });
      await makeBlocks(other, 2);
      await other.engine.stop();
      const app = new CounterApp(join(directory, "other", "app.json"));
      await expect(openNode(directory, { app })).rejects.toMatchObject({
        failure: { code: "consensus/app_hash_mismatch", height: 2n },
      });
    }));

  it("refuses another genesis document", () =>
    inDirectory(async (directory) => {
      const first = await openNode(directory);
      await first.engine.stop();
      await expect(
        openNode(directory, { genesis: { appState: { other: "1" } } }),
      ).rejects.toMatchObject({ code: "consensus/genesis_changed" });
    }));

  it("begins at the initial height of the genesis document", () =>
    inDirectory(async (directory) => {
      const genesis = { initialHeight: 100n };
      const first = await openNode(directory, { genesis });
      await makeBlocks(first, 2);
      expect(first.engine.status()).toMatchObject({ latestHeight: 101n, earliestHeight: 100n });
      expect(first.engine.block(100n)?.block.lastCommit.signatures).toEqual([]);
      await first.engine.stop();
      rmSync(join(directory, "app.json"));
      const second = await openNode(directory, { genesis });
      expect(second.app.requests).toEqual(first.app.requests);
      await second.engine.stop();
    }));
});
