/**
 * What the supervisor says to the enclave's main thread over standard input, one byte each: it
 * cannot ask an engine thread, which listens to nothing while a contract runs.
 */
export interface EngineCommand {
  /** `end`: stop the channel's engine thread where it is. `begin`: start another in its place. */
  readonly kind: "end" | "begin";
  /** 1 or more: the engine of blocks, channel 0, is never ended. */
  readonly channel: number;
}

const BEGIN = 0x80;

export function encodeEngineCommand({ kind, channel }: EngineCommand): Uint8Array {
  return Uint8Array.of(kind === "begin" ? BEGIN | channel : channel);
}

/** @returns undefined for what no supervisor says: channel 0, or one that is not there. */
export function decodeEngineCommand(byte: number, channels: number): EngineCommand | undefined {
  const channel = byte & ~BEGIN;
  if (channel === 0 || channel >= channels) return undefined;
  return { kind: byte >= BEGIN ? "begin" : "end", channel };
}
