/**
 * What a node remembers of its blocks' conversations with the enclave, for those who cannot ask an
 * enclave themselves. It lies beside the state, no root covers it, and each node forgets old blocks.
 */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { sha256 } from "@tacit/crypto";
import { decodeMessage, encodeMessage, toHex } from "@tacit/encoding";
import {
  type CreateResultDataSchema,
  type ExecutionTraceDataSchema,
  type QueryEcallRecordResponse,
  QueryEcallRecordResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { type BlockRecord, BlockRecordSchema } from "@tacit/encoding/proto/tacit/compute/v1/record";
import type { BlobStore } from "@tacit/store";
import { BLOCK_BEGINNINGS_KEPT, BLOCK_RECORD_BYTES_MAX, BLOCK_RECORDS_KEPT } from "../limits.ts";

/** A call as it was, without its place in the block. */
export type Trace = Omit<MessageInitShape<typeof ExecutionTraceDataSchema>, "index" | "$typeName">;

/** What the enclave gave to see when a block began; 32 bytes each. */
export interface BlockBeginning {
  readonly publicRandom: Uint8Array;
  readonly validatorsEvidence: Uint8Array;
}

/** Writes down the block under way, and reads what was written of earlier ones. */
export class BlockRecords {
  readonly #blobs: BlobStore;
  #traces: MessageInitShape<typeof ExecutionTraceDataSchema>[] = [];
  #refusedNodes: { readonly certificateHash: Uint8Array; readonly reason: string }[] = [];
  readonly #creates = new Map<string, MessageInitShape<typeof CreateResultDataSchema>>();
  #calls = 0n;
  #bytes = 0;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** A block begins, or begins again. */
  begin(): void {
    this.#calls = 0n;
    this.#bytes = 0;
    this.#forget();
  }

  traced(trace: Trace): void {
    this.#calls += 1n;
    const { ops = [], crossOps = [], result, errorMsg = "" } = trace;
    const sizes = [...ops, ...crossOps].map(({ key, value }) => bytesOf(key) + bytesOf(value));
    const sizeBytes = sizes.reduce((sum, size) => sum + size, bytesOf(result) + errorMsg.length);
    if (this.#hasRoom(sizeBytes)) this.#traces.push({ index: this.#calls, ...trace });
  }

  /** @param failure absent if the enclave took the code. */
  created(code: Uint8Array, failure: string | undefined): void {
    const wasmHash = sha256(code);
    const fields =
      failure === undefined ? { codeHash: wasmHash } : { hasError: true, errorMsg: failure };
    if (!this.#hasRoom(failure?.length ?? 0)) return;
    this.#creates.set(toHex(wasmHash), { wasmHash, ...fields });
  }

  /** @param certificate of a node that was not let in. */
  refused(certificate: Uint8Array, reason: string): void {
    if (!this.#hasRoom(reason.length)) return;
    this.#refusedNodes.push({ certificateHash: sha256(certificate), reason });
  }

  /** The block ran: its record is durable with its commit. */
  keep(height: bigint, beginning: BlockBeginning): void {
    const { publicRandom: randomSeed, validatorsEvidence: validatorSetEvidence } = beginning;
    const begun = { height, randomSeed, validatorSetEvidence };
    this.#blobs.put(beginningKey(height), encodeMessage(QueryEcallRecordResponseSchema, begun));
    const record = create(BlockRecordSchema, {
      height,
      traces: this.#traces,
      isTooLarge: this.#bytes > BLOCK_RECORD_BYTES_MAX,
      creates: [...this.#creates.entries()].sort(byHash).map(([, result]) => result),
      refusedNodes: this.#refusedNodes,
    });
    this.#blobs.put(recordKey(height), encodeMessage(BlockRecordSchema, record));
    this.#forget();
  }

  /** @returns undefined for a block that is not remembered, or not any more. */
  beginningOf(height: bigint): QueryEcallRecordResponse | undefined {
    const bytes = this.#blobs.get(beginningKey(height));
    const found = bytes && decodeMessage(QueryEcallRecordResponseSchema, bytes);
    return found?.height === height ? found : undefined;
  }

  /**
   * @param charge is told the record's size before it is read.
   * @returns undefined for a block that is not remembered, or not any more.
   */
  recordOf(height: bigint, charge: (sizeBytes: number) => void): BlockRecord | undefined {
    const bytes = this.#blobs.get(recordKey(height));
    if (bytes === undefined) return undefined;
    charge(bytes.length);
    const found = decodeMessage(BlockRecordSchema, bytes);
    return found.height === height ? found : undefined;
  }

  /** Counts what is told even when there is no room, so that the record says so. */
  #hasRoom(sizeBytes: number): boolean {
    this.#bytes += sizeBytes + ENTRY_BYTES;
    if (this.#bytes <= BLOCK_RECORD_BYTES_MAX) return true;
    this.#forget();
    return false;
  }

  #forget(): void {
    this.#traces = [];
    this.#refusedNodes = [];
    this.#creates.clear();
  }
}

/** Hashes and numbers of an entry, and its lengths. */
const ENTRY_BYTES = 100;

/** A block's record takes the place of the one that is that many blocks older. */
const beginningKey = (height: bigint) => `sync/beginning/${height % BLOCK_BEGINNINGS_KEPT}`;
const recordKey = (height: bigint) => `sync/record/${height % BLOCK_RECORDS_KEPT}`;

function bytesOf(value: Uint8Array | undefined): number {
  return value?.length ?? 0;
}

function byHash([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
