/** An RPC server over a chain of the embedded engine, for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NodeSettings, openNode, type TestNode } from "../../consensus/test/node.ts";
import { type RpcServer, type RpcServerOptions, startRpcServer } from "../src/rpc/server.ts";

export interface RpcNode extends TestNode {
  readonly server: RpcServer;
  readonly url: string;
  readonly webSocketUrl: string;
  /** Connections that have subscribed. */
  readonly subscribers: number;
  stop(): Promise<void>;
}

export async function startRpcNode(
  settings: NodeSettings = {},
  options: Partial<RpcServerOptions> = {},
): Promise<RpcNode> {
  const directory = mkdtempSync(join(tmpdir(), "tacit-rpc-"));
  const node = await openNode(directory, settings);
  const clean = async () => {
    await node.engine.stop();
    rmSync(directory, { recursive: true });
  };
  const server = await startRpcServer(
    { host: "127.0.0.1", port: 0, ...options },
    { chain: node.engine, app: node.app },
  ).catch(async (error: unknown) => {
    await clean();
    throw error;
  });
  const stop = async () => {
    await server.stop();
    await clean();
  };
  const url = `http://127.0.0.1:${server.port}`;
  return {
    ...node,
    server,
    url,
    webSocketUrl: url.replace("http", "ws"),
    get subscribers() {
      return server.subscribers();
    },
    stop,
  };
}

/** POSTs `body` as it is. */
export async function post(url: string, body: string) {
  const response = await fetch(url, { method: "POST", body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text && JSON.parse(text) };
}

/** One JSON-RPC call. */
export async function call(url: string, method: string, params?: unknown) {
  const request = { jsonrpc: "2.0", id: 1, method, params };
  return (await post(url, JSON.stringify(request))).json;
}

export async function get(url: string) {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}
