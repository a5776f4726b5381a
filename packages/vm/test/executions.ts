/**
 * A fixed set of executions, whose results must not depend on how V8 runs them. As a program it
 * runs them in a thread with a native stack of as many MiB as its argument says, several times
 * over so that hot code is optimised, and prints one line each: name, outcome, gas. A second
 * argument, `counting`, has it make a gas report of each.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { createEngine } from "../src/engine.ts";
import { callWithGasReport } from "../src/gas-report.ts";
import type { EntryPoint } from "../src/types.ts";
import { call, memoryStorage, outcome, run, runWithReport, text } from "./contracts.ts";
import { hex, programContract } from "./programs.ts";
import { RECURSIONS } from "./recursions.ts";

const PROGRAMS = 200;
const ROUNDS = 5;
const TOKEN_ROUNDS = 20;

const SENDER = "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl";
const RECIPIENT = "secret1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq3x5k6p";
const CALL_ENV = {
  block: {
    height: 7,
    time: "1700000000000000000",
    chain_id: "secretdev-1",
    random: "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=",
  },
  transaction: { index: 0, hash: "AA".repeat(32) },
  contract: { address: SENDER, code_hash: "aa".repeat(32) },
};
const CALL_INFO = { sender: SENDER, funds: [] };
const TOKEN = {
  name: "Token",
  symbol: "TKN",
  decimals: 6,
  initial_balances: [{ address: SENDER, amount: "1000000" }],
  prng_seed: "AAAA",
};

/** What an engine keeps between calls. */
interface Kept {
  readonly name: string;
  readonly cacheBytesMax: number;
}

const KEPT: readonly Kept[] = [
  { name: "warm", cacheBytesMax: 1e9 },
  { name: "cold", cacheBytesMax: 0 },
];

/** Messages to a compiled token: its outcome, gas and whole state after each, on one engine. */
function tokenLines(
  wasm: Uint8Array,
  { name, cacheBytesMax, isCounting }: Kept & { readonly isCounting: boolean },
): string[] {
  const engine = createEngine({ cacheBytesMax });
  const storage = memoryStorage();
  const send = (entryPoint: EntryPoint, message: object): string => {
    const args = [CALL_ENV, CALL_INFO, message].map((each) => text(JSON.stringify(each)));
    const wanted = call({ entryPoint, args, storage });
    const hash = new Uint8Array(32);
    const result = isCounting
      ? callWithGasReport(engine, hash, () => wasm, wanted).result
      : engine.call(hash, () => wasm, wanted);
    const state = JSON.stringify(Array.from(storage.entries, ([key, value]) => [key, hex(value)]));
    const shown = createHash("sha256")
      .update(`${outcome(result)} ${state}`)
      .digest("hex");
    return `${name} ${entryPoint}: ${shown} ${result.gasUsed}`;
  };
  const lines = [send("instantiate", TOKEN)];
  for (let round = 0; round < TOKEN_ROUNDS; round++) {
    const amount = String(10 ** (round % 6));
    lines.push(send("execute", { transfer: { recipient: RECIPIENT, amount } }));
    lines.push(send("execute", { set_viewing_key: { key: "k".repeat(1 + (round % 3)) } }));
  }
  return lines;
}

function execute(isCounting: boolean): string {
  const runAny: typeof run = isCounting ? (...args) => runWithReport(...args).result : run;
  const lines: string[] = [];
  const url = new URL("../../../contracts/artifacts/snip20.wasm", import.meta.url);
  const token = new Uint8Array(readFileSync(url));
  for (const kept of KEPT) lines.push(...tokenLines(token, { ...kept, isCounting }));
  for (const [name, wasm] of Object.entries(RECURSIONS)) {
    const storage = { isReadOnly: true, read: () => new Uint8Array(3), write() {}, remove() {} };
    for (let round = 0; round < 3; round++) {
      const result = runAny(wasm, { storage });
      lines.push(`${name}: ${outcome(result)} ${result.gasUsed}`);
    }
  }
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const wasm = programContract(seed);
    for (let round = 0; round < ROUNDS; round++) {
      const result = runAny(wasm, { gasLimit: BigInt(round === 0 ? 20_000 * seed : 1e9) });
      const shown = result.ok ? hex(result.output) : result.error.code;
      lines.push(`program ${seed}: ${shown} ${result.gasUsed}`);
    }
  }
  return lines.join("\n");
}

if (isMainThread) {
  const stackSizeMb = Number(process.argv[2]);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { executions: process.argv[3] ?? "usual" },
    resourceLimits: { stackSizeMb },
  });
  worker.on("message", (lines: string) => {
    console.log(lines);
    console.log(createHash("sha256").update(lines).digest("hex"));
  });
} else if (workerData?.executions !== undefined) {
  parentPort?.postMessage(execute(workerData.executions === "counting"));
}
