/** The CometBFT RPC server of a node. */
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Application } from "@tacit/sdk";
import type { ChainData } from "../chain-data.ts";
import { withServices } from "../services/abci-queries.ts";
import type { ServiceRegistry } from "../services/registry.ts";
import { serveHttp } from "./http.ts";
import {
  BODY_BYTES_MAX,
  CONNECTIONS_MAX,
  IDLE_CONNECTION_MS,
  SUBSCRIBER_BACKLOG_BYTES_MAX,
} from "./limits.ts";
import { Subscriptions } from "./subscriptions.ts";
import { WebSocketEndpoint } from "./websocket.ts";

export interface RpcServerOptions {
  /** Such as `127.0.0.1`. */
  readonly host: string;
  /** 0 lets the system choose; see `RpcServer.port`. */
  readonly port: number;
  /** Default 10,000,000. */
  readonly bodyBytesMax?: number;
  /** Default 900. */
  readonly connectionsMax?: number;
  /** Unsent bytes after which a subscriber is cut off. Default 32 MiB. */
  readonly backlogBytesMax?: number;
}

export interface RpcServer {
  readonly host: string;
  readonly port: number;
  /** Connections that have subscribed to something. */
  subscribers(): number;
  /** Refuses new connections, tells WebSocket clients, and resolves when all are gone. */
  stop(): Promise<void>;
}

/** How long clients have to leave by themselves after `stop`. */
const FAREWELL_MS = 500;

/**
 * Listens. Rejects with the system's error (`EADDRINUSE` and the like) if it cannot.
 * @param modules.app answers queries and `check_tx`; broadcasts go through `chain`.
 * @param modules.registry its services beside the application are reached by `abci_query` too.
 */
export async function startRpcServer(
  options: RpcServerOptions,
  modules: {
    readonly chain: ChainData;
    readonly app: Pick<Application, "query" | "info" | "checkTx">;
    readonly registry?: ServiceRegistry;
  },
): Promise<RpcServer> {
  const bodyBytesMax = options.bodyBytesMax ?? BODY_BYTES_MAX;
  const server = createServer();
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  server.maxConnections = options.connectionsMax ?? CONNECTIONS_MAX;
  const address = () => `tcp://${options.host}:${(server.address() as AddressInfo | null)?.port}`;
  const { chain, registry } = modules;
  const app = registry === undefined ? modules.app : withServices(modules.app, registry);
  const context = { chain, app, address };
  const subscriptions = new Subscriptions(chain);
  const endpoint = new WebSocketEndpoint(
    { bodyBytesMax, backlogBytesMax: options.backlogBytesMax ?? SUBSCRIBER_BACKLOG_BYTES_MAX },
    { context, subscriptions },
  );
  server.on("request", (request, response) => {
    // Whatever goes wrong with one request ends that request, not the node.
    serveHttp(request, response, { context, bodyBytesMax }).catch(() => response.destroy());
  });
  server.on("upgrade", (request, socket, head) => {
    const path = request.url?.split("?")[0]?.replace(/\/$/, "");
    if (path === "/websocket") endpoint.upgrade(request, socket, head);
    else (socket as Socket).destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  // Later errors are of single connections that could not be accepted.
  server.on("error", () => {});
  return {
    host: options.host,
    port: (server.address() as AddressInfo).port,
    subscribers: () => subscriptions.subscribers,
    stop: () => stopServer(server, endpoint),
  };
}

async function stopServer(
  server: ReturnType<typeof createServer>,
  endpoint: WebSocketEndpoint,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  endpoint.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    endpoint.terminate();
    server.closeAllConnections();
  }, FAREWELL_MS);
  await closed;
  clearTimeout(timer);
}
