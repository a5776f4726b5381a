/** A query thread's end of the channel: questions change nothing, so they may be asked again. */
import {
  ChannelError,
  type EnclaveAnswer,
  type EnclaveClient,
  type EnclaveNotice,
  type EnclaveRequest,
  type HostHandler,
} from "@tacit/enclave-channel";
import { isEnclaveDeath } from "../enclave/session.ts";
import { limits } from "../limits.ts";
import type { QueryWatch } from "./query-watch.ts";

export class QueryEnclave implements EnclaveClient {
  readonly #connect: () => EnclaveClient;
  readonly #watch: QueryWatch;
  #enclave: EnclaveClient;
  #depth = 0;

  /** @param connect makes a client that connects at its first call, while `mayWait` says so. */
  constructor(connect: (mayWait: () => boolean) => EnclaveClient, watch: QueryWatch) {
    this.#connect = () => connect(() => !watch.isOverdue);
    this.#watch = watch;
    this.#enclave = this.#connect();
  }

  /**
   * Connects again if the enclave died, and asks again if this was the outermost question.
   * @throws {ChannelError} `channel/enclave_died` also while the block thread has not started the
   *   new enclave yet.
   * @throws {AppError} `app/query_timeout` once the query's time is over.
   */
  call(request: EnclaveRequest, handler: HostHandler): EnclaveAnswer {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.#once(request, handler);
      } catch (error) {
        if (this.#watch.isOverdue && error instanceof ChannelError) this.#watch.stop(error);
        const mayTryAgain = this.#depth === 0 && attempt < limits.queryAttempts;
        if (!mayTryAgain || !isEnclaveDeath(error)) throw error;
      }
    }
  }

  notify(notice: EnclaveNotice): void {
    this.#enclave.notify(notice);
  }

  /** Leaves the pipe; the next call connects anew. */
  disconnect(): void {
    this.#enclave.close();
    this.#enclave = this.#connect();
  }

  close(): void {
    this.#enclave.close();
  }

  #once(request: EnclaveRequest, handler: HostHandler): EnclaveAnswer {
    if (this.#depth === 0) this.#watch.enter();
    this.#depth += 1;
    try {
      const answer = this.#enclave.call(request, handler);
      if (answer.kind === "refused" && answer.code === "enclave/not_started") {
        throw new ChannelError({ code: "channel/enclave_died" });
      }
      return answer;
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#watch.leave();
    }
  }
}
