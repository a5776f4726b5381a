/**
 * Where a private transfer's time goes: the same transfers as in `transfers`, with node and
 * enclave in one thread under V8's sampling profiler. Self time by the file that spends it; what a
 * library or V8 spends counts for the file that called it.
 *
 * One thread has neither crossings nor two cores, so the sum is not the time of a real transfer. The
 * profiler costs time too: before it, half of the blocks run without one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployToken, transferTx } from "./support/chain.ts";
import { createLocal } from "./support/local-chain.ts";

export const name = "breakdown";

const SAMPLE_INTERVAL_US = 200;

/** First match decides; paths as the profiler gives them. */
const STAGES: readonly (readonly [string, RegExp])[] = [
  ["key agreement", /crypto\/src\/(x25519|hash)\.ts|enclave\/src\/keys\//],
  ["encryption", /crypto\/src\/aes|enclave\/src\/(message|state)\//],
  ["signatures", /node_modules\/secp256k1|crypto\/src\/secp256k1\.ts|auth\/src\/.*(sig|verif)/],
  ["contract: instantiate", /vm\/src\/(instance|compile|module-cache|instance-pool)/],
  ["contract: execute", /vm\/src\//],
  [
    "decode and encode",
    /encoding\/src|sdk\/src\/(tx-decoder|wire)|enclave\/src\/transaction|@bufbuild/,
  ],
  ["channel", /enclave-channel\/src/],
  ["disk", /store\/src\/backend|node_modules\/lmdb/],
  ["tree", /store\/src|light\/src/],
  ["enclave", /enclave\/src/],
  ["state machine", /sdk\/src|app\/src|packages\/modules\//],
];

export async function run({
  tiny,
  log,
}: {
  readonly tiny: boolean;
  readonly log: (line: string) => void;
}): Promise<void> {
  const sizes = tiny
    ? { accounts: 10, txs: 10, blocks: 1 }
    : { accounts: 8_000, txs: 1_000, blocks: 4 };
  const directory = mkdtempSync(join(tmpdir(), "tacit-breakdown-"));
  const local = createLocal({ directory, accountCount: sizes.accounts });
  try {
    const token = await deployToken(local.chain);
    let next = 0;
    const blocks = Array.from({ length: 2 * sizes.blocks + 1 }, () =>
      Array.from({ length: sizes.txs }, () =>
        transferTx(local.chain, token, { from: next, to: 7 * next++ + 3 }),
      ),
    );
    await local.chain.block(blocks.shift() ?? []);
    const unprofiled = blocks.splice(0, sizes.blocks);
    const times = await timeThread(async () => {
      for (const txs of unprofiled) await local.chain.block(txs);
    });
    const samples = await profile(async () => {
      for (const txs of blocks) await local.chain.block(txs);
    });
    const txs = sizes.txs * sizes.blocks;
    log(
      `one transfer, in one thread: ${(times.wallUs / txs).toFixed(0)} µs, ${(times.threadUs / txs).toFixed(0)} µs of them on the processor`,
    );
    report(samples, { txs, log });
  } finally {
    await local.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function timeThread(
  work: () => Promise<void>,
): Promise<{ readonly wallUs: number; readonly threadUs: number }> {
  const begun = performance.now();
  const used = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(used);
  return { wallUs: (performance.now() - begun) * 1_000, threadUs: user + system };
}

/** Time in µs by stage, but for what it takes to start and stop the profiler. */
async function profile(work: () => Promise<void>): Promise<ReadonlyMap<string, number>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_INTERVAL_US });
  await session.post("Profiler.start");
  await work();
  const { profile: result } = await session.post("Profiler.stop");
  session.disconnect();
  const nodes = new Map(result.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    result.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])),
  );
  const stageOf = (id: number | undefined): string | undefined => {
    const node = id === undefined ? undefined : nodes.get(id);
    if (node === undefined) return "V8 and Node";
    const { functionName, url } = node.callFrame;
    if (url === "node:inspector") return undefined;
    if (url.startsWith("wasm:")) {
      const stage = stageOf(parents.get(node.id));
      return stage === "contract: instantiate" ? "contract: execute" : stage;
    }
    if (functionName === "(garbage collector)") return "garbage collection";
    if (functionName === "(idle)" || functionName === "(program)") return "V8 and Node";
    return STAGES.find(([, pattern]) => pattern.test(url))?.[0] ?? stageOf(parents.get(node.id));
  };
  const times = new Map<string, number>();
  result.samples?.forEach((id, index) => {
    const stage = stageOf(id);
    if (stage === undefined) return;
    times.set(stage, (times.get(stage) ?? 0) + (result.timeDeltas?.[index] ?? 0));
  });
  return times;
}

function report(
  times: ReadonlyMap<string, number>,
  { txs, log }: { txs: number; log: (line: string) => void },
): void {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  log(`under the profiler: ${(total / txs).toFixed(0)} µs, of which`);
  for (const [stage, time] of [...times].sort(([, a], [, b]) => b - a)) {
    log(
      `${(time / txs).toFixed(0).padStart(6)} µs ${((100 * time) / total).toFixed(0).padStart(3)} %  ${stage}`,
    );
  }
}
