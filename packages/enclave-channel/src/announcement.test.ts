/** The enclave's side against a host that announces what no honest one would. */
import { describe, expect, it } from "vitest";
import { TX_NOTICE } from "../test/samples.ts";
import { type EnclaveService, type FramePipe, serveForever } from "./conversation.ts";
import { ChannelError } from "./errors.ts";
import { decodeFrame, encodeFrame, type Frame } from "./frames.ts";
import { ANNOUNCEMENT_BYTES_MAX } from "./limits.ts";
import { enclaveCall, txNotice } from "./messages.ts";
import type { TxNotice } from "./protocol.ts";

const call: Frame = copyOf(
  encodeFrame("call", enclaveCall, { notices: [], request: { kind: "info" } }),
);
const announcement = (next: TxNotice) => copyOf(encodeFrame("announcement", txNotice, next));

function copyOf(frame: Uint8Array): Frame {
  return decodeFrame(Uint8Array.from(frame));
}

/** Serves `frames`, then the host is gone. @returns what happened, in order, and how it ended. */
function serve(frames: readonly Frame[]): readonly string[] {
  const seen: string[] = [];
  const left = [...frames];
  const pipe: FramePipe = {
    send: () => void seen.push("answer"),
    receive() {
      const frame = left.shift();
      if (frame === undefined) throw new ChannelError({ code: "channel/enclave_died" });
      return frame;
    },
  };
  const service: EnclaveService = {
    serve: () => ({ kind: "done", sealed: undefined }),
    lookAhead: ({ index }) => void seen.push(`next:${index}`),
  };
  try {
    serveForever(pipe, service);
  } catch (error) {
    return [...seen, error instanceof ChannelError ? error.code : "untyped"];
  }
}

describe("an announcement", () => {
  it("is looked at when no call waits, however many there are", () => {
    const frames = [announcement(TX_NOTICE), call, announcement({ ...TX_NOTICE, index: 4 }), call];
    const end = "channel/enclave_died";
    expect(serve(frames)).toEqual(["next:3", "answer", "next:4", "answer", end]);
  });

  it("that is none ends the conversation, as every frame that is none", () => {
    const broken: Frame = { type: "announcement", payload: Uint8Array.of(1, 2, 3) };
    expect(serve([call, broken, call])).toEqual(["answer", "channel/malformed"]);
  });

  it("that is longer than an honest host's ends it too", () => {
    const txBytes = new Uint8Array(ANNOUNCEMENT_BYTES_MAX);
    const long = announcement({ ...TX_NOTICE, txBytes });
    expect(serve([long, call])).toEqual(["channel/too_large"]);
  });
});
