/** The application in the caller's own thread: for tests, tools and replays. */
import type { Application } from "@tacit/sdk";
import { Chain, type ChainOptions } from "./chain.ts";
import { AppError } from "./errors.ts";
import { limits } from "./limits.ts";

/** An `Application` that answers at once, wrapped in promises. */
export interface LocalApplication extends Application {
  readonly chain: Chain;
}

/** @throws {AppError} `app/enclave_refused`; {ChannelError}, {StoreError}. */
export function createApplication(options: ChainOptions): LocalApplication {
  const chain = new Chain(options);
  const gate = new CommitGate(chain);
  return {
    chain,
    info: async () => chain.info(),
    initChain: async (request) => chain.initChain(request),
    query: async (request) => chain.query(request),
    checkTx: (request) => gate.afterCommit(() => chain.checkTx(request)),
    prepareProposal: async (request) => chain.prepareProposal(request),
    processProposal: async () => chain.processProposal(),
    finalizeBlock: async (request) => chain.finalizeBlock(request),
    commit: async () => {
      const result = chain.commit();
      gate.open();
      return result;
    },
  };
}

/**
 * Holds back checks between a block's execution and its commit: CheckTx works on committed state
 * only. Waiting checks run in their order when the commit is done.
 */
export class CommitGate {
  readonly #chain: Pick<Chain, "hasPendingBlock">;
  readonly #waiting: (() => void)[] = [];

  constructor(chain: Pick<Chain, "hasPendingBlock">) {
    this.#chain = chain;
  }

  /** @throws {AppError} `app/queue_full` if too many wait already. */
  async afterCommit<T>(check: () => T): Promise<T> {
    if (!this.#chain.hasPendingBlock && this.#waiting.length === 0) return check();
    if (this.#waiting.length >= limits.waitingChecks) {
      throw new AppError({ code: "app/queue_full", waiting: this.#waiting.length });
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(check());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  open(): void {
    for (const run of this.#waiting.splice(0)) run();
  }
}
