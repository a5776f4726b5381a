import { Worker } from "node:worker_threads";
import type { EnclaveArguments } from "./arguments.ts";
import type { EngineThreadData } from "./engine-thread.ts";
import { measureEnclave } from "./measurement.ts";
import { readSealingKey } from "./sealing-key-file.ts";
import { LocalVault, type Vault } from "./vault.ts";
import { serveVault } from "./vault-port.ts";

/**
 * JavaScript's stack in an engine thread, as `ENGINE_STACK_MB` of `vm` asks for; written here so that
 * the main thread need not load the engine. A test compares them.
 */
export const STACK_MB = 32;

/** Starts the engine threads. An engine that dies takes the process with it; the host starts it anew. */
export function runEnclave(options: EnclaveArguments): void {
  endWithHost();
  const vault = new LocalVault(readSealingKey(options.sealingKeyFile), measureEnclave);
  /** Blocks first: the engines for queries load when the one for blocks no longer needs the cores. */
  startEngine(options, vault, 0).once("message", () => {
    for (let channel = 1; channel < options.channels; channel++) {
      startEngine(options, vault, channel);
    }
  });
  vault.measurement();
}

function startEngine(options: EnclaveArguments, vault: Vault, channel: number): Worker {
  const { directory, cacheDirectory } = options;
  const link = serveVault(vault);
  const workerData: EngineThreadData = { directory, channel, vault: link, cacheDirectory };
  const worker = new Worker(new URL("./engine-thread.ts", import.meta.url), {
    workerData,
    transferList: [link.port],
    resourceLimits: { stackSizeMb: STACK_MB },
  });
  worker.once("error", (error) => die(`engine ${channel}: ${error.name}`));
  worker.once("exit", () => die(`engine ${channel} ended`));
  return worker;
}

/** `process.exit` would wait for threads that block in a read. */
function die(reason: string): void {
  process.stderr.write(`enclave: ${reason}\n`, () => process.kill(process.pid, "SIGKILL"));
}

function endWithHost(): void {
  process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
  process.stdin.on("error", () => process.kill(process.pid, "SIGKILL"));
  process.stdin.resume();
}
