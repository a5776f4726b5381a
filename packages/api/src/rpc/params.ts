/** Arguments of a call, from JSON-RPC `params` or from the query of a GET request. */
import { fromBase64, fromHex } from "@tacit/encoding";
import { ProtocolError } from "@tacit/encoding/errors";
import { invalidParams } from "./rpc-error.ts";

/** How an argument is written: bytes are base64 in JSON, or hex for the `hex` kind. */
export type ParamKind = "integer" | "text" | "boolean" | "bytes" | "hex" | "json";

export interface ParamSpec {
  readonly name: string;
  readonly kind: ParamKind;
}

type Value = bigint | string | boolean | Uint8Array | object;

/** Arguments by name; absent ones are missing. */
export class Params {
  readonly #values: ReadonlyMap<string, Value>;

  constructor(values: ReadonlyMap<string, Value>) {
    this.#values = values;
  }

  integer(name: string): bigint | undefined {
    return this.#values.get(name) as bigint | undefined;
  }

  text(name: string): string {
    return (this.#values.get(name) as string | undefined) ?? "";
  }

  boolean(name: string): boolean {
    return (this.#values.get(name) as boolean | undefined) ?? false;
  }

  bytes(name: string): Uint8Array {
    return (this.#values.get(name) as Uint8Array | undefined) ?? new Uint8Array(0);
  }

  json(name: string): unknown {
    return this.#values.get(name);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }
}

/**
 * @param json an object by name, a list in order, or nothing.
 * @throws {RpcError} `rpc/invalid_params`.
 */
export function paramsFromJson(specs: readonly ParamSpec[], json: unknown): Params {
  const values = new Map<string, Value>();
  if (json === undefined || json === null) return new Params(values);
  if (typeof json !== "object")
    invalidParams("unknown type for JSON params: expected map or array");
  if (Array.isArray(json) && json.length !== specs.length) {
    const names = specs.map(({ name }) => name).join(", ");
    invalidParams(`expected ${specs.length} parameters (${names}), got ${json.length}`);
  }
  specs.forEach((spec, index) => {
    const value = Array.isArray(json) ? json[index] : (json as Record<string, unknown>)[spec.name];
    if (value !== undefined && value !== null) values.set(spec.name, fromJson(spec, value));
  });
  return new Params(values);
}

/** @throws {RpcError} `rpc/invalid_params`. */
export function paramsFromQuery(specs: readonly ParamSpec[], query: URLSearchParams): Params {
  const values = new Map<string, Value>();
  for (const spec of specs) {
    const text = query.get(spec.name);
    if (text !== null && text !== "") values.set(spec.name, fromQuery(spec, text));
  }
  return new Params(values);
}

function fromJson(spec: ParamSpec, value: unknown): Value {
  switch (spec.kind) {
    case "integer":
      return integerOf(spec, value);
    case "boolean":
      if (typeof value !== "boolean") wrong(spec, "a boolean");
      return value;
    case "json":
      if (typeof value !== "object" || value === null) wrong(spec, "an object");
      return value;
    case "text":
      return textOf(spec, value);
    case "bytes":
      return bytesOf(spec, () => fromBase64(textOf(spec, value)));
    case "hex":
      return bytesOf(spec, () => fromHex(textOf(spec, value)));
  }
}

/** In a URL integers stand as they are, text in double quotes, bytes as 0x hex or quoted text. */
function fromQuery(spec: ParamSpec, text: string): Value {
  const isBytes = spec.kind === "bytes" || spec.kind === "hex";
  if (spec.kind === "integer" && /^-?[0-9]+$/.test(text)) return integerOf(spec, text);
  if (/^0x/i.test(text)) {
    if (!isBytes && spec.kind !== "text") wrong(spec, "no hex string");
    const bytes = bytesOf(spec, () => fromHex(text.slice(2)));
    return isBytes ? bytes : new TextDecoder().decode(bytes);
  }
  const json = parseJson(spec, text);
  if (isBytes && typeof json === "string") return new TextEncoder().encode(json);
  return fromJson(spec, json);
}

function integerOf(spec: ParamSpec, value: unknown): bigint {
  const isNumber = typeof value === "number" && Number.isSafeInteger(value);
  const isText = typeof value === "string" && /^-?[0-9]{1,19}$/.test(value);
  if (!isNumber && !isText) wrong(spec, "an integer");
  const integer = BigInt(value as string | number);
  if (BigInt.asIntN(64, integer) !== integer) wrong(spec, "a 64-bit integer");
  return integer;
}

function textOf(spec: ParamSpec, value: unknown): string {
  if (typeof value !== "string") wrong(spec, "a string");
  return value;
}

function bytesOf(spec: ParamSpec, decode: () => Uint8Array): Uint8Array {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ProtocolError) wrong(spec, error.message);
    throw error;
  }
}

function parseJson(spec: ParamSpec, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return wrong(spec, "JSON: text stands in double quotes");
  }
}

function wrong(spec: ParamSpec, expected: string): never {
  invalidParams(`error converting params to arguments: ${spec.name}: expected ${expected}`);
}
