/** Heights and pages as the calls take them, with CometBFT's texts for what does not exist. */
import type { ChainData } from "../chain-data.ts";
import { PER_PAGE_DEFAULT, PER_PAGE_MAX } from "./limits.ts";
import type { Params } from "./params.ts";
import { refuse } from "./rpc-error.ts";

/** @throws {RpcError} `rpc/refused` if the height is not one of the chain's up to `latest`. */
export function heightOf(
  params: Params,
  { chain, latest }: { readonly chain: ChainData; readonly latest: bigint },
): bigint {
  const height = params.integer("height");
  if (height === undefined) return latest;
  if (height <= 0n) refuse(`height must be greater than 0, but got ${height}`);
  if (height > latest) {
    refuse(
      `height ${height} must be less than or equal to the current blockchain height ${latest}`,
    );
  }
  const base = chain.status().earliestHeight;
  if (height < base) refuse(`height ${height} is not available, lowest height is ${base}`);
  return height;
}

/** `per_page` or `limit`: 30 if missing or senseless, at most 1,000. */
export function perPageOf(params: Params, name: string): number {
  const perPage = params.integer(name);
  if (perPage === undefined || perPage < 1n) return PER_PAGE_DEFAULT;
  return perPage > BigInt(PER_PAGE_MAX) ? PER_PAGE_MAX : Number(perPage);
}

/** The page asked for, before the total is known. @throws {RpcError} `rpc/refused`. */
export function pageOf(params: Params): number {
  const page = params.integer("page");
  if (page === undefined) return 1;
  if (page <= 0n || page > BigInt(Number.MAX_SAFE_INTEGER)) wrongPage(page, 1);
  return Number(page);
}

/** @throws {RpcError} `rpc/refused` if there are not so many pages. */
export function assertPage(page: number, perPage: number, total: number): void {
  const pages = Math.max(1, Math.ceil(total / perPage));
  if (page > pages) wrongPage(BigInt(page), pages);
}

/** @throws {RpcError} `rpc/refused`. */
export function orderOf(params: Params, otherwise: "asc" | "desc"): "asc" | "desc" {
  const order = params.text("order_by");
  if (order === "") return otherwise;
  if (order === "asc" || order === "desc") return order;
  refuse("expected order_by to be either `asc` or `desc` or empty");
}

function wrongPage(page: bigint, pages: number): never {
  refuse(`page should be within [1, ${pages}] range, given ${page}`);
}
