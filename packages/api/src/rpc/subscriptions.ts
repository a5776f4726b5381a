/** Who wants to hear of which events, over all WebSocket connections. */
import type { ChainData } from "../chain-data.ts";
import { type PublishedEvent, publishedEvents } from "./event-json.ts";
import type { RequestId } from "./json-rpc.ts";
import { SUBSCRIPTION_CLIENTS_MAX, SUBSCRIPTIONS_PER_CLIENT_MAX } from "./limits.ts";
import { refuse } from "./rpc-error.ts";

/** One connection. */
export interface Subscriber {
  /** @param text a whole JSON-RPC answer. */
  send(text: string): void;
}

interface Subscription {
  readonly id: RequestId;
  readonly query: string;
  readonly matches: (event: Pick<PublishedEvent, "events">) => boolean;
}

export class Subscriptions {
  readonly #chain: ChainData;
  /** connection → query → subscription. */
  readonly #clients = new Map<Subscriber, Map<string, Subscription>>();
  #stop: (() => void) | undefined;

  constructor(chain: ChainData) {
    this.#chain = chain;
  }

  get subscribers(): number {
    return this.#clients.size;
  }

  /**
   * @throws {RpcError} `rpc/refused` when there are too many, or the same query twice.
   * @throws {QueryError} of `consensus` when the query does not parse.
   */
  add(subscriber: Subscriber, request: { readonly id: RequestId; readonly query: string }): void {
    const own = this.#clients.get(subscriber) ?? new Map<string, Subscription>();
    if (own.size === 0 && this.#clients.size >= SUBSCRIPTION_CLIENTS_MAX) {
      refuse(`max_subscription_clients ${SUBSCRIPTION_CLIENTS_MAX} reached`);
    }
    if (own.size >= SUBSCRIPTIONS_PER_CLIENT_MAX) {
      refuse(`max_subscriptions_per_client ${SUBSCRIPTIONS_PER_CLIENT_MAX} reached`);
    }
    if (own.has(request.query)) refuse("already subscribed");
    own.set(request.query, { ...request, matches: this.#chain.compileQuery(request.query) });
    this.#clients.set(subscriber, own);
    this.#stop ??= this.#chain.subscribe((event) => {
      for (const each of publishedEvents(event)) this.#publish(each);
    });
  }

  /** @throws {RpcError} `rpc/refused` if there is no such subscription. */
  remove(subscriber: Subscriber, query: string): void {
    const own = this.#clients.get(subscriber);
    if (own?.delete(query) !== true) refuse("subscription not found");
    if (own.size === 0) this.removeAll(subscriber);
  }

  removeAll(subscriber: Subscriber): void {
    this.#clients.delete(subscriber);
    if (this.#clients.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  has(subscriber: Subscriber): boolean {
    return this.#clients.has(subscriber);
  }

  #publish(event: PublishedEvent): void {
    for (const [subscriber, own] of this.#clients) {
      for (const { id, query, matches } of own.values()) {
        if (!matches(event)) continue;
        const result = `{"query":${JSON.stringify(query)},${event.body()}}`;
        subscriber.send(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`);
      }
    }
  }
}
