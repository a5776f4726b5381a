/** JSON-RPC over HTTP: POST to `/`, and GET of a call's name with its arguments in the query. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { clientOf } from "../client-address.ts";
import type { RpcContext } from "./context.ts";
import {
  answerRequest,
  failure,
  parseRequests,
  type RequestId,
  type RpcAnswer,
  success,
} from "./json-rpc.ts";
import { paramsFromQuery } from "./params.ts";
import { ROUTES } from "./routes.ts";
import { RpcError } from "./rpc-error.ts";

/** The id of answers to GET requests, which carry none. */
const URI_REQUEST_ID: RequestId = -1;

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "HEAD, GET, POST, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
} as const;

/** Answers one request. */
export async function serveHttp(
  request: IncomingMessage,
  response: ServerResponse,
  options: {
    readonly context: Omit<RpcContext, "signal" | "client">;
    readonly bodyBytesMax: number;
  },
): Promise<void> {
  const leaving = new AbortController();
  response.on("close", () => leaving.abort());
  const client = clientOf(request.socket.remoteAddress);
  const context = { ...options.context, signal: leaving.signal, client };
  const url = URL.parse(request.url ?? "/", "http://localhost");
  if (url === null) return end(response, 400, "");
  const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, "") : "/";
  switch (request.method) {
    case "OPTIONS":
      return end(response, 204, "");
    case "HEAD":
    case "GET":
      if (path === "/") return end(response, 200, listOfCalls(), "text/plain; charset=utf-8");
      return serveUri(response, context, { path, query: url.searchParams });
    case "POST":
      if (path !== "/") return end(response, 404, "404 page not found\n", "text/plain");
      return servePost(request, response, { ...options, context });
    default:
      return end(response, 405, "");
  }
}

async function servePost(
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly context: RpcContext; readonly bodyBytesMax: number },
): Promise<void> {
  const body = await readBody(request, options.bodyBytesMax);
  if (body === undefined) {
    const detail = `error reading request body: more than ${options.bodyBytesMax} bytes`;
    const refused = new RpcError({ code: "rpc/invalid_request", detail });
    response.setHeader("connection", "close");
    return sendJson(response, 413, failure(null, refused));
  }
  if (body === "") return end(response, 200, listOfCalls(), "text/plain; charset=utf-8");
  try {
    const { requests, isBatch } = parseRequests(body);
    const answers: RpcAnswer[] = [];
    for (const each of requests) {
      const answer = await answerRequest(options.context, each);
      if (answer !== undefined) answers.push(answer);
    }
    const [first] = answers;
    if (first === undefined) return end(response, 200, "");
    sendJson(response, 200, isBatch ? answers : first);
  } catch (error) {
    sendJson(response, 500, failure(null, error));
  }
}

async function serveUri(
  response: ServerResponse,
  context: RpcContext,
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
): Promise<void> {
  const name = path.slice(1);
  const route = ROUTES.get(name);
  if (route === undefined) {
    if (!SUBSCRIPTION_CALLS.has(name)) {
      return end(response, 404, "404 page not found\n", "text/plain");
    }
    const unknown = new RpcError({ code: "rpc/method_not_found" });
    return sendJson(response, 404, failure(URI_REQUEST_ID, unknown));
  }
  try {
    const result = await route.answer(context, paramsFromQuery(route.params, query));
    sendJson(response, 200, success(URI_REQUEST_ID, result));
  } catch (error) {
    sendJson(response, 500, failure(URI_REQUEST_ID, error));
  }
}

const SUBSCRIPTION_CALLS = new Set(["subscribe", "unsubscribe", "unsubscribe_all"]);

/** @returns undefined if the body is longer than allowed; the rest is not read. */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes > bytesMax) return undefined;
      chunks.push(chunk as Buffer);
    }
  } catch {
    // The client left in the middle; nobody reads the answer.
    return "";
  }
  return Buffer.concat(chunks).toString("utf8");
}

function listOfCalls(): string {
  const lines = [...ROUTES].map(([name, { params }]) => {
    const query = params.map((param) => `${param.name}=_`).join("&");
    return query === "" ? `/${name}` : `/${name}?${query}`;
  });
  return `Available calls:\n${lines.join("\n")}\n`;
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  end(response, status, JSON.stringify(value), "application/json");
}

function end(response: ServerResponse, status: number, body: string, type?: string): void {
  if (response.headersSent || response.destroyed) return;
  const length = { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...CORS, ...(type && { "content-type": type }), ...length });
  response.end(response.req.method === "HEAD" ? "" : body);
}
