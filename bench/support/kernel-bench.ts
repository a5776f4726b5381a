/** Kernels on our engine, on V8 as it is, and on the engines that people would take instead. */
import { readFileSync } from "node:fs";
import wabtInit from "wabt";
import { checkModule } from "../../packages/vm/src/check.ts";
import { instrumentCode } from "../../packages/vm/src/compile.ts";
import { HELPER } from "../../packages/vm/src/wasm/instrument.ts";
import { type WasmFunction, WebAssembly } from "../../packages/vm/src/wasm/web-assembly.ts";
import {
  buildNativePeers,
  cosmwasmVmJs,
  type Kernels,
  type KernelTimes,
  timeNativePeers,
  type Work,
} from "./peers.ts";
import { median } from "./statistics.ts";
import { KERNELS } from "./wasm-kernels.ts";

interface Suite {
  readonly name: string;
  readonly wasm: Uint8Array;
  /** Work of one sample. */
  readonly kernels: readonly ({ readonly name: string } & Work)[];
}

const SAMPLES = 9;
const MULTIPLY = { name: "multiply loop, a unit", calls: 1, units: 2_000_000 };

export async function benchKernels(tiny: boolean, log: (line: string) => void): Promise<void> {
  if (tiny) log("wasmi, wasmer and cosmwasm-vm-js are left out of a tiny run");
  const native = tiny ? undefined : buildNativePeers(log);
  for (const suite of await loadSuites()) {
    const work = suite.kernels.map((kernel) => (tiny ? { calls: 2, units: 5 } : kernel));
    const samples = tiny ? 2 : SAMPLES;
    const times = new Map<string, KernelTimes>();
    if (native !== undefined) {
      for (const [engine, found] of timeNativePeers(native, suite.wasm, { samples, work })) {
        times.set(PEER_NAMES[engine] ?? engine, found);
      }
    }
    const here = await loadHere(suite.wasm, tiny);
    for (const [engine, found] of timeHere(here, samples, work)) times.set(engine, found);
    report(suite, times, log);
  }
}

const OURS = "V8 metered (ours)";
const BARE = "V8 bare";
const PEER_NAMES: Readonly<Record<string, string>> = {
  wasmi: "wasmi 0.9.1, unmetered",
  wasmer: "wasmer 5 singlepass, metered",
};

async function loadSuites(): Promise<Suite[]> {
  const wabt = await wabtInit();
  const byHand = wabt.parseWat("kernels.wat", KERNELS);
  const compiled = (file: string) =>
    new Uint8Array(readFileSync(new URL(`../peers/${file}`, import.meta.url)));
  return [
    {
      name: "written by hand",
      wasm: new Uint8Array(byHand.toBinary({}).buffer),
      kernels: [
        MULTIPLY,
        { name: "heap sort, an element", calls: 1, units: 100_000 },
        { name: "SHA-256, a block", calls: 1, units: 20_000 },
      ],
    },
    {
      name: "compiled from Rust",
      wasm: compiled("kernels.wasm"),
      kernels: [
        { ...MULTIPLY, name: "multiply loop, unrolled, a unit" },
        { name: "sort_unstable, an element", calls: 1, units: 20_000 },
        { name: "sha2, a block", calls: 1, units: 20_000 },
      ],
    },
    {
      name: "compiled from Rust, called for each",
      wasm: compiled("message.wasm"),
      kernels: [{ name: "sha2, a message of 64 bytes", calls: 10_000, units: 1 }],
    },
  ];
}

interface Engine {
  readonly name: string;
  readonly run: Kernels;
}

async function loadHere(wasm: Uint8Array, tiny: boolean): Promise<Engine[]> {
  const bare = new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports;
  const module = new WebAssembly.Module(instrumentCode(checkModule(wasm)));
  const metered = new WebAssembly.Instance(module).exports;
  const begin = metered[HELPER.begin] as WasmFunction;
  const sudo = metered.sudo as Kernels;
  const ours: Kernels = (kernel, units) => {
    begin(Number.MAX_SAFE_INTEGER);
    return sudo(kernel, units);
  };
  const engines = [
    { name: BARE, run: bare.sudo as Kernels },
    { name: OURS, run: ours },
  ];
  if (tiny) return engines;
  return [{ name: "cosmwasm-vm-js", run: await cosmwasmVmJs(wasm) }, ...engines];
}

/** The engines take turns, so that a busy moment of the machine meets all. */
function timeHere(
  engines: readonly Engine[],
  samples: number,
  work: readonly Work[],
): Map<string, number[][]> {
  const times = new Map(engines.map(({ name }) => [name, work.map((): number[] => [])]));
  for (let sample = 0; sample < samples; sample++) {
    work.forEach(({ calls, units }, kernel) => {
      for (const { name, run } of engines) {
        const start = performance.now();
        for (let call = 0; call < calls; call++) run(kernel, units);
        times.get(name)![kernel]!.push(((performance.now() - start) * 1e6) / (calls * units));
      }
    });
  }
  return times;
}

function report(
  suite: Suite,
  times: ReadonlyMap<string, KernelTimes>,
  log: (line: string) => void,
) {
  suite.kernels.forEach(({ name }, kernel) => {
    const ours = median(times.get(OURS)![kernel]!);
    log(`${name} (${suite.name})`);
    for (const [engine, found] of times) {
      const nanos = median(found[kernel]!);
      const ratio = engine === OURS ? "" : `  ${(nanos / ours).toFixed(2)} × ours`;
      log(`  ${engine.padEnd(30)} ${nanos.toFixed(nanos < 10 ? 2 : 0).padStart(8)} ns${ratio}`);
    }
  });
}
