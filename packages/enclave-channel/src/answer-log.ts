/** Answers of the enclave, kept as they crossed to be looked into later. */
import { bytes, struct } from "./codec.ts";
import { enclaveAnswer } from "./messages.ts";
import type { EnclaveAnswer } from "./protocol.ts";
import { Reader, Writer } from "./wire.ts";

export interface LoggedAnswer {
  /** Raw address of the contract that was called. */
  readonly contract: Uint8Array;
  readonly answer: EnclaveAnswer;
}

const entry = struct<LoggedAnswer>({ contract: bytes, answer: enclaveAnswer });

/** One answer behind the other in one piece of memory, so that keeping them makes no objects. */
export class AnswerLog {
  readonly #writer: Writer;

  /** @param keptBytesMax of its memory that is used again after {@link clear}. */
  constructor(keptBytesMax: number) {
    this.#writer = new Writer(keptBytesMax);
  }

  /** @throws {ChannelError} `channel/too_large`, for an answer that did not come through a channel. */
  append(logged: LoggedAnswer): void {
    entry.write(this.#writer, logged);
  }

  get sizeBytes(): number {
    return this.#writer.length;
  }

  /** A view of the entries; valid until the next one. */
  get bytes(): Uint8Array {
    return this.#writer.finish();
  }

  clear(): void {
    this.#writer.reset();
  }
}

/** @throws {ChannelError} `channel/malformed`, `channel/too_large` for bytes that are no such log. */
export function readAnswerLog(log: Uint8Array): LoggedAnswer[] {
  const reader = new Reader(log);
  const entries: LoggedAnswer[] = [];
  while (!reader.isAtEnd) entries.push(entry.read(reader));
  return entries;
}
