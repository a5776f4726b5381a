/** What goes over the wire: encodings, error objects, status codes, bounds. */
import { connect } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { textBytes } from "../../../consensus/test/node.ts";
import { call, get, post, type RpcNode, startRpcNode } from "../../test/rpc-node.ts";

let node: RpcNode;
beforeEach(async () => {
  node = await startRpcNode({}, { bodyBytesMax: 6_000_000 });
  await node.engine.broadcastTx(textBytes("a=1"));
  await node.engine.produceBlock();
  await node.engine.produceBlock();
});
afterEach(() => node.stop());

const error = (code: number, message: string, data?: string) => ({
  jsonrpc: "2.0",
  id: 1,
  error: data === undefined ? { code, message } : { code, message, data },
});
const internal = (data: string) => error(-32603, "Internal error", data);

describe("errors of JSON-RPC", () => {
  it("are CometBFT's", async () => {
    const { url } = node;
    expect(await post(url, "{")).toMatchObject({
      status: 500,
      json: { id: null, error: { code: -32700, message: "Parse error. Invalid JSON" } },
    });
    expect(await call(url, "nothing")).toEqual(error(-32601, "Method not found"));
    expect(await call(url, "subscribe", { query: "tm.event='Tx'" })).toEqual(
      error(-32601, "Method not found"),
    );
    expect(await call(url, "block", { height: "x" })).toMatchObject({ error: { code: -32602 } });
    expect(await call(url, "block", "1")).toMatchObject({ error: { code: -32602 } });
    expect(await call(url, "block", ["1", "2"])).toMatchObject({ error: { code: -32602 } });
    expect(await call(url, "tx", { hash: "*" })).toMatchObject({ error: { code: -32602 } });
  });

  it.each([
    ["block", { height: "0" }, "height must be greater than 0, but got 0"],
    [
      "block",
      { height: "3" },
      "height 3 must be less than or equal to the current blockchain height 2",
    ],
    ["tx", { hash: "q80=" }, "tx (ABCD) not found"],
    ["tx_search", { query: "tx.height" }, /^offset 9: /],
    ["tx_search", { query: `a='${"x".repeat(600)}'` }, /maximum query length exceeded/],
    [
      "tx_search",
      { query: "tx.height=1", order_by: "x" },
      "expected order_by to be either `asc` or `desc` or empty",
    ],
    [
      "tx_search",
      { query: "tx.height=1", page: "2" },
      "page should be within [1, 1] range, given 2",
    ],
    ["blockchain", { minHeight: "-1" }, "heights must be non-negative"],
    [
      "blockchain",
      { minHeight: "2", maxHeight: "1" },
      "min height 2 can't be greater than max height 1",
    ],
    ["genesis_chunked", { chunk: "1" }, "there are 1 chunks, 1 is invalid"],
    ["broadcast_tx_sync", { tx: "YT0x" }, "tx already exists in cache"],
    ["broadcast_evidence", {}, "no evidence was provided"],
  ])("say why %s cannot be answered (%#)", async (method, params, data) => {
    const answer = await call(node.url, method, params);
    expect(answer).toMatchObject({ error: { code: -32603, message: "Internal error" } });
    if (typeof data === "string") expect(answer).toEqual(internal(data));
    else expect(answer.error.data).toMatch(data);
  });

  it("never come without a code, whatever is sent", async () => {
    const json = fc.json();
    const requests = fc.record({
      jsonrpc: fc.constant("2.0"),
      id: fc.oneof(fc.nat(), fc.string(), fc.constant(null), fc.constant(1.5)),
      method: fc.constantFrom("block", "tx", "tx_search", "validators", "abci_query", "blockchain"),
      params: fc.jsonValue(),
    });
    const bodies = fc.oneof(
      json,
      requests.map((request) => JSON.stringify(request)),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { json, status } = await post(node.url, body);
        if (json === "") return;
        for (const each of Array.isArray(json) ? json : [json]) {
          if (each.error === undefined) expect(each).toHaveProperty("result");
          else expect([-32700, -32600, -32601, -32602, -32603]).toContain(each.error.code);
        }
        expect([200, 500]).toContain(status);
      }),
      { numRuns: 200 },
    );
    expect(await call(node.url, "health")).toMatchObject({ result: {} });
  });
});

describe("requests", () => {
  it("are answered by id, in order, and not at all without one", async () => {
    const batch = [
      { jsonrpc: "2.0", id: "x", method: "health" },
      { jsonrpc: "2.0", method: "health" },
      { jsonrpc: "2.0", id: 7, method: "nothing" },
    ];
    const { json } = await post(node.url, JSON.stringify(batch));
    expect(json.map((each: { id: unknown }) => each.id)).toEqual(["x", 7]);
    const alone = await post(node.url, JSON.stringify(batch[1]));
    expect([alone.status, alone.json]).toEqual([200, ""]);
  });

  it("come in batches of at most 100", async () => {
    const batch = Array.from({ length: 101 }, (_, id) => ({
      jsonrpc: "2.0",
      id,
      method: "health",
    }));
    expect((await post(node.url, JSON.stringify(batch.slice(1)))).json).toHaveLength(100);
    expect(await post(node.url, JSON.stringify(batch))).toMatchObject({
      status: 500,
      json: { error: { code: -32600 } },
    });
  });

  it("may list parameters in order, and write integers bare", async () => {
    expect(await call(node.url, "block", ["1"])).toEqual(
      await call(node.url, "block", { height: 1 }),
    );
  });

  it("of 4 MiB in base64 pass, longer ones than the limit do not", async () => {
    const tx = Buffer.from(`big=${"x".repeat(4 * 1024 * 1024)}`).toString("base64");
    expect(await call(node.url, "broadcast_tx_sync", { tx })).toMatchObject({
      result: { code: 0 },
    });
    const { status, json } = await post(node.url, JSON.stringify("x".repeat(6_000_000)));
    expect([status, json.error.code]).toEqual([413, -32600]);
    expect(await call(node.url, "health")).toMatchObject({ result: {} });
  });

  it("may come from a page of any origin", async () => {
    const { headers } = await post(node.url, JSON.stringify({ id: 1, method: "health" }));
    expect(headers.get("access-control-allow-origin")).toBe("*");
    const preflight = await fetch(node.url, { method: "OPTIONS" });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("*");
  });
});

describe("GET", () => {
  it("takes bare integers, quoted text and 0x hex", async () => {
    const hash = node.engine.block(1n)?.blockId.hash ?? new Uint8Array(0);
    const hex = Buffer.from(hash).toString("hex");
    const byHeight = JSON.parse((await get(`${node.url}/block?height=1`)).text);
    expect(byHeight).toMatchObject({ jsonrpc: "2.0", id: -1, result: { block: {} } });
    for (const query of ["block?height=%221%22", `block_by_hash?hash=0x${hex}`]) {
      expect(JSON.parse((await get(`${node.url}/${query}`)).text)).toEqual(byHeight);
    }
    const { header } = JSON.parse(
      (await get(`${node.url}/header_by_hash?hash=0x${hex}`)).text,
    ).result;
    expect(header).toEqual(byHeight.result.block.header);
    const query = encodeURIComponent(`"set.key='a'"`);
    const found = JSON.parse((await get(`${node.url}/tx_search?query=${query}&prove=true`)).text);
    expect(found.result.total_count).toBe("1");
    const value = JSON.parse((await get(`${node.url}/abci_query?path="/key"&data="a"`)).text);
    expect(value.result.response.value).toBe(Buffer.from("1").toString("base64"));
  });

  it("answers errors with status 500, unknown calls with 404", async () => {
    expect(await get(`${node.url}/block?height=9`)).toMatchObject({
      status: 500,
      text: expect.stringContaining('"code":-32603'),
    });
    expect(await get(`${node.url}/block?height=x`)).toMatchObject({
      status: 500,
      text: expect.stringContaining('"code":-32602'),
    });
    expect((await get(`${node.url}/tx_search?query=tx.height=1`)).status).toBe(500);
    expect((await get(`${node.url}/nothing`)).status).toBe(404);
    expect((await get(`${node.url}/subscribe?query=""`)).text).toContain("-32601");
    expect((await get(node.url)).text).toContain("/block?height=_");
  });
});

describe("answers", () => {
  it("write a block as CometBFT does", async () => {
    const { result } = await call(node.url, "block", { height: "2" });
    const { block, block_id: id } = result;
    expect(Object.keys(block.header)).toHaveLength(14);
    expect(block.header).toMatchObject({
      version: { block: "11" },
      chain_id: "counter-1",
      height: "2",
      time: "2026-01-01T00:00:00.001Z",
    });
    expect(id.hash).toMatch(/^[0-9A-F]{64}$/);
    expect(id.parts).toMatchObject({ total: 1, hash: expect.stringMatching(/^[0-9A-F]{64}$/) });
    expect(block.data).toEqual({ txs: [] });
    expect(block.evidence).toEqual({ evidence: [] });
    expect(block.last_commit).toMatchObject({ height: "1", round: 0 });
    expect(block.last_commit.signatures[0]).toMatchObject({
      block_id_flag: 2,
      validator_address: expect.stringMatching(/^[0-9A-F]{40}$/),
      signature: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
    });
  });

  it("write the first block's missing parts as Go's zero values", async () => {
    const { result } = await call(node.url, "block", { height: "1" });
    const nothing = { hash: "", parts: { total: 0, hash: "" } };
    expect(result.block.header.last_block_id).toEqual(nothing);
    expect(result.block.last_commit).toEqual({
      height: "0",
      round: 0,
      block_id: nothing,
      signatures: [],
    });
    const unknown = await call(node.url, "block_by_hash", { hash: "q80=" });
    expect(unknown.result).toEqual({ block_id: nothing, block: null });
    expect((await call(node.url, "header_by_hash", { hash: "AB" })).result).toEqual({
      header: null,
    });
  });

  it("write results with 64-bit numbers as text and empty bytes as null", async () => {
    const { result } = await call(node.url, "block_results", { height: "1" });
    expect(result).toMatchObject({
      height: "1",
      txs_results: [
        { code: 0, data: "MQ==", log: "", gas_wanted: "10", gas_used: "3", codespace: "" },
      ],
      finalize_block_events: [],
      validator_updates: null,
      consensus_param_updates: null,
    });
    expect(result.txs_results[0].events[0]).toEqual({
      type: "set",
      attributes: [
        { key: "key", value: "a", index: true },
        { key: "value", value: "1", index: true },
        { key: "private", value: "not indexed", index: false },
      ],
    });
    const empty = await call(node.url, "block_results", { height: "2" });
    expect(empty.result.txs_results).toBeNull();
    const { response } = (await call(node.url, "abci_query", { path: "/x", data: "" })).result;
    expect(response).toEqual({
      code: 6,
      log: "unknown path",
      info: "",
      index: "0",
      key: null,
      value: null,
      proofOps: null,
      height: "2",
      codespace: "counter",
    });
  });

  it("tell status, peers, validators and parameters", async () => {
    const status = (await call(node.url, "status")).result;
    expect(status.node_info).toMatchObject({
      id: "ab".repeat(20),
      version: expect.stringMatching(/^0\.38\./),
      other: { tx_index: "on", rpc_address: `tcp://127.0.0.1:${node.server.port}` },
    });
    expect(status.sync_info.latest_app_hash).toBe(
      (await call(node.url, "header")).result.header.app_hash,
    );
    expect((await call(node.url, "net_info")).result).toMatchObject({ n_peers: "0", peers: [] });
    expect((await call(node.url, "validators")).result).toMatchObject({
      block_height: "3",
      count: "1",
      total: "1",
      validators: [{ voting_power: "10", proposer_priority: "0" }],
    });
    expect((await call(node.url, "consensus_params")).result).toMatchObject({
      block_height: "3",
      consensus_params: {
        block: { max_bytes: "22020096", max_gas: "-1" },
        evidence: { max_age_duration: "172800000000000" },
      },
    });
    const round = (await call(node.url, "consensus_state")).result.round_state;
    expect(round["height/round/step"]).toBe("3/0/1");
    const dump = (await call(node.url, "dump_consensus_state")).result;
    expect(dump.round_state.last_commit.height).toBe("2");
    const chunk = (await call(node.url, "genesis_chunked", { chunk: "0" })).result;
    const { genesis } = (await call(node.url, "genesis")).result;
    expect(JSON.parse(Buffer.from(chunk.data, "base64").toString())).toEqual(genesis);
    expect(genesis).toMatchObject({ initial_height: "1", app_state: { genesis: "1" } });
  });

  it("list what waits for a block", async () => {
    await call(node.url, "broadcast_tx_async", { tx: "Yj0x" });
    await call(node.url, "broadcast_tx_sync", { tx: "Yz0x" });
    expect((await call(node.url, "unconfirmed_txs", { limit: "1" })).result).toEqual({
      n_txs: "1",
      total: "2",
      total_bytes: "6",
      txs: ["Yj0x"],
    });
    expect((await call(node.url, "num_unconfirmed_txs")).result.n_txs).toBe("2");
    expect((await call(node.url, "check_tx", { tx: "YmFk" })).result.code).toBe(5);
  });
});

describe("the server", () => {
  it("says when its port is taken", async () => {
    const second = startRpcNode({}, { port: node.server.port });
    await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("survives clients that leave in the middle or send nonsense", async () => {
    const { port } = node.server;
    const starts = [
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{",
      "GET /block",
      "GET // HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /websocket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      "\x00\xff",
    ];
    for (const start of starts) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => socket.end(start));
        socket.on("error", () => {}).on("close", () => resolve());
        socket.resume();
      });
    }
    expect(await call(node.url, "health")).toMatchObject({ result: {} });
  });

  it("closes what it has no room for", async () => {
    await node.stop();
    node = await startRpcNode({}, { connectionsMax: 1 });
    const { port } = node.server;
    const first = connect(port, "127.0.0.1");
    await new Promise((resolve) => first.once("connect", resolve));
    const second = connect(port, "127.0.0.1");
    await new Promise((resolve) => second.once("close", resolve).on("error", () => {}));
    first.destroy();
  });
});
