/** Gives coins of a test network to whoever asks. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { equalBytes, fromAccountAddress, ProtocolError } from "@tacit/encoding";
import type { ChainData } from "../chain-data.ts";
import { boundConnections, type Listener, type ListenOptions, listen } from "../listen.ts";
import { applyCors } from "../rest/cors.ts";
import { parseUrl } from "../rest/url.ts";
import { FaucetError } from "./errors.ts";
import { FaucetWallet, hashText, type WalletOptions } from "./wallet.ts";

export interface FaucetOptions extends ListenOptions, Omit<WalletOptions, "chain"> {
  readonly chain: Pick<ChainData, "chainId" | "broadcastTx" | "tx" | "subscribe">;
  /** Coins a request; 10^9 as in LocalSecret unless given. */
  readonly amount?: bigint;
  /** Longest wait for the transfer's block, in milliseconds. */
  readonly waitMs?: number;
}

const DEFAULT_AMOUNT = 1_000_000_000n;
const DEFAULT_WAIT_MS = 10_000;
/** Requests that may wait for their turn. */
const QUEUE_MAX = 100;

export async function startFaucet(options: FaucetOptions): Promise<Listener> {
  const faucet = new Faucet(options);
  const server = createServer((request, response) => {
    void faucet.serve(request, response);
  });
  boundConnections(server);
  return listen(server, options);
}

class Faucet {
  readonly #options: FaucetOptions;
  readonly #wallet: FaucetWallet;
  readonly #amount: bigint;
  /** The transfer before the next one. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: FaucetOptions) {
    this.#options = options;
    this.#wallet = new FaucetWallet(options);
    this.#amount = options.amount ?? DEFAULT_AMOUNT;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    applyCors(request, response);
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    const url = parseUrl(request.url ?? "/");
    const path = url?.parts.join("/");
    if (request.method !== "GET" || url === undefined) {
      send(response, 405, { error: "method not allowed" });
    } else if (path === "" || path === "status") {
      send(response, 200, {
        faucet_address: this.#wallet.address,
        amount: this.#amount.toString(),
      });
    } else if (path === "faucet") {
      await this.#give(url.query.find(([name]) => name === "address")?.[1], response);
    } else {
      send(response, 404, { error: "not found" });
    }
  }

  async #give(address: string | undefined, response: ServerResponse): Promise<void> {
    try {
      const to = checkAddress(address);
      const hash = await this.#inTurn(() => this.#wallet.send(to, this.#amount));
      await this.#included(hash);
      send(response, 200, { txhash: hashText(hash) });
    } catch (error) {
      const isAsker = error instanceof FaucetError && error.code === "faucet/bad_address";
      const text = error instanceof ProtocolError ? error.message : "internal error";
      send(response, isAsker ? 400 : 500, { error: text });
    }
  }

  /** One transfer at a time, because each needs the sequence of the one before. */
  async #inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (this.#waiting >= QUEUE_MAX) {
      throw new FaucetError({ code: "faucet/busy" }, "too many requests, try again");
    }
    this.#waiting += 1;
    const mine = this.#last.then(run, run);
    this.#last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Until the transfer is in a block, or for the longest wait. */
  async #included(hash: Uint8Array): Promise<void> {
    const { chain, waitMs = DEFAULT_WAIT_MS } = this.#options;
    if (chain.tx(hash) !== undefined) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        end();
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      const end = chain.subscribe((event) => {
        if (event.type === "Tx" && equalBytes(event.tx.hash, hash)) done();
      });
      if (chain.tx(hash) !== undefined) done();
    });
  }
}

function checkAddress(address: string | undefined): string {
  try {
    fromAccountAddress(address ?? "");
    return address as string;
  } catch (cause) {
    throw new FaucetError(
      { code: "faucet/bad_address" },
      cause instanceof ProtocolError ? cause.message : "address is required",
      { cause },
    );
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
