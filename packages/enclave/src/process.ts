import { Worker } from "node:worker_threads";
import { ProtocolError } from "@tacit/encoding/errors";
import type { EnclaveArguments } from "./arguments.ts";
import type { EngineThreadData } from "./engine-thread.ts";
import { createVaultLink, type VaultPort } from "./vault-link.ts";

/**
 * JavaScript's stack in an engine thread, as `ENGINE_STACK_MB` of `vm` asks for; written here so that
 * the main thread need not load the engine. A test compares them.
 */
export const STACK_MB = 32;

/**
 * Starts the engine threads, the one for blocks before anything else: it loads while this thread
 * loads the vault. Those for queries follow when it has answered its first request. An engine
 * that dies takes the process with it; the host starts it anew.
 */
export async function runEnclave(options: EnclaveArguments): Promise<void> {
  endWithHost();
  const blocks = startEngine(options, 0);
  const { openVault, serveVault } = await import("./process-vault.ts");
  const vault = openOrDie(() => openVault(options.sealingKeyFile));
  if (vault === undefined) return;
  serveVault(vault, blocks.vault);
  blocks.worker.once("message", () => {
    for (let channel = 1; channel < options.channels; channel++) {
      serveVault(vault, startEngine(options, channel).vault);
    }
  });
  vault.measurement();
}

function startEngine(
  options: EnclaveArguments,
  channel: number,
): { readonly worker: Worker; readonly vault: VaultPort } {
  const { directory, cacheDirectory } = options;
  const { vault, engine } = createVaultLink();
  const workerData: EngineThreadData = { directory, channel, vault: engine, cacheDirectory };
  const worker = new Worker(new URL("./engine-thread.ts", import.meta.url), {
    workerData,
    transferList: [engine.port],
    resourceLimits: { stackSizeMb: STACK_MB },
  });
  worker.once("error", (error) => die(`engine ${channel}: ${error.name}`));
  worker.once("exit", () => die(`engine ${channel} ended`));
  return { worker, vault };
}

/** Texts of typed errors are ours; those of others might quote what they were working on. */
function openOrDie<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    die(error instanceof ProtocolError ? error.message : "the sealing key cannot be read");
    return undefined;
  }
}

/**
 * `process.exit` would wait for threads that block in a read. The supervisor tells the signal from
 * that of a kill: what ends by itself again and again is not started for ever.
 */
function die(reason: string): void {
  process.stderr.write(`enclave: ${reason}\n`, () => process.kill(process.pid, "SIGABRT"));
}

function endWithHost(): void {
  process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
  process.stdin.on("error", () => process.kill(process.pid, "SIGKILL"));
  process.stdin.resume();
}
