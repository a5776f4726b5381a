/** Parameters in the store, a subspace for each module that kept them here. */
import { goJsonString } from "@tacit/encoding";
import {
  type Context,
  concatBytes,
  createPrefixStore,
  PanicError,
  PlainError,
  utf8Bytes,
  utf8Text,
} from "@tacit/sdk";
import type { KVStore } from "@tacit/store";
import type { ParamType } from "./param-types.ts";

export const paramsStoreName = "params";

/** Parameters that a module has registered, by name. A subspace may have none. */
export type KeyTable = ReadonlyMap<string, ParamType>;

/** What writing to a store of one block costs: changes are marked there too. */
export interface TransientWriteGas {
  readonly flat: bigint;
  readonly perByte: bigint;
}

export class Subspaces {
  readonly #tables: ReadonlyMap<string, KeyTable>;
  readonly #markGas: TransientWriteGas;

  constructor(tables: ReadonlyMap<string, KeyTable>, markGas: TransientWriteGas) {
    this.#tables = tables;
    this.#markGas = markGas;
  }

  get names(): readonly string[] {
    return [...this.#tables.keys()];
  }

  has(subspace: string): boolean {
    return this.#tables.has(subspace);
  }

  /** The JSON that is kept; "" for none. */
  raw(context: Context, subspace: string, key: string): string {
    const bytes = storeOf(context, subspace).get(utf8Bytes(key));
    return bytes === undefined ? "" : utf8Text(bytes);
  }

  /** Names of what is kept. */
  keys(context: Context, subspace: string): readonly string[] {
    return Array.from(storeOf(context, subspace).iterator(), ([key]) => utf8Text(key));
  }

  /**
   * Keeps another value.
   * @param json its JSON.
   * @throws {PanicError} if the module has no such parameter; {PlainError} for a bad value.
   */
  update(context: Context, subspace: string, key: string, json: string): void {
    const type = this.#tables.get(subspace)?.get(key);
    if (type === undefined) throw new PanicError(`parameter ${key} not registered`);
    const store = storeOf(context, subspace);
    store.get(utf8Bytes(key));
    const value = type.normalize(parse(json));
    try {
      type.validate?.(value);
    } catch (error) {
      throw new PlainError(`invalid parameter value: ${(error as Error).message}`);
    }
    store.set(utf8Bytes(key), utf8Bytes(goJson(value)));
    const { flat, perByte } = this.#markGas;
    const size = BigInt(prefixOf(subspace).length + utf8Bytes(key).length);
    context.gasMeter.consume(flat, "WriteFlat");
    context.gasMeter.consume(perByte * size, "WritePerByte");
  }
}

function prefixOf(subspace: string): Uint8Array {
  return concatBytes(utf8Bytes(subspace), utf8Bytes("/"));
}

function storeOf(context: Context, subspace: string): KVStore {
  return createPrefixStore(context.kvStore(paramsStoreName), prefixOf(subspace));
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new PlainError("invalid character in JSON");
  }
}

/** JSON with texts as Go escapes them. */
function goJson(value: unknown): string {
  if (typeof value === "string") return goJsonString(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  return JSON.stringify(value);
}
