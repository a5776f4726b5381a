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

export class QueryEnclave implements EnclaveClient {
  readonly #enclave: EnclaveClient;
  #depth = 0;

  constructor(enclave: EnclaveClient) {
    this.#enclave = enclave;
  }

  /**
   * Connects again if the enclave died, and asks again if this was the outermost question.
   * @throws {ChannelError} `channel/enclave_died` also while the block thread has not started the
   *   new enclave yet.
   */
  call(request: EnclaveRequest, handler: HostHandler): EnclaveAnswer {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.#once(request, handler);
      } catch (error) {
        const mayTryAgain = this.#depth === 0 && attempt < limits.queryAttempts;
        if (!mayTryAgain || !isEnclaveDeath(error)) throw error;
      }
    }
  }

  notify(notice: EnclaveNotice): void {
    this.#enclave.notify(notice);
  }

  close(): void {
    this.#enclave.close();
  }

  #once(request: EnclaveRequest, handler: HostHandler): EnclaveAnswer {
    this.#depth += 1;
    try {
      const answer = this.#enclave.call(request, handler);
      if (answer.kind === "refused" && answer.code === "enclave/not_started") {
        throw new ChannelError({ code: "channel/enclave_died" });
      }
      return answer;
    } finally {
      this.#depth -= 1;
    }
  }
}
