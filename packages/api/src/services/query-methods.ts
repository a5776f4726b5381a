/** Methods that the application answers through its query interface. */
import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import type { Application, QueryResponse } from "@tacit/sdk";
import { methodPath, type ServiceMethod } from "./method.ts";
import { codes, StatusError } from "./status.ts";

type Queries = Pick<Application, "query">;

/** One method for each of the service's; what the application lacks answers Unimplemented. */
export function queryMethods(service: DescService, application: Queries): ServiceMethod[] {
  return service.methods.map((desc) => queryMethod(desc, application, statusOf));
}

/** @param gatewayFailure turns a failed answer into the status that clients of REST see. */
export function queryMethod(
  desc: DescMethod,
  application: Queries,
  gatewayFailure: (response: QueryResponse) => StatusError,
): ServiceMethod {
  const path = methodPath(desc);
  return {
    path,
    desc,
    isLocal: false,
    call: async (request: Message, { height, client, isGateway }) => {
      const data = encodeMessage(desc.input, request);
      const response = await application.query({ path, data, height, prove: false, client });
      if (response.code !== 0 || response.grpcStatus !== undefined) {
        throw isGateway === true ? gatewayFailure(response) : statusOf(response);
      }
      return {
        message: decodeMessage(desc.output, response.value) as Message & Record<string, unknown>,
        height: response.height,
      };
    },
  };
}

/** What a native gRPC server answers. */
export function statusOf(response: QueryResponse): StatusError {
  const { grpcStatus } = response;
  return grpcStatus === undefined
    ? abciStatusOf(response)
    : new StatusError(grpcStatus.code, grpcStatus.message);
}

/** SDK codes that have a status of their own when a query went by way of ABCI. */
const ABCI_STATUS: Readonly<Record<number, number>> = {
  4: codes.unauthenticated,
  18: codes.invalidArgument,
  22: codes.notFound,
};

/** What the SDK's gateway answers for queries that it sends by way of ABCI. */
export function abciStatusOf(
  response: Pick<QueryResponse, "code" | "codespace" | "log">,
): StatusError {
  const status = response.codespace === "sdk" ? ABCI_STATUS[response.code] : undefined;
  return new StatusError(status ?? codes.unknown, response.log);
}
