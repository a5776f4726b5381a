/** `cosmos.tx.v1beta1.Service`: finding, sending, simulating and taking apart transactions. */
import { createHash } from "node:crypto";
import {
  decodeMessage,
  encodeMessage,
  fromHex,
  ProtocolError,
  type TypeRegistry,
} from "@tacit/encoding";
import {
  BroadcastMode,
  type GetTxsEventRequest,
  OrderBy,
  Service,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import { TxSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import type { Application } from "@tacit/sdk";
import { decodeStdTx, encodeStdTx } from "../amino/std-tx.ts";
import type { BroadcastError, ChainData } from "../chain-data.ts";
import { TXS_PER_PAGE_DEFAULT, TXS_PER_PAGE_MAX } from "../limits.ts";
import { blockIdInit, blockInit } from "./block-messages.ts";
import { localMethods, type ServiceMethod } from "./method.ts";
import { abciStatusOf, queryMethod } from "./query-methods.ts";
import { codes, StatusError } from "./status.ts";
import { checkResponse, type TxResponseInit, txResponse, upperHex } from "./tx-response.ts";

export interface TxServiceOptions {
  readonly application: Pick<Application, "query">;
  readonly chain: ChainData;
  /** Types of messages and keys that amino transactions may hold. */
  readonly types: TypeRegistry;
}

export function txServiceMethods({ application, chain, types }: TxServiceOptions): ServiceMethod[] {
  const height = () => chain.status().latestHeight;
  return [
    ...localMethods(
      Service,
      {
        getTx: ({ hash }) => getTx(chain, hash),
        getTxsEvent: (request) => searchTxs(chain, request),
        broadcastTx: ({ txBytes, mode }) => broadcast(chain, txBytes, mode),
        getBlockWithTxs: (request) => blockWithTxs(chain, request),
        txDecode: ({ txBytes }) => {
          if (txBytes.length === 0) throw invalid("invalid empty tx bytes");
          return { tx: decodeTx(txBytes) };
        },
        txEncodeAmino: ({ aminoJson }) => {
          if (aminoJson === "") throw invalid("invalid empty tx json");
          return { aminoBinary: encodeStdTx(aminoJson, types) };
        },
        txDecodeAmino: ({ aminoBinary }) => {
          if (aminoBinary.length === 0) throw invalid("invalid empty tx bytes");
          return { aminoJson: decodeStdTx(aminoBinary, types) };
        },
        txEncode: ({ tx }) => {
          if (tx === undefined) throw invalid("invalid empty tx");
          return { txBytes: encodeMessage(TxSchema, tx) };
        },
      },
      height,
    ),
    // Simulation runs in the application, where the gateway asks for it by way of ABCI.
    queryMethod(Service.method.simulate, application, abciStatusOf),
  ];
}

const invalid = (text: string) => new StatusError(codes.invalidArgument, text);

function decodeTx(bytes: Uint8Array) {
  try {
    return decodeMessage(TxSchema, bytes);
  } catch (cause) {
    const reason = cause instanceof ProtocolError ? cause.message : "invalid";
    throw new StatusError(codes.unknown, `${reason}: tx parse error`, { cause });
  }
}

function getTx(chain: ChainData, hash: string) {
  if (hash === "") throw invalid("tx hash cannot be empty");
  let bytes: Uint8Array;
  try {
    bytes = fromHex(hash);
  } catch (cause) {
    throw new StatusError(codes.unknown, "encoding/hex: invalid byte in hash", { cause });
  }
  const tx = chain.tx(bytes);
  if (tx === undefined) throw new StatusError(codes.notFound, `tx not found: ${hash}`);
  return { tx: decodeTx(tx.tx), txResponse: txResponse(tx, chain) };
}

async function searchTxs(chain: ChainData, request: GetTxsEventRequest) {
  // Clients of older SDKs send a list of conditions, newer ones the whole query.
  const query = request.query === "" ? request.events.join(" AND ") : request.query;
  if (query === "") throw new StatusError(codes.internal, "query cannot be empty");
  const limit = request.limit === 0n ? TXS_PER_PAGE_DEFAULT : request.limit;
  const perPage = Number(limit > TXS_PER_PAGE_MAX ? TXS_PER_PAGE_MAX : limit);
  const page = Number(request.page === 0n ? 1n : request.page);
  const order = request.orderBy === OrderBy.DESC ? "desc" : "asc";
  const { txs, total } = await searchOrRefuse(chain, query, { page, perPage, order });
  const pages = Math.max(1, Math.ceil(total / perPage));
  if (page > pages) {
    throw new StatusError(
      codes.internal,
      `page should be within [1, ${pages}] range, given ${page}`,
    );
  }
  return {
    txs: txs.map((tx) => decodeTx(tx.tx)),
    txResponses: txs.map((tx) => txResponse(tx, chain)),
    total: BigInt(total),
  };
}

async function searchOrRefuse(
  chain: ChainData,
  query: string,
  page: Parameters<ChainData["txSearch"]>[1],
) {
  try {
    return await chain.txSearch(query, page);
  } catch (cause) {
    if (cause instanceof ProtocolError)
      throw new StatusError(codes.internal, cause.message, { cause });
    throw cause;
  }
}

async function broadcast(chain: ChainData, tx: Uint8Array, mode: BroadcastMode) {
  if (tx.length === 0) throw invalid("invalid empty tx");
  if (mode === BroadcastMode.SYNC) {
    const outcome = await chain.broadcastTx(tx);
    return {
      txResponse: outcome.ok
        ? checkResponse(outcome.hash, outcome.check)
        : mempoolRefusal(outcome.hash, outcome.error),
    };
  }
  if (mode === BroadcastMode.ASYNC) {
    // Nobody waits for the outcome; a refusal shows when the transaction is not found.
    void chain.broadcastTx(tx).catch(() => undefined);
    return { txResponse: { txhash: upperHex(createHash("sha256").update(tx).digest()) } };
  }
  const name = mode === BroadcastMode.BLOCK ? "block" : "unspecified";
  throw new StatusError(
    codes.unknown,
    `unsupported return type ${name}; supported types: sync, async`,
  );
}

/** SDK codes of what the mempool refuses without checking. */
const REFUSALS: Readonly<Record<BroadcastError["code"], number>> = {
  tx_in_cache: 19,
  mempool_full: 20,
  tx_too_large: 21,
};

function mempoolRefusal(hash: Uint8Array, error: BroadcastError): TxResponseInit {
  return { txhash: upperHex(hash), codespace: "sdk", code: REFUSALS[error.code] };
}

function blockWithTxs(
  chain: ChainData,
  request: {
    readonly height: bigint;
    readonly pagination?: { offset: bigint; limit: bigint; reverse: boolean } | undefined;
  },
) {
  const latest = chain.status().latestHeight;
  const stored =
    request.height < 1n || request.height > latest ? undefined : chain.block(request.height);
  if (stored === undefined) {
    throw new StatusError(
      codes.unknown,
      `requested height ${request.height} but height must not be less than 1 or greater than the current height ${latest}: invalid height`,
    );
  }
  const all = stored.block.txs;
  const offset = request.pagination?.offset ?? 0n;
  const limit = request.pagination?.limit || TXS_PER_PAGE_DEFAULT;
  if (all.length > 0 && offset >= BigInt(all.length)) {
    throw new StatusError(
      codes.unknown,
      `out of range: cannot paginate ${all.length} txs with offset ${offset} and limit ${limit}: invalid request`,
    );
  }
  const ordered = request.pagination?.reverse === true ? [...all].reverse() : all;
  const chosen = ordered.slice(Number(offset), Number(offset + limit));
  return {
    txs: chosen.flatMap((tx) => decodableTx(tx)),
    blockId: blockIdInit(stored.blockId),
    block: blockInit(stored.block),
    pagination: { total: BigInt(all.length) },
  };
}

/** A block may hold bytes that are no transaction; they are left out. */
function decodableTx(bytes: Uint8Array) {
  try {
    return [decodeMessage(TxSchema, bytes)];
  } catch {
    return [];
  }
}
