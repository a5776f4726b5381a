import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { type ChannelDescriptor, ChannelState, generationDirectory } from "./descriptor.ts";
import { ChannelError } from "./errors.ts";
import { FifoPipe, fifoPaths } from "./fifo-pipe.ts";
import { decodeFrameHeader, encodeFrame, FRAME_HEADER_BYTES } from "./frames.ts";

/**
 * Opening a FIFO blocks until it has both ends, and reading one without a writer says end of
 * file. So that nobody waits for ever and nobody mistakes "not yet" for "gone":
 * - the enclave opens its reading end with a writer of its own, which it closes at the first
 *   frame, then its writing end (blocking: its process ends with the host), then says hello;
 * - the host reads without blocking until the hello is there, up to its deadline, and only then
 *   opens both ends for blocking use.
 */
const READ_NOW = constants.O_RDONLY | constants.O_NONBLOCK;
const WRITE_NOW = constants.O_WRONLY | constants.O_NONBLOCK;

const POLL_MS = 1;

/** The enclave's end. Blocks until a host connects. */
export function acceptHost(directory: string, channel: number): FifoPipe {
  const { toEnclave, toHost } = fifoPaths(directory, channel);
  const placeholder = openSync(toEnclave, READ_NOW);
  const ownWriter = openSync(toEnclave, WRITE_NOW);
  const readFd = openSync(toEnclave, constants.O_RDONLY);
  closeSync(placeholder);
  const writeFd = openSync(toHost, constants.O_WRONLY);
  const pipe = new FifoPipe(readFd, writeFd, () => closeSync(ownWriter));
  pipe.send(encodeFrame("hello", { write: () => {}, read: () => {} }, undefined));
  return pipe;
}

/**
 * Wakes an engine thread that was told to end, if it blocks for a host: in opening its writing end, or in
 * a read that its own writer keeps from ending. Never blocks.
 *
 * @returns what to call when the thread has ended: then nothing of this is left in the FIFOs.
 */
export function wakeEngine(directory: string, channel: number): () => void {
  const { toEnclave, toHost } = fifoPaths(directory, channel);
  const fds = [tryOpen(toHost, READ_NOW), tryOpen(toEnclave, WRITE_NOW)];
  const writer = fds[1];
  if (writer !== undefined) tryWrite(writer);
  return () => {
    for (const fd of fds) if (fd !== undefined) closeSync(fd);
  };
}

/** A full FIFO blocks no reader. */
function tryWrite(fd: number): void {
  try {
    writeSync(fd, Uint8Array.of(0));
  } catch {}
}

/**
 * The host's end, of whichever generation of the enclave answers first within the deadline, while
 * `mayWait` says so.
 * @throws {ChannelError} `channel/timeout`, `channel/closed` once the supervisor has stopped,
 * `channel/start_failed` if it gave up.
 */
export function connectToEnclave(descriptor: ChannelDescriptor, mayWait: () => boolean): FifoPipe {
  const state = new ChannelState(descriptor.state);
  const polls = Math.ceil(descriptor.timeoutMs / POLL_MS);
  let waited = 0;
  while (waited < polls && mayWait()) {
    const generation = state.runningGeneration();
    const directory = generationDirectory(descriptor.directory, generation);
    const result = greet(descriptor, directory, () => {
      waited++;
      state.sleep(generation, POLL_MS);
      return waited < polls && mayWait() && state.runningGeneration() === generation;
    });
    if (result !== undefined) return result;
    waited++;
  }
  throw new ChannelError({ code: "channel/timeout", waitedMs: waited * POLL_MS });
}

/** Undefined if `mayWaitLonger` says no before the hello has come. */
function greet(
  descriptor: ChannelDescriptor,
  directory: string,
  mayWaitLonger: () => boolean,
): FifoPipe | undefined {
  const { toEnclave, toHost } = fifoPaths(directory, descriptor.channel);
  const reader = tryOpen(toHost, READ_NOW);
  if (reader === undefined) {
    mayWaitLonger();
    return undefined;
  }
  try {
    if (!awaitHello(reader, mayWaitLonger)) return undefined;
    const ownWriter = openSync(toHost, WRITE_NOW);
    const readFd = openSync(toHost, constants.O_RDONLY);
    closeSync(ownWriter);
    const ownReader = openSync(toEnclave, READ_NOW);
    const writeFd = openSync(toEnclave, constants.O_WRONLY);
    closeSync(ownReader);
    return new FifoPipe(readFd, writeFd);
  } finally {
    closeSync(reader);
  }
}

function tryOpen(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags);
  } catch {
    return undefined;
  }
}

function awaitHello(reader: number, mayWaitLonger: () => boolean): boolean {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  do {
    if (readNow(reader, header) === FRAME_HEADER_BYTES) {
      const { type, lengthBytes } = decodeFrameHeader(header);
      return type === "hello" && lengthBytes === 0;
    }
  } while (mayWaitLonger());
  return false;
}

/** 0 without a writer and with one that has written nothing; the hello is written in one piece. */
function readNow(fd: number, target: Uint8Array): number {
  try {
    return readSync(fd, target, 0, target.length, null);
  } catch {
    return 0;
  }
}
