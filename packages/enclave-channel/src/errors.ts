import { ProtocolError } from "@tacit/encoding/errors";

export type ChannelFailure =
  /** The enclave's process ended or closed its end; the block starts again from its first message. */
  | { readonly code: "channel/enclave_died" }
  /** The enclave did not open its end, or did not come back, in time. */
  | { readonly code: "channel/timeout"; readonly waitedMs: number }
  /** The other side's bytes are not a message. */
  | { readonly code: "channel/malformed"; readonly reason: string }
  /** A message of ours or theirs is longer than the bound of its kind. */
  | { readonly code: "channel/too_large"; readonly what: string; readonly size: number }
  /** More calls inside each other than contracts can make. */
  | { readonly code: "channel/too_deep" }
  /** `close` was called. */
  | { readonly code: "channel/closed" }
  /** The child process could not be started. */
  | { readonly code: "channel/start_failed"; readonly reason: string };

const SENTENCES: { readonly [Code in ChannelFailure["code"]]: string } = {
  "channel/enclave_died": "the enclave's process ended",
  "channel/timeout": "the enclave did not answer in time",
  "channel/malformed": "the channel carried bytes that are no message",
  "channel/too_large": "a message exceeds the channel's bounds",
  "channel/too_deep": "too many calls inside each other",
  "channel/closed": "the channel is closed",
  "channel/start_failed": "the enclave's process could not be started",
};

export class ChannelError extends ProtocolError<ChannelFailure> {
  constructor(failure: ChannelFailure, options?: ErrorOptions) {
    super(failure, SENTENCES[failure.code], options);
  }
}

export function malformed(reason: string): ChannelError {
  return new ChannelError({ code: "channel/malformed", reason });
}
