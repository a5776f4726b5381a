/** Evidence that waits for a block, and that which has stood in one and must not do so again. */
import { toHex } from "@tacit/encoding";
import type { Evidence } from "@tacit/encoding/proto/tendermint/types/evidence";
import type { ChainStore } from "../embedded/chain-store.ts";
import type { StoredEvidence } from "../embedded/evidence-table.ts";
import { protoBytes } from "../embedded/mempool.ts";
import { EVIDENCE_PENDING_MAX, EVIDENCE_PRUNED_MAX } from "../limits.ts";
import {
  decodeEvidence,
  encodeEvidence,
  hashOfEvidence,
  heightOfEvidence,
  refusal,
  timeOfEvidence,
} from "./messages.ts";
import { type EvidenceTip, isExpired, verifyEvidence } from "./verify.ts";

export class EvidencePool {
  readonly #store: ChainStore;
  /** By hash, in the order of heights. */
  readonly #pending = new Map<string, StoredEvidence>();

  constructor(store: ChainStore) {
    this.#store = store;
    for (const entry of store.evidence()) {
      if (!entry.isCommitted) this.#pending.set(toHex(entry.hash), entry);
    }
  }

  /** Whether the next block takes something. */
  isWaiting(tip: EvidenceTip): boolean {
    return this.#pending.size > 0 && this.reap(tip).evidence.length > 0;
  }

  /**
   * Verifies evidence and keeps it on disk for the next block. What waits or has stood in a block
   * already is taken for good.
   * @returns its hash.
   * @throws {EvidenceError}
   */
  async add(evidence: Evidence, tip: EvidenceTip): Promise<Uint8Array> {
    const hash = hashOfEvidence(evidence);
    const height = heightOfEvidence(evidence);
    if (this.#pending.has(toHex(hash)) || this.#store.hasEvidence(height, hash)) return hash;
    verifyEvidence(evidence, this.#store, tip);
    const bytes = encodeEvidence(evidence);
    const bytesMax = tip.params.evidence.maxBytes;
    if (protoBytes(bytes) > bytesMax) {
      throw refusal("evidence/too_large", `more than ${bytesMax} bytes`);
    }
    if (this.#pending.size >= EVIDENCE_PENDING_MAX) {
      throw refusal("evidence/pool_full", `${EVIDENCE_PENDING_MAX} pieces`);
    }
    const entry = { height, hash, bytes, isCommitted: false };
    this.#pending.set(toHex(hash), entry);
    await this.#store.saveEvidence(entry);
    return hash;
  }

  /** What the next block takes: protobuf Evidence each, the oldest first. */
  reap(tip: EvidenceTip): { readonly evidence: readonly Uint8Array[]; readonly sizeBytes: bigint } {
    const evidence: Uint8Array[] = [];
    let sizeBytes = 0n;
    const byAge = [...this.#pending.values()].sort((a, b) => Number(a.height - b.height));
    for (const { bytes } of byAge) {
      if (isExpired(placeOf(bytes), tip)) continue;
      const size = protoBytes(bytes);
      if (sizeBytes + size > tip.params.evidence.maxBytes) break;
      sizeBytes += size;
      evidence.push(bytes);
    }
    return { evidence, sizeBytes };
  }

  /** After a block: what stood in it waits no more, and what is too old is forgotten. */
  async update(evidence: readonly Uint8Array[], tip: EvidenceTip): Promise<void> {
    for (const bytes of evidence)
      this.#pending.delete(toHex(hashOfEvidence(decodeEvidence(bytes))));
    const expired: StoredEvidence[] = [];
    for (const entry of this.#store.evidence()) {
      if (expired.length >= EVIDENCE_PRUNED_MAX || !isExpired(placeOf(entry.bytes), tip)) break;
      expired.push(entry);
      this.#pending.delete(toHex(entry.hash));
    }
    if (expired.length > 0) await this.#store.removeEvidence(expired);
  }
}

function placeOf(bytes: Uint8Array) {
  const evidence = decodeEvidence(bytes);
  return { height: heightOfEvidence(evidence), time: timeOfEvidence(evidence) };
}
