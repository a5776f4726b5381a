import type { ChainData, StoredBlock } from "../chain-data.ts";
import type { RpcContext } from "./context.ts";
import { blockResultsToJson } from "./json-abci.ts";
import { storedBlockToJson } from "./json-block.ts";
import { blockIdToJson, commitToJson, headerToJson, type Json } from "./json-chain.ts";
import { BLOCKCHAIN_HEADERS_MAX } from "./limits.ts";
import { assertPage, heightOf, orderOf, pageOf, perPageOf } from "./paging.ts";
import type { Params } from "./params.ts";
import { refuse } from "./rpc-error.ts";

export function block({ chain }: RpcContext, params: Params): Json {
  return storedBlockToJson(chain.block(committedHeight(chain, params)));
}

export function blockByHash({ chain }: RpcContext, params: Params): Json {
  return storedBlockToJson(chain.blockByHash(params.bytes("hash")));
}

export function header({ chain }: RpcContext, params: Params): Json {
  const stored = chain.block(committedHeight(chain, params));
  return { header: stored === undefined ? null : headerToJson(stored.block.header) };
}

export function headerByHash({ chain }: RpcContext, params: Params): Json {
  const stored = chain.blockByHash(params.bytes("hash"));
  return { header: stored === undefined ? null : headerToJson(stored.block.header) };
}

export function commit({ chain }: RpcContext, params: Params): Json {
  const height = committedHeight(chain, params);
  const stored = chain.block(height);
  const found = chain.commit(height);
  if (stored === undefined || found === undefined) return null;
  return {
    signed_header: {
      header: headerToJson(stored.block.header),
      commit: commitToJson(found.commit),
    },
    canonical: found.canonical,
  };
}

export function blockResults({ chain }: RpcContext, params: Params): Json {
  const height = committedHeight(chain, params);
  const result = chain.blockResults(height);
  if (result === undefined) refuse(`could not find results for height #${height}`);
  return blockResultsToJson(height, result);
}

/** Headers from high to low, at most 20. */
export function blockchain({ chain }: RpcContext, params: Params): Json {
  const { latestHeight, earliestHeight } = chain.status();
  const min = params.integer("minHeight") ?? 0n;
  const max = params.integer("maxHeight") ?? 0n;
  if (min < 0n || max < 0n) refuse("heights must be non-negative");
  const last = max === 0n || max > latestHeight ? latestHeight : max;
  const lowest = [min === 0n ? 1n : min, earliestHeight, last - BLOCKCHAIN_HEADERS_MAX + 1n];
  const first = lowest.reduce((a, b) => (a > b ? a : b));
  if (first > last) refuse(`min height ${first} can't be greater than max height ${last}`);
  const metas: Json[] = [];
  for (let height = last; height >= first; height--) {
    const stored = chain.block(height);
    if (stored !== undefined) metas.push(blockMetaToJson(stored));
  }
  return { last_height: `${latestHeight}`, block_metas: metas };
}

export async function blockSearch({ chain }: RpcContext, params: Params): Promise<Json> {
  const perPage = perPageOf(params, "per_page");
  const page = pageOf(params);
  const order = orderOf(params, "desc");
  const query = params.text("query");
  const { heights, total } = await chain.blockSearch(query, { page, perPage, order });
  assertPage(page, perPage, total);
  const blocks = heights.map((height) => storedBlockToJson(chain.block(height)));
  return { blocks, total_count: `${total}` };
}

function blockMetaToJson({ blockId, block, sizeBytes }: StoredBlock): Json {
  return {
    block_id: blockIdToJson(blockId),
    block_size: `${sizeBytes}`,
    header: headerToJson(block.header),
    num_txs: `${block.txs.length}`,
  };
}

function committedHeight(chain: ChainData, params: Params): bigint {
  return heightOf(params, { chain, latest: chain.status().latestHeight });
}
