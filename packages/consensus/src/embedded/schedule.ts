/** When blocks are made: soon after a transaction, once more after it, and steadily otherwise. */
import type { Clock } from "../clock.ts";

export interface BlockTiming {
  /** Between blocks while nothing happens, in milliseconds. */
  readonly intervalMs: number;
  /** From the first waiting transaction to its block, so that others can join it. */
  readonly gatherMs: number;
}

/** What the last block and the pool ask for. */
export type Demand = "transactions" | "follow_up" | "nothing";

export class BlockSchedule {
  readonly #timing: BlockTiming;
  readonly #clock: Clock;
  readonly #produce: () => Promise<void>;
  readonly #demand: () => Demand;
  readonly #onFailure: (error: unknown) => void;
  #cancel: (() => void) | undefined;
  #waitsFor: Demand = "nothing";
  #isRunning = false;
  #producing: Promise<void> | undefined;

  constructor(
    timing: BlockTiming,
    modules: {
      readonly clock: Clock;
      readonly produce: () => Promise<void>;
      readonly demand: () => Demand;
      readonly onFailure: (error: unknown) => void;
    },
  ) {
    this.#timing = timing;
    this.#clock = modules.clock;
    this.#produce = modules.produce;
    this.#demand = modules.demand;
    this.#onFailure = modules.onFailure;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#plan();
  }

  /** Resolves when no block is in the making. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#producing;
  }

  /** To be called when a transaction has come: brings the next block forward. */
  wake(): void {
    if (!this.#isRunning || this.#producing !== undefined) return;
    if (this.#waitsFor === "nothing") this.#plan();
  }

  #plan(): void {
    this.#cancel?.();
    this.#waitsFor = this.#demand();
    const delayMs = this.#waitsFor === "nothing" ? this.#timing.intervalMs : this.#timing.gatherMs;
    this.#cancel = this.#clock.schedule(delayMs, () => this.#run());
  }

  #run(): void {
    this.#cancel = undefined;
    this.#producing = this.#produce().then(
      () => {
        this.#producing = undefined;
        if (this.#isRunning) this.#plan();
      },
      (error: unknown) => {
        this.#producing = undefined;
        this.#isRunning = false;
        this.#onFailure(error);
      },
    );
  }
}
