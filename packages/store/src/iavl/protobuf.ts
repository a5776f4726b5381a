/** The few protobuf writers that proofs need. Fields without bytes are left out, as proto3 does. */
import { writeId, writeUvarint } from "@tacit/light/ids";

const LENGTH_BYTES_MAX = 6;
const NOTHING = new Uint8Array(0);

export function bytesField(number: number, value: Uint8Array): Uint8Array {
  if (value.length === 0) return NOTHING;
  const bytes = new Uint8Array(1 + LENGTH_BYTES_MAX + value.length);
  bytes[0] = (number << 3) | 2;
  const start = writeUvarint(bytes, value.length, 1);
  bytes.set(value, start);
  return bytes.subarray(0, start + value.length);
}

export function idField(number: number, id: string): Uint8Array {
  if (id.length === 0) return NOTHING;
  const bytes = new Uint8Array(1 + LENGTH_BYTES_MAX + id.length);
  bytes[0] = (number << 3) | 2;
  const start = writeUvarint(bytes, id.length, 1);
  return bytes.subarray(0, writeId(bytes, id, start));
}

export function joinFields(fields: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const field of fields) length += field.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const field of fields) {
    joined.set(field, offset);
    offset += field.length;
  }
  return joined;
}
