/** gRPC and gRPC-web servers over the registry of services. */
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Server } from "node:net";
import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import {
  ConnectError,
  type ConnectRouter,
  createContextKey,
  createContextValues,
  type HandlerContext,
} from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { clientOf } from "../client-address.ts";
import {
  CALLS_PER_SESSION_MAX,
  CONNECTIONS_MAX,
  IDLE_SESSION_MS,
  MESSAGE_BYTES_MAX,
} from "../limits.ts";
import { boundConnections, type Listener, type ListenOptions, listen } from "../listen.ts";
import { applyCors } from "../rest/cors.ts";
import type { ServiceMethod } from "../services/method.ts";
import { methodPath } from "../services/method.ts";
import type { ServiceRegistry } from "../services/registry.ts";
import { codes, StatusError, toStatusError } from "../services/status.ts";
import { addReflection } from "./reflection.ts";

export interface GrpcOptions extends ListenOptions {
  readonly registry: ServiceRegistry;
}

const HEIGHT_HEADER = "x-cosmos-block-height";
const TIMEOUT_HEADER = "grpc-timeout";
/** What a timer can hold, 24 days, in the units of a deadline; the smaller ones have too few digits. */
const TIMEOUT_MAX: Readonly<Record<string, number>> = { H: 596, M: 35_791, S: 2_147_483 };

/** Who calls, from the connection to the method. */
const clientKey = createContextKey<string | undefined>(undefined);

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** gRPC over HTTP/2 without TLS. */
export async function startGrpc(options: GrpcOptions): Promise<Listener> {
  const handler = connectNodeAdapter({
    routes: (router) => addServices(router, options.registry, true),
    grpc: true,
    grpcWeb: false,
    connect: false,
    readMaxBytes: MESSAGE_BYTES_MAX,
    contextValues: ({ socket }) =>
      createContextValues().set(clientKey, clientOf(socket.remoteAddress)),
    fallback: unknownMethod,
  });
  const settings = { maxConcurrentStreams: CALLS_PER_SESSION_MAX };
  const server = createHttp2Server({ settings }, (request, response) => {
    forgetFarDeadline(request.headers);
    handler(request, response);
  });
  server.on("session", (session) => {
    session.setTimeout(IDLE_SESSION_MS, () => session.destroy());
  });
  server.maxConnections = CONNECTIONS_MAX;
  return listen(server as Server, options);
}

/** gRPC-web over HTTP/1.1, on a port of its own. */
export async function startGrpcWeb(options: GrpcOptions): Promise<Listener> {
  const handler = grpcWebHandler(options.registry);
  const server = createHttpServer(handler);
  boundConnections(server);
  return listen(server, options);
}

/** For gRPC-web beside something else on one port. */
export function grpcWebHandler(registry: ServiceRegistry): NodeHandler {
  const handler = connectNodeAdapter({
    routes: (router) => addServices(router, registry, false),
    grpc: false,
    grpcWeb: true,
    connect: false,
    readMaxBytes: MESSAGE_BYTES_MAX,
    contextValues: ({ socket }) =>
      createContextValues().set(clientKey, clientOf(socket.remoteAddress)),
    fallback: unknownMethod,
  });
  return (request, response) => {
    applyCors(request, response);
    forgetFarDeadline(request.headers);
    if (request.method === "OPTIONS") response.writeHead(204).end();
    else handler(request, response);
  };
}

/** A deadline beyond what a timer can hold would end the call at once; it is as good as none. */
function forgetFarDeadline(headers: IncomingHttpHeaders): void {
  const value = headers[TIMEOUT_HEADER];
  const [, digits, unit] = /^(\d{1,8})([HMS])$/.exec(String(value)) ?? [];
  if (Number(digits) > (TIMEOUT_MAX[unit ?? ""] ?? Number.POSITIVE_INFINITY)) {
    delete headers[TIMEOUT_HEADER];
  }
}

function addServices(
  router: ConnectRouter,
  registry: ServiceRegistry,
  withReflection: boolean,
): void {
  for (const service of new Set(registry.services)) {
    router.service(service, implementation(service, registry) as never);
  }
  if (withReflection) addReflection(router, registry);
}

function implementation(service: DescService, registry: ServiceRegistry) {
  const methods = service.methods.flatMap((desc: DescMethod) => {
    const method = registry.method(methodPath(desc));
    return method === undefined ? [] : [[desc.localName, unary(method)]];
  });
  return Object.fromEntries(methods);
}

function unary(method: ServiceMethod) {
  return async (request: Message, context: HandlerContext) => {
    try {
      const height = readHeight(context.requestHeader.get(HEIGHT_HEADER));
      const client = context.values.get(clientKey);
      const result = await method.call(request, { height, client });
      if (result.height > 0n) context.responseHeader.set(HEIGHT_HEADER, result.height.toString());
      return result.message;
    } catch (error) {
      const { status, message } = toStatusError(error);
      throw new ConnectError(message, status);
    }
  };
}

function readHeight(text: string | null): bigint {
  if (text === null || text === "") return 0n;
  if (!/^\d{1,18}$/.test(text)) {
    throw new StatusError(
      codes.invalidArgument,
      `invalid height header ${JSON.stringify(text.slice(0, 32))}: invalid request`,
    );
  }
  return BigInt(text);
}

/** What gRPC servers say of a method they do not have: a status in the header. */
function unknownMethod(
  request: Parameters<ReturnType<typeof connectNodeAdapter>>[0],
  response: Parameters<ReturnType<typeof connectNodeAdapter>>[1],
): void {
  const isGrpc = request.headers["content-type"]?.startsWith("application/grpc") === true;
  if (!isGrpc) {
    response.writeHead(404);
    response.end();
    return;
  }
  const path = (request.url ?? "").slice(1, 256);
  response.writeHead(200, {
    "content-type": request.headers["content-type"] ?? "application/grpc",
    "grpc-status": String(codes.unimplemented),
    "grpc-message": encodeURIComponent(`unknown service or method ${path}`),
  });
  response.end();
}
