import type { EnclaveRequest } from "@tacit/enclave-channel";
import { equalBytes, ProtocolError } from "@tacit/encoding";
import { decodeHeader, headerHash, timestampToNanos } from "@tacit/light";
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

function assertHeader(request: BeginBlock, chainId: string): void {
  if (request.header.length === 0) return;
  try {
    const header = decodeHeader(request.header);
    const belongs =
      header.height === request.height &&
      header.chainId === chainId &&
      timestampToNanos(header.time) === request.timeNs &&
      equalBytes(header.appHash, request.appHash) &&
      equalBytes(headerHash(header), request.blockHash);
    if (belongs) return;
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new Refusal("enclave/bad_header", { cause });
  }
  throw new Refusal("enclave/bad_header");
}

/** @throws {Refusal} `enclave/replayed` if these bytes have already run in this block. */
export function admitTransaction(block: Block, transaction: Transaction): void {
  if (transaction.isAdmitted) return;
  const name = toKey(transaction.hash);
  if (block.executed.has(name)) throw new Refusal("enclave/replayed");
  block.executed.add(name);
  transaction.isAdmitted = true;
}
