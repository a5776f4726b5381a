/** CosmJS's client for CometBFT 0.38, unmodified, over HTTP and WebSocket. */
import { Comet38Client, type comet38, connectComet, HttpBatchClient } from "@cosmjs/tendermint-rpc";
import { toHex } from "@tacit/encoding";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { strangerKey, textBytes, validatorKey } from "../../../consensus/test/node.ts";
import { type RpcNode, startRpcNode } from "../../test/rpc-node.ts";

let node: RpcNode;
beforeEach(async () => {
  node = await startRpcNode();
});
afterEach(() => node.stop());

/** Three blocks: nothing, two transactions, a new validator. */
async function makeChain(): Promise<void> {
  const { engine } = node;
  await engine.produceBlock();
  await engine.broadcastTx(textBytes("a=1"));
  await engine.broadcastTx(textBytes("b=1"));
  await engine.produceBlock();
  await engine.broadcastTx(textBytes(`val:${toHex(strangerKey.publicKey())}=3`));
  await engine.produceBlock();
}

describe.each(["http", "ws"] as const)("CosmJS over %s", (scheme) => {
  const connect = () => Comet38Client.connect(scheme === "http" ? node.url : node.webSocketUrl);

  it("reads everything about a chain", async () => {
    await makeChain();
    const client = await connect();
    const status = await client.status();
    expect(status.nodeInfo.network).toBe("counter-1");
    expect(status.syncInfo).toMatchObject({ latestBlockHeight: 3, catchingUp: false });
    expect(status.validatorInfo.pubkey?.data).toEqual(validatorKey.publicKey());
    expect((await client.genesis()).chainId).toBe("counter-1");
    expect(await client.health()).toBeNull();
    expect((await client.abciInfo()).lastBlockHeight).toBe(3);

    const first = await client.block(1);
    expect(first.block.lastCommit).toBeNull();
    const second = await client.block(2);
    expect(second.block.txs).toEqual([textBytes("a=1"), textBytes("b=1")]);
    expect((await client.block()).block.header.height).toBe(3);
    const commit = await client.commit(2);
    expect(commit.canonical).toBe(true);
    expect(commit.commit.blockId).toEqual(second.blockId);
    expect((await client.commit(3)).canonical).toBe(false);

    const { blockMetas, lastHeight } = await client.blockchain(1, 3);
    expect([lastHeight, ...blockMetas.map(({ header }) => header.height)]).toEqual([3, 3, 2, 1]);
    expect(blockMetas[1]?.numTxs).toBe(2);
    const results = await client.blockResults(3);
    expect(results.validatorUpdates[0]?.pubkey.data).toEqual(strangerKey.publicKey());
    expect((await client.blockResults(2)).results.map(({ code }) => code)).toEqual([0, 0]);
    expect((await client.validatorsAll(3)).validators).toHaveLength(1);
    expect((await client.blockSearchAll({ query: "block.height >= 2" })).totalCount).toBe(2);
    expect((await client.numUnconfirmedTxs()).total).toBe(0);
    client.disconnect();
  });

  it("sends, finds and proves transactions", async () => {
    const client = await connect();
    const sent = await client.broadcastTxSync({ tx: textBytes("a=1") });
    expect(sent.code).toBe(0);
    await client.broadcastTxAsync({ tx: textBytes("b=2") });
    await expect(client.broadcastTxSync({ tx: textBytes("a=1") })).rejects.toThrow(
      /tx already exists in cache/,
    );
    expect((await client.broadcastTxSync({ tx: textBytes("bad") })).code).toBe(5);
    expect((await client.numUnconfirmedTxs()).total).toBe(2);
    await node.engine.produceBlock();
    const found = await client.tx({ hash: sent.hash, prove: true });
    expect(found).toMatchObject({ height: 1, index: 0, result: { code: 0, gasUsed: 3n } });
    expect(found.proof?.rootHash).toEqual((await client.block(1)).block.header.dataHash);
    const search = await client.txSearchAll({ query: "set.key='b'" });
    expect(search.txs.map(({ tx }) => tx)).toEqual([textBytes("b=2")]);
    await expect(client.tx({ hash: new Uint8Array(32) })).rejects.toThrow(
      `tx (${"00".repeat(32)}) not found`,
    );
    client.disconnect();
  });

  it("waits for a transaction's block with broadcast_tx_commit", async () => {
    const client = await connect();
    node.engine.start();
    const sending = client.broadcastTxCommit({ tx: textBytes("a=1") });
    await pendingTx();
    node.clock.advance(10);
    expect(await sending).toMatchObject({ height: 1, txResult: { code: 0 } });
    expect(await client.broadcastTxCommit({ tx: textBytes("bad") })).toMatchObject({
      height: 0,
      checkTx: { code: 5 },
    });
    client.disconnect();
  });

  it("queries the application", async () => {
    await makeChain();
    const client = await connect();
    const answer = await client.abciQuery({ path: "/key", data: textBytes("a") });
    expect(answer).toMatchObject({ code: 0, value: textBytes("1"), height: 3 });
    client.disconnect();
  });
});

describe("CosmJS's other ways in", () => {
  it("chooses the 0.38 client by itself", async () => {
    await node.engine.produceBlock();
    const client = await connectComet(node.url);
    expect(client).toBeInstanceOf(Comet38Client);
    client.disconnect();
  });

  it("sends batches", async () => {
    await makeChain();
    const client = Comet38Client.create(new HttpBatchClient(node.url, { dispatchInterval: 5 }));
    const blocks = await Promise.all([1, 2, 3].map((height) => client.block(height)));
    expect(blocks.map(({ block }) => block.header.height)).toEqual([1, 2, 3]);
    client.disconnect();
  });

  it("hears of blocks, headers and transactions", async () => {
    const client = await Comet38Client.connect(node.webSocketUrl);
    const heights: number[] = [];
    const headers: number[] = [];
    const txs: comet38.TxEvent[] = [];
    const enough = Promise.withResolvers<void>();
    const subscriptions = [
      client.subscribeNewBlock().subscribe({ next: ({ header }) => heights.push(header.height) }),
      client.subscribeNewBlockHeader().subscribe({ next: ({ height }) => headers.push(height) }),
      client.subscribeTx("set.key='b'").subscribe({
        next: (event) => {
          txs.push(event);
          enough.resolve();
        },
      }),
    ];
    // Subscriptions are requests: an answer that comes after theirs says they are in force.
    await client.health();
    await makeChain();
    await enough.promise;
    await client.health();
    expect(heights).toEqual([1, 2, 3]);
    expect(headers).toEqual([1, 2, 3]);
    expect(txs).toHaveLength(1);
    expect(txs[0]).toMatchObject({ height: 2, tx: textBytes("b=1"), result: { code: 0 } });
    for (const subscription of subscriptions) subscription.unsubscribe();
    client.disconnect();
  });
});

/** Resolves when the pool has a transaction. */
async function pendingTx(): Promise<void> {
  while (node.engine.pendingTxs(0).total === 0) await new Promise(setImmediate);
}
