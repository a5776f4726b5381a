import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { decodeEngineCommand, wakeEngine } from "@tacit/enclave-channel";
import { ProtocolError } from "@tacit/encoding/errors";
import type { EnclaveArguments } from "./arguments.ts";
import { EndGate } from "./end-gate.ts";
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
  const engines = new Map<number, QueryEngine>();
  listenToHost(options.channels, engines);
  const blocks = startEngine(options, 0);
  const { openVault, serveVault } = await import("./process-vault.ts");
  const vault = openOrDie(() => openVault(options.sealingKeyFile));
  if (vault === undefined) return;
  serveVault(vault, blocks.vault);
  blocks.worker.once("message", () => {
    for (let channel = 1; channel < options.channels; channel++) {
      engines.set(
        channel,
        new QueryEngine({
          start: (gate) => {
            const { worker, vault: port } = startEngine(options, channel, gate);
            serveVault(vault, port);
            return worker;
          },
          wake: () => wakeEngine(options.directory, channel),
        }),
      );
    }
  });
  vault.measurement();
}

interface QueryEngineOptions {
  readonly start: (gate: EndGate) => Worker;
  /** @returns what to call when the thread has ended. */
  readonly wake: () => () => void;
}

/**
 * The engine thread of a query channel, which the host may end in the middle of a contract: a loop
 * of WebAssembly stops where it goes around, and a thread that blocks is woken. Nothing is lost,
 * since queries change nothing and the vault is in the main thread.
 */
class QueryEngine {
  readonly #options: QueryEngineOptions;
  /** Undefined once it has ended. */
  #worker: Worker | undefined;
  #gate = new EndGate();
  #isEnding = false;
  #mustBegin = false;

  constructor(options: QueryEngineOptions) {
    this.#options = options;
    this.#worker = options.start(this.#gate);
  }

  end(): void {
    const worker = this.#worker;
    if (worker === undefined || this.#isEnding) return;
    this.#isEnding = true;
    this.#mustBegin = false;
    worker.removeAllListeners("exit");
    void this.#end(worker);
  }

  async #end(worker: Worker): Promise<void> {
    await this.#gate.end();
    const ended = once(worker, "exit");
    void worker.terminate();
    const release = this.#options.wake();
    await ended;
    release();
    this.#worker = undefined;
    this.#isEnding = false;
    if (this.#mustBegin) this.begin();
  }

  begin(): void {
    if (this.#isEnding) this.#mustBegin = true;
    else if (this.#worker === undefined) {
      this.#gate = new EndGate();
      this.#worker = this.#options.start(this.#gate);
    }
  }
}

function startEngine(
  options: EnclaveArguments,
  channel: number,
  gate?: EndGate,
): { readonly worker: Worker; readonly vault: VaultPort } {
  const { directory, cacheDirectory } = options;
  const { vault, engine } = createVaultLink();
  const workerData: EngineThreadData = {
    directory,
    channel,
    vault: engine,
    cacheDirectory,
    gate: gate?.buffer,
  };
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

/** Ends with the host, and does with engines what it says; a host that says anything else is none. */
function listenToHost(channels: number, engines: ReadonlyMap<number, QueryEngine>): void {
  process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
  process.stdin.on("error", () => process.kill(process.pid, "SIGKILL"));
  process.stdin.on("data", (bytes: Uint8Array) => {
    for (const byte of bytes) {
      const command = decodeEngineCommand(byte, channels);
      if (command === undefined) return die("a command of the host is none");
      engines.get(command.channel)?.[command.kind]();
    }
  });
}
