/** Fields of a JSON object that a client sent, each read as what it must be. */
import { fromBase64, fromHex, type Instant, ProtocolError, parseTimestamp } from "@tacit/encoding";
import { invalidParams } from "./rpc-error.ts";

const INT32_MAX = 2 ** 31 - 1;

/** Reading throws {RpcError} `rpc/invalid_params`, which names the place. */
export class JsonFields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #place: string;

  constructor(value: unknown, place: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      invalidParams(`error converting params to arguments: ${place}: expected an object`);
    }
    this.#object = value as Record<string, unknown>;
    this.#place = place;
  }

  has(name: string): boolean {
    const value = this.#of(name);
    return value !== undefined && value !== null;
  }

  text(name: string): string {
    const value = this.#of(name);
    return typeof value === "string" ? value : this.#wrong(name, "a string");
  }

  /** A number, or decimal digits in quotes. Missing is 0. */
  int64(name: string): bigint {
    const value = this.#of(name) ?? 0;
    const isNumber = typeof value === "number" && Number.isSafeInteger(value);
    const isText = typeof value === "string" && /^-?[0-9]{1,19}$/.test(value);
    if (!isNumber && !isText) return this.#wrong(name, "an integer");
    const integer = BigInt(value as string | number);
    return BigInt.asIntN(64, integer) === integer ? integer : this.#wrong(name, "a 64-bit integer");
  }

  /** Missing is 0. */
  uint31(name: string): number {
    const value = this.int64(name);
    return value >= 0n && value <= INT32_MAX ? Number(value) : this.#wrong(name, "0 to 2^31 - 1");
  }

  /** Missing is empty. */
  hex(name: string): Uint8Array {
    return this.has(name)
      ? this.#decode(name, (text) => fromHex(text.toLowerCase()))
      : new Uint8Array();
  }

  /** Missing is empty. */
  base64(name: string): Uint8Array {
    return this.has(name) ? this.#decode(name, fromBase64) : new Uint8Array();
  }

  time(name: string): Instant {
    return this.#decode(name, parseTimestamp);
  }

  object(name: string): JsonFields {
    return new JsonFields(this.#of(name), `${this.#place}.${name}`);
  }

  /** Missing is empty. */
  list(name: string): JsonFields[] {
    const value = this.#of(name) ?? [];
    if (!Array.isArray(value)) return this.#wrong(name, "a list");
    return value.map((entry, index) => new JsonFields(entry, `${this.#place}.${name}[${index}]`));
  }

  #of(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }

  #decode<T>(name: string, decode: (text: string) => T): T {
    const text = this.text(name);
    try {
      return decode(text);
    } catch (error) {
      if (error instanceof ProtocolError) return this.#wrong(name, error.message);
      throw error;
    }
  }

  #wrong(name: string, expected: string): never {
    const place = `${this.#place}.${name}`;
    return invalidParams(`error converting params to arguments: ${place}: expected ${expected}`);
  }
}
