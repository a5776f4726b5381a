/**
 * The engines that people would take instead, on a module whose `sudo(kernel, units)` runs one of
 * several kernels. Each is timed in the run that times ours: ratios travel, absolute times do not.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BasicBackendApi,
  BasicKVIterStorage,
  BasicQuerier,
  Environment,
  VMInstance,
} from "@oraichain/cosmwasm-vm-js";

/** Nanoseconds a unit: a list of samples for each kernel. */
export type KernelTimes = readonly (readonly number[])[];

/** What one sample of a kernel does. */
export interface Work {
  readonly calls: number;
  /** Of each call. */
  readonly units: number;
}

export type Kernels = (kernel: number, units: number) => number;

const crate = join(import.meta.dirname, "..", "peers");

/**
 * Builds the crate under `bench/peers` if cargo is there.
 * @returns the program, or undefined with a line in the log that says why not.
 */
export function buildNativePeers(log: (line: string) => void): string | undefined {
  if (spawnSync("cargo", ["--version"]).status !== 0) {
    log("wasmi and wasmer are left out: there is no cargo");
    return undefined;
  }
  log("building wasmi and wasmer, which takes minutes the first time");
  const args = ["-n", "10", "cargo", "build", "--release", "--locked", "--quiet", "-j", "1"];
  const { status } = spawnSync("nice", args, {
    cwd: crate,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status === 0) return join(crate, "target", "release", "tacit-bench-peers");
  log("wasmi and wasmer are left out: they do not build here");
  return undefined;
}

/** Times of `wasmi` and `wasmer`. */
export function timeNativePeers(
  program: string,
  wasm: Uint8Array,
  options: { readonly samples: number; readonly work: readonly Work[] },
): ReadonlyMap<string, KernelTimes> {
  const folder = mkdtempSync(join(tmpdir(), "tacit-peers-"));
  try {
    const path = join(folder, "kernels.wasm");
    writeFileSync(path, wasm);
    const work = options.work.map(({ calls, units }) => `${calls}x${units}`);
    const args = [path, String(options.samples), ...work];
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
    if (status !== 0) throw new TypeError(`the peers failed: ${stderr}`);
    const times = new Map<string, number[][]>();
    for (const line of stdout.trimEnd().split("\n")) {
      const [engine, kernel, , nanos] = line.split(" ");
      if (!times.has(engine!))
        times.set(
          engine!,
          options.work.map(() => []),
        );
      times.get(engine!)![Number(kernel)]!.push(Number(nanos));
    }
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its metering calls JavaScript at each block. */
export async function cosmwasmVmJs(wasm: Uint8Array): Promise<Kernels> {
  const api = new BasicBackendApi("secret");
  const backend = {
    backend_api: api,
    storage: new BasicKVIterStorage(),
    querier: new BasicQuerier(),
  };
  const vm = new VMInstance(backend, new Environment(api, Number.MAX_SAFE_INTEGER));
  await vm.build(wasm);
  return vm.exports.sudo as Kernels;
}
