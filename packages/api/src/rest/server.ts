/** The REST gateway: JSON over HTTP for every service method that has an HTTP annotation. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { toClientJson } from "@tacit/encoding";
import { clientOf } from "../client-address.ts";
import { BODY_BYTES_MAX, BODY_PATIENCE } from "../limits.ts";
import { boundConnections, type Listener, type ListenOptions, listen } from "../listen.ts";
import type { CallResult, ServiceMethod } from "../services/method.ts";
import type { ServiceRegistry } from "../services/registry.ts";
import { codes, httpStatus, StatusError, toStatusError } from "../services/status.ts";
import { applyCors } from "./cors.ts";
import { readRequest } from "./request.ts";
import { type RouteMatch, RouteTable } from "./routes.ts";
import { swaggerHandler } from "./swagger.ts";
import { type ParsedUrl, parseUrl } from "./url.ts";

export interface RestOptions extends ListenOptions {
  readonly registry: ServiceRegistry;
  /** Largest request body; an upload of 2 MiB of Wasm is 3 MiB in base64. */
  readonly bodyBytesMax?: number;
  /** Answers gRPC-web requests on the same port. */
  readonly grpcWeb?: (request: IncomingMessage, response: ServerResponse) => void;
}

const HEIGHT_HEADER = "x-cosmos-block-height";
const HEIGHT_ANSWER = "grpc-metadata-x-cosmos-block-height";

/** Serves until `close`. */
export async function startRest(options: RestOptions): Promise<Listener> {
  const handler = restHandler(options);
  const server: Server = createServer((request, response) => {
    void handler(request, response);
  });
  boundConnections(server);
  return listen(server, options);
}

export function restHandler(
  options: Omit<RestOptions, keyof ListenOptions>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const table = new RouteTable(options.registry.methods);
  const swagger = swaggerHandler(options.registry);
  const bodyBytesMax = options.bodyBytesMax ?? BODY_BYTES_MAX;
  return async (request, response) => {
    applyCors(request, response);
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    if (options.grpcWeb !== undefined && isGrpcWeb(request)) {
      options.grpcWeb(request, response);
      return;
    }
    try {
      const url = parseUrl(request.url ?? "/");
      if (url === undefined) throw new StatusError(codes.invalidArgument, "malformed URL");
      if (swagger(url.parts, request, response)) return;
      const body = await readBody(request, bodyBytesMax);
      await answer(options.registry, table, { request, url, body }, response);
    } catch (error) {
      sendError(response, toStatusError(error));
    }
  };
}

function isGrpcWeb(request: IncomingMessage): boolean {
  return request.headers["content-type"]?.startsWith("application/grpc-web") === true;
}

async function answer(
  registry: ServiceRegistry,
  table: RouteTable,
  asked: { readonly request: IncomingMessage; readonly url: ParsedUrl; readonly body: string },
  response: ServerResponse,
): Promise<void> {
  const { request, url, body } = asked;
  const matches = table.match(request.method ?? "GET", url.parts);
  const { message, method } = firstReadable(matches, (match) =>
    readRequest(match, url.query, body, registry.types),
  );
  const height = readHeight(request.headers[HEIGHT_HEADER]);
  const client = clientOf(request.socket.remoteAddress);
  const result = await method.call(message, { height, client, isGateway: true });
  sendResult(response, registry, method, result);
}

/** The first route whose variables can be read; if there is none, what the first one said. */
function firstReadable<T>(
  matches: readonly RouteMatch[],
  read: (match: RouteMatch) => T,
): { readonly message: T; readonly method: ServiceMethod } {
  let failure: unknown;
  for (const match of matches) {
    try {
      return { message: read(match), method: match.route.method };
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure ?? new StatusError(codes.unimplemented, "Not Implemented");
}

function readHeight(header: string | string[] | undefined): bigint {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || text === "") return 0n;
  if (!/^\d{1,18}$/.test(text)) {
    throw new StatusError(
      codes.invalidArgument,
      `invalid height header ${JSON.stringify(text.slice(0, 32))}: invalid request`,
    );
  }
  return BigInt(text);
}

function sendResult(
  response: ServerResponse,
  registry: ServiceRegistry,
  method: ServiceMethod,
  result: CallResult,
): void {
  const json = toClientJson(method.desc.output, result.message as never, registry.types);
  if (result.height > 0n) {
    response.setHeader(HEIGHT_ANSWER, result.height.toString());
    response.setHeader(HEIGHT_HEADER, result.height.toString());
  }
  send(response, 200, JSON.stringify(json));
}

function sendError(response: ServerResponse, error: StatusError): void {
  const body = { code: error.status, message: error.message, details: [] };
  send(response, httpStatus(error.status), JSON.stringify(body));
}

function send(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** Reads to the end even when the body is too large, so that the client gets an answer. */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<string> {
  if (request.method === "GET" || request.method === "HEAD") return "";
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
    else if (bytes > bytesMax * BODY_PATIENCE) {
      request.destroy();
      break;
    }
  }
  if (bytes > bytesMax) {
    throw new StatusError(codes.resourceExhausted, `request body is larger than ${bytesMax} bytes`);
  }
  return Buffer.concat(chunks).toString("utf8");
}
