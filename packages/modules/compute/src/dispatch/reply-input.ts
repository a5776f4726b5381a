/** What a contract's `reply` is told about its sub-message (section 9.3). */
import type {
  Authorization,
  OutputSubMessage,
  ReplyEvent,
  ReplyInput,
} from "@tacit/enclave-channel";
import { type AbciEvent, utf8Bytes } from "@tacit/sdk";
import { ContractCallError } from "../call-error.ts";
import { computeErrors } from "../errors.ts";
import { REPLY_EVENT_CHARS_MAX, REPLY_EVENT_ENTRIES_MAX } from "../limits.ts";
import type { SubMessageOutcome } from "./dispatcher.ts";
import { contractError, errorText, unsignedError } from "./redact.ts";
import { decodeReplyEnvelope, missingProof, type ReplyEnvelope } from "./reply-envelope.ts";

export interface ReplyCall {
  readonly contract: Uint8Array;
  readonly originalMessage: Uint8Array;
  readonly reply: ReplyInput;
  readonly authorization: Authorization;
}

export interface FinishedSubMessage {
  readonly message: OutputSubMessage;
  /** Whether it was a message to a contract; only those are encrypted. */
  readonly isToContract: boolean;
  readonly outcome: SubMessageOutcome;
  readonly redacts: boolean;
}

/** @throws {PlainError} if an encrypted caller cannot be told what happened. */
export function replyInput(
  finished: FinishedSubMessage,
): Pick<ReplyCall, "reply" | "authorization"> {
  const { message, isToContract } = finished;
  const isEncrypted = isToContract && message.wasMessageEncrypted;
  return isEncrypted ? encryptedReply(finished) : plainReply(finished);
}

function encryptedReply(finished: FinishedSubMessage): Pick<ReplyCall, "reply" | "authorization"> {
  const { outcome } = finished;
  const envelope = envelopeOf(finished);
  return {
    authorization: { kind: "callback", signature: envelope.proof.enclaveSignature },
    reply: {
      id: envelope.proof.messageId,
      result:
        "ok" in outcome
          ? { ok: { events: toReplyEvents(outcome.ok.events), data: envelope.data } }
          : { error: contractError(outcome.error) ?? "" },
      wasOriginalMessageEncrypted: true,
      isEncrypted: true,
    },
  };
}

function envelopeOf({ outcome, redacts }: FinishedSubMessage): ReplyEnvelope {
  if ("ok" in outcome) return decodeReplyEnvelope(outcome.ok.response);
  const { error } = outcome;
  if (contractError(error) === undefined) throw unsignedError(errorText(error, redacts));
  const proof = error instanceof ContractCallError ? error.replyProof : undefined;
  if (proof === undefined) throw missingProof();
  return { proof, data: undefined };
}

/** Of messages to modules: their events are not shown. */
function plainReply({
  message,
  isToContract,
  outcome,
  redacts,
}: FinishedSubMessage): Pick<ReplyCall, "reply" | "authorization"> {
  return {
    authorization: { kind: "callback", signature: new Uint8Array() },
    reply: {
      id: utf8Bytes(message.id.toString()),
      result:
        "ok" in outcome
          ? {
              ok: {
                events: isToContract ? toReplyEvents(outcome.ok.events) : [],
                data: nonEmpty(outcome.ok.response?.value),
              },
            }
          : { error: contractError(outcome.error) ?? errorText(outcome.error, redacts) },
      wasOriginalMessageEncrypted: message.wasMessageEncrypted,
      isEncrypted: false,
    },
  };
}

/** @throws {SdkError} `compute/12` if there is more of them than a contract can be told. */
function toReplyEvents(events: readonly AbciEvent[]): readonly ReplyEvent[] {
  let entries = 0;
  let chars = 0;
  for (const { type, attributes } of events) {
    entries += 1 + attributes.length;
    chars += type.length;
    for (const { key, value } of attributes) chars += key.length + value.length;
  }
  if (entries > REPLY_EVENT_ENTRIES_MAX || chars > REPLY_EVENT_CHARS_MAX) {
    throw computeErrors.limit.wrap("events of a sub-message");
  }
  return events.map(toReplyEvent);
}

/** Attributes sorted by key, those with one key in the order they were emitted. */
function toReplyEvent(event: AbciEvent): ReplyEvent {
  const attributes = event.attributes.map(({ key, value }) => ({ key, value }));
  attributes.sort((a, b) => compareBytes(a.key, b.key));
  return { type: event.type, attributes };
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(utf8Bytes(a), utf8Bytes(b));
}

function nonEmpty(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : bytes;
}
