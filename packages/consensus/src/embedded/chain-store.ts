/** Blocks, results, validator sets, parameters and the index, as the engine writes and reads them. */
import { sha256 } from "@tacit/crypto";
import { equalBytes } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import {
  type Block,
  type BlockId,
  type Commit,
  decodeCommit,
  encodeCommit,
  type Header,
  type ValidatorSet,
} from "@tacit/light";
import type { ConsensusParams, ExecTxResult, FinalizeBlockResponse } from "@tacit/sdk";
import { ConsensusError } from "../errors.ts";
import {
  decodeBlockOutcome,
  decodeConsensusParams,
  decodeExecTxResult,
  encodeBlockOutcome,
  encodeConsensusParams,
  encodeExecTxResult,
} from "./abci-codec.ts";
import { type BlockEntries, indexEntries } from "./block-entries.ts";
import { type BlockRecord, decodeBlockRecord, encodeBlockRecord } from "./block-record.ts";
import { plain } from "./bytes.ts";
import { ChainDatabase } from "./database.ts";
import {
  committedEvidence,
  evidenceKey,
  evidenceOf,
  putEvidence,
  type StoredEvidence,
} from "./evidence-table.ts";
import { putIndexEntries } from "./indexer.ts";
import { heightKey, heightOf, indexOf, positionKey } from "./keys.ts";
import {
  type ChainState,
  decodeState,
  decodeValidatorSet,
  encodeState,
  encodeValidatorSet,
} from "./records.ts";

export interface CommittedBlock {
  readonly block: Block;
  readonly blockId: BlockId;
  /** Bytes of the block's protobuf form. */
  readonly sizeBytes: number;
  /** The commit made with the block; that of the next block is equal or has more signatures. */
  readonly commit: Commit;
}

export interface StateChange {
  readonly state: ChainState;
  /** Sets by height, only those not yet stored. */
  readonly validators: readonly (readonly [bigint, ValidatorSet])[];
  /** Parameters that hold from a height on, if they changed. */
  readonly params: readonly [bigint, ConsensusParams] | undefined;
}

export interface TxPosition {
  readonly height: bigint;
  readonly index: number;
}

const META = {
  genesis: Buffer.from("genesis"),
  state: Buffer.from("state"),
  index: Buffer.from("index"),
} as const;

/** Version of the event index's layout; see index-keys.ts. */
const INDEX_FORMAT = Buffer.from("3");
/** Blocks that are indexed again in one transaction. */
const REINDEXED_BLOCKS = 256n;

export class ChainStore {
  readonly database: ChainDatabase;

  constructor(path: string) {
    this.database = new ChainDatabase(path);
  }

  /** SHA-256 of the genesis document this store began with. */
  genesisHash(): Uint8Array | undefined {
    return this.#get("meta", META.genesis);
  }

  state(): ChainState | undefined {
    const bytes = this.#get("meta", META.state);
    return bytes && decodeState(bytes);
  }

  /** 0 when empty. May be one above the state's height: a block that was not finished. */
  height(): bigint {
    return this.#endHeight({ reverse: true });
  }

  /** The oldest block; 0 when empty. */
  base(): bigint {
    return this.#endHeight({ reverse: false });
  }

  record(height: bigint): BlockRecord | undefined {
    const bytes = this.#get("blocks", heightKey(height));
    return bytes && decodeBlockRecord(bytes);
  }

  header(height: bigint): Header | undefined {
    return this.record(height)?.header;
  }

  txs(height: bigint): Uint8Array[] {
    return this.#valuesAt("txs", height);
  }

  block(height: bigint): CommittedBlock | undefined {
    const record = this.record(height);
    const commit = this.commit(height);
    if (record === undefined || commit === undefined) return undefined;
    const { header, evidence, lastCommit, blockId, sizeBytes } = record;
    const block: Block = { header, txs: this.txs(height), evidence, lastCommit };
    return { block, blockId, sizeBytes, commit };
  }

  /** The commit this node made with the block. */
  commit(height: bigint): Commit | undefined {
    const bytes = this.#get("commits", heightKey(height));
    return bytes && decodeCommit(bytes);
  }

  heightOfHash(hash: Uint8Array): bigint | undefined {
    const bytes = hash.length === 32 ? this.#get("heights", hash) : undefined;
    return bytes && heightOf(bytes);
  }

  result(height: bigint): FinalizeBlockResponse | undefined {
    const bytes = this.#get("outcomes", heightKey(height));
    if (bytes === undefined) return undefined;
    const txResults = this.#valuesAt("results", height).map(decodeExecTxResult);
    return { ...decodeBlockOutcome(bytes), txResults };
  }

  validators(height: bigint): ValidatorSet | undefined {
    const bytes = this.#get("validators", heightKey(height));
    return bytes && decodeValidatorSet(bytes);
  }

  /** The parameters that hold at `height`: those set last at or before it. */
  params(height: bigint): ConsensusParams | undefined {
    const range = { start: heightKey(height), reverse: true, limit: 1 };
    for (const { value } of this.database.table("params").getRange(range)) {
      return decodeConsensusParams(value);
    }
    return undefined;
  }

  txPosition(hash: Uint8Array): TxPosition | undefined {
    const bytes = hash.length === 32 ? this.#get("hashes", hash) : undefined;
    return bytes && { height: heightOf(bytes), index: indexOf(bytes) };
  }

  txAt({ height, index }: TxPosition): { tx: Uint8Array; result: ExecTxResult } | undefined {
    const key = positionKey(height, index);
    const tx = this.#get("txs", key);
    const result = this.#get("results", key);
    return tx && result && { tx, result: decodeExecTxResult(result) };
  }

  /** Begins a chain: the genesis state, and the sets of the first two blocks. */
  async saveGenesis(genesisHash: Uint8Array, change: StateChange): Promise<void> {
    await this.database.write(() => {
      this.database.table("meta").put(META.genesis, genesisHash);
      this.#putState(change);
    });
  }

  async saveBlock({ block, blockId, sizeBytes, commit }: CommittedBlock): Promise<void> {
    const { header, txs, evidence, lastCommit } = block;
    const key = heightKey(header.height);
    const record = encodeBlockRecord({ header, evidence, lastCommit, blockId, sizeBytes });
    const commitBytes = encodeCommit(commit);
    const { database } = this;
    await database.write(() => {
      database.table("blocks").put(key, record);
      database.table("commits").put(key, commitBytes);
      database.table("heights").put(blockId.hash, key);
      txs.forEach((tx, index) => {
        database.table("txs").put(positionKey(header.height, index), tx);
      });
    });
  }

  async saveResult(height: bigint, result: FinalizeBlockResponse): Promise<void> {
    const outcome = encodeBlockOutcome(result);
    const results = result.txResults.map(encodeExecTxResult);
    const { database } = this;
    await database.write(() => {
      database.table("outcomes").put(heightKey(height), outcome);
      results.forEach((bytes, index) => {
        database.table("results").put(positionKey(height, index), bytes);
      });
    });
  }

  /** Ends a block: its index and the state after it, in one transaction. */
  async saveState(
    change: StateChange,
    { txs, evidence }: Pick<Block, "txs" | "evidence">,
    result: FinalizeBlockResponse,
  ): Promise<void> {
    const { height } = change.state;
    const entries = indexEntries(result);
    const hashes = txs.map(sha256);
    const punished = evidence.map(committedEvidence);
    const { database } = this;
    await database.write(() => {
      hashes.forEach((hash, index) => {
        database.table("hashes").put(hash, positionKey(height, index));
      });
      putIndexEntries(database, height, entries);
      for (const entry of punished) putEvidence(database, entry);
      this.#putState(change);
    });
  }

  /** By height, the oldest first. */
  *evidence(): Iterable<StoredEvidence> {
    for (const { key, value } of this.database.table("evidence").getRange({})) {
      yield evidenceOf(key, value);
    }
  }

  hasEvidence(height: bigint, hash: Uint8Array): boolean {
    return this.database.table("evidence").doesExist(evidenceKey(height, hash));
  }

  async saveEvidence(entry: StoredEvidence): Promise<void> {
    await this.database.write(() => putEvidence(this.database, entry));
  }

  async removeEvidence(entries: readonly StoredEvidence[]): Promise<void> {
    await this.database.write(() => {
      for (const { height, hash } of entries) {
        this.database.table("evidence").remove(evidenceKey(height, hash));
      }
    });
  }

  /**
   * Makes the event index again if it has another layout. Nobody may read or write meanwhile; if
   * this is cut short, it begins anew at the next start.
   * @param onProgress how many blocks are indexed, 0 first, and how many there are. Not called if
   *   there are none.
   */
  async renewIndex(onProgress: (done: bigint, blocks: bigint) => void): Promise<void> {
    const { database } = this;
    const format = this.#get("meta", META.index);
    if (format !== undefined && equalBytes(format, INDEX_FORMAT)) return;
    await database.table("events").clearAsync();
    const end = (this.state()?.height ?? 0n) + 1n;
    const first = this.base() || 1n;
    for (let height = first; height < end; height += REINDEXED_BLOCKS) {
      onProgress(height - first, end - first);
      const next = height + REINDEXED_BLOCKS;
      await this.#reindex(height, next < end ? next : end);
    }
    if (first < end) onProgress(end - first, end - first);
    await database.write(() => {
      database.table("meta").put(META.index, INDEX_FORMAT);
    });
  }

  async #reindex(from: bigint, end: bigint): Promise<void> {
    const { database } = this;
    const blocks: (readonly [bigint, readonly BlockEntries[]])[] = [];
    for (let height = from; height < end; height++) {
      const result = this.result(height);
      if (result !== undefined) blocks.push([height, indexEntries(result)]);
    }
    await database.write(() => {
      for (const [height, entries] of blocks) putIndexEntries(database, height, entries);
    });
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  #putState({ state, validators, params }: StateChange): void {
    this.database.table("meta").put(META.state, encodeState(state));
    for (const [height, set] of validators) {
      this.database.table("validators").put(heightKey(height), encodeValidatorSet(set));
    }
    if (params === undefined) return;
    this.database.table("params").put(heightKey(params[0]), encodeConsensusParams(params[1]));
  }

  #get(
    table:
      | "meta"
      | "blocks"
      | "commits"
      | "heights"
      | "txs"
      | "outcomes"
      | "results"
      | "validators"
      | "hashes",
    key: Uint8Array,
  ): Uint8Array | undefined {
    const bytes = this.database.table(table).get(key);
    return bytes && plain(bytes);
  }

  #valuesAt(table: "txs" | "results", height: bigint): Uint8Array[] {
    const range = { start: positionKey(height, 0), end: positionKey(height + 1n, 0) };
    const values: Uint8Array[] = [];
    for (const { key, value } of this.database.table(table).getRange(range)) {
      invariant(indexOf(key) === values.length, "transactions of a block are stored without gaps");
      values.push(plain(value));
    }
    return values;
  }

  #endHeight({ reverse }: { readonly reverse: boolean }): bigint {
    for (const key of this.database.table("blocks").getKeys({ reverse, limit: 1 })) {
      return heightOf(key);
    }
    return 0n;
  }
}

/** What must be there. @throws {ConsensusError} `consensus/store_damaged` if `value` is undefined. */
export function stored<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new ConsensusError({ code: "consensus/store_damaged", what });
  return value;
}
