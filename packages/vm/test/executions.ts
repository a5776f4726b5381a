/**
 * A fixed set of executions, whose results must not depend on how V8 runs them. As a program it
 * runs them in a thread with a native stack of as many MiB as its argument says, several times
 * over so that hot code is optimised, and prints one line each: name, outcome, gas.
 */
import { createHash } from "node:crypto";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { outcome, run } from "./contracts.ts";
import { hex, programContract } from "./programs.ts";
import { RECURSIONS } from "./recursions.ts";

const PROGRAMS = 200;
const ROUNDS = 5;

function execute(): string {
  const lines: string[] = [];
  for (const [name, wasm] of Object.entries(RECURSIONS)) {
    const storage = { isReadOnly: true, read: () => new Uint8Array(3), write() {}, remove() {} };
    for (let round = 0; round < 3; round++) {
      const result = run(wasm, { storage });
      lines.push(`${name}: ${outcome(result)} ${result.gasUsed}`);
    }
  }
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const wasm = programContract(seed);
    for (let round = 0; round < ROUNDS; round++) {
      const result = run(wasm, { gasLimit: BigInt(round === 0 ? 20_000 * seed : 1e9) });
      const shown = result.ok ? hex(result.output) : result.error.code;
      lines.push(`program ${seed}: ${shown} ${result.gasUsed}`);
    }
  }
  return lines.join("\n");
}

if (isMainThread) {
  const stackSizeMb = Number(process.argv[2]);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: "executions",
    resourceLimits: { stackSizeMb },
  });
  worker.on("message", (lines: string) => {
    console.log(lines);
    console.log(createHash("sha256").update(lines).digest("hex"));
  });
} else if (workerData === "executions") {
  parentPort?.postMessage(execute());
}
