import { equalConstantTime } from "@tacit/crypto";
import type { ReplyInput } from "@tacit/enclave-channel";
import { fromBase64, ProtocolError, toBase64, uint64BigEndian } from "@tacit/encoding";
import { fromUtf8, toKey, utf8 } from "../bytes.ts";
import { CallError } from "../errors.ts";
import { toContractJson } from "../json.ts";
import type { KeyRing } from "../keys/key-ring.ts";
import type { Overlay } from "../state/overlay.ts";
import { framed } from "../transaction/callback.ts";
import type { ReplyResult } from "./encrypt-output.ts";
import {
  assertCodeHash,
  CODE_HASH_CHARACTERS,
  type ContractInput,
  type MessageKey,
  openMessageKey,
  openOrFail,
  type ReplyParams,
  readReplySections,
  writeReplySections,
} from "./input.ts";
import { unpadOrFail } from "./padding.ts";

/** Where an answer was made; it counts nowhere else. */
export interface ReplyPlace {
  readonly height: bigint;
  /** Empty outside transactions. */
  readonly txHash: Uint8Array;
}

/**
 * What an answering enclave puts under the id and the sealed data or error, so that no host can make
 * up an answer or bring one from another transaction. Events are not covered (privacy protocol section 9.3).
 */
export function signReply(
  ring: KeyRing,
  place: ReplyPlace,
  messageId: Uint8Array,
  result: ReplyResult,
): Uint8Array {
  const [kind, body] =
    "error" in result
      ? ["error", utf8(result.error)]
      : [result.data === undefined ? "empty" : "data", result.data ?? new Uint8Array(0)];
  const parts = [
    uint64BigEndian(place.height),
    place.txHash,
    messageId,
    utf8(kind as string),
    body,
  ];
  return ring.callbackMac(framed(utf8("reply"), ...(parts as Uint8Array[])));
}

/** A message of a contract to which it expects a reply. */
export interface ExpectedReply {
  /** To whom it was sent: replies of modules, and all in plaintext mode, are signed by no enclave. */
  readonly from: "contract" | "module";
  readonly contract: Uint8Array;
  readonly tree: CallTree;
  readonly id: bigint;
}

/** What the calls of one tree have in common: the header of their key, or the transaction in plaintext mode. */
export type CallTree = { readonly header: Uint8Array } | { readonly plainTxHash: Uint8Array };

export function callTree(messageKey: MessageKey | undefined, txHash: Uint8Array): CallTree {
  return messageKey === undefined ? { plainTxHash: txHash } : { header: messageKey.header };
}

function tokenOf({ from, contract, tree, id }: ExpectedReply): string {
  const [mode, name] =
    "header" in tree ? (["sealed", tree.header] as const) : (["plain", tree.plainTxHash] as const);
  return toKey(framed(utf8(`${mode} reply of a ${from}`), contract, name, uint64BigEndian(id)));
}

/** Lets the contract be told once what became of its message, and remembers who waits above it. */
export function expectReply(
  overlay: Overlay,
  expected: ExpectedReply,
  replyParams: readonly ReplyParams[],
): void {
  overlay.grant(tokenOf(expected), writeReplySections(replyParams));
}

/** Who waits above the contract. @throws {CallError} `enclave/bad_signature` if it expects no such reply. */
function useExpected(overlay: Overlay, expected: ExpectedReply): readonly ReplyParams[] {
  const note = overlay.use(tokenOf(expected));
  if (note === undefined) throw new CallError("enclave/bad_signature");
  return readReplySections(note, 0).replyParams;
}

export interface ReplyRequest {
  readonly ring: KeyRing;
  readonly overlay: Overlay;
  readonly place: ReplyPlace;
  readonly contract: Uint8Array;
  readonly codeHash: Uint8Array;
  /** Its first 64 bytes name the key of the whole tree of messages. */
  readonly originalMessage: Uint8Array;
  readonly reply: ReplyInput;
  readonly signature: Uint8Array;
  /** Whether the network pads answers. */
  readonly isPadded: boolean;
}

/**
 * The input of a contract's `reply`.
 * Whether the call that sent was encrypted is the host's word; a wrong one names a reply that nobody waits for.
 * @throws {CallError} `enclave/bad_signature`, `enclave/cannot_decrypt`, `enclave/wrong_code_hash`.
 */
export function openReply(request: ReplyRequest): ContractInput {
  const { wasOriginalMessageEncrypted, isEncrypted } = request.reply;
  const messageKey = wasOriginalMessageEncrypted
    ? openMessageKey(request.ring, request.originalMessage)
    : undefined;
  if (!isEncrypted) return openPlainReply(request, messageKey);
  if (messageKey === undefined) throw new CallError("enclave/bad_signature");
  return openContractReply(request, messageKey);
}

function openContractReply(request: ReplyRequest, messageKey: MessageKey): ContractInput {
  const { ring, overlay, place, contract, reply, signature, codeHash, isPadded } = request;
  const signed: ReplyResult =
    "ok" in reply.result ? { data: reply.result.ok.data } : { error: reply.result.error };
  const expected = signReply(ring, place, reply.id, signed);
  if (!equalConstantTime(expected, signature)) throw new CallError("enclave/bad_signature");
  const sealedId = openOrFail(messageKey.key, reply.id);
  assertCodeHash(sealedId, codeHash);
  const { end } = readReplySections(sealedId, CODE_HASH_CHARACTERS);
  const id = decimalOrFail(sealedId.subarray(end));
  const tree = callTree(messageKey, place.txHash);
  const replyParams = useExpected(overlay, { from: "contract", contract, tree, id });
  const open = (sealed: Uint8Array) => openForCaller(messageKey, sealed, codeHash, isPadded);
  const result =
    "ok" in reply.result
      ? okJson(reply.result.ok.events, reply.result.ok.data && open(reply.result.ok.data))
      : { error: open(base64OrFail(reply.result.error)) };
  return {
    messageKey,
    replyParams,
    message: utf8(toContractJson({ id, result })),
  };
}

/** The host says what became of the message; the contract must only be waiting for it. */
function openPlainReply(request: ReplyRequest, messageKey: MessageKey | undefined): ContractInput {
  const { overlay, place, contract, reply } = request;
  const id = decimalOrFail(reply.id);
  const tree = callTree(messageKey, place.txHash);
  const replyParams = useExpected(overlay, { from: "module", contract, tree, id });
  const result =
    "ok" in reply.result
      ? okJson(reply.result.ok.events, reply.result.ok.data && toBase64(reply.result.ok.data))
      : { error: reply.result.error };
  return { messageKey, replyParams, message: utf8(toContractJson({ id, result })) };
}

function okJson(
  events: readonly { readonly type: string; readonly attributes: readonly object[] }[],
  data: string | undefined,
): object {
  return { ok: { events, data: data ?? null } };
}

/** Text behind the recipient's code hash. */
function openForCaller(
  { key }: MessageKey,
  sealed: Uint8Array,
  codeHash: Uint8Array,
  isPadded: boolean,
): string {
  const plaintext = openOrFail(key, sealed);
  assertCodeHash(plaintext, codeHash);
  const body = plaintext.subarray(CODE_HASH_CHARACTERS);
  const text = fromUtf8(isPadded ? unpadOrFail(body) : body);
  if (text === undefined) throw new CallError("enclave/cannot_decrypt");
  return text;
}

function decimalOrFail(bytes: Uint8Array): bigint {
  const text = fromUtf8(bytes);
  if (text === undefined || !/^\d{1,20}$/.test(text)) throw new CallError("enclave/cannot_decrypt");
  return BigInt(text);
}

function base64OrFail(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new CallError("enclave/cannot_decrypt");
  }
}
