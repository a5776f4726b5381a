/**
 * Where a private transfer's time goes: the same transfers as in `transfers`, with node and
 * enclave in one thread under V8's sampling profiler. Self time by the file that spends it; what a
 * library, V8 or a helper of many (hashes, bytes) spends counts for the file that called it.
 *
 * One thread has neither crossings nor two cores, so the sum is not the time of a real transfer: there
 * host and enclave have a core each, and the enclave's side of `channel` a part of its time. The
 * profiler costs time too: before it, half of the blocks run without one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployToken, transferTx } from "./support/chain.ts";
import { ENCLAVE_FLAGS } from "./support/enclave-flags.ts";
import { createLocal } from "./support/local-chain.ts";

export const name = "breakdown";
export const nodeFlags = ENCLAVE_FLAGS;

const SAMPLE_INTERVAL_US = 200;

/** First match decides; paths as the profiler gives them. */
const STAGES: Table = [
  ["key agreement", /crypto\/src\/x25519/],
  [
    "encryption",
    /crypto\/src\/aes|enclave\/src\/(keys|message\/(input|encrypt|padding)|state\/record-)/,
  ],
  ["signatures", /node_modules\/secp256k1|crypto\/src\/secp256k1|auth\/src\/(ante\/)?signature/],
  ["contract: made ready", /vm\/src\/(instance|compile|module-cache|memory-image)/],
  ["contract: run", /vm\/src\//],
  [
    "decode and encode",
    /encoding\/src\/(?!bytes)|sdk\/src\/tx-decoder|enclave\/src\/transaction|@bufbuild/,
  ],
  ["channel", /enclave-channel\/src/],
  ["disk", /store\/src\/backend|node_modules\/lmdb/],
  ["trees and proofs", /store\/src\/iavl|light\/src\/(?!ids)/],
  ["branches of state", /store\/src/],
  ["enclave: records", /enclave\/src\/state/],
  ["enclave: everything else", /enclave\/src/],
  ["records for nodes without an enclave", /compute\/src\/node-sync/],
  ["state machine", /sdk\/src|app\/src|packages\/modules\//],
];

/** Whose process does it in a real node. */
const SIDES: Table = [
  ["channel", /packages\/enclave-channel\//],
  ["enclave", /packages\/(enclave|vm)\//],
  ["host", /packages\/(store|sdk|app|modules)\//],
];

type Table = readonly (readonly [string, RegExp])[];

export async function run({
  tiny,
  log,
}: {
  readonly tiny: boolean;
  readonly log: (line: string) => void;
}): Promise<void> {
  // Each account sends once: the enclave has met none of their keys before.
  const sizes = tiny
    ? { accounts: 10, txs: 10, blocks: 1 }
    : { accounts: 9_000, txs: 1_000, blocks: 4 };
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

/** A stage on one side, or no side where nobody's code is on the stack. */
interface Spent {
  readonly stage: string;
  readonly side: string | undefined;
  readonly timeUs: number;
}

/** Without what it takes to start and stop the profiler. */
async function profile(work: () => Promise<void>): Promise<readonly Spent[]> {
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
      return stage === "contract: made ready" ? "contract: run" : stage;
    }
    if (functionName === "(garbage collector)") return "garbage collection";
    if (functionName === "(idle)" || functionName === "(program)") return "V8 and Node";
    return matchOf(STAGES, url) ?? stageOf(parents.get(node.id));
  };
  const sideOf = (id: number | undefined): string | undefined => {
    const node = id === undefined ? undefined : nodes.get(id);
    return node && (matchOf(SIDES, node.callFrame.url) ?? sideOf(parents.get(node.id)));
  };
  return (result.samples ?? []).flatMap((id, index) => {
    const stage = stageOf(id);
    if (stage === undefined) return [];
    return [{ stage, side: sideOf(id), timeUs: result.timeDeltas?.[index] ?? 0 }];
  });
}

const matchOf = (table: Table, url: string): string | undefined =>
  table.find(([, pattern]) => pattern.test(url))?.[0];

function report(
  spent: readonly Spent[],
  { txs, log }: { txs: number; log: (line: string) => void },
): void {
  const total = sum(spent);
  const sidesOf = (items: readonly Spent[]): string =>
    SIDES.map(([name]) => [name, sum(items.filter(({ side }) => side === name)) / txs] as const)
      .filter(([, time]) => time >= 0.5)
      .map(([name, time]) => `${name} ${time.toFixed(0)}`)
      .join(", ");
  log(`under the profiler: ${(total / txs).toFixed(0)} µs (${sidesOf(spent)}), of which`);
  const stages = Map.groupBy(spent, ({ stage }) => stage);
  for (const [stage, items] of [...stages].sort(([, a], [, b]) => sum(b) - sum(a))) {
    const time = (sum(items) / txs).toFixed(0).padStart(6);
    const share = ((100 * sum(items)) / total).toFixed(0).padStart(3);
    log(`${time} µs ${share} %  ${stage.padEnd(38)}${sidesOf(items)}`.trimEnd());
  }
}

const sum = (items: readonly Spent[]): number =>
  items.reduce((total, { timeUs }) => total + timeUs, 0);
