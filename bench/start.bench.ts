/**
 * Seconds from the start of the command to the first block of a new network: both processes, all
 * servers, genesis, seeds. The first run has an empty compile cache, as the first start after
 * an installation; the others find what it left.
 *
 * Sketch: two processes at 150 ms each of start-up and loading, three worker threads beside them.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { spread } from "./support/statistics.ts";

export const name = "start";

const COMMAND = join(import.meta.dirname, "../packages/cli/bin/tacit.js");
const PORTS = ["rpc", "rest", "grpc", "grpc-web", "faucet"].flatMap((port) => [
  `--${port}-port`,
  "0",
]);

export async function run({
  tiny,
  log,
}: {
  readonly tiny: boolean;
  readonly log: (line: string) => void;
}): Promise<void> {
  const runs = tiny ? 1 : 6;
  const home = mkdtempSync(join(tmpdir(), "tacit-bench-start-"));
  try {
    const seconds: number[] = [];
    for (let run = 0; run < runs; run++)
      seconds.push(await secondsToFirstBlock(join(home, "node")));
    const [first = Number.NaN, ...others] = seconds;
    log(`first start: ${first.toFixed(2)} s to the first block`);
    if (others.length > 0) log(`fresh starts after it: ${spread(others, 2)} s to the first block`);
    const peer: number[] = [];
    for (let run = 0; run < runs; run++) peer.push(await secondsOfEmptyNode());
    log(`an empty Node process, for comparison: ${spread(peer, 3)} s`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function secondsToFirstBlock(home: string): Promise<number> {
  const begun = performance.now();
  const flags = ["start", "--home", home, "--fresh", "--json-logs", ...PORTS];
  const child = spawn(process.execPath, [COMMAND, ...flags], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(home, "..", "compile-cache") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const seconds = await new Promise<number>((resolve, reject) => {
    child.once("exit", (code) => reject(new RangeError(`the node ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.includes('"msg":"started"')) resolve((performance.now() - begun) / 1_000);
    });
  });
  child.kill("SIGINT");
  await ended;
  return seconds;
}

async function secondsOfEmptyNode(): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, ["-e", "0"]);
  await new Promise((resolve) => child.once("exit", resolve));
  return (performance.now() - begun) / 1_000;
}
