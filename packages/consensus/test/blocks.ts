import { type TestNode, textBytes } from "./node.ts";

/** Blocks with two transactions each, the same on every node. */
export async function makeBlocksUntil({ engine }: TestNode, last: bigint): Promise<void> {
  for (let height = engine.status().latestHeight + 1n; height <= last; height++) {
    for (const name of ["a", "b"]) await engine.broadcastTx(textBytes(`${name}${height}=x`));
    await engine.produceBlock();
  }
}

/** Everything a chain of `count` blocks shows, for comparing it with another. */
export async function chainSummary({ engine, app }: TestNode, count: number) {
  const heights = Array.from({ length: count }, (_, i) => BigInt(i + 1));
  return {
    status: engine.status(),
    blocks: heights.map((height) => engine.block(height)),
    commits: heights.map((height) => engine.commit(height)),
    results: heights.map((height) => engine.blockResults(height)),
    validators: heights.map((height) => engine.validators(height)),
    found: await engine.txSearch("set.value='x'", { page: 1, perPage: 100, order: "asc" }),
    entries: [...app.entries],
  };
}
