import { invariant } from "@tacit/encoding/errors";
import { ChannelError, malformed } from "./errors.ts";
import { BYTES_MAX, LIST_ENTRIES_MAX, TEXT_BYTES_MAX } from "./limits.ts";
import type { Reader, Writer } from "./wire.ts";

/**
 * How one type crosses: `write` and `read` are inverses, every value has exactly one encoding, and
 * both refuse what exceeds the bounds.
 * @throws {ChannelError} `channel/malformed`, `channel/too_large`.
 */
export interface Codec<T> {
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

/** 0 to 2^32 - 1. */
export const u32: Codec<number> = {
  write(writer, value) {
    invariant(Number.isInteger(value) && value >= 0 && value <= 0xffffffff, "a u32 is in range");
    writer.u32(value);
  },
  read: (reader) => reader.u32(),
};

const U64_MAX = (1n << 64n) - 1n;

/** 0 to 2^64 - 1. */
export const u64: Codec<bigint> = {
  write(writer, value) {
    invariant(value >= 0n && value <= U64_MAX, "a u64 is in range");
    writer.u64(value);
  },
  read: (reader) => reader.u64(),
};

export const bool: Codec<boolean> = {
  write: (writer, value) => writer.u8(value ? 1 : 0),
  read(reader) {
    const value = reader.u8();
    if (value > 1) throw malformed("boolean is neither 0 nor 1");
    return value === 1;
  },
};

export const bytes: Codec<Uint8Array> = {
  write(writer, value) {
    if (value.length > BYTES_MAX) throw tooLarge("byte string", value.length);
    writer.bytes(value);
  },
  read: (reader) => reader.bytes(BYTES_MAX),
};

/** Bytes that nobody keeps longer than what they came with: a view of the frame. */
export const passingBytes: Codec<Uint8Array> = {
  write: bytes.write,
  read: (reader) => reader.view(BYTES_MAX),
};

/** A byte string of one possible length, still with its length in front. */
export function fixedBytes(lengthBytes: number): Codec<Uint8Array> {
  return {
    write(writer, value) {
      invariant(value.length === lengthBytes, `a field has ${lengthBytes} bytes`);
      writer.bytes(value);
    },
    read(reader) {
      const value = reader.bytes(lengthBytes);
      if (value.length !== lengthBytes) throw malformed("field has a wrong length");
      return value;
    },
  };
}

export const text: Codec<string> = {
  write(writer, value) {
    const length = writer.text(value);
    if (length > TEXT_BYTES_MAX) throw tooLarge("text", length);
  },
  read: (reader) => reader.text(TEXT_BYTES_MAX),
};

/** One of a fixed set of words, as its index. */
export function oneOf<const Word extends string>(words: readonly Word[]): Codec<Word> {
  return {
    write(writer, value) {
      const index = words.indexOf(value);
      invariant(index >= 0, "a word is of its set");
      writer.u8(index);
    },
    read(reader) {
      const word = words[reader.u8()];
      if (word === undefined) throw malformed("unknown word");
      return word;
    },
  };
}

export function optional<T>(codec: Codec<T>): Codec<T | undefined> {
  return {
    write(writer, value) {
      bool.write(writer, value !== undefined);
      if (value !== undefined) codec.write(writer, value);
    },
    read: (reader) => (bool.read(reader) ? codec.read(reader) : undefined),
  };
}

export function list<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    write(writer, values) {
      if (values.length > LIST_ENTRIES_MAX) throw tooLarge("list", values.length);
      writer.u32(values.length);
      for (const value of values) codec.write(writer, value);
    },
    read(reader) {
      const count = reader.u32();
      if (count > LIST_ENTRIES_MAX) throw tooLarge("list", count);
      const values: T[] = [];
      for (let i = 0; i < count; i++) values.push(codec.read(reader));
      return values;
    },
  };
}

/** Of an object. */
interface StructCodec<T> extends Codec<T> {
  /** Adds the fields to an object. */
  readInto(reader: Reader, value: object): void;
}

/** The fields in the order given. */
export function struct<T extends object>(
  fields: {
    readonly [Key in keyof T]-?: Codec<T[Key]>;
  },
): StructCodec<T> {
  const keys = Object.keys(fields) as (keyof T)[];
  const codecs = keys.map((key) => fields[key] as Codec<T[keyof T]>);
  const readInto = (reader: Reader, value: object) => {
    for (let i = 0; i < keys.length; i++) (value as T)[keys[i]!] = codecs[i]!.read(reader);
  };
  return {
    write(writer, value) {
      for (let i = 0; i < keys.length; i++) codecs[i]!.write(writer, value[keys[i]!]);
    },
    read(reader) {
      const value = {};
      readInto(reader, value);
      return value as T;
    },
    readInto,
  };
}

/** A union told apart by `kind`: the position of the kind, then the variant's other fields. */
export function variants<T extends { readonly kind: string }>(
  cases: {
    readonly [Kind in T["kind"]]: StructCodec<Omit<Extract<T, { kind: Kind }>, "kind">>;
  },
): Codec<T> {
  const kinds = Object.keys(cases) as T["kind"][];
  return {
    write(writer, value) {
      const index = kinds.indexOf(value.kind);
      invariant(index >= 0, "a variant is of its union");
      writer.u8(index);
      (cases[kinds[index]!] as Codec<unknown>).write(writer, value);
    },
    read(reader) {
      const kind = kinds[reader.u8()];
      if (kind === undefined) throw malformed("unknown variant");
      const value = { kind };
      cases[kind].readInto(reader, value);
      return value as T;
    },
  };
}

/** `{ok}` or another single-field object. */
export function either<A, B, const Right extends string>(
  left: Codec<A>,
  rightName: Right,
  right: Codec<B>,
): Codec<{ readonly ok: A } | { readonly [Key in Right]: B }> {
  return {
    write(writer, value) {
      const isLeft = "ok" in value;
      bool.write(writer, isLeft);
      if (isLeft) left.write(writer, value.ok as A);
      else right.write(writer, value[rightName]);
    },
    read(reader) {
      if (bool.read(reader)) return { ok: left.read(reader) };
      return { [rightName]: right.read(reader) } as { readonly [Key in Right]: B };
    },
  };
}

function tooLarge(what: string, size: number): ChannelError {
  return new ChannelError({ code: "channel/too_large", what, size });
}
