import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { textBytes } from "../../../consensus/test/node.ts";
import { type RpcNode, startRpcNode } from "../../test/rpc-node.ts";

let node: RpcNode;
beforeEach(async () => {
  node = await startRpcNode();
});
afterEach(() => node.stop());

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, judged by the test
type Answer = any;

/** A connection that keeps what it receives until somebody asks. */
class Client {
  readonly socket: WebSocket;
  readonly #received: Answer[] = [];
  readonly #waiting: ((answer: Answer) => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      const answer = JSON.parse(String(data));
      const next = this.#waiting.shift();
      if (next === undefined) this.#received.push(answer);
      else next(answer);
    });
  }

  static async open(): Promise<Client> {
    const socket = new WebSocket(`${node.webSocketUrl}/websocket`);
    const client = new Client(socket);
    await new Promise((resolve) => socket.once("open", resolve));
    return client;
  }

  next(): Promise<Answer> {
    if (this.#received.length > 0) return Promise.resolve(this.#received.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  send(text: string): void {
    this.socket.send(text);
  }

  async call(id: number, method: string, params?: unknown): Promise<Answer> {
    this.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return this.next();
  }
}

describe("the WebSocket", () => {
  it("answers a subscription before its first event, then under the same id", async () => {
    const client = await Client.open();
    const query = "tm.event = 'Tx' AND set.key = 'a'";
    expect(await client.call(5, "subscribe", { query })).toEqual({
      jsonrpc: "2.0",
      id: 5,
      result: {},
    });
    await node.engine.broadcastTx(textBytes("b=1"));
    await node.engine.broadcastTx(textBytes("a=1"));
    await node.engine.produceBlock();
    const { id, result } = await client.next();
    expect(id).toBe(5);
    expect(result.query).toBe(query);
    expect(result.data.type).toBe("tendermint/event/Tx");
    expect(result.data.value.TxResult).toMatchObject({
      height: "1",
      index: 1,
      tx: "YT0x",
      result: { data: "MQ==", gas_wanted: "10", gas_used: "3" },
    });
    expect(result.data.value.TxResult.result).not.toHaveProperty("code");
    expect(result.events).toMatchObject({
      "tm.event": ["Tx"],
      "tx.height": ["1"],
      "tx.hash": [expect.stringMatching(/^[0-9A-F]{64}$/)],
      "set.key": ["a"],
    });
    client.socket.close();
  });

  it("announces blocks, their headers, their events and new validators", async () => {
    const client = await Client.open();
    const names = ["NewBlock", "NewBlockHeader", "NewBlockEvents", "ValidatorSetUpdates"];
    for (const [id, name] of names.entries()) {
      await client.call(id, "subscribe", { query: `tm.event='${name}'` });
    }
    await node.engine.broadcastTx(textBytes(`val:${"03".repeat(32)}=1`));
    await node.engine.produceBlock();
    const events = [];
    for (let i = 0; i < 4; i++) events.push((await client.next()).result);
    expect(events.map(({ data }) => data.type)).toEqual(
      names.map((name) => `tendermint/event/${name}`),
    );
    const [block, header, summary, updates] = events.map(({ data }) => data.value);
    expect(block.block.header).toEqual(header.header);
    expect(block.block_id.hash).toMatch(/^[0-9A-F]{64}$/);
    expect(block.result_finalize_block.tx_results[0].code).toBe(0);
    expect(summary).toEqual({ height: "1", events: [], num_txs: "1" });
    expect(updates.validator_updates[0]).toMatchObject({ voting_power: "1" });
    client.socket.close();
  });

  it("ends subscriptions one by one or all", async () => {
    const client = await Client.open();
    const tx = { query: "tm.event='Tx'" };
    const block = { query: "tm.event='NewBlock'" };
    await client.call(1, "subscribe", tx);
    expect(await client.call(2, "subscribe", tx)).toMatchObject({
      error: { code: -32603, data: "already subscribed" },
    });
    await client.call(3, "subscribe", block);
    expect(await client.call(4, "unsubscribe", tx)).toMatchObject({ id: 4, result: {} });
    expect(await client.call(5, "unsubscribe", tx)).toMatchObject({
      error: { data: "subscription not found" },
    });
    await node.engine.broadcastTx(textBytes("a=1"));
    await node.engine.produceBlock();
    expect(await client.next()).toMatchObject({ id: 3 });
    expect(await client.call(6, "unsubscribe_all")).toMatchObject({ id: 6, result: {} });
    await node.engine.produceBlock();
    expect(await client.call(7, "health")).toMatchObject({ id: 7, result: {} });
    client.socket.close();
  });

  it("refuses queries that do not parse and more than 100 subscriptions", async () => {
    const client = await Client.open();
    expect(await client.call(1, "subscribe", { query: "tm.event=" })).toMatchObject({
      error: { code: -32603, data: expect.stringContaining("offset 9") },
    });
    for (let id = 0; id < 100; id++) {
      await client.call(id, "subscribe", { query: `tx.height=${id}` });
    }
    expect(await client.call(200, "subscribe", { query: "tx.height=100" })).toMatchObject({
      error: { data: "max_subscriptions_per_client 100 reached" },
    });
    client.socket.close();
  });

  it("refuses a subscriber beyond the 100 that there may be, until one leaves", async () => {
    const clients = await Promise.all(Array.from({ length: 101 }, () => Client.open()));
    const last = clients.pop() as Client;
    for (const client of clients) {
      expect(await client.call(1, "subscribe", { query: "tm.event='Tx'" })).toMatchObject({
        result: {},
      });
    }
    expect(await last.call(1, "subscribe", { query: "tm.event='Tx'" })).toMatchObject({
      error: { data: "max_subscription_clients 100 reached" },
    });
    await clients[0]?.call(2, "unsubscribe_all");
    expect(await last.call(3, "subscribe", { query: "tm.event='Tx'" })).toMatchObject({
      result: {},
    });
    for (const client of [...clients, last]) client.socket.close();
  });

  it("cuts off a subscriber that does not read, and no other", async () => {
    await node.stop();
    node = await startRpcNode({}, { backlogBytesMax: 100_000 });
    const [slow, quick] = [await Client.open(), await Client.open()];
    for (const client of [slow, quick]) {
      await client.call(1, "subscribe", { query: "tm.event='Tx'" });
    }
    slow.socket.pause();
    const isCut = () => node.subscribers === 1;
    let sent = 0;
    // What the system buffers for a socket is some megabytes.
    for (; sent < 100 && !isCut(); sent++) {
      await node.engine.broadcastTx(textBytes(`k${sent}=${"v".repeat(500_000)}`));
      await node.engine.produceBlock();
    }
    expect(isCut()).toBe(true);
    for (let heard = 0; heard < sent; heard++) {
      expect((await quick.next()).result.data.type).toBe("tendermint/event/Tx");
    }
    slow.socket.terminate();
    quick.socket.close();
  });

  it("answers every other call too, in order, and says what it cannot read", async () => {
    const client = await Client.open();
    for (let id = 0; id < 50; id++) {
      client.send(JSON.stringify({ jsonrpc: "2.0", id, method: id % 2 ? "status" : "abci_info" }));
    }
    for (let id = 0; id < 50; id++) expect((await client.next()).id).toBe(id);
    for (const text of ["{", "[]", "5"]) {
      client.send(text);
      expect(await client.next()).toMatchObject({ id: null, error: { code: -32700 } });
    }
    expect(await client.call(1, "nothing")).toMatchObject({ error: { code: -32601 } });
    client.socket.close();
  });

  it("is nowhere but at /websocket", async () => {
    const socket = new WebSocket(`${node.webSocketUrl}/other`);
    const failed = await new Promise((resolve) => socket.once("error", resolve));
    expect(failed).toBeInstanceOf(Error);
  });

  it("says goodbye when the server stops", async () => {
    const client = await Client.open();
    const closed = new Promise<number>((resolve) => client.socket.once("close", resolve));
    await node.server.stop();
    expect(await closed).toBe(1001);
  });
});
