import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openNode, type TestNode, textBytes } from "../../../consensus/test/node.ts";
import { type RpcServer, startRpcServer } from "./server.ts";

let directory: string;
let node: TestNode;
let server: RpcServer;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "tacit-rpc-"));
  node = await openNode(directory);
  const { engine: chain, app } = node;
  server = await startRpcServer({ host: "127.0.0.1", port: 0 }, { chain, app });
});

afterEach(async () => {
  await server.stop();
  await node.engine.stop();
  rmSync(directory, { recursive: true });
});

const url = () => `http://127.0.0.1:${server.port}`;

describe("CosmJS's Comet38Client over HTTP", () => {
  it("reads status, blocks, results and a transaction", async () => {
    await node.engine.produceBlock();
    const client = await Comet38Client.connect(url());
    const sent = await client.broadcastTxSync({ tx: textBytes("a=1") });
    expect(sent.code).toBe(0);
    await node.engine.produceBlock();
    expect((await client.status()).syncInfo.latestBlockHeight).toBe(2);
    expect((await client.block(2)).block.txs).toEqual([textBytes("a=1")]);
    expect((await client.blockResults(2)).results[0]?.code).toBe(0);
    const found = await client.tx({ hash: sent.hash, prove: true });
    expect(found.height).toBe(2);
    const search = await client.txSearchAll({ query: "set.key='a'" });
    expect(search.totalCount).toBe(1);
    client.disconnect();
  });
});
