import { concat } from "@tacit/crypto";
import type { HostPort } from "@tacit/enclave-channel";
import { equalBytes, fromBase64, ProtocolError, toBase64 } from "@tacit/encoding";
import type { AddressApi, ContractQuerier } from "@tacit/vm";
import { fromUtf8, utf8 } from "./bytes.ts";
import { readChainRequest, type SmartQuery } from "./chain-request.ts";
import { CallError, Refusal } from "./errors.ts";
import { OutOfGas } from "./gas.ts";
import { isObject, type JsonObject, parseContractJson, toContractJson } from "./json.ts";
import { GAS_MULTIPLIER, QUERY_DEPTH_MAX } from "./limits.ts";
import { MESSAGE_AD, type MessageKey, writePadding } from "./message/input.ts";
import { unpadOrFail } from "./message/padding.ts";
import { askHost } from "./state/proved-reads.ts";

/**
 * A contract's question to another contract, while the host routes it. The host brings back only
 * what the enclave itself answered to this very question.
 */
export interface NestedQuery {
  readonly contract: Uint8Array;
  readonly message: Uint8Array;
  /** What the enclave answered; absent until it has. */
  answer?: Uint8Array;
}

export interface QuerierParts {
  readonly host: HostPort;
  readonly messageKey: MessageKey;
  /** Of the asking call; 1 for a message and for a client's query. */
  readonly depth: number;
  readonly addresses: AddressApi;
  /** Whether the network pads questions and answers. */
  readonly isPadded: boolean;
  /** Questions under way, the innermost last. */
  readonly nested: NestedQuery[];
  /** SDK gas that the host charged. */
  onGas(gasUsed: bigint): void;
}

/** `query_chain` of a call (privacy protocol section 3.1). */
export function createQuerier(parts: QuerierParts): ContractQuerier {
  return {
    query(request, gasLeft) {
      if (parts.depth >= QUERY_DEPTH_MAX) return utf8('{"Err":{"exceeded_recursion_limit":{}}}');
      const read = readChainRequest(request);
      if (read.kind === "smart") return askContract(parts, read.query, gasLeft);
      if (read.kind === "open") return ask(parts, read.request, gasLeft);
      return refuseRequest(parts, request, gasLeft);
    },
  };
}

/** The host charges for a request that is none, and learns nothing of it. */
function refuseRequest(parts: QuerierParts, request: Uint8Array, gasLeft: bigint): Uint8Array {
  ask(parts, NOTHING, gasLeft);
  const refused = { error: "Parsing query request", request: toBase64(request) };
  return utf8(toContractJson({ Err: { invalid_request: refused } }));
}

const NOTHING = new Uint8Array(0);

function ask(parts: QuerierParts, request: Uint8Array, gasLeft: bigint): Uint8Array {
  const answer = askHost(parts.host, {
    kind: "chain_query",
    request,
    gasLimit: gasLeft / GAS_MULTIPLIER,
    depth: parts.depth + 1,
  });
  if (answer.kind !== "chain_query") throw new Refusal("enclave/host_failed");
  parts.onGas(answer.gasUsed);
  if (answer.outOfGas) throw new OutOfGas();
  return answer.answer;
}

/** Sealed with the key of the outer message, as is the answer. */
function askContract(parts: QuerierParts, query: SmartQuery, gasLeft: bigint): Uint8Array {
  const { messageKey, nested, addresses } = parts;
  const { contract, codeHash, message } = query;
  const head = utf8(codeHash);
  const padding = parts.isPadded ? writePadding(head.length + message.length) : NOTHING;
  const plaintext = concat(head, padding, message);
  const sealed = messageKey.key.seal(plaintext, MESSAGE_AD);
  const wire = concat(messageKey.header, sealed);
  const fields = {
    contract_addr: contract,
    callback_code_hash: codeHash,
    msg: toBase64(wire),
  };
  const address = addresses.canonicalize(contract);
  const question: NestedQuery = {
    contract: "ok" in address ? address.ok : new Uint8Array(0),
    message: wire,
  };
  nested.push(question);
  try {
    const request = utf8(toContractJson({ wasm: { smart: fields } }));
    return decryptAnswer(parts, question, ask(parts, request, gasLeft));
  } finally {
    nested.pop();
  }
}

/** What the asking contract gets: the other contract's answer or error, or what the chain said. */
function decryptAnswer(parts: QuerierParts, question: NestedQuery, answer: Uint8Array): Uint8Array {
  const text = fromUtf8(answer);
  const parsed = text === undefined ? undefined : attempt(() => parseContractJson(text));
  const outer = isObject(parsed) ? parsed : {};
  const { Ok: inner, Err: system } = outer;
  if (isObject(system)) return answer;
  if (!isObject(inner)) throw new Refusal("enclave/host_failed");
  if (typeof inner.Ok === "string") return decryptResult(parts, question, inner.Ok);
  return decryptError(parts, inner.Err, answer);
}

function decryptResult(parts: QuerierParts, question: NestedQuery, base64: string): Uint8Array {
  const sealed = attempt(() => fromBase64(base64));
  if (sealed === undefined || question.answer === undefined) {
    throw new Refusal("enclave/host_failed");
  }
  if (!equalBytes(sealed, question.answer)) throw new Refusal("enclave/host_failed");
  const result = fromUtf8(openAnswer(parts, sealed)) ?? "";
  return utf8(toContractJson({ Ok: { Ok: result } }));
}

/** @throws {CryptoError}, {CallError}: no enclave of this network made it for this call. */
function openAnswer({ messageKey, isPadded }: QuerierParts, sealed: Uint8Array): Uint8Array {
  const opened = messageKey.key.open(sealed, MESSAGE_AD);
  return isPadded ? unpadOrFail(opened) : opened;
}

const ENCRYPTED_ERROR = /encrypted: (.+?): query contract failed/;

/** What the network's parser says of a bare text, which is what errors of v1 contracts are. */
const NOT_JSON = "expected value at line 1 column 1";

function decryptError(parts: QuerierParts, error: unknown, answer: Uint8Array): Uint8Array {
  const base64 = ENCRYPTED_ERROR.exec(errorText(error))?.[1];
  const sealed = base64 === undefined ? undefined : attempt(() => fromBase64(base64));
  if (sealed === undefined) return answer;
  const opened = attempt(() => openAnswer(parts, sealed));
  if (opened === undefined) throw new Refusal("enclave/host_failed");
  const text = fromUtf8(opened) ?? "";
  const stdError = attempt(() => parseContractJson(text));
  if (isObject(stdError)) return utf8(toContractJson({ Ok: { Err: stdError } }));
  const response = { error: NOT_JSON, response: toBase64(opened) };
  return utf8(toContractJson({ Err: { invalid_response: response } }));
}

function errorText(error: unknown): string {
  const generic = isObject(error) ? error.generic_err : undefined;
  const message = isObject(generic) ? (generic as JsonObject).msg : undefined;
  return typeof message === "string" ? message : "";
}

/** Undefined where what was read is not what it should be. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError && !(error instanceof Refusal)) return undefined;
    if (error instanceof CallError) return undefined;
    throw error;
  }
}
