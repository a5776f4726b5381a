/**
 * The contract engine: kernels beside the same code bare on V8 and on other engines, a contract
 * metered and bare, whole calls cold and warm of small and large contracts, the check of an upload.
 *
 * Sketch: a charge is a subtraction, a store and a compare for some ten instructions, so 5 to 15%.
 * A cold call maps 18 pages (60 µs) and copies data; a warm one clears and copies what calls write to
 * (3 µs). What cold calls leave is collected later, in a few calls that take milliseconds: so means are
 * printed too.
 */
import { readFileSync } from "node:fs";
import { createAddressApi, createEngine } from "@tacit/vm";
import { checkModule } from "../packages/vm/src/check.ts";
import { instrumentCode } from "../packages/vm/src/compile.ts";
import { bareRunner, type ContractRunner, TOKEN_CALLS } from "./support/contract-runner.ts";
import { ENCLAVE_FLAGS } from "./support/enclave-flags.ts";
import { timeFirstUpload } from "./support/first-upload.ts";
import { benchKernels } from "./support/kernel-bench.ts";
import { enlarge } from "./support/large-contract.ts";
import { median } from "./support/statistics.ts";

export const name = "vm";
export const nodeFlags = ENCLAVE_FLAGS;

interface Options {
  readonly tiny: boolean;
  readonly log: (line: string) => void;
}

export async function run({ tiny, log }: Options): Promise<void> {
  const token = readContract("snip20");
  const counter = readContract("counter");
  benchContract("token transfer, contract alone", token, TOKEN_CALLS, tiny, log);
  benchCalls("counter (150 KB)", counter, COUNTER_CALLS, tiny, log);
  benchCalls("token transfer (470 KB)", token, TOKEN_CALLS, tiny, log);
  const large = enlarge(token, TWO_MEBIBYTES);
  benchCalls("token transfer (enlarged to 2 MiB)", large, TOKEN_CALLS, tiny, log);
  await benchUpload(token, tiny, log);
  await benchUpload(large, tiny, log);
  // Last: what it loads would make every collection of garbage before it longer.
  await benchKernels(tiny, log);
}

const TWO_MEBIBYTES = 2 * 1024 * 1024;

const COUNTER_CALLS = {
  instantiate: '{"count":1}',
  execute: () => '{"increment":{}}',
};

function readContract(file: string): Uint8Array {
  const url = new URL(`../contracts/artifacts/${file}.wasm`, import.meta.url);
  return new Uint8Array(readFileSync(url));
}

function benchContract(
  label: string,
  wasm: Uint8Array,
  calls: typeof TOKEN_CALLS,
  tiny: boolean,
  log: Options["log"],
): void {
  const runners: ContractRunner[] = [
    bareRunner(wasm, "bare"),
    bareRunner(instrumentCode(checkModule(wasm)), "metered"),
  ];
  for (const runner of runners) runner("instantiate", calls.instantiate);
  const rounds = tiny ? 1 : 6;
  const times = runners.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    runners.forEach((runner, index) => {
      const list = samples(tiny ? 3 : 500, (at) => runner("execute", calls.execute(at)));
      if (round === rounds - 1) times[index]!.push(...list);
    });
  }
  const [plain, charged] = times;
  log(
    `${label}: bare ${inMicros(median(plain!))}, metered ${inMicros(median(charged!))}, ratio ${ratio(charged!, plain!)}`,
  );
}

/** Messages of a length not seen before find no kept state, so their calls are cold. */
function benchCalls(
  label: string,
  wasm: Uint8Array,
  calls: typeof TOKEN_CALLS,
  tiny: boolean,
  log: Options["log"],
): void {
  const engine = createEngine({ cacheBytesMax: 256 * 1024 * 1024 });
  const encoder = new TextEncoder();
  const stored = new Map<string, Uint8Array>();
  const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
  const common = {
    gasLimit: 10_000_000_000n,
    storage: {
      isReadOnly: false,
      read: (bytes: Uint8Array) => stored.get(key(bytes)),
      write: (bytes: Uint8Array, value: Uint8Array) => void stored.set(key(bytes), value),
      remove: (bytes: Uint8Array) => void stored.delete(key(bytes)),
    },
    querier: { query: (request: Uint8Array) => request },
    addresses: createAddressApi("secret"),
    crypto: {
      secp256k1Verify: () => 10,
      secp256k1RecoverPubkey: () => ({ error: 10 }),
      ed25519Verify: () => 10,
      ed25519BatchVerify: () => 10,
      secp256k1Sign: () => ({ error: 10 }),
      ed25519Sign: () => ({ error: 10 }),
    },
  };
  const hash = new Uint8Array(32);
  const call = (entryPoint: "instantiate" | "execute", message: string): number => {
    const args = [ENV, INFO, message].map((text) => encoder.encode(text));
    return timeOf(() => engine.call(hash, () => wasm, { ...common, entryPoint, args }));
  };
  call("instantiate", calls.instantiate);
  const count = tiny ? 5 : 1_500;
  const warm = samples(count, (at) => call("execute", calls.execute(at))).slice(count >> 1);
  const cold = samples(tiny ? 3 : 400, (at) =>
    call("execute", calls.execute(at).padEnd(1_000 + at)),
  );
  log(`call of ${label}: warm ${micros(warm)}, cold ${micros(cold)}`);
}

const ADDRESS = "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl";
const ENV = JSON.stringify({
  block: { height: 7, time: "1700000000000000000", chain_id: "secretdev-1" },
  transaction: { index: 0, hash: "AA".repeat(32) },
  contract: { address: ADDRESS, code_hash: "aa".repeat(32) },
});
const INFO = JSON.stringify({ sender: ADDRESS, funds: [] });

async function benchUpload(wasm: Uint8Array, tiny: boolean, log: Options["log"]): Promise<void> {
  const first: number[] = [];
  for (let count = tiny ? 1 : 5; count > 0; count--) first.push(await timeFirstUpload(wasm));
  const times = samples(tiny ? 1 : 15, () => timeOf(() => instrumentCode(checkModule(wasm))));
  log(
    `check and instrument ${Math.round(wasm.length / 1024)} KiB: ${millis(times)}, first in a thread ${millis(first)}`,
  );
}

function samples(count: number, sample: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => sample(index));
}

/** Milliseconds. */
function timeOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const ratio = (first: readonly number[], second: readonly number[]): string =>
  (median(first) / median(second)).toFixed(2);

const millis = (times: readonly number[]): string => `${(median(times)).toFixed(1)} ms`;

/** Median and mean. */
function micros(times: readonly number[]): string {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return `${inMicros(median(times))} (mean ${inMicros(mean)})`;
}

const inMicros = (time: number): string => `${(time * 1e3).toFixed(1)} µs`;
