/** Forgets old blocks, with everything that was stored for them. */
import { sha256 } from "@tacit/crypto";
import { PRUNED_BLOCKS_MAX } from "../limits.ts";
import { indexEntries } from "./block-entries.ts";
import type { ChainStore } from "./chain-store.ts";
import { removeIndexEntries } from "./indexer.ts";
import { heightKey, positionKey } from "./keys.ts";

/**
 * Removes the blocks below `retainHeight`, the oldest first and not more than a few at a time, so
 * that a first pruning of a long chain is spread over many blocks. Consensus parameters are kept:
 * they are few, and hold until the next change.
 */
export async function pruneBelow(store: ChainStore, retainHeight: bigint): Promise<void> {
  const base = store.base();
  if (base === 0n || base >= retainHeight) return;
  const end = base + BigInt(PRUNED_BLOCKS_MAX);
  for (let height = base; height < retainHeight && height < end; height++) {
    await pruneBlock(store, height);
  }
}

/** In one transaction, so that a block is there whole or not at all. */
async function pruneBlock(store: ChainStore, height: bigint): Promise<void> {
  const { database } = store;
  const key = heightKey(height);
  const record = store.record(height);
  const txs = store.txs(height);
  const result = store.result(height);
  const entries = result === undefined ? [] : indexEntries(result);
  await database.write(() => {
    for (const table of ["blocks", "commits", "outcomes"] as const) {
      database.table(table).remove(key);
    }
    // The set of the block before is still needed to replay the block after.
    database.table("validators").remove(heightKey(height - 1n));
    if (record !== undefined) database.table("heights").remove(record.blockId.hash);
    txs.forEach((tx, index) => {
      const position = positionKey(height, index);
      database.table("txs").remove(position);
      database.table("results").remove(position);
      const hash = sha256(tx);
      if (store.txPosition(hash)?.height === height) database.table("hashes").remove(hash);
    });
    removeIndexEntries(database, height, entries);
  });
}
