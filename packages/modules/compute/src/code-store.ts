import { toHex } from "@tacit/encoding";
import type { BlobStore } from "@tacit/store";
import type { CodeStore } from "./expected.ts";

/** Codes among the blobs, by hash. */
export function createCodeStore(blobs: BlobStore): CodeStore {
  const name = (codeHash: Uint8Array) => `code/${toHex(codeHash)}`;
  return {
    get: (codeHash) => blobs.get(name(codeHash)),
    put: (codeHash, code) => blobs.put(name(codeHash), code),
  };
}
