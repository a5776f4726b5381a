/** Opening and closing ports, the same for every server. */
import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { CONNECTIONS_MAX, HEADERS_MS, KEEP_ALIVE_MS, REQUEST_MS } from "./limits.ts";

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface Listener {
  readonly host: string;
  /** The port in use. */
  readonly port: number;
  /** Ends open connections and stops listening. */
  close(): Promise<void>;
}

/** How many may connect, and how long each may take to say what it wants. */
export function boundConnections(server: HttpServer): void {
  server.maxConnections = CONNECTIONS_MAX;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
}

/** @throws the system's error, such as EADDRINUSE, if the port cannot be had. */
export async function listen(server: Server, { host, port }: ListenOptions): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
