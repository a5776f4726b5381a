/** `/store/<name>/key` and `/store/<name>/subspace`: raw state, with proofs for keys. */
import { prefixEnd, type QueryRequest, type QueryResponse, sdkErrors } from "@tacit/sdk";
import type { MultiStoreView } from "@tacit/store";
import { limits } from "../limits.ts";
import { encodePairs } from "./pairs.ts";
import { success } from "./responses.ts";
import { unprovable, type VersionReader, versionFor, withView } from "./versions.ts";

/** @param path what follows `/store/`. @throws {SdkError} for the client. */
export function queryStore(
  reader: VersionReader,
  path: readonly string[],
  request: QueryRequest,
): QueryResponse {
  const height = request.height === 0n ? reader.lastVersion() : request.height;
  if (height <= 1n && request.prove) throw unprovable();
  const [name = "", kind = ""] = path;
  const found = versionFor(reader, { height, prove: request.prove });
  return withView(found, (view) => answer(view, name, kind, { ...request, height }));
}

function answer(
  view: MultiStoreView,
  name: string,
  kind: string,
  request: QueryRequest,
): QueryResponse {
  const { height } = request;
  if (!hasStore(view, name)) throw sdkErrors.unknownRequest.wrap(`no such store: ${name}`);
  if (request.data.length === 0) throw sdkErrors.txDecode.wrap("query cannot be zero length");
  if (kind === "key") {
    const { value, proofOps } = view.query(name, request.data, request.prove);
    return success(height, value ?? new Uint8Array(), { key: request.data, proofOps });
  }
  if (kind === "subspace") {
    return success(height, subspace(view, name, request.data), { key: request.data });
  }
  throw sdkErrors.unknownRequest.wrap(`unexpected query path: /${kind}`);
}

function hasStore(view: MultiStoreView, name: string): boolean {
  try {
    view.kvStore(name);
    return true;
  } catch {
    return false;
  }
}

/** All pairs below a prefix, as the SDK's Pairs message, up to a bound. */
function subspace(view: MultiStoreView, name: string, prefix: Uint8Array): Uint8Array {
  const pairs: (readonly [Uint8Array, Uint8Array])[] = [];
  let bytes = 0;
  for (const pair of view.kvStore(name).iterator(prefix, prefixEnd(prefix))) {
    bytes += pair[0].length + pair[1].length;
    if (bytes > limits.subspaceBytes) {
      throw sdkErrors.invalidRequest.wrap("subspace is too large; ask for a longer prefix");
    }
    pairs.push(pair);
  }
  return encodePairs(pairs);
}
