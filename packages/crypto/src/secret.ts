import { inspect } from "node:util";
import { CryptoError } from "./errors.ts";

/**
 * Bytes that must not be printed, logged, posted to another thread or written as JSON by
 * accident. `reveal` is the one way to them, so that a search for it lists every use.
 *
 * `toString` and `util.inspect` show the label; `JSON.stringify`, `structuredClone`,
 * `postMessage` and `v8.serialize` throw. Wiping is best effort: the JavaScript engine may have
 * copied the bytes.
 */
export class Secret {
  readonly #bytes: Uint8Array;
  readonly #label: string;
  #wiped = false;
  /** A function in an own property is what makes the structured clone algorithm refuse. */
  readonly refuseClone = refuse;

  /** @param bytes are copied; the caller may wipe its own. @param label is shown instead of them. */
  constructor(bytes: Uint8Array, label: string) {
    this.#bytes = Uint8Array.from(bytes);
    this.#label = label;
  }

  /** The bytes themselves, not a copy. @throws {CryptoError} `crypto/secret_wiped`. */
  reveal(): Uint8Array {
    if (this.#wiped) throw new CryptoError({ code: "crypto/secret_wiped" });
    return this.#bytes;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#wiped = true;
  }

  toString(): string {
    return `[secret ${this.#label}]`;
  }

  /** @throws {CryptoError} `crypto/secret_serialised`, always. */
  toJSON(): never {
    return refuse();
  }

  [Symbol.toPrimitive](): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }

  get [Symbol.toStringTag](): string {
    return "Secret";
  }
}

function refuse(): never {
  throw new CryptoError({ code: "crypto/secret_serialised" });
}
