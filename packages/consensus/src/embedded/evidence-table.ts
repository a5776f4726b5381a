/** The table of evidence: what waits for a block, and what has stood in one. */
import { concatBytes } from "@tacit/encoding";
import { decodeEvidence, hashOfEvidence, heightOfEvidence } from "../evidence/messages.ts";
import { plain } from "./bytes.ts";
import type { ChainDatabase } from "./database.ts";
import { HEIGHT_BYTES, heightKey, heightOf } from "./keys.ts";

export interface StoredEvidence {
  readonly height: bigint;
  /** 32 bytes. */
  readonly hash: Uint8Array;
  /** Whether it has stood in a block. */
  readonly isCommitted: boolean;
  /** Protobuf Evidence. */
  readonly bytes: Uint8Array;
}

export function evidenceKey(height: bigint, hash: Uint8Array): Uint8Array {
  return concatBytes(heightKey(height), hash);
}

/** For use within a write. */
export function putEvidence(database: ChainDatabase, entry: StoredEvidence): void {
  const value = concatBytes(Uint8Array.of(entry.isCommitted ? 1 : 0), entry.bytes);
  database.table("evidence").put(evidenceKey(entry.height, entry.hash), value);
}

/** The entry of a key made by {@link evidenceKey}. */
export function evidenceOf(key: Uint8Array, value: Uint8Array): StoredEvidence {
  return {
    height: heightOf(key),
    hash: plain(key).slice(HEIGHT_BYTES),
    isCommitted: value[0] === 1,
    bytes: plain(value).slice(1),
  };
}

/** @param bytes of a block's evidence. */
export function committedEvidence(bytes: Uint8Array): StoredEvidence {
  const evidence = decodeEvidence(bytes);
  const [height, hash] = [heightOfEvidence(evidence), hashOfEvidence(evidence)];
  return { height, hash, bytes, isCommitted: true };
}
