import type { EnclaveRequest } from "@tacit/enclave-channel";
import { equalBytes, ProtocolError } from "@tacit/encoding";
import { dataHashOf, decodeHeader, headerHash, timestampToNanos } from "@tacit/light";
import { toKey } from "./bytes.ts";
import { Refusal } from "./errors.ts";
import type { KeyRing } from "./keys/key-ring.ts";
import { MessageCounter } from "./message-counter.ts";
import {
  assertRoot,
  createProvedReads,
  EMPTY_STATE,
  type ProvedReads,
} from "./state/proved-reads.ts";
import type { Transaction } from "./transaction/transaction.ts";

export type BeginBlock = Extract<EnclaveRequest, { kind: "begin_block" }>;

/** The block under way. Everything in it starts again with `begin_block`. */
export interface Block {
  readonly height: bigint;
  readonly timeNs: bigint;
  /** Of the state that its reads prove, the one after the block before. */
  readonly appHash: Uint8Array;
  readonly random: Uint8Array;
  readonly counter: MessageCounter;
  readonly proved: ProvedReads;
  /** Hashes of the block's transactions, if the host has brought them. */
  readonly txHashes: readonly Uint8Array[] | undefined;
  /** Place of the next transaction that may begin. */
  nextTxIndex: number;
  /** Hashes of transactions of which a message has run: none runs twice. */
  readonly executed: Set<string>;
  transaction: Transaction | undefined;
}

/**
 * What an engine checks of a block: header, height, time, chain and roots belong together. Whether
 * the validators signed it is the vault's to check (`light-client.ts`).
 *
 * @param firstHeight of the first block that this enclave ran, 0 for none: only there may the
 *   private store be empty without a proof.
 * @throws {Refusal} `enclave/bad_header`, `enclave/bad_root`.
 */
export function openBlock(
  request: BeginBlock,
  options: { readonly chainId: string; readonly firstHeight: bigint; readonly ring: KeyRing },
): Block {
  assertHeader(request, options.chainId);
  const { height, timeNs, blockHash, appHash } = request;
  return {
    height,
    timeNs,
    appHash,
    random: options.ring.blockRandom(height, blockHash),
    counter: new MessageCounter(height),
    proved: openState(request, options.firstHeight),
    txHashes: request.txHashes,
    nextTxIndex: 0,
    executed: new Set(),
    transaction: undefined,
  };
}

function openState(request: BeginBlock, firstHeight: bigint): ProvedReads {
  const isFirst = firstHeight === 0n || request.height === firstHeight;
  if (request.privateRoot.length === 0 && isFirst) return EMPTY_STATE;
  assertRoot(request);
  return createProvedReads(request.privateRoot);
}

/** Without a header nothing belongs together, which is only allowed while no validators are named. */
function assertHeader(request: BeginBlock, chainId: string): void {
  const { header, validators, txHashes } = request;
  if (validators !== undefined && txHashes === undefined) throw new Refusal("enclave/bad_header");
  if (header.length === 0 && validators === undefined && txHashes === undefined) return;
  try {
    const decoded = decodeHeader(header);
    const belongs =
      decoded.height === request.height &&
      decoded.chainId === chainId &&
      timestampToNanos(decoded.time) === request.timeNs &&
      equalBytes(decoded.appHash, request.appHash) &&
      (txHashes === undefined || equalBytes(decoded.dataHash, dataHashOf(txHashes))) &&
      equalBytes(headerHash(decoded), request.blockHash);
    if (belongs) return;
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new Refusal("enclave/bad_header", { cause });
  }
  throw new Refusal("enclave/bad_header");
}

/**
 * The next transaction of the block: a later one than the last, and the one that the block has at
 * its place. Transactions that call no contract may be passed over.
 * @throws {Refusal} `enclave/foreign_transaction`.
 */
export function beginTransaction(block: Block, transaction: Transaction): void {
  const { txHashes, nextTxIndex } = block;
  const { index, hash } = transaction;
  if (txHashes !== undefined) {
    const expected = index < nextTxIndex ? undefined : txHashes[index];
    const isNext = expected !== undefined && equalBytes(expected, hash);
    if (!isNext) throw new Refusal("enclave/foreign_transaction");
    block.nextTxIndex = index + 1;
  }
  block.transaction = transaction;
}

/** @throws {Refusal} `enclave/replayed` if these bytes have already run in this block. */
export function admitTransaction(block: Block, transaction: Transaction): void {
  if (transaction.isAdmitted) return;
  const name = toKey(transaction.hash);
  if (block.executed.has(name)) throw new Refusal("enclave/replayed");
  block.executed.add(name);
  transaction.isAdmitted = true;
}
