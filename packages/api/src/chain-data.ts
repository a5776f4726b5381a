/**
 * What the servers need from consensus. Both drivers (`embedded`, `cometbft`) implement it, by
 * shape; `cli` wires the two together.
 */
import type { Evidence } from "@tacit/encoding/proto/tendermint/types/evidence";
import type { Block, BlockId, Commit, Header, Validator, ValidatorSet } from "@tacit/light";
import type {
  CheckTxResponse,
  ConsensusParams,
  ExecTxResult,
  FinalizeBlockResponse,
} from "@tacit/sdk";

export interface NodeStatus {
  /** 40 hex digits: the address of the node key. */
  readonly nodeId: string;
  readonly moniker: string;
  readonly chainId: string;
  readonly listenAddress: string;
  readonly latestHeight: bigint;
  readonly latestBlock: Header | undefined;
  readonly latestBlockHash: Uint8Array;
  /** State root after the latest block. */
  readonly latestAppHash: Uint8Array;
  readonly earliestHeight: bigint;
  readonly earliestBlock: Header | undefined;
  readonly earliestBlockHash: Uint8Array;
  readonly earliestAppHash: Uint8Array;
  readonly catchingUp: boolean;
  readonly validator: {
    readonly address: Uint8Array;
    readonly publicKey: Uint8Array;
    readonly power: bigint;
  };
}

export interface StoredBlock {
  readonly blockId: BlockId;
  readonly block: Block;
  /** Bytes of the block's protobuf form. */
  readonly sizeBytes: number;
}

export interface IndexedTx {
  readonly hash: Uint8Array;
  readonly height: bigint;
  readonly index: number;
  readonly tx: Uint8Array;
  readonly result: ExecTxResult;
}

export type BroadcastError =
  | { readonly code: "tx_in_cache" }
  | { readonly code: "mempool_full"; readonly txs: number }
  | { readonly code: "tx_too_large"; readonly bytesMax: number };

export interface Page {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
  readonly order: "asc" | "desc";
}

/** Something that happened; `events` is the flat `type.attribute` → values form of CometBFT. */
export type ChainEvent =
  | {
      readonly type: "NewBlock";
      readonly block: StoredBlock;
      readonly result: FinalizeBlockResponse;
      readonly events: ReadonlyMap<string, readonly string[]>;
    }
  | {
      readonly type: "NewEvidence";
      /** Of the block in which it stands. */
      readonly height: bigint;
      /** Protobuf Evidence. */
      readonly evidence: Uint8Array;
      readonly events: ReadonlyMap<string, readonly string[]>;
    }
  | {
      readonly type: "Tx";
      readonly tx: IndexedTx;
      readonly events: ReadonlyMap<string, readonly string[]>;
    }
  | {
      readonly type: "ValidatorSetUpdates";
      /** The changed validators; power 0 is a removal. */
      readonly updates: readonly Validator[];
      readonly events: ReadonlyMap<string, readonly string[]>;
    };

export interface ChainData {
  readonly chainId: string;
  status(): NodeStatus;
  /** The genesis document as CometBFT serves it (JSON value). */
  genesis(): unknown;
  block(height: bigint): StoredBlock | undefined;
  blockByHash(hash: Uint8Array): StoredBlock | undefined;
  /** `canonical` is false for the newest block, whose commit is only the one seen here. */
  commit(height: bigint): { readonly commit: Commit; readonly canonical: boolean } | undefined;
  blockResults(height: bigint): FinalizeBlockResponse | undefined;
  validators(height: bigint): ValidatorSet | undefined;
  consensusParams(height: bigint): ConsensusParams | undefined;
  tx(hash: Uint8Array): IndexedTx | undefined;
  /** @throws {QueryError} of `consensus` when the query does not parse or asks too much. */
  txSearch(
    query: string,
    page: Page,
  ): Promise<{ readonly txs: readonly IndexedTx[]; readonly total: number }>;
  blockSearch(
    query: string,
    page: Page,
  ): Promise<{ readonly heights: readonly bigint[]; readonly total: number }>;
  /** Checks the transaction and, if it passes, puts it in the queue of the next block. */
  broadcastTx(
    tx: Uint8Array,
  ): Promise<
    | { readonly ok: true; readonly hash: Uint8Array; readonly check: CheckTxResponse }
    | { readonly ok: false; readonly hash: Uint8Array; readonly error: BroadcastError }
  >;
  /**
   * Verifies evidence of misbehaviour and puts it into the next block.
   * @returns its hash, 32 bytes.
   * @throws {EvidenceError} of `consensus` when it does not hold.
   */
  addEvidence(evidence: Evidence): Promise<Uint8Array>;
  pendingTxs(limit: number): {
    readonly txs: readonly Uint8Array[];
    readonly total: number;
    readonly totalBytes: number;
  };
  /** Calls `listener` for each event from now on. @returns a function that ends it. */
  subscribe(listener: (event: ChainEvent) => void): () => void;
  /** Whether `event` matches a CometBFT query such as `tm.event='Tx' AND tx.height>5`. */
  compileQuery(query: string): (event: Pick<ChainEvent, "events">) => boolean;
}
