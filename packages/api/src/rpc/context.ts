import type { Application } from "@tacit/sdk";
import type { ChainData } from "../chain-data.ts";

/** What the calls work on. */
export interface RpcContext {
  readonly chain: ChainData;
  readonly app: Pick<Application, "query" | "info" | "checkTx">;
  /** Where this server listens, for `status`. */
  readonly address: () => string;
  /** Rejects when `signal` is aborted first: a client that left, or a server that stops. */
  readonly signal: AbortSignal;
  /** Who calls, by network address. */
  readonly client: string;
}
