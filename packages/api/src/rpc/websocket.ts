/** The `/websocket` endpoint: all calls, and subscriptions. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { clientOf } from "../client-address.ts";
import type { RpcContext } from "./context.ts";
import {
  answerRequest,
  failure,
  parseRequests,
  type RpcAnswer,
  type RpcRequest,
  success,
} from "./json-rpc.ts";
import { WEBSOCKET_PING_MS } from "./limits.ts";
import { type ParamSpec, paramsFromJson } from "./params.ts";
import { RpcError, refuse } from "./rpc-error.ts";
import type { Subscriber, Subscriptions } from "./subscriptions.ts";

const QUERY_PARAM: readonly ParamSpec[] = [{ name: "query", kind: "text" }];
/** RFC 6455: the server is going away. */
const GOING_AWAY = 1001;

export class WebSocketEndpoint {
  readonly #server: WebSocketServer;
  readonly #backlogBytesMax: number;
  readonly #context: Omit<RpcContext, "signal" | "client">;
  readonly #subscriptions: Subscriptions;

  constructor(
    options: { readonly bodyBytesMax: number; readonly backlogBytesMax: number },
    modules: {
      readonly context: Omit<RpcContext, "signal" | "client">;
      readonly subscriptions: Subscriptions;
    },
  ) {
    this.#server = new WebSocketServer({ noServer: true, maxPayload: options.bodyBytesMax });
    this.#backlogBytesMax = options.backlogBytesMax;
    this.#context = modules.context;
    this.#subscriptions = modules.subscriptions;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (client) =>
      this.#serve(client, clientOf(request.socket.remoteAddress)),
    );
  }

  /** Says goodbye to every connection. */
  close(): void {
    for (const client of this.#server.clients) client.close(GOING_AWAY);
    this.#server.close();
  }

  /** Ends connections that did not say goodbye in turn. */
  terminate(): void {
    for (const client of this.#server.clients) client.terminate();
  }

  #serve(client: WebSocket, address: string): void {
    const closing = new AbortController();
    const subscriber: Subscriber = { send: (text) => this.#push(client, subscriber, text) };
    const stopPinging = keepAlive(client);
    const context = { ...this.#context, signal: closing.signal, client: address };
    let last: Promise<void> = Promise.resolve();
    client.on("message", (data) => {
      // One message at a time, and no reading meanwhile: a client cannot pile up work.
      client.pause();
      last = last
        .then(() => this.#receive({ client, subscriber, context }, String(data)))
        .finally(() => client.resume());
    });
    client.on("error", () => client.terminate());
    client.on("close", () => {
      stopPinging();
      closing.abort();
      this.#subscriptions.removeAll(subscriber);
    });
  }

  async #receive(
    connection: {
      readonly client: WebSocket;
      readonly subscriber: Subscriber;
      readonly context: RpcContext;
    },
    text: string,
  ): Promise<void> {
    const { client, subscriber, context } = connection;
    try {
      const request = singleRequest(text);
      // Sent at once: the answer to a subscription comes before its first event.
      const subscribed = this.#answerSubscription(subscriber, request);
      if (subscribed !== undefined) return sendJson(client, subscribed);
      const answer = await answerRequest(context, request);
      if (answer !== undefined) sendJson(client, answer);
    } catch (error) {
      sendJson(client, failure(null, error));
    }
  }

  /** The three calls that only exist here; undefined for every other. */
  #answerSubscription(
    subscriber: Subscriber,
    { id, method, params }: RpcRequest,
  ): RpcAnswer | undefined {
    if (id === undefined) return undefined;
    try {
      const query = () => paramsFromJson(QUERY_PARAM, params).text("query");
      if (method === "subscribe") this.#subscriptions.add(subscriber, { id, query: query() });
      else if (method === "unsubscribe") this.#subscriptions.remove(subscriber, query());
      else if (method === "unsubscribe_all") this.#unsubscribeAll(subscriber);
      else return undefined;
      return success(id, {});
    } catch (error) {
      return failure(id, error);
    }
  }

  #unsubscribeAll(subscriber: Subscriber): void {
    if (!this.#subscriptions.has(subscriber)) refuse("subscription not found");
    this.#subscriptions.removeAll(subscriber);
  }

  #push(client: WebSocket, subscriber: Subscriber, text: string): void {
    if (client.bufferedAmount <= this.#backlogBytesMax) {
      client.send(text);
      return;
    }
    this.#subscriptions.removeAll(subscriber);
    const detail = "subscription was canceled (reason: slow client)";
    client.send(JSON.stringify(failure(null, new RpcError({ code: "rpc/server", detail }))));
    client.close();
  }
}

/** @throws {RpcError} `rpc/parse`. */
function singleRequest(text: string): RpcRequest {
  const { requests, isBatch } = parseRequests(text);
  const [request] = requests;
  if (!isBatch && request !== undefined) return request;
  const detail = "error unmarshaling request: no batches over WebSocket";
  throw new RpcError({ code: "rpc/parse", detail });
}

function sendJson(client: WebSocket, answer: RpcAnswer): void {
  client.send(JSON.stringify(answer));
}

/** Ends a connection whose other side answers no ping. @returns a function that stops asking. */
function keepAlive(client: WebSocket): () => void {
  let isAlive = true;
  client.on("pong", () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return client.terminate();
    isAlive = false;
    client.ping();
  }, WEBSOCKET_PING_MS);
  timer.unref();
  return () => clearInterval(timer);
}
