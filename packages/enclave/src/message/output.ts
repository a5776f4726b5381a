import { fromBase64, ProtocolError } from "@tacit/encoding";
import { fromUtf8 } from "../bytes.ts";
import { CallError } from "../errors.ts";
import {
  asArray,
  asObject,
  asOptionalString,
  asString,
  asU64,
  type JsonObject,
  parseContractJson,
} from "../json.ts";
import { OUTPUT_BYTES_MAX, OUTPUT_ENTRIES_MAX } from "../limits.ts";

export interface PlainAttribute {
  readonly key: string;
  readonly value: string;
  /** True unless the contract says otherwise. */
  readonly encrypted: boolean;
}

export interface PlainEvent {
  readonly type: string;
  readonly attributes: readonly PlainAttribute[];
}

export interface PlainSubMessage {
  readonly id: bigint;
  readonly message: JsonObject;
  readonly gasLimit: bigint | undefined;
  readonly replyOn: "always" | "error" | "success" | "never";
}

/** What a contract answered, before anything is encrypted (privacy protocol section 2.3). */
export type PlainOutput =
  | { readonly kind: "error"; readonly error: unknown }
  /** Base64 text. */
  | { readonly kind: "query"; readonly result: string }
  /** Of `ibc_channel_open`. */
  | { readonly kind: "channel_version"; readonly version: string | undefined }
  | {
      readonly kind: "response";
      readonly abi: "v0.10" | "v1";
      readonly messages: readonly PlainSubMessage[];
      readonly attributes: readonly PlainAttribute[];
      readonly events: readonly PlainEvent[];
      /** Base64 text: data, or the acknowledgement of a packet. */
      readonly data: string | undefined;
    };

/** What the entry point that ran may answer besides an error; "plain" stands for all but those of IBC. */
export type OutputShape = "plain" | "ibc_open" | "ibc_basic" | "ibc_receive";

const V010_FIELDS = new Set(["messages", "log", "data"]);
const V1_FIELDS = new Set(["messages", "attributes", "events", "data"]);
const RECEIVE_FIELDS = new Set(["acknowledgement", "messages", "attributes", "events"]);
const REPLY_ON = new Set(["always", "error", "success", "never"]);

/** @throws {CallError} `enclave/bad_output`, also for more than the channel could carry encrypted. */
export function parseOutput(bytes: Uint8Array, shape: OutputShape = "plain"): PlainOutput {
  if (bytes.length > OUTPUT_BYTES_MAX) throw new CallError("enclave/bad_output");
  const text = fromUtf8(bytes);
  if (text === undefined) throw new CallError("enclave/bad_output");
  const parsed = parseText(text, shape);
  if (entriesOf(parsed) > OUTPUT_ENTRIES_MAX) throw new CallError("enclave/bad_output");
  return parsed;
}

function entriesOf(output: PlainOutput): number {
  if (output.kind !== "response") return 0;
  const inEvents = output.events.reduce((sum, event) => sum + 1 + event.attributes.length, 0);
  return output.messages.length + output.attributes.length + inEvents;
}

function parseText(text: string, shape: OutputShape): PlainOutput {
  const output = asObject(parseContractJson(text));
  if ("Err" in output) return { kind: "error", error: output.Err };
  if (shape === "ibc_open") return { kind: "channel_version", version: parseVersion(output.Ok) };
  const ok = output.Ok ?? output.ok;
  if (typeof ok === "string" && shape === "plain") return { kind: "query", result: ok };
  const response = asObject(ok);
  const has = (fields: ReadonlySet<string>) =>
    Object.keys(response).every((key) => fields.has(key));
  if (shape === "ibc_receive") {
    if (!has(RECEIVE_FIELDS)) throw new CallError("enclave/bad_output");
    return parseV1({ ...response, data: asString(response.acknowledgement) });
  }
  if (shape === "plain" && has(V010_FIELDS)) return parseV010(response);
  if (!has(V1_FIELDS)) throw new CallError("enclave/bad_output");
  const parsed = parseV1(response);
  return shape === "ibc_basic" ? { ...parsed, data: undefined } : parsed;
}

/** None from a contract that does not negotiate versions. */
function parseVersion(ok: unknown): string | undefined {
  if (ok === undefined) throw new CallError("enclave/bad_output");
  return ok === null ? undefined : asString(asObject(ok).version);
}

type Response = Extract<PlainOutput, { kind: "response" }>;

function parseV010(response: JsonObject): Response {
  const messages = asArray(response.messages).map(
    (message): PlainSubMessage => ({
      id: 0n,
      message: asMessage(message),
      gasLimit: undefined,
      replyOn: "never",
    }),
  );
  const attributes = asArray(response.log ?? []).map(parseAttribute);
  const data = asOptionalBase64(response.data);
  return { kind: "response", abi: "v0.10", messages, attributes, events: [], data };
}

function parseV1(response: JsonObject): Response {
  return {
    kind: "response",
    abi: "v1",
    messages: asArray(response.messages).map(parseSubMessage),
    attributes: asArray(response.attributes).map(parseAttribute),
    events: asArray(response.events).map((event) => {
      const { type, attributes } = asObject(event);
      return { type: asString(type), attributes: asArray(attributes).map(parseAttribute) };
    }),
    data: asOptionalBase64(response.data),
  };
}

/** The text itself, once it is known to be base64. */
function asOptionalBase64(value: unknown): string | undefined {
  const text = asOptionalString(value);
  if (text !== undefined) fromBase64OrFail(text);
  return text;
}

/** @throws {CallError} `enclave/bad_output`. */
export function fromBase64OrFail(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new CallError("enclave/bad_output");
  }
}

function parseSubMessage(value: unknown): PlainSubMessage {
  const { id, msg, gas_limit: gasLimit, reply_on: replyOn } = asObject(value);
  if (!REPLY_ON.has(asString(replyOn))) throw new CallError("enclave/bad_output");
  return {
    id: asU64(id),
    message: asMessage(msg),
    gasLimit: gasLimit === null || gasLimit === undefined ? undefined : asU64(gasLimit),
    replyOn: replyOn as PlainSubMessage["replyOn"],
  };
}

/**
 * Kinds of messages and their variants (section 7.5), of both ABIs. The host sees all of a message
 * that goes to no contract, so what the network does not know must not get there.
 */
const MESSAGE_KINDS: ReadonlyMap<string, ReadonlySet<string> | undefined> = new Map([
  ["bank", new Set(["send", "burn"])],
  ["staking", new Set(["delegate", "undelegate", "redelegate", "withdraw"])],
  ["distribution", new Set(["set_withdraw_address", "withdraw_delegator_reward"])],
  ["wasm", new Set(["execute", "instantiate", "migrate", "update_admin", "clear_admin"])],
  ["gov", new Set(["vote"])],
  ["ibc", new Set(["transfer", "send_packet", "close_channel"])],
  ["stargate", undefined],
  ["custom", undefined],
  ["finalize_tx", undefined],
]);

/** An object of one variant; v0.10 writes the marker of the last message as a bare word. */
function asMessage(value: unknown): JsonObject {
  if (value === "finalize_tx") return { finalize_tx: {} };
  const message = asObject(value);
  const [kind, ...others] = Object.keys(message);
  if (kind === undefined || others.length > 0 || !MESSAGE_KINDS.has(kind)) {
    throw new CallError("enclave/bad_output");
  }
  const variants = MESSAGE_KINDS.get(kind);
  const [variant, ...rest] = variants === undefined ? [] : Object.keys(asObject(message[kind]));
  if (variants !== undefined && (rest.length > 0 || !variants.has(variant ?? ""))) {
    throw new CallError("enclave/bad_output");
  }
  return message;
}

function parseAttribute(value: unknown): PlainAttribute {
  const { key, value: text, encrypted } = asObject(value);
  return { key: asString(key), value: asString(text), encrypted: encrypted !== false };
}
