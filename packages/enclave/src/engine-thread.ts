/** One engine thread of the enclave's process: serves one channel until the process ends. */
import { enableCompileCache, flushCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { EnclaveService } from "@tacit/enclave-channel";
import type { VaultPort } from "./vault-link.ts";

export interface EngineThreadData {
  readonly directory: string;
  readonly channel: number;
  readonly vault: VaultPort;
  readonly cacheDirectory: string | undefined;
  /** Of the {@link EndGate} of a thread that may be ended. */
  readonly gate: SharedArrayBuffer | undefined;
}

const data = workerData as EngineThreadData;
const { directory, channel, vault, cacheDirectory } = data;
if (cacheDirectory !== undefined) enableCompileCache(cacheDirectory);
const { guardNativeCalls } = await import("@tacit/crypto");
const { serveFifo } = await import("@tacit/enclave-channel");
const { EndGate } = await import("./end-gate.ts");
const { EnclaveEngine } = await import("./engine.ts");
const { RemoteVault } = await import("./vault-port.ts");
/** Processes end by a signal, which would leave the cache unwritten. */
if (cacheDirectory !== undefined) flushCompileCache();
if (data.gate !== undefined) {
  const gate = new EndGate(data.gate);
  guardNativeCalls(gate);
  gate.leave();
}
const engine = new EnclaveEngine({ vault: new RemoteVault(vault) });
let hasServed = false;
/** Tells the main thread that the host has what it waited for. */
const service: EnclaveService = {
  serve(notices, request, host) {
    const answer = engine.serve(notices, request, host);
    if (!hasServed) parentPort?.postMessage("served");
    hasServed = true;
    return answer;
  },
  lookAhead: (next) => engine.lookAhead(next),
};
serveFifo({ directory, channel }, service, () => engine.disconnect());
