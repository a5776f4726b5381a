/** LMDB answers with Buffers; nobody else should see them. The memory is the same. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
