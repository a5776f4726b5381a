import {
  decodeAnnouncement,
  decodeHostAnswer,
  type EnclaveService,
  encodeAnnouncement,
  encodeAnswer,
  type HostPort,
  serveSafely,
} from "./conversation.ts";
import { ChannelError } from "./errors.ts";
import { decodeFrame, decodePayload, encodeFrame } from "./frames.ts";
import { NESTING_MAX } from "./limits.ts";
import { enclaveAnswer, enclaveCall, hostAnswer, hostRequest } from "./messages.ts";
import type {
  EnclaveAnswer,
  EnclaveClient,
  EnclaveNotice,
  EnclaveRequest,
  HostAnswer,
  HostHandler,
  Meanwhile,
  TxNotice,
} from "./protocol.ts";

/** Sees every frame that crosses, header included; must not keep the array, which is reused. */
export type FrameRecorder = (direction: "to_enclave" | "to_host", frame: Uint8Array) => void;

/**
 * A client whose enclave runs in the same thread, for tests. The bytes are those of the real
 * transport: everything is encoded, recorded and decoded.
 */
export function connectInProcess(
  service: EnclaveService,
  options: InProcessOptions = {},
): EnclaveClient {
  return new InProcessClient(service, options);
}

export interface InProcessOptions {
  readonly record?: FrameRecorder;
  /** Runs what is meant for the time of waiting. Off by default: here nobody waits, so nothing is won. */
  readonly runsMeanwhile?: boolean;
}

class InProcessClient implements EnclaveClient {
  readonly #service: EnclaveService;
  readonly #record: FrameRecorder;
  readonly #runsMeanwhile: boolean;
  #announced: Uint8Array | undefined;
  #notices: EnclaveNotice[] = [];
  #depth = 0;
  #closed = false;

  constructor(service: EnclaveService, { record, runsMeanwhile }: InProcessOptions) {
    this.#service = service;
    this.#record = record ?? (() => {});
    this.#runsMeanwhile = runsMeanwhile ?? false;
  }

  notify(notice: EnclaveNotice): void {
    this.#notices.push(notice);
  }

  call(request: EnclaveRequest, handler: HostHandler, meanwhile?: Meanwhile): EnclaveAnswer {
    if (this.#closed) throw new ChannelError({ code: "channel/closed" });
    if (this.#depth >= NESTING_MAX) throw new ChannelError({ code: "channel/too_deep" });
    const notices = this.#notices;
    this.#notices = [];
    const frame = encodeFrame("call", enclaveCall, { notices, request });
    this.#record("to_enclave", frame);
    const { payload } = decodeFrame(frame);
    const state: { failed: { readonly cause: unknown } | undefined } = { failed: undefined };
    if (this.#runsMeanwhile) this.#announce(meanwhile?.());
    this.#depth++;
    try {
      const answer = serveSafely(this.#service, payload, this.#port(handler, state));
      const answered = encodeAnswer(answer);
      this.#record("to_host", answered);
      if (this.#depth === 1) this.#lookAhead();
      if (state.failed !== undefined) throw state.failed.cause;
      return decodePayload(enclaveAnswer, decodeFrame(answered).payload);
    } finally {
      this.#depth--;
    }
  }

  #announce(next: TxNotice | undefined): void {
    const frame = encodeAnnouncement(next);
    if (frame === undefined) return;
    this.#record("to_enclave", frame);
    this.#announced = decodeFrame(Uint8Array.from(frame)).payload;
  }

  /** As over the other transport: once the outermost call has its answer. */
  #lookAhead(): void {
    const announced = this.#announced;
    this.#announced = undefined;
    if (announced !== undefined) this.#service.lookAhead(decodeAnnouncement(announced));
  }

  #port(
    handler: HostHandler,
    state: { failed: { readonly cause: unknown } | undefined },
  ): HostPort {
    return {
      ask: (request) => {
        const asked = encodeFrame("host_request", hostRequest, request);
        this.#record("to_host", asked);
        let answer: HostAnswer = { kind: "failed" };
        try {
          const decoded = decodePayload(hostRequest, decodeFrame(asked).payload);
          if (state.failed === undefined) answer = handler.handle(decoded);
        } catch (cause) {
          state.failed = { cause };
        }
        const frame = encodeFrame("host_answer", hostAnswer, answer);
        this.#record("to_enclave", frame);
        return decodeHostAnswer(request, decodeFrame(frame).payload);
      },
    };
  }

  close(): void {
    this.#closed = true;
  }
}
