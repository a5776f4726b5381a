import { closeSync, readSync, writeSync } from "node:fs";
import type { FramePipe } from "./conversation.ts";
import { ChannelError } from "./errors.ts";
import { decodeFrameHeader, FRAME_HEADER_BYTES, type Frame } from "./frames.ts";

/** The default capacity of a pipe on Linux: what one read can return. */
const READ_BYTES = 64 * 1024;

/** One end of a pair of FIFOs. Blocks in `readSync` and `writeSync`; the other side's end is EOF. */
export class FifoPipe implements FramePipe {
  readonly #readFd: number;
  readonly #writeFd: number;
  readonly #onFirstFrame: () => void;
  #seenFrame = false;
  #buffer = new Uint8Array(READ_BYTES);
  #start = 0;
  #end = 0;
  #open = true;

  /** @param onFirstFrame is called once, when the other side has proved to be there. */
  constructor(readFd: number, writeFd: number, onFirstFrame: () => void = () => {}) {
    this.#readFd = readFd;
    this.#writeFd = writeFd;
    this.#onFirstFrame = onFirstFrame;
  }

  send(frame: Uint8Array): void {
    for (let offset = 0; offset < frame.length; ) {
      offset += this.#guarded(() => writeSync(this.#writeFd, frame, offset));
    }
  }

  receive(): Frame {
    this.#fill(FRAME_HEADER_BYTES);
    const header = this.#buffer.subarray(this.#start, this.#start + FRAME_HEADER_BYTES);
    const { type, lengthBytes } = decodeFrameHeader(header);
    this.#fill(FRAME_HEADER_BYTES + lengthBytes);
    const from = this.#start + FRAME_HEADER_BYTES;
    const payload = this.#buffer.slice(from, from + lengthBytes);
    this.#start = from + lengthBytes;
    if (this.#start === this.#end) this.#reset();
    if (!this.#seenFrame) this.#onFirstFrame();
    this.#seenFrame = true;
    return { type, payload };
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (!this.#seenFrame) this.#onFirstFrame();
    this.#seenFrame = true;
    closeSync(this.#readFd);
    closeSync(this.#writeFd);
  }

  /** Reads until `needed` bytes are buffered. */
  #fill(needed: number): void {
    if (this.#start + needed > this.#buffer.length) this.#makeRoom(needed);
    while (this.#end - this.#start < needed) {
      const room = this.#buffer.length - this.#end;
      const count = this.#guarded(() =>
        readSync(this.#readFd, this.#buffer, this.#end, room, null),
      );
      if (count === 0) throw new ChannelError({ code: "channel/enclave_died" });
      this.#end += count;
    }
  }

  #makeRoom(needed: number): void {
    const buffered = this.#buffer.subarray(this.#start, this.#end);
    const target = needed > this.#buffer.length ? new Uint8Array(needed) : this.#buffer;
    target.set(buffered);
    this.#buffer = target;
    this.#end = buffered.length;
    this.#start = 0;
  }

  /** Gives back the memory of an unusually large frame. */
  #reset(): void {
    this.#start = 0;
    this.#end = 0;
    if (this.#buffer.length > READ_BYTES) this.#buffer = new Uint8Array(READ_BYTES);
  }

  #guarded(operation: () => number): number {
    if (!this.#open) throw new ChannelError({ code: "channel/closed" });
    try {
      return operation();
    } catch (cause) {
      throw new ChannelError({ code: "channel/enclave_died" }, { cause });
    }
  }
}

/** Names of the two FIFOs of a channel. */
export function fifoPaths(
  directory: string,
  channel: number,
): { readonly toEnclave: string; readonly toHost: string } {
  return { toEnclave: `${directory}/${channel}.in`, toHost: `${directory}/${channel}.out` };
}
