import { concat } from "@tacit/crypto";
import type {
  CallFailure,
  CallOutput,
  Coin,
  OutputAttribute,
  OutputSubMessage,
  ReplyProof,
} from "@tacit/enclave-channel";
import { toBase64 } from "@tacit/encoding";
import type { AddressApi } from "@tacit/vm";
import { utf8 } from "../bytes.ts";
import { CallError } from "../errors.ts";
import {
  asArray,
  asObject,
  asOptionalString,
  asString,
  asU64,
  errorText,
  isObject,
  type JsonObject,
  toContractJson,
} from "../json.ts";
import {
  type CallbackClaim,
  type CallbackSigner,
  type EmissionPlace,
  instantiateTarget,
} from "../transaction/callback.ts";
import {
  MESSAGE_AD,
  type MessageKey,
  type ReplyParams,
  writePadding,
  writeReplySections,
} from "./input.ts";
import {
  fromBase64OrFail,
  type PlainAttribute,
  type PlainOutput,
  type PlainSubMessage,
} from "./output.ts";
import {
  ANSWER_BLOCK_BYTES,
  type PaddingLevel,
  pad,
  padJsonBase64,
  padWithSpaces,
  SMALL_BLOCK_BYTES,
} from "./padding.ts";

/** The call whose output is encrypted to whoever encrypted its input; in plaintext mode nothing is. */
export interface OutputContext {
  /** Undefined in plaintext mode. */
  readonly messageKey: MessageKey | undefined;
  /** Who waits for a reply to this call, the immediate caller first. */
  readonly replyParams: readonly ReplyParams[];
  readonly contract: Uint8Array;
  /** Of the contract that ran, 64 hexadecimal characters. */
  readonly codeHash: string;
  readonly hasIbcEntryPoints: boolean;
  readonly place: Omit<EmissionPlace, "index">;
  readonly callbacks: CallbackSigner;
  readonly addresses: AddressApi;
  readonly padding: PaddingLevel;
  /** A message whose reply is to be expected. */
  onReplyExpected(from: "contract" | "module", id: bigint): void;
  /** A message that goes to no contract. */
  onModuleMessage(message: JsonObject): void;
  /** Signs an answer for the caller who waits for a reply. */
  signReply(messageId: Uint8Array, result: ReplyResult): Uint8Array;
}

/** What a reply is signed over: the sealed data, or the sealed error in base64. */
export type ReplyResult = { readonly data: Uint8Array | undefined } | { readonly error: string };

type Response = Extract<PlainOutput, { kind: "response" }>;

/** Section 2.4: the answer of a call that went well. @throws {CallError} `enclave/bad_output`. */
export function encryptResponse(context: OutputContext, response: Response): CallOutput {
  const data = response.data === undefined ? undefined : sealData(context, response.data);
  return {
    data,
    messages: response.messages.map((message, index) =>
      encryptSubMessage(context, response.abi, message, index),
    ),
    attributes: response.attributes.map((attribute) =>
      encryptAttribute(context, attribute, context.padding !== "none"),
    ),
    events: response.events.map(({ type, attributes }) => ({
      type,
      attributes: attributes.map((attribute) =>
        encryptAttribute(context, attribute, context.padding === "all"),
      ),
    })),
    abi: response.abi,
    hasIbcEntryPoints: context.hasIbcEntryPoints,
    replyProof: proveReply(context, response.abi, { data }),
  };
}

/** The answer of `ibc_channel_open`, which the other chain must read. */
export function channelVersionOutput(
  context: OutputContext,
  version: string | undefined,
): CallOutput {
  const response: Response = {
    kind: "response",
    abi: "v1",
    messages: [],
    attributes: [],
    events: [],
    data: undefined,
  };
  const data = version === undefined ? undefined : utf8(version);
  return { ...encryptResponse(context, response), data };
}

/** Section 2.4: the contract's own error, JSON with every quotation mark at its ends removed. */
export function encryptError(
  context: OutputContext,
  abi: "v0.10" | "v1",
  error: unknown,
): CallFailure {
  const text = errorText(error);
  if (context.messageKey === undefined) return { kind: "contract_plain", text };
  const encrypted = toBase64(sealError(context, utf8(text)));
  return {
    kind: "contract",
    encrypted,
    replyProof: proveReply(context, abi, { error: encrypted }),
  };
}

/** As it is in plaintext mode. */
function seal({ messageKey }: OutputContext, plaintext: Uint8Array): Uint8Array {
  return messageKey === undefined ? plaintext : messageKey.key.seal(plaintext, MESSAGE_AD);
}

/** Sealed is the text in base64; in plaintext mode the bytes leave. */
function sealData(context: OutputContext, data: string): Uint8Array {
  if (context.messageKey === undefined) return fromBase64OrFail(data);
  if (context.replyParams.length > 0) return sealForCaller(context, utf8(data));
  return seal(context, utf8(context.padding === "all" ? padJsonBase64(data) : data));
}

function sealError(context: OutputContext, text: Uint8Array): Uint8Array {
  if (context.replyParams.length > 0) return sealForCaller(context, text);
  const isPadded = context.padding === "all";
  return seal(context, isPadded ? padWithSpaces(text, ANSWER_BLOCK_BYTES) : text);
}

/** Data and errors for a caller that waits begin with its code hash; the enclave takes the padding off again. */
function sealForCaller(context: OutputContext, text: Uint8Array): Uint8Array {
  const { replyParams, padding } = context;
  const body = padding === "none" ? text : pad(text, ANSWER_BLOCK_BYTES);
  return seal(context, concat(utf8(replyParams[0]!.codeHash), body));
}

function encryptAttribute(
  context: OutputContext,
  { key, value, encrypted }: PlainAttribute,
  isPadded: boolean,
): OutputAttribute {
  if (!encrypted || context.messageKey === undefined) return { key, value };
  const sealText = (text: string) => {
    const plaintext = isPadded ? padWithSpaces(utf8(text), SMALL_BLOCK_BYTES) : utf8(text);
    return toBase64(seal(context, plaintext));
  };
  return { key: sealText(key), value: sealText(value) };
}

/** Of the greatest id, 2^64 - 1. */
const ID_DIGITS = 20;

/** Section 9.3: the id under which the caller sent the message, sealed, with the callers above it. */
function proveReply(
  context: OutputContext,
  abi: "v0.10" | "v1",
  result: ReplyResult,
): ReplyProof | undefined {
  const [caller, ...rest] = context.replyParams;
  if (caller === undefined) return undefined;
  const sections = writeReplySections(abi === "v1" ? rest : []);
  const digits = caller.id.toString().padStart(context.padding === "none" ? 1 : ID_DIGITS, "0");
  const id = concat(utf8(caller.codeHash), sections, utf8(digits));
  const messageId = seal(context, id);
  return { messageId, enclaveSignature: context.signReply(messageId, result) };
}

function encryptSubMessage(
  context: OutputContext,
  abi: "v0.10" | "v1",
  message: PlainSubMessage,
  index: number,
): OutputSubMessage {
  const { id, gasLimit, replyOn } = message;
  const wasm = message.message.wasm;
  const place = { ...context.place, index };
  const wasMessageEncrypted = context.messageKey !== undefined;
  const common = { gasLimit, replyOn, wasMessageEncrypted };
  const isSealed = wasm !== undefined && wasMessageEncrypted;
  if (replyOn !== "never") context.onReplyExpected(isSealed ? "contract" : "module", id);
  if (wasm === undefined) {
    context.onModuleMessage(message.message);
    const body = utf8(toContractJson(message.message));
    const finalizeTx = "finalize_tx" in message.message;
    return { ...common, id, message: body, callbackSignature: undefined, finalizeTx };
  }
  const sealed = sealWasmMessage(context, abi, message, asObject(wasm));
  return {
    ...common,
    id: isSealed ? 0n : id,
    message: utf8(toContractJson({ wasm: sealed.json })),
    callbackSignature: context.callbacks.sign(sealed.claim, place),
    finalizeTx: false,
  };
}

/** Section 9.1; in plaintext mode the message goes as it is. Only the fields that the network knows leave the enclave. */
function sealWasmMessage(
  context: OutputContext,
  abi: "v0.10" | "v1",
  message: PlainSubMessage,
  wasm: JsonObject,
): { readonly json: JsonObject; readonly claim: CallbackClaim } {
  const [variant] = Object.keys(wasm);
  const fields = variant === undefined ? undefined : wasm[variant];
  if (variant === undefined || !isObject(fields)) throw new CallError("enclave/bad_output");
  if (variant === "update_admin" || variant === "clear_admin") {
    const json = { [variant]: knownFields(fields) };
    return { json, claim: adminClaim(context, fields) };
  }
  if (variant !== "execute" && variant !== "instantiate" && variant !== "migrate") {
    throw new CallError("enclave/bad_output");
  }
  const body = fromBase64OrFail(asString(fields.msg));
  const { messageKey } = context;
  const { wire, signed } =
    messageKey === undefined
      ? { wire: body, signed: body }
      : sealBody(context, messageKey, { abi, variant, message, fields, body });
  const claim = wasmClaim(context, variant, fields, signed);
  return { json: { [variant]: { ...knownFields(fields), msg: toBase64(wire) } }, claim };
}

function sealBody(
  context: OutputContext,
  messageKey: MessageKey,
  emitted: {
    readonly abi: "v0.10" | "v1";
    readonly variant: string;
    readonly message: PlainSubMessage;
    readonly fields: JsonObject;
    readonly body: Uint8Array;
  },
): { readonly wire: Uint8Array; readonly signed: Uint8Array } {
  const { abi, variant, message, fields, body } = emitted;
  const codeHash = asString(abi === "v1" ? fields.code_hash : fields.callback_code_hash);
  const own = { id: message.id, codeHash: context.codeHash };
  const isAnswered = abi === "v1" && message.replyOn !== "never";
  const sections = abi === "v1" ? [...(isAnswered ? [own] : []), ...context.replyParams] : [];
  const head = concat(utf8(codeHash), writeReplySections(sections));
  /** The history of a contract shows its author the messages that made and migrated it, as they are. */
  const isPadded = variant === "execute" && context.padding !== "none";
  const padding = isPadded ? writePadding(head.length + body.length) : NO_PADDING;
  const signed = seal(context, concat(head, padding, body));
  return { wire: concat(messageKey.header, signed), signed };
}

const NO_PADDING = new Uint8Array(0);

const WASM_FIELDS = new Set([
  "admin",
  "callback_code_hash",
  "code_hash",
  "code_id",
  "contract_addr",
  "label",
  "send",
]);

function knownFields(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => WASM_FIELDS.has(name)));
}

function wasmClaim(
  context: OutputContext,
  kind: "execute" | "instantiate" | "migrate",
  fields: JsonObject,
  message: Uint8Array,
): CallbackClaim {
  const isPlain = context.messageKey === undefined;
  const base = { kind, sender: context.contract, message, isPlain, admin: new Uint8Array(0) };
  if (kind === "instantiate") {
    const target = instantiateTarget(asU64(fields.code_id), asString(fields.label));
    const admin = addressBytes(context, asOptionalString(fields.admin) ?? "");
    return { ...base, target, admin, funds: readFunds(fields.send) };
  }
  const target = addressBytes(context, asString(fields.contract_addr));
  return { ...base, target, funds: kind === "execute" ? readFunds(fields.send) : [] };
}

function adminClaim(context: OutputContext, fields: JsonObject): CallbackClaim {
  return {
    kind: "update_admin",
    sender: context.contract,
    target: addressBytes(context, asString(fields.contract_addr)),
    message: new Uint8Array(0),
    isPlain: false,
    funds: [],
    admin: addressBytes(context, asOptionalString(fields.admin) ?? ""),
  };
}

/** Empty for what is no address: the chain refuses the message before it gets here again. */
function addressBytes({ addresses }: OutputContext, human: string): Uint8Array {
  const canonical = human === "" ? undefined : addresses.canonicalize(human);
  return canonical !== undefined && "ok" in canonical ? canonical.ok : new Uint8Array(0);
}

function readFunds(value: unknown): readonly Coin[] {
  return asArray(value ?? []).map((coin) => {
    const { denom, amount } = asObject(coin);
    return { denom: asString(denom), amount: asString(amount) };
  });
}
