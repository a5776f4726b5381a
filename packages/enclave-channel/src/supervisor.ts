import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { type ChannelDescriptor, ChannelState, generationDirectory } from "./descriptor.ts";
import { type EngineCommand, encodeEngineCommand } from "./engine-commands.ts";
import { ChannelError } from "./errors.ts";
import { fifoPaths } from "./fifo-pipe.ts";
import { CONNECT_TIMEOUT_MS } from "./limits.ts";

/** Part of the measurement: the enclave refuses to run under any others. */
export const ENCLAVE_NODE_FLAGS: readonly string[] = [
  "--disallow-code-generation-from-strings",
  "--disable-proto=throw",
  "--disable-sigusr1",
  "--disable-wasm-trap-handler",
  "--no-warnings",
];

/** An enclave that ends by itself sooner than this after its start counts as not having started. */
const STARTED_AFTER_MS = 30_000;
const FAILED_STARTS_MAX = 5;

export interface EnclaveProcessOptions {
  /** Module that the child runs. */
  readonly entry: string;
  /** Where the simulated sealing key lives; the enclave makes it (mode 0600) if it is absent. */
  readonly sealingKeyFile: string;
  /** 1 for blocks and one for each query thread. */
  readonly channels: number;
  /** Code cache for a quick start; absent: none. */
  readonly cacheDirectory?: string;
  readonly timeoutMs?: number;
  /** Directory for one file a channel with everything that crosses it, for tests. */
  readonly traceDirectory?: string;
  /** Lines of the child's output, never plaintext of a contract. */
  readonly onLog?: (line: string) => void;
  /** The child ended although nobody stopped it; it is started again unless it gave up. */
  readonly onDeath?: (reason: {
    readonly code: number | null;
    readonly signal: string | null;
  }) => void;
}

/**
 * Runs the enclave's process from the host's main thread, and starts it again when it dies. Other
 * threads connect with `connectEnclave(supervisor.channel(n))`.
 *
 * The child has fixed arguments, an empty environment, no inspector and no core dumps, and ends
 * with this process: it reads its standard input until the end.
 */
export class EnclaveSupervisor {
  readonly #options: EnclaveProcessOptions;
  readonly #state = new ChannelState();
  readonly #directory: string;
  #child: ChildProcess | undefined;
  #stopping = false;
  #failedStarts = 0;

  /** @throws {ChannelError} `channel/start_failed`. */
  constructor(options: EnclaveProcessOptions) {
    this.#options = options;
    this.#directory = mkdtempSync(join(tmpdir(), "tacit-enclave-"));
    chmodSync(this.#directory, 0o700);
    this.#spawn();
  }

  /** @param channel 0 for blocks, 1 and more for queries. */
  channel(channel: number): ChannelDescriptor {
    const { timeoutMs, traceDirectory } = this.#options;
    return {
      directory: this.#directory,
      channel,
      state: this.#state.buffer,
      timeoutMs: timeoutMs ?? CONNECT_TIMEOUT_MS,
      ...(traceDirectory !== undefined && { traceFile: join(traceDirectory, `${channel}.trace`) }),
    };
  }

  /** Of the running child; for tests that kill it. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Ends the engine thread of a query channel in the middle of what it does; its host gets
   * `channel/enclave_died`. The others notice nothing.
   *
   * @param channel 1 or more.
   */
  endEngine(channel: number): void {
    this.#command({ kind: "end", channel });
  }

  /** Starts an engine thread for a channel whose engine was ended and whose host has left it. */
  beginEngine(channel: number): void {
    this.#command({ kind: "begin", channel });
  }

  /** Ends the child and removes the FIFOs. Threads blocked in a call get `channel/enclave_died`. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#state.setStatus("stopped");
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #spawn(): void {
    const generation = this.#state.nextGeneration();
    const directory = generationDirectory(this.#directory, generation);
    this.#makeFifos(directory);
    rmSync(generationDirectory(this.#directory, generation - 1), { recursive: true, force: true });
    const startedAt = performance.now();
    const child = spawn("/bin/sh", this.#commandLine(directory), {
      env: {},
      stdio: ["pipe", "pipe", "pipe"],
      // A process group of its own: Ctrl-C is for the host, which finishes its block first.
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => this.#options.onLog?.(line));
    }
    child.stdin.on("error", () => {});
    let ended = false;
    const onEnd = (code: number | null, signal: string | null) => {
      if (!ended) this.#died(startedAt, code, signal);
      ended = true;
    };
    child.once("error", (cause) => onEnd(null, cause.message));
    child.once("exit", onEnd);
  }

  /** The shell only takes core dumps away and then becomes the enclave. */
  #commandLine(directory: string): string[] {
    const { entry, sealingKeyFile, channels, cacheDirectory } = this.#options;
    const cache = cacheDirectory === undefined ? [] : [`--cache=${cacheDirectory}`];
    return [
      "-c",
      'ulimit -c 0; unset PWD OLDPWD; exec "$0" "$@"',
      process.execPath,
      ...ENCLAVE_NODE_FLAGS,
      entry,
      `--directory=${directory}`,
      `--channels=${channels}`,
      `--sealing-key=${sealingKeyFile}`,
      ...cache,
    ];
  }

  /** A child that just died hears nothing, and its successor has all its engines anew. */
  #command(command: EngineCommand): void {
    this.#child?.stdin?.write(encodeEngineCommand(command));
  }

  #makeFifos(directory: string): void {
    mkdirSync(directory, { mode: 0o700 });
    const paths = Array.from({ length: this.#options.channels }, (_, channel) =>
      Object.values(fifoPaths(directory, channel)),
    ).flat();
    try {
      execFileSync("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" });
    } catch (cause) {
      const reason = "mkfifo failed";
      throw new ChannelError({ code: "channel/start_failed", reason }, { cause });
    }
  }

  #died(startedAt: number, code: number | null, signal: string | null): void {
    if (this.#stopping) return;
    const lived = performance.now() - startedAt;
    /** Killed from outside it may be at any time and any number of times. */
    const hasFailed = signal !== "SIGKILL" && lived < STARTED_AFTER_MS;
    this.#failedStarts = hasFailed ? this.#failedStarts + 1 : 0;
    this.#options.onDeath?.({ code, signal });
    if (this.#failedStarts >= FAILED_STARTS_MAX) this.#state.setStatus("given_up");
    else this.#spawn();
  }
}
