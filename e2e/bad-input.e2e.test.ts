/** A whole node, its servers and its enclave's process, under requests that no client makes. */
import { connect } from "node:net";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { type RunningNode, startNode } from "@tacit/cli";
import {
  BroadcastMode,
  Service as TxService,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { mutateBytes, mutateFields } from "../packages/app/test/bad-input/mutate.ts";
import { seededRandom } from "../packages/app/test/bad-input/random.ts";
import { GrpcRaw } from "./support/bad-input/grpc.ts";
import { badGrpcRequest, badRestRequest, badRpcBody } from "./support/bad-input/requests.ts";
import { inParallel } from "./support/leak/ask-services.ts";
import { temporaryHome } from "./support/node-process.ts";
import {
  type Actor,
  actor,
  artifact,
  ask,
  type Contract,
  execute,
  instantiate,
  upload,
} from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
let node: RunningNode;
let alice: Actor;
let counter: Contract;
let enclavePid: number | undefined;
const failures: string[] = [];

beforeAll(async () => {
  node = await startNode({
    home,
    ports: "free",
    logLevel: "silent",
    queryThreads: 2,
    blockGather: 10,
    blockInterval: 500,
  });
  void node.failed.then((reason) => failures.push(reason));
  alice = actor("a", node);
  counter = await instantiate(alice, await upload(alice, artifact("counter")), { count: 1 });
  enclavePid = node.enclavePid();
});

afterAll(async () => {
  await node?.stop();
  remove();
});

/** The count before and after shows that nothing was lost and that blocks still come. */
async function expectAlive(): Promise<void> {
  const before = await ask<{ count: number }>(alice, counter, { get_count: {} });
  const { height } = await execute(alice, counter, { increment: {} });
  expect(await ask(alice, counter, { get_count: {} })).toEqual({ count: before.count + 1 });
  expect(height).toBeGreaterThan(0);
  expect(failures).toEqual([]);
  expect(node.enclavePid()).toBe(enclavePid);
}

const post = async (url: string, body: string | Uint8Array<ArrayBuffer>) => {
  const response = await fetch(url, { method: "POST", body });
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, judged by the test
  return { status: response.status, json: (await response.json().catch(() => undefined)) as any };
};

describe("transactions", () => {
  it("changed at random are refused by each way in, with a code", async () => {
    const random = seededRandom(1);
    const valid = await signedPayment();
    const mutants = Array.from({ length: 300 }, (_, index) =>
      index % 2 === 0 ? mutateBytes(valid, random) : mutateFields(valid, random),
    );
    await inParallel(mutants, async (mutant) => {
      const tx = Buffer.from(mutant).toString("base64");
      const body = JSON.stringify({ tx_bytes: tx, mode: "BROADCAST_MODE_SYNC" });
      const rest = await post(`${node.urls.rest}/cosmos/tx/v1beta1/txs`, body);
      if (mutant.length === 0) return;
      expect(rest.status, tx).toBe(200);
      expect(rest.json.tx_response.code, tx).toBeGreaterThan(0);
      const call = { jsonrpc: "2.0", id: 1, method: "check_tx", params: { tx } };
      const rpc = await post(node.urls.rpc, JSON.stringify(call));
      expect(rpc.json.result.code, tx).toBeGreaterThan(0);
    });
    // Until it is in a block: the next transaction takes its sequence from there.
    const inBlock = { broadcastCheckIntervalMs: 100 };
    expect(await alice.client.tx.broadcastSignedTx(valid, inBlock)).toMatchObject({ code: 0 });
    await expectAlive();
  });

  it("too large for a request, for the pool or for the chain are refused, each in its words", async () => {
    const rest = (bytes: number) =>
      post(
        `${node.urls.rest}/cosmos/tx/v1beta1/txs`,
        JSON.stringify({
          tx_bytes: Buffer.alloc(bytes, 0x0a).toString("base64"),
          mode: "BROADCAST_MODE_SYNC",
        }),
      );
    expect((await rest(3_000_000)).json.tx_response).toMatchObject({ code: 2, codespace: "sdk" });
    expect(await rest(7_000_000)).toMatchObject({ status: 429, json: { code: 8 } });
    const rpc = (bytes: number) =>
      post(
        node.urls.rpc,
        JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "broadcast_tx_sync",
          params: { tx: Buffer.alloc(bytes, 0x0b).toString("base64") },
        }),
      );
    expect((await rpc(7_000_000)).json.result).toMatchObject({ code: 2 });
    const txService = createClient(TxService, createGrpcTransport({ baseUrl: node.urls.grpc }));
    const txBytes = new Uint8Array(9_000_000).fill(0x0c);
    const { txResponse } = await txService.broadcastTx({ txBytes, mode: BroadcastMode.SYNC });
    expect(txResponse).toMatchObject({ code: 21, codespace: "sdk" });
    const tooLarge = await post(node.urls.rpc, "x".repeat(10_000_001)).catch(() => "cut off");
    expect(typeof tooLarge === "string" || tooLarge.status >= 400).toBe(true);
    await expectAlive();
  });
});

async function signedPayment(): Promise<Uint8Array> {
  const { MsgSend } = await import("secretjs");
  const amount = [{ denom: "uscrt", amount: "1" }];
  const pay = new MsgSend({ from_address: alice.address, to_address: alice.address, amount });
  return alice.client.tx.signTx([pay], { gasLimit: 100_000 });
}

describe("requests that no client makes", () => {
  const COUNT = 600;

  it("to REST get a status, a code and a sentence in JSON", async () => {
    const random = seededRandom(2);
    const requests = Array.from({ length: COUNT }, () => badRestRequest(random));
    await inParallel(requests, async (request) => {
      const { path, ...init } = request;
      const response = await fetch(node.urls.rest + path, {
        method: init.method,
        headers: init.headers,
        ...(init.body !== undefined && { body: init.body }),
      });
      const text = await response.text();
      const shown = `${init.method} ${path.slice(0, 200)} → ${response.status} ${text.slice(0, 200)}`;
      expect(response.headers.get("content-type"), shown).toMatch(/json/);
      expect([200, 400, 401, 403, 404, 409, 429, 500, 501, 503], shown).toContain(response.status);
      if (init.method === "HEAD" || response.status === 200) return;
      const { code, message } = JSON.parse(text);
      expect(code, shown).toBeTypeOf("number");
      expect(message, shown).toBeTypeOf("string");
      expect(message, shown).not.toBe("internal error");
    });
    await expectAlive();
  });

  it("to RPC get an error of JSON-RPC", async () => {
    const random = seededRandom(3);
    const bodies = Array.from({ length: COUNT }, () => badRpcBody(random));
    await inParallel(bodies, async (body) => {
      const response = await fetch(node.urls.rpc, { method: "POST", body });
      const text = await response.text();
      if (text === "" || body === "") return;
      for (const answer of [JSON.parse(text)].flat()) {
        const shown = `${body.slice(0, 300)} → ${text.slice(0, 300)}`;
        if (answer.error === undefined) expect(answer, shown).toHaveProperty("result");
        else expect([-32700, -32600, -32601, -32602, -32603], shown).toContain(answer.error.code);
        expect(text, shown).not.toMatch(/TypeError|RangeError|at \w+ \(/);
      }
    });
    await expectAlive();
  });

  it("to gRPC get a status of gRPC or of HTTP", async () => {
    const random = seededRandom(4);
    const raw = new GrpcRaw(node.urls.grpc);
    const requests = Array.from({ length: COUNT }, () => badGrpcRequest(random));
    await inParallel(requests, async (request) => {
      const answer = await raw.send(request);
      const shown = JSON.stringify({
        ...request,
        body: Buffer.from(request.body).toString("hex"),
        answer,
      });
      if (answer.status === 200) expect(answer.grpcStatus, shown).toMatch(/^(\d|1[0-6])$/);
      else expect([400, 404, 405, 415, 501, undefined], shown).toContain(answer.status);
      expect(answer.grpcMessage ?? "", shown).not.toMatch(/^internal(%20| )error$/);
    });
    const path = "/cosmos.bank.v1beta1.Query/Params";
    const headers = { "content-type": "application/grpc", "grpc-timeout": "99999999H" };
    const years = await raw.send({ path, headers, body: new Uint8Array(5) });
    expect(years).toMatchObject({ status: 200, grpcStatus: "0" });
    raw.close();
    await expectAlive();
  });

  it("that are no requests at all close the connection and nothing else", async () => {
    const random = seededRandom(5);
    const ports = Object.values(node.urls).map((url) => Number(new URL(url).port));
    const starts = [
      "",
      "GET / HTTP/1.1\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n{",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    const attempts = ports.flatMap((port) => starts.map((start) => ({ port, start })));
    await inParallel(attempts, ({ port, start }) => {
      const rubbish = Buffer.concat([Buffer.from(start), random.bytes(300)]);
      return new Promise<void>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => socket.end(rubbish));
        socket.on("error", () => {}).on("close", () => resolve());
        socket.resume();
      });
    });
    await expectAlive();
  });

  it("over the WebSocket get errors, and other listeners hear on", async () => {
    const random = seededRandom(6);
    const url = `${node.urls.rpc.replace("http", "ws")}/websocket`;
    const listener = new WebSocket(url);
    await new Promise((resolve) => listener.once("open", resolve));
    const subscribe = { method: "subscribe", params: { query: "tm.event='NewBlock'" } };
    listener.send(JSON.stringify({ jsonrpc: "2.0", id: 1, ...subscribe }));
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.once("open", resolve));
    for (let index = 0; index < 200; index++) {
      socket.send(index % 10 === 0 ? random.bytes(100) : badRpcBody(random));
    }
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: "last", method: "health" }));
    await new Promise<void>((resolve) => {
      socket.on("close", () => resolve());
      socket.on("message", (data) => {
        if (`${data}`.includes('"last"')) resolve();
      });
    });
    socket.terminate();
    const heard = new Promise((resolve) =>
      listener.on("message", (data) => {
        if (`${data}`.includes("tendermint/event/NewBlock")) resolve(true);
      }),
    );
    await expectAlive();
    expect(await heard).toBe(true);
    listener.close();
  });

  it("to the faucet are refused", async () => {
    for (const query of [
      "",
      "?address=",
      "?address=%%%",
      `?address=${"x".repeat(5_000)}`,
      "?denom=x",
    ]) {
      const response = await fetch(`${node.urls.faucet}/faucet${query}`);
      expect([400, 405]).toContain(response.status);
      expect(await response.json()).toHaveProperty("error");
    }
    await expectAlive();
  });
});
