/** Types of parameters, as amino's JSON writes their values. */
import { PlainError } from "@tacit/sdk";

/** A type: what its JSON may be, and what it is kept as. */
export interface ParamType {
  /**
   * @param json parsed, null for Go's zero value.
   * @returns what is kept, as JSON.
   * @throws {PlainError} for another type.
   */
  normalize(json: unknown): unknown;
  /** @throws {PlainError} for a value out of bounds. */
  validate?(value: unknown): void;
}

const refuse = (expected: string) => new PlainError(`json: cannot unmarshal into ${expected}`);

export const boolParam: ParamType = {
  normalize: (json) => {
    if (json === null) return false;
    if (typeof json !== "boolean") throw refuse("bool");
    return json;
  },
};

export const textParam: ParamType = {
  normalize: (json) => {
    if (json === null) return "";
    if (typeof json !== "string") throw refuse("string");
    return json;
  },
};

/** 64 bits, quoted. */
export const uint64Param: ParamType = {
  normalize: (json) => {
    if (json === null) return "0";
    if (typeof json !== "string" || !/^\d{1,20}$/.test(json)) throw refuse("uint64");
    const value = BigInt(json);
    if (value >= 1n << 64n) throw refuse("uint64");
    return value.toString();
  },
};

/** An empty list is kept as null: Go has no other. */
export const textListParam: ParamType = {
  normalize: (json) => {
    if (json === null) return null;
    if (!Array.isArray(json)) throw refuse("[]string");
    const items = json.map((item) => textParam.normalize(item));
    return items.length === 0 ? null : items;
  },
};
