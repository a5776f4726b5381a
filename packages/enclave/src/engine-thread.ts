/** One engine thread of the enclave's process: serves one channel until the process ends. */
import { enableCompileCache, flushCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { VaultPort } from "./vault-port.ts";

export interface EngineThreadData {
  readonly directory: string;
  readonly channel: number;
  readonly vault: VaultPort;
  readonly cacheDirectory: string | undefined;
}

const data = workerData as EngineThreadData;
const { directory, channel, vault, cacheDirectory } = data;
if (cacheDirectory !== undefined) enableCompileCache(cacheDirectory);
const { serveFifo } = await import("@tacit/enclave-channel");
const { EnclaveEngine } = await import("./engine.ts");
const { RemoteVault } = await import("./vault-port.ts");
/** Processes end by a signal, which would leave the cache unwritten. */
if (cacheDirectory !== undefined) flushCompileCache();
parentPort?.postMessage("loaded");
const engine = new EnclaveEngine({ vault: new RemoteVault(vault) });
serveFifo({ directory, channel }, engine, () => engine.disconnect());
