/** Service methods by way of `abci_query`, which clients without gRPC use. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import type { Application, QueryResponse } from "@tacit/sdk";
import { abciErrorOf } from "./abci-error.ts";
import type { ServiceRegistry } from "./registry.ts";
import { toStatusError } from "./status.ts";

type Queries = Pick<Application, "query" | "info" | "checkTx">;

/**
 * The application with the services beside it, that is of transactions, blocks and the node: a
 * query whose path is one of their methods is answered by that method.
 */
export function withServices(app: Queries, registry: ServiceRegistry): Queries {
  return {
    info: () => app.info(),
    checkTx: (request) => app.checkTx(request),
    query: async (request) => {
      const method = registry.method(request.path);
      if (method?.isLocal !== true) return app.query(request);
      const { desc } = method;
      const { height, client } = request;
      try {
        const asked = decodeMessage(desc.input, request.data);
        const result = await method.call(asked, { height, client });
        const value = encodeMessage(desc.output, result.message as never);
        return answer({ value, height: result.height });
      } catch (error) {
        return answer({ height, ...abciErrorOf(toStatusError(error)) });
      }
    },
  };
}

const nothing = new Uint8Array();

const answer = (fields: Partial<QueryResponse>): QueryResponse => ({
  code: 0,
  log: "",
  info: "",
  index: 0n,
  key: nothing,
  value: nothing,
  proofOps: undefined,
  height: 0n,
  codespace: "",
  ...fields,
});
