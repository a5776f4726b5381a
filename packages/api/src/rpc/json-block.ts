/** Whole blocks in CometBFT's JSON. */
import { toBase64 } from "@tacit/encoding";
import type { Block } from "@tacit/light";
import type { StoredBlock } from "../chain-data.ts";
import { evidenceToJson } from "./evidence-json.ts";
import { blockIdToJson, commitToJson, headerToJson, type Json } from "./json-chain.ts";

export function blockToJson({ header, txs, evidence, lastCommit }: Block): Json {
  return {
    header: headerToJson(header),
    data: { txs: txs.map(toBase64) },
    evidence: { evidence: evidence.map(evidenceToJson) },
    last_commit: commitToJson(lastCommit),
  };
}

/** The answer of `block`; without a block, as for an unknown hash. */
export function storedBlockToJson(stored: StoredBlock | undefined): Json {
  if (stored === undefined) {
    return { block_id: { hash: "", parts: { total: 0, hash: "" } }, block: null };
  }
  return { block_id: blockIdToJson(stored.blockId), block: blockToJson(stored.block) };
}
