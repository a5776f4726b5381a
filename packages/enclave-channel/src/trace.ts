import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { FramePipe } from "./conversation.ts";
import { decodeFrameHeader, FRAME_HEADER_BYTES, FRAME_TYPES, type Frame } from "./frames.ts";

/**
 * What the host's end of a channel sends and receives, written to a file: nothing that the host
 * does not have anyway. For tests that look for plaintext in it.
 *
 * The file is a sequence of `direction(1) ‖ frame`, the frame with its header.
 */
export interface TracedFrame {
  readonly direction: "to_enclave" | "to_host";
  /** Header included. */
  readonly frame: Uint8Array;
}

const TO_ENCLAVE = 0;
const TO_HOST = 1;

/** Passes everything on to `pipe` and appends it to the file at `path`. */
export class TracedPipe implements FramePipe {
  readonly #pipe: FramePipe & { close(): void };
  readonly #file: number;
  #open = true;

  constructor(pipe: FramePipe & { close(): void }, path: string) {
    this.#pipe = pipe;
    this.#file = openSync(path, "a", 0o600);
  }

  send(frame: Uint8Array): void {
    this.#write(TO_ENCLAVE, frame);
    this.#pipe.send(frame);
  }

  receive(): Frame {
    const frame = this.#pipe.receive();
    this.#write(TO_HOST, withHeader(frame));
    return frame;
  }

  close(): void {
    if (this.#open) closeSync(this.#file);
    this.#open = false;
    this.#pipe.close();
  }

  #write(direction: number, frame: Uint8Array): void {
    const entry = new Uint8Array(1 + frame.length);
    entry[0] = direction;
    entry.set(frame, 1);
    for (let at = 0; at < entry.length; ) at += writeSync(this.#file, entry, at);
  }
}

/** All whole frames in a trace, in order; what a writer has not finished is left out. */
export function readTrace(path: string): TracedFrame[] {
  const bytes = new Uint8Array(readFileSync(path));
  const frames: TracedFrame[] = [];
  for (let at = 0; at + 1 + FRAME_HEADER_BYTES <= bytes.length; ) {
    const start = at + 1;
    const { lengthBytes } = decodeFrameHeader(bytes.subarray(start, start + FRAME_HEADER_BYTES));
    const end = start + FRAME_HEADER_BYTES + lengthBytes;
    if (end > bytes.length) break;
    const direction = bytes[at] === TO_HOST ? "to_host" : "to_enclave";
    frames.push({ direction, frame: bytes.subarray(start, end) });
    at = end;
  }
  return frames;
}

function withHeader({ type, payload }: Frame): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length, true);
  frame[4] = FRAME_TYPES.indexOf(type);
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}
