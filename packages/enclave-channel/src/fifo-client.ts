import { converse, type HostSide } from "./conversation.ts";
import type { ChannelDescriptor } from "./descriptor.ts";
import { ChannelError } from "./errors.ts";
import { connectToEnclave } from "./fifo-connect.ts";
import type { FifoPipe } from "./fifo-pipe.ts";
import { NESTING_MAX } from "./limits.ts";
import type { EnclaveCall } from "./messages.ts";
import type {
  EnclaveAnswer,
  EnclaveClient,
  EnclaveNotice,
  EnclaveRequest,
  HostHandler,
  Meanwhile,
} from "./protocol.ts";
import { TracedPipe } from "./trace.ts";

type StartRequest = Extract<EnclaveRequest, { kind: "start" }>;

const NO_REQUESTS: HostHandler = { handle: () => ({ kind: "failed" }) };
const ONLY_WAITING: HostSide = { handler: NO_REQUESTS, meanwhile: undefined };

/**
 * A client of the enclave process, for one thread. Connects at the first call.
 *
 * When the enclave dies, the call in progress throws `channel/enclave_died` and what was queued
 * is dropped; the next call connects to the restarted enclave and, if this client had started the
 * old one, starts the new one with the newest sealed state it has seen. The caller then begins
 * its block again.
 *
 * @param mayWait is asked while it waits for an enclave to connect to: who says no gets
 *   `channel/timeout` before the descriptor's time is over.
 */
export function connectEnclave(
  descriptor: ChannelDescriptor,
  mayWait: () => boolean = () => true,
): EnclaveClient {
  return new FifoClient(descriptor, mayWait);
}

type Pipe = FifoPipe | TracedPipe;

class FifoClient implements EnclaveClient {
  readonly #descriptor: ChannelDescriptor;
  readonly #mayWait: () => boolean;
  #pipe: Pipe | undefined;
  #notices: EnclaveNotice[] = [];
  #depth = 0;
  #closed = false;
  /** With the newest sealed state. */
  #start: StartRequest | undefined;

  constructor(descriptor: ChannelDescriptor, mayWait: () => boolean) {
    this.#descriptor = descriptor;
    this.#mayWait = mayWait;
  }

  notify(notice: EnclaveNotice): void {
    this.#notices.push(notice);
  }

  call(request: EnclaveRequest, handler: HostHandler, meanwhile?: Meanwhile): EnclaveAnswer {
    if (this.#closed) throw new ChannelError({ code: "channel/closed" });
    if (this.#depth >= NESTING_MAX) throw new ChannelError({ code: "channel/too_deep" });
    const pipe = this.#connected(request);
    const notices = this.#notices;
    this.#notices = [];
    return this.#exchange(pipe, { notices, request }, { handler, meanwhile });
  }

  close(): void {
    this.#closed = true;
    this.#pipe?.close();
  }

  #connected(request: EnclaveRequest): Pipe {
    if (this.#pipe !== undefined) return this.#pipe;
    if (this.#depth > 0) throw new ChannelError({ code: "channel/enclave_died" });
    const pipe = connect(this.#descriptor, this.#mayWait);
    this.#pipe = pipe;
    if (this.#start !== undefined && request.kind !== "start") {
      this.#exchange(pipe, { notices: [], request: this.#start }, ONLY_WAITING);
    }
    return pipe;
  }

  #exchange(pipe: Pipe, call: EnclaveCall, host: HostSide): EnclaveAnswer {
    this.#depth++;
    try {
      const answer = converse(pipe, call, host);
      this.#remember(call.request, answer);
      return answer;
    } catch (error) {
      if (isBroken(error)) this.#disconnect(pipe);
      throw error;
    } finally {
      this.#depth--;
    }
  }

  #remember(request: EnclaveRequest, answer: EnclaveAnswer): void {
    if (request.kind === "start" && answer.kind === "started") this.#start = request;
    const sealed = "sealed" in answer ? answer.sealed : undefined;
    if (sealed !== undefined && this.#start !== undefined) this.#start = { ...this.#start, sealed };
  }

  #disconnect(pipe: Pipe): void {
    pipe.close();
    this.#notices = [];
    if (this.#pipe === pipe) this.#pipe = undefined;
  }
}

function connect(descriptor: ChannelDescriptor, mayWait: () => boolean): Pipe {
  const pipe = connectToEnclave(descriptor, mayWait);
  const { traceFile } = descriptor;
  return traceFile === undefined ? pipe : new TracedPipe(pipe, traceFile);
}

const BROKEN = new Set(["channel/enclave_died", "channel/malformed", "channel/timeout"]);

/** Whether the conversation cannot go on after this error. */
function isBroken(error: unknown): boolean {
  return error instanceof ChannelError && BROKEN.has(error.code);
}
