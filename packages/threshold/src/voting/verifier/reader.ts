/** Reading a record, written for the verifier alone: every field once, to the end, or refused. */
import { equalBytes, utf8 } from "../../bytes.ts";
import { demand } from "../refuse.ts";

export class RecordReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  /** @param what is read, for the refusal. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(lengthBytes: number): Uint8Array {
    demand(lengthBytes <= this.left, `length of ${this.#what}`);
    this.#at += lengthBytes;
    return this.#bytes.slice(this.#at - lengthBytes, this.#at);
  }

  /** Big-endian. */
  number(lengthBytes: number): number {
    return Number(this.integer(lengthBytes));
  }

  integer(lengthBytes: number): bigint {
    return this.take(lengthBytes).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  /** With its length before it, as four bytes. */
  string(): Uint8Array {
    return this.take(this.number(4));
  }

  expect(text: string): void {
    demand(equalBytes(this.string(), utf8(text)), `format of ${this.#what}`);
  }

  /** @param countBytes of the number of items before them. */
  list<Item>(countBytes: number, read: () => Item): Item[] {
    const count = this.number(countBytes);
    demand(count <= this.left, `length of ${this.#what}`);
    const items: Item[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }

  end(): void {
    demand(this.left === 0, `end of ${this.#what}`);
  }
}
