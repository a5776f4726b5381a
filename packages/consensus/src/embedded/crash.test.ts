/** A node that dies at any step restarts to the chain that an undisturbed twin has. */
import { toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { inDirectory, openNode, type TestNode, textBytes } from "../../test/node.ts";
import { BLOCK_STEPS, type BlockStep } from "./steps.ts";

/** What the test throws where a process would die. */
const DEATH = new RangeError("the process dies here");
const BLOCKS = 4n;

/** Blocks with two transactions each. A block that survived the death is not sent again. */
async function runTo(node: TestNode, last: bigint): Promise<void> {
  for (let height = node.engine.status().latestHeight + 1n; height <= last; height++) {
    for (const name of ["a", "b"]) await node.engine.broadcastTx(textBytes(`${name}${height}=x`));
    await node.engine.produceBlock();
  }
}

function summary({ engine, app }: TestNode) {
  const heights = Array.from({ length: Number(BLOCKS) }, (_, i) => BigInt(i + 1));
  return {
    status: engine.status(),
    blocks: heights.map((height) => engine.block(height)),
    commits: heights.map((height) => engine.commit(height)),
    results: heights.map((height) => engine.blockResults(height)),
    validators: heights.map((height) => engine.validators(height)),
    found: engine.txSearch("set.value='x'", { page: 1, perPage: 100, order: "asc" }),
    entries: [...app.entries],
  };
}

/** Blocks up to where the death is planned, the death, a restart, and the rest. */
async function runWithDeath(directory: string, step: BlockStep, at: bigint): Promise<TestNode> {
  let deaths = 0;
  const dying = await openNode(directory, {
    onStep: (reached, height) => {
      if (reached !== step || height !== at || deaths++ > 0) return;
      throw DEATH;
    },
  });
  await expect(runTo(dying, BLOCKS)).rejects.toBe(DEATH);
  await dying.engine.stop();
  const restarted = await openNode(directory);
  await runTo(restarted, BLOCKS);
  return restarted;
}

const cases = BLOCK_STEPS.flatMap((step) => [1n, 3n].map((height) => ({ step, height })));

describe("a node that dies", () => {
  it.each(cases)("at $step of block $height restarts to the chain of its twin", (death) =>
    inDirectory(async (directory) => {
      const restarted = await runWithDeath(`${directory}/dying`, death.step, death.height);
      const twin = await openNode(`${directory}/twin`);
      await runTo(twin, BLOCKS);
      expect(summary(restarted)).toEqual(summary(twin));
      await restarted.engine.stop();
      await twin.engine.stop();
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
