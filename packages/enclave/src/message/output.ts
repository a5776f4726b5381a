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
  | {
      readonly kind: "response";
      readonly abi: "v0.10" | "v1";
      readonly messages: readonly PlainSubMessage[];
      readonly attributes: readonly PlainAttribute[];
      readonly events: readonly PlainEvent[];
      /** Base64 text. */
      readonly data: string | undefined;
    };

const V010_FIELDS = new Set(["messages", "log", "data"]);
const V1_FIELDS = new Set(["messages", "attributes", "events", "data"]);
const REPLY_ON = new Set(["always", "error", "success", "never"]);

/** @throws {CallError} `enclave/bad_output`, also for more than the channel could carry encrypted. */
export function parseOutput(bytes: Uint8Array): PlainOutput {
  if (bytes.length > OUTPUT_BYTES_MAX) throw new CallError("enclave/bad_output");
  const text = fromUtf8(bytes);
  if (text === undefined) throw new CallError("enclave/bad_output");
  const parsed = parseText(text);
  if (entriesOf(parsed) > OUTPUT_ENTRIES_MAX) throw new CallError("enclave/bad_output");
  return parsed;
}

function entriesOf(output: PlainOutput): number {
  if (output.kind !== "response") return 0;
  const inEvents = output.events.reduce((sum, event) => sum + 1 + event.attributes.length, 0);
  return output.messages.length + output.attributes.length + inEvents;
}

function parseText(text: string): PlainOutput {
  const output = asObject(parseContractJson(text));
  if ("Err" in output) return { kind: "error", error: output.Err };
  const ok = output.Ok ?? output.ok;
  if (typeof ok === "string") return { kind: "query", result: ok };
  const response = asObject(ok);
  const fields = Object.keys(response);
  if (fields.every((field) => V010_FIELDS.has(field))) return parseV010(response);
  if (fields.every((field) => V1_FIELDS.has(field))) return parseV1(response);
  throw new CallError("enclave/bad_output");
}

function parseV010(response: JsonObject): PlainOutput {
  const messages = asArray(response.messages).map(
    (message): PlainSubMessage => ({
      id: 0n,
      message: asMessage(message),
      gasLimit: undefined,
      replyOn: "never",
    }),
  );
  const attributes = asArray(response.log ?? []).map(parseAttribute);
  const data = asOptionalString(response.data);
  return { kind: "response", abi: "v0.10", messages, attributes, events: [], data };
}

function parseV1(response: JsonObject): PlainOutput {
  return {
    kind: "response",
    abi: "v1",
    messages: asArray(response.messages).map(parseSubMessage),
    attributes: asArray(response.attributes).map(parseAttribute),
    events: asArray(response.events).map((event) => {
      const { type, attributes } = asObject(event);
      return { type: asString(type), attributes: asArray(attributes).map(parseAttribute) };
    }),
    data: asOptionalString(response.data),
  };
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
