/**
 * What a node remembers of its blocks' conversations with the enclave, for those who cannot ask an
 * enclave themselves. It lies beside the state, no root covers it, and each node forgets old blocks.
 */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { sha256 } from "@tacit/crypto";
import { AnswerLog, type LoggedAnswer } from "@tacit/enclave-channel";
import { decodeMessage, encodeMessage, toHex } from "@tacit/encoding";
import {
  type CreateResultDataSchema,
  type QueryEcallRecordResponse,
  QueryEcallRecordResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { type BlockRecord, BlockRecordSchema } from "@tacit/encoding/proto/tacit/compute/v1/record";
import type { BlobStore } from "@tacit/store";
import { BLOCK_BEGINNINGS_KEPT, BLOCK_RECORD_BYTES_MAX, BLOCK_RECORDS_KEPT } from "../limits.ts";

/** What the enclave gave to see when a block began; 32 bytes each. */
export interface BlockBeginning {
  readonly publicRandom: Uint8Array;
  readonly validatorsEvidence: Uint8Array;
}

/** Writes down the block under way, and reads what was written of earlier ones. */
export class BlockRecords {
  readonly #blobs: BlobStore;
  readonly #calls = new AnswerLog(BLOCK_RECORD_BYTES_MAX);
  #refusedNodes: { readonly certificateHash: Uint8Array; readonly reason: string }[] = [];
  readonly #creates = new Map<string, MessageInitShape<typeof CreateResultDataSchema>>();
  #bytes = 0;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** A block begins, or begins again. */
  begin(): void {
    this.#bytes = 0;
    this.#forget();
  }

  /** A contract was called: the answer is kept as it is, and made readable when somebody asks. */
  answered(call: LoggedAnswer): void {
    const before = this.#calls.sizeBytes;
    this.#calls.append(call);
    this.#hasRoom(this.#calls.sizeBytes - before);
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
    const record = encodeMessage(BlockRecordSchema, {
      height,
      calls: this.#calls.bytes,
      isTooLarge: this.#bytes > BLOCK_RECORD_BYTES_MAX,
      creates: [...this.#creates.entries()].sort(byHash).map(([, result]) => result),
      refusedNodes: this.#refusedNodes,
    });
    this.#blobs.put(recordKey(height), record);
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
    this.#calls.clear();
    this.#refusedNodes = [];
    this.#creates.clear();
  }
}

/** Hashes and numbers of an entry, and its lengths. */
const ENTRY_BYTES = 100;

/** A block's record takes the place of the one that is that many blocks older. */
const beginningKey = (height: bigint) => `sync/beginning/${height % BLOCK_BEGINNINGS_KEPT}`;
const recordKey = (height: bigint) => `sync/record/${height % BLOCK_RECORDS_KEPT}`;

function byHash([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
