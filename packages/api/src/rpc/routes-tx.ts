import { sha256 } from "@tacit/crypto";
import { equalBytes, toBase64 } from "@tacit/encoding";
import type { CheckTxResponse } from "@tacit/sdk";
import type { BroadcastError, ChainData, IndexedTx } from "../chain-data.ts";
import type { RpcContext } from "./context.ts";
import { execTxResultToJson, indexedTxToJson, NO_TX_RESULT } from "./json-abci.ts";
import { hexToJson, type Json } from "./json-chain.ts";
import { BROADCAST_COMMIT_TIMEOUT_MS } from "./limits.ts";
import { assertPage, orderOf, pageOf, perPageOf } from "./paging.ts";
import type { Params } from "./params.ts";
import { refuse } from "./rpc-error.ts";
import { txProofToJson } from "./tx-proof.ts";

export function tx({ chain }: RpcContext, params: Params): Json {
  const hash = params.bytes("hash");
  const found = chain.tx(hash);
  if (found === undefined) refuse(`tx (${hexToJson(hash)}) not found`);
  return indexedTxToJson(found, params.boolean("prove") ? proofOf(chain, found) : undefined);
}

export async function txSearch({ chain }: RpcContext, params: Params): Promise<Json> {
  const perPage = perPageOf(params, "per_page");
  const page = pageOf(params);
  const order = orderOf(params, "asc");
  const query = params.text("query");
  const { txs, total } = await chain.txSearch(query, { page, perPage, order });
  assertPage(page, perPage, total);
  const prove = params.boolean("prove");
  return {
    txs: txs.map((found) => indexedTxToJson(found, prove ? proofOf(chain, found) : undefined)),
    total_count: `${total}`,
  };
}

export async function checkTx({ app }: RpcContext, params: Params): Promise<Json> {
  return execTxResultToJson(await app.checkTx({ tx: params.bytes("tx"), recheck: false }));
}

export async function broadcastTxSync({ chain }: RpcContext, params: Params): Promise<Json> {
  const { hash, check } = await broadcast(chain, params.bytes("tx"));
  return {
    code: check.code,
    data: hexToJson(check.data),
    log: check.log,
    codespace: check.codespace,
    hash: hexToJson(hash),
  };
}

/** Answers before the transaction is checked; what is wrong with it stays unsaid. */
export function broadcastTxAsync({ chain }: RpcContext, params: Params): Json {
  const bytes = params.bytes("tx");
  void chain.broadcastTx(bytes).catch(() => {});
  return { code: 0, data: "", log: "", codespace: "", hash: hexToJson(sha256(bytes)) };
}

/** Waits until the transaction is in a block. */
export async function broadcastTxCommit(context: RpcContext, params: Params): Promise<Json> {
  const { chain, signal } = context;
  const bytes = params.bytes("tx");
  const wait = waitForTx(chain, sha256(bytes), signal);
  try {
    const { hash, check } = await broadcast(chain, bytes);
    const checked = { check_tx: execTxResultToJson(check), hash: hexToJson(hash) };
    if (check.code !== 0) return { ...checked, tx_result: NO_TX_RESULT, height: "0" };
    const found = await wait.found;
    if (found === undefined) refuse("timed out waiting for tx to be included in a block");
    const height = `${found.height}`;
    return { ...checked, tx_result: execTxResultToJson(found.result), height };
  } finally {
    wait.end();
  }
}

export function unconfirmedTxs({ chain }: RpcContext, params: Params): Json {
  const { txs, total, totalBytes } = chain.pendingTxs(perPageOf(params, "limit"));
  return {
    n_txs: `${txs.length}`,
    total: `${total}`,
    total_bytes: `${totalBytes}`,
    txs: txs.map(toBase64),
  };
}

export function numUnconfirmedTxs({ chain }: RpcContext): Json {
  const { total, totalBytes } = chain.pendingTxs(0);
  return { n_txs: `${total}`, total: `${total}`, total_bytes: `${totalBytes}`, txs: null };
}

async function broadcast(
  chain: ChainData,
  bytes: Uint8Array,
): Promise<{ readonly hash: Uint8Array; readonly check: CheckTxResponse }> {
  const sent = await chain.broadcastTx(bytes);
  if (!sent.ok) refuse(broadcastErrorText(sent.error, bytes));
  return sent;
}

/** CometBFT's texts; clients look for "tx already exists in cache". */
export function broadcastErrorText(error: BroadcastError, bytes: Uint8Array): string {
  switch (error.code) {
    case "tx_in_cache":
      return "tx already exists in cache";
    case "mempool_full":
      return `mempool is full: number of txs ${error.txs}`;
    case "tx_too_large":
      return `Tx too large. Max size is ${error.bytesMax}, but got ${bytes.length}`;
  }
}

function proofOf(chain: ChainData, { height, index }: IndexedTx): Json {
  const stored = chain.block(height);
  if (stored === undefined) refuse(`block #${height} is not available`);
  return txProofToJson(stored.block.txs, index);
}

/** `found` is undefined after the time limit, or when `signal` is aborted. */
function waitForTx(
  chain: ChainData,
  hash: Uint8Array,
  signal: AbortSignal,
): { readonly found: Promise<IndexedTx | undefined>; end(): void } {
  const { promise: found, resolve } = Promise.withResolvers<IndexedTx | undefined>();
  const stop = () => resolve(undefined);
  const timer = setTimeout(stop, BROADCAST_COMMIT_TIMEOUT_MS);
  signal.addEventListener("abort", stop);
  const unsubscribe = chain.subscribe((event) => {
    if (event.type === "Tx" && equalBytes(event.tx.hash, hash)) resolve(event.tx);
  });
  const end = () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    unsubscribe();
  };
  return { found, end };
}
