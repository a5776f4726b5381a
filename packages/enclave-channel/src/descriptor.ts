import { ChannelError } from "./errors.ts";

/** Everything a thread needs to connect to one channel. Can be posted to a worker. */
export interface ChannelDescriptor {
  /** Holds one directory of FIFOs for each generation of the enclave. */
  readonly directory: string;
  /** 0 is the block thread's. */
  readonly channel: number;
  readonly state: SharedArrayBuffer;
  /** How long to wait for the enclave, at first and after its death. */
  readonly timeoutMs: number;
  /** Where everything that crosses is written down, for tests; see `trace.ts`. */
  readonly traceFile?: string;
}

const GENERATION = 0;
const STATUS = 1;
const WORDS = 2;

const STATUSES = ["running", "stopped", "given_up"] as const;
export type SupervisorStatus = (typeof STATUSES)[number];

export function generationDirectory(directory: string, generation: number): string {
  return `${directory}/${generation}`;
}

/** What the supervisor tells all threads through shared memory: they get no events while they block. */
export class ChannelState {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** @throws {ChannelError} `channel/closed`, `channel/start_failed`. */
  runningGeneration(): number {
    const status = STATUSES[Atomics.load(this.#words, STATUS)];
    if (status === "stopped") throw new ChannelError({ code: "channel/closed" });
    if (status === "given_up") {
      throw new ChannelError({ code: "channel/start_failed", reason: "it died again and again" });
    }
    return Atomics.load(this.#words, GENERATION);
  }

  /** Counts restarts; 0 before the first start. */
  nextGeneration(): number {
    const next = Atomics.add(this.#words, GENERATION, 1) + 1;
    Atomics.notify(this.#words, GENERATION);
    return next;
  }

  setStatus(status: SupervisorStatus): void {
    Atomics.store(this.#words, STATUS, STATUSES.indexOf(status));
    Atomics.notify(this.#words, GENERATION);
  }

  /** Returns early when the generation changes. */
  sleep(generation: number, milliseconds: number): void {
    Atomics.wait(this.#words, GENERATION, generation, milliseconds);
  }
}
