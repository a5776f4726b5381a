/** A node that dies at any step restarts to the chain that an undisturbed twin has. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { chainSummary, makeBlocksUntil } from "../../test/blocks.ts";
import { inDirectory, openNode, type TestNode, textBytes } from "../../test/node.ts";
import { BLOCK_STEPS, type BlockStep } from "./steps.ts";

/** What the test throws where a process would die. */
const DEATH = new RangeError("the process dies here");
const BLOCKS = 4n;

/** Blocks up to where the death is planned, the death, a restart, and the rest. */
async function runWithDeath(directory: string, step: BlockStep, at: bigint): Promise<TestNode> {
  let deaths = 0;
  const dying = await openNode(directory, {
    onStep: (reached, height) => {
      if (reached !== step || height !== at || deaths++ > 0) return;
      throw DEATH;
    },
  });
  await expect(makeBlocksUntil(dying, BLOCKS)).rejects.toBe(DEATH);
  await dying.engine.stop();
  const restarted = await openNode(directory);
  await makeBlocksUntil(restarted, BLOCKS);
  return restarted;
}

const cases = BLOCK_STEPS.flatMap((step) => [1n, 3n].map((height) => ({ step, height })));

describe("a node that dies", () => {
  it.each(cases)("at $step of block $height restarts to the chain of its twin", (death) =>
    inDirectory(async (directory) => {
      const restarted = await runWithDeath(`${directory}/dying`, death.step, death.height);
      const twin = await openNode(`${directory}/twin`);
      await makeBlocksUntil(twin, BLOCKS);
      expect(await chainSummary(restarted, Number(BLOCKS))).toEqual(
        await chainSummary(twin, Number(BLOCKS)),
      );
      await restarted.engine.stop();
      await twin.engine.stop();
    }),
  );

  it.each(BLOCK_STEPS)("by SIGKILL at %s restarts to the chain of its twin", (step) =>
    inDirectory(async (directory) => {
      const script = join(import.meta.dirname, "../../test/dying-node.ts");
      const child = spawnSync(process.execPath, [script, `${directory}/dying`, step, "2"]);
      expect(child.signal, String(child.stderr)).toBe("SIGKILL");
      const restarted = await openNode(`${directory}/dying`);
      const twin = await openNode(`${directory}/twin`);
      for (const node of [restarted, twin]) await makeBlocksUntil(node, BLOCKS);
      expect(await chainSummary(restarted, 4)).toEqual(await chainSummary(twin, 4));
      for (const { engine } of [restarted, twin]) await engine.stop();
    }),
  );

  it("keeps the block it had signed, even if its transactions are forgotten elsewhere", () =>
    inDirectory(async (directory) => {
      const dying = await openNode(directory, {
        onStep: (step) => {
          if (step === "after_finalize") throw DEATH;
        },
      });
      await dying.engine.broadcastTx(textBytes("a=1"));
      await expect(dying.engine.produceBlock()).rejects.toBe(DEATH);
      await expect(dying.engine.produceBlock()).rejects.toMatchObject({
        code: "consensus/stopped",
      });
      const [request] = dying.app.requests;
      await dying.engine.stop();
      const restarted = await openNode(directory);
      const [again] = restarted.app.requests;
      expect(toHex(again?.hash ?? new Uint8Array())).toBe(
        toHex(request?.hash ?? new Uint8Array(1)),
      );
      expect(again).toEqual(request);
      await restarted.engine.stop();
    }));
});
