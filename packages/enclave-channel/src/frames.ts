import type { Codec } from "./codec.ts";
import { ChannelError, malformed } from "./errors.ts";
import { FRAME_BYTES_MAX } from "./limits.ts";
import { Reader, Writer } from "./wire.ts";

/**
 * A frame is `u32LE length of payload ‖ u8 type ‖ payload`. The host sends `call`, `host_answer`
 * and `announcement`, the enclave `host_request` and `answer`; `hello` is the enclave's first byte
 * sequence on a new connection.
 */
export const FRAME_TYPES = [
  "hello",
  "call",
  "host_request",
  "host_answer",
  "answer",
  "announcement",
] as const;
export type FrameType = (typeof FRAME_TYPES)[number];

export const FRAME_HEADER_BYTES = 5;

export interface Frame {
  readonly type: FrameType;
  readonly payload: Uint8Array;
}

/** One for the thread: a frame is encoded in one go and sent before the next one is. */
const writer = new Writer();

/**
 * The whole frame, header included: a view that the next call overwrites.
 * @throws {ChannelError} `channel/too_large`.
 */
export function encodeFrame<T>(type: FrameType, codec: Codec<T>, value: T): Uint8Array {
  writer.reset();
  writer.u32(0);
  writer.u8(FRAME_TYPES.indexOf(type));
  codec.write(writer, value);
  const size = writer.length - FRAME_HEADER_BYTES;
  if (size > FRAME_BYTES_MAX) {
    throw new ChannelError({ code: "channel/too_large", what: "frame", size });
  }
  writer.patchU32(0, size);
  return writer.finish();
}

/** Type and payload length of a frame. @throws {ChannelError} `channel/malformed`, `channel/too_large`. */
export function decodeFrameHeader(header: Uint8Array): {
  readonly type: FrameType;
  readonly lengthBytes: number;
} {
  const reader = new Reader(header.subarray(0, FRAME_HEADER_BYTES));
  const lengthBytes = reader.u32();
  const type = FRAME_TYPES[reader.u8()];
  if (type === undefined) throw malformed("unknown frame type");
  if (lengthBytes > FRAME_BYTES_MAX) {
    throw new ChannelError({ code: "channel/too_large", what: "frame", size: lengthBytes });
  }
  return { type, lengthBytes };
}

/** The value of a payload, which does not change any more. @throws {ChannelError} `channel/malformed`, `channel/too_large`. */
export function decodePayload<T>(codec: Codec<T>, payload: Uint8Array): T {
  const reader = new Reader(payload);
  const value = codec.read(reader);
  reader.finish();
  return value;
}

/** The one frame that `bytes` are; the payload is a copy. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < FRAME_HEADER_BYTES) throw malformed("frame without header");
  const { type, lengthBytes } = decodeFrameHeader(bytes);
  if (bytes.length !== FRAME_HEADER_BYTES + lengthBytes) throw malformed("frame length is wrong");
  return { type, payload: bytes.slice(FRAME_HEADER_BYTES) };
}
