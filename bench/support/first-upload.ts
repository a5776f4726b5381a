/** A thread's first upload, before V8 has optimised the checks: what a node just started takes. */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { checkModule } from "../../packages/vm/src/check.ts";
import { instrumentCode } from "../../packages/vm/src/compile.ts";

const MARK = "first upload";

/** Milliseconds to check and instrument in a fresh thread. */
export function timeFirstUpload(wasm: Uint8Array): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { mark: MARK, wasm } });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

const task = workerData as { readonly mark: string; readonly wasm: Uint8Array } | null;
if (task?.mark === MARK) {
  const start = performance.now();
  instrumentCode(checkModule(task.wasm));
  parentPort?.postMessage(performance.now() - start);
}
