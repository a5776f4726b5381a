/** JSON-RPC 2.0 as CometBFT speaks it, without a transport. */
import type { RpcContext } from "./context.ts";
import type { Json } from "./json-chain.ts";
import { BATCH_REQUESTS_MAX } from "./limits.ts";
import { paramsFromJson } from "./params.ts";
import { ROUTES } from "./routes.ts";
import { errorToJson, RpcError, type RpcErrorJson } from "./rpc-error.ts";

export type RequestId = string | number;

export interface RpcRequest {
  /** Undefined for a notification, which gets no answer. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: unknown;
}

export type RpcAnswer = { readonly jsonrpc: "2.0"; readonly id: RequestId | null } & (
  | { readonly result: Json }
  | { readonly error: RpcErrorJson }
);

export function success(id: RequestId, result: Json): RpcAnswer {
  return { jsonrpc: "2.0", id, result };
}

/** @param id null when the request was not understood. */
export function failure(id: RequestId | null, error: unknown): RpcAnswer {
  return { jsonrpc: "2.0", id, error: errorToJson(error) };
}

/**
 * One request or a batch.
 * @throws {RpcError} `rpc/parse` if the text is no request, `rpc/invalid_request` for a batch that
 *   is too long.
 */
export function parseRequests(text: string): {
  readonly requests: readonly RpcRequest[];
  readonly isBatch: boolean;
} {
  const json = parseJson(text);
  if (!Array.isArray(json)) return { requests: [requestOf(json)], isBatch: false };
  if (json.length > BATCH_REQUESTS_MAX) {
    const detail = `batch of ${json.length} requests, at most ${BATCH_REQUESTS_MAX}`;
    throw new RpcError({ code: "rpc/invalid_request", detail });
  }
  return { requests: json.map(requestOf), isBatch: true };
}

/** Never throws; undefined for a notification. */
export async function answerRequest(
  context: RpcContext,
  request: RpcRequest,
): Promise<RpcAnswer | undefined> {
  const { id, method, params } = request;
  if (id === undefined) return undefined;
  try {
    const route = ROUTES.get(method);
    if (route === undefined) throw new RpcError({ code: "rpc/method_not_found" });
    return success(id, await route.answer(context, paramsFromJson(route.params, params)));
  } catch (error) {
    return failure(id, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return malformed("not JSON");
  }
}

function requestOf(json: unknown): RpcRequest {
  if (typeof json !== "object" || json === null || Array.isArray(json)) malformed("no object");
  const { id, method, params } = json as Record<string, unknown>;
  const isId = typeof id === "string" || (typeof id === "number" && Number.isInteger(id));
  if (!isId && id !== undefined && id !== null) malformed("id is no string or integer");
  if (method !== undefined && typeof method !== "string") malformed("method is no string");
  return { id: isId ? id : undefined, method: method ?? "", params };
}

function malformed(what: string): never {
  const detail = `error unmarshaling request: ${what}`;
  throw new RpcError({ code: "rpc/parse", detail });
}
