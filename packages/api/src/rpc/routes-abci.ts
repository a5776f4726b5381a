import type { RpcContext } from "./context.ts";
import { infoResponseToJson, queryResponseToJson } from "./json-abci.ts";
import type { Json } from "./json-chain.ts";
import type { Params } from "./params.ts";

export async function abciQuery({ app, client }: RpcContext, params: Params): Promise<Json> {
  const response = await app.query({
    path: params.text("path"),
    data: params.bytes("data"),
    height: params.integer("height") ?? 0n,
    prove: params.boolean("prove"),
    client,
  });
  return { response: queryResponseToJson(response) };
}

export async function abciInfo({ app }: RpcContext): Promise<Json> {
  return { response: infoResponseToJson(await app.info()) };
}
