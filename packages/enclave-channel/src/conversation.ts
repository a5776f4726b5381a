import { ChannelError, malformed } from "./errors.ts";
import { decodePayload, encodeFrame, type Frame } from "./frames.ts";
import { ANNOUNCEMENT_BYTES_MAX, NESTING_MAX } from "./limits.ts";
import {
  type EnclaveCall,
  enclaveAnswer,
  enclaveCall,
  hostAnswer,
  hostRequest,
  txNotice,
} from "./messages.ts";
import type {
  EnclaveAnswer,
  EnclaveNotice,
  EnclaveRequest,
  HostAnswer,
  HostHandler,
  HostRequest,
  Meanwhile,
  TxNotice,
} from "./protocol.ts";

/** Frames, one at a time, each way. Blocks. @throws {ChannelError} `channel/enclave_died` at the other side's end. */
export interface FramePipe {
  send(frame: Uint8Array): void;
  receive(): Frame;
}

/** What the enclave may ask of the host while it serves a request. */
export interface HostPort {
  /** @throws {HostFailure} if the host could not serve it: the call in progress must end. */
  ask(request: HostRequest): HostAnswer;
}

/** The enclave's side of one channel. Never throws: every wrong input has an answer. */
export interface EnclaveService {
  serve(notices: readonly EnclaveNotice[], request: EnclaveRequest, host: HostPort): EnclaveAnswer;
  /** Told between calls what the host says comes next: a hint, which has no answer. */
  lookAhead(next: TxNotice): void;
}

/** The host answered `failed`, or with an answer of another kind than asked for. */
export class HostFailure extends ChannelError {}

/** What the host does for one call. */
export interface HostSide {
  readonly handler: HostHandler;
  readonly meanwhile: Meanwhile | undefined;
}

/** The host's side: one call and the requests that come back meanwhile. */
export function converse(
  pipe: FramePipe,
  call: EnclaveCall,
  { handler, meanwhile }: HostSide,
): EnclaveAnswer {
  pipe.send(encodeFrame("call", enclaveCall, call));
  const announced = encodeAnnouncement(meanwhile?.());
  if (announced !== undefined) pipe.send(announced);
  let failed: { readonly cause: unknown } | undefined;
  for (;;) {
    const frame = pipe.receive();
    if (frame.type === "answer") {
      const answer = decodePayload(enclaveAnswer, frame.payload);
      if (failed !== undefined) throw failed.cause;
      return answer;
    }
    if (frame.type !== "host_request") throw malformed("expected an answer or a request");
    const asked = decodePayload(hostRequest, frame.payload);
    let answer: HostAnswer = { kind: "failed" };
    try {
      if (failed === undefined) answer = handler.handle(asked);
    } catch (cause) {
      if (cause instanceof ChannelError && isBroken(cause)) throw cause;
      failed = { cause };
    }
    pipe.send(encodeFrame("host_answer", hostAnswer, answer));
  }
}

/** Undefined for what is too long to be announced, and for nothing. */
export function encodeAnnouncement(next: TxNotice | undefined): Uint8Array | undefined {
  if (next === undefined || next.txBytes.length > ANNOUNCEMENT_BYTES_MAX) return undefined;
  const frame = encodeFrame("announcement", txNotice, next);
  return frame.length > ANNOUNCEMENT_BYTES_MAX ? undefined : frame;
}

/** @throws {ChannelError} `channel/malformed`, `channel/too_large`. */
export function decodeAnnouncement(payload: Uint8Array): TxNotice {
  const { length: size } = payload;
  if (size > ANNOUNCEMENT_BYTES_MAX) {
    throw new ChannelError({ code: "channel/too_large", what: "announcement", size });
  }
  return decodePayload(txNotice, payload);
}

function isBroken(error: ChannelError): boolean {
  return error.code !== "channel/too_large" && error.code !== "channel/too_deep";
}

/** The enclave's side: serves calls until the host closes, which `receive` reports by throwing. */
export function serveForever(pipe: FramePipe, service: EnclaveService): never {
  for (;;) {
    const calls = new CallPipe(pipe);
    const frame = pipe.receive();
    if (frame.type === "announcement") calls.announced = frame.payload;
    else serveCall(calls, service, frame, 1);
    if (calls.announced !== undefined) service.lookAhead(decodeAnnouncement(calls.announced));
  }
}

/** What crosses while a call is served: an announcement is put aside until the call has its answer. */
class CallPipe implements FramePipe {
  readonly #pipe: FramePipe;
  /** The last one's payload. */
  announced: Uint8Array | undefined;

  constructor(pipe: FramePipe) {
    this.#pipe = pipe;
  }

  send(frame: Uint8Array): void {
    this.#pipe.send(frame);
  }

  receive(): Frame {
    for (;;) {
      const frame = this.#pipe.receive();
      if (frame.type !== "announcement") return frame;
      this.announced = frame.payload;
    }
  }
}

function serveCall(pipe: FramePipe, service: EnclaveService, frame: Frame, depth: number): void {
  if (frame.type !== "call") throw malformed("expected a call");
  const host: HostPort = { ask: (request) => ask(pipe, service, request, depth) };
  const answer = depth > NESTING_MAX ? TOO_DEEP : serveSafely(service, frame.payload, host);
  pipe.send(encodeAnswer(answer));
}

const TOO_DEEP: EnclaveAnswer = {
  kind: "refused",
  code: "channel/too_deep",
  text: "too many calls inside each other",
};

/** One call, already framed: decodes and serves it. Bytes that are no call are refused, not thrown. */
export function serveSafely(
  service: EnclaveService,
  payload: Uint8Array,
  host: HostPort,
): EnclaveAnswer {
  let call: ReturnType<typeof enclaveCall.read>;
  try {
    call = decodePayload(enclaveCall, payload);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return { kind: "refused", code: error.code, text: error.message };
  }
  return service.serve(call.notices, call.request, host);
}

/** An answer that is too large becomes a refusal, the same on every node. */
export function encodeAnswer(answer: EnclaveAnswer): Uint8Array {
  try {
    return encodeFrame("answer", enclaveAnswer, answer);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const refusal: EnclaveAnswer = { kind: "refused", code: error.code, text: error.message };
    return encodeFrame("answer", enclaveAnswer, refusal);
  }
}

function ask(
  pipe: FramePipe,
  service: EnclaveService,
  request: HostRequest,
  depth: number,
): HostAnswer {
  pipe.send(encodeFrame("host_request", hostRequest, request));
  for (;;) {
    const frame = pipe.receive();
    if (frame.type === "host_answer") return decodeHostAnswer(request, frame.payload);
    serveCall(pipe, service, frame, depth + 1);
  }
}

const ANSWER_KINDS: { readonly [Kind in HostRequest["kind"]]: HostAnswer["kind"] } = {
  read_private: "private",
  load_code: "code",
  chain_query: "chain_query",
  log: "logged",
};

/** The host's answer to `request`. @throws {HostFailure} for every other answer. */
export function decodeHostAnswer(request: HostRequest, payload: Uint8Array): HostAnswer {
  let answer: HostAnswer;
  try {
    answer = decodePayload(hostAnswer, payload);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    throw new HostFailure({ code: "channel/malformed", reason: "host answer" }, { cause: error });
  }
  if (answer.kind !== ANSWER_KINDS[request.kind]) {
    throw new HostFailure({ code: "channel/malformed", reason: `host answered ${answer.kind}` });
  }
  return answer;
}
