/** What no client of good will sends: each is answered with a typed error, or cut off, within bounds. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeMessage } from "@tacit/encoding";
import { QueryAllBalancesRequestSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import { GetTxRequestSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createServiceRegistry,
  type Listener,
  type RpcServer,
  startGrpc,
  startRest,
  startRpcServer,
} from "../src/index.ts";
import { BODY_BYTES_MAX, PARAMETERS_MAX } from "../src/limits.ts";
import { createNetworkTypes, networkQueryServices } from "../src/services/network.ts";
import { type MoneyNode, openMoneyNode } from "./money-node.ts";

const anywhere = { host: "127.0.0.1", port: 0 };
const A = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03";
let directory: string;
let node: MoneyNode;
let rest: Listener;
let grpc: Listener;
let rpc: RpcServer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "tacit-hostile-"));
  node = await openMoneyNode(directory);
  node.engine.start();
  await node.engine.produceBlock();
  const { engine: chain, application } = node;
  const registry = createServiceRegistry({
    application,
    chain,
    queryServices: networkQueryServices,
    types: createNetworkTypes(),
    version: {
      name: "tacit",
      appName: "tacit",
      version: "0.1.0",
      gitCommit: "",
      cosmosSdkVersion: "v0.50.14",
      cometBftVersion: "0.38.21",
    },
    node: { minimumGasPrice: "0.1uscrt", pruningKeepRecent: "0", pruningInterval: "0" },
  });
  rest = await startRest({ ...anywhere, registry });
  grpc = await startGrpc({ ...anywhere, registry });
  rpc = await startRpcServer(anywhere, { chain, app: application, registry });
});

afterAll(async () => {
  await Promise.all([rest?.close(), grpc?.close(), rpc?.stop()]);
  await node?.engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, judged by the test
  readonly body: any;
}

async function get(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${rest.port}${path}`, init);
  return { status: response.status, body: await response.json() };
}

const stillAnswers = async () =>
  expect((await get("/cosmos/bank/v1beta1/params")).status).toBe(200);

const MOST = "18446744073709551615";

describe("pages", () => {
  const accounts = "/cosmos/auth/v1beta1/accounts";

  it.each([
    ["limit=-1", 400],
    [`limit=${MOST}0`, 400],
    ["limit=1.5", 400],
    ["offset=x", 400],
    ["key=%21%21", 400],
    ["count_total=perhaps", 400],
    ["key=AAAA&offset=1", 500],
  ])("are refused: %s", async (query, status) => {
    const dotted = query.replace(/(^|&)/g, "$1pagination.");
    const answer = await get(`${accounts}?${dotted}`);
    expect(answer).toMatchObject({ status, body: { details: [] } });
  });

  it.each([
    [`limit=${MOST}`, 8],
    [`offset=${MOST}`, 0],
    [`offset=${MOST}&limit=${MOST}`, 0],
    ["key=/////w==", 0],
    ["offset=7&reverse=true", 1],
  ])("are what there is: %s", async (query, count) => {
    const dotted = query.replace(/(^|&)/g, "$1pagination.");
    const { status, body } = await get(`${accounts}?${dotted}`);
    expect(status).toBe(200);
    expect(body.accounts).toHaveLength(count);
  });

  it("go through everything by key and by offset, in both directions", async () => {
    const all = (await get(accounts)).body.accounts as object[];
    for (const reverse of ["", "&pagination.reverse=true"]) {
      const expected = reverse === "" ? all : all.toReversed();
      const byOffset: object[] = [];
      for (let offset = 0; offset < all.length; offset += 3) {
        const page = `${accounts}?pagination.limit=3&pagination.offset=${offset}${reverse}`;
        byOffset.push(...(await get(page)).body.accounts);
      }
      expect(byOffset).toEqual(expected);
      const byKey: object[] = [];
      let key = "";
      do {
        const from = key === "" ? "" : `&pagination.key=${encodeURIComponent(key)}`;
        const { body } = await get(`${accounts}?pagination.limit=3${from}${reverse}`);
        byKey.push(...body.accounts);
        key = body.pagination.next_key ?? "";
      } while (key !== "");
      expect(byKey).toEqual(expected);
    }
  });

  it("of validators and transactions bear any number", async () => {
    for (const path of [
      `/cosmos/base/tendermint/v1beta1/validatorsets/latest?pagination.limit=${MOST}&pagination.offset=${MOST}`,
      `/cosmos/tx/v1beta1/txs?query=tx.height>0&limit=${MOST}`,
    ]) {
      expect((await get(path)).status).toBe(200);
    }
    const far = await get(`/cosmos/tx/v1beta1/txs?query=tx.height>0&page=${MOST}`);
    expect(far).toMatchObject({ status: 500, body: { code: 13 } });
  });
});

describe("paths", () => {
  it.each([
    "/cosmos/bank/v1beta1/balances/%00",
    "/cosmos/bank/v1beta1/balances/%F0%9F%92%A9",
    `/cosmos/bank/v1beta1/balances/${"x".repeat(8_000)}`,
    "/cosmos/bank/v1beta1/balances/%ff%fe",
    "/cosmos/bank/v1beta1/balances/%zz",
    "/cosmos/tx/v1beta1/txs/%2e%2e%2f",
    "/cosmos/tx/v1beta1/txs?query=%27",
    "/cosmos/base/tendermint/v1beta1/blocks/-9223372036854775808",
    "/cosmos/base/tendermint/v1beta1/blocks/9223372036854775808",
  ])("get a typed error: %.60s", async (path) => {
    const { status, body } = await get(path);
    expect([400, 404, 500]).toContain(status);
    expect(body).toMatchObject({ code: expect.any(Number), details: [] });
    // "internal error" is what shows a failure of ours.
    expect(body.message).not.toBe("internal error");
  });

  it("with more parameters than any request has are refused", async () => {
    const many = "a=1&".repeat(PARAMETERS_MAX + 1);
    const { status, body } = await get(`/cosmos/bank/v1beta1/params?${many}`);
    expect([status, body.code]).toEqual([400, 3]);
    const deep = `${"a.".repeat(2_000)}b=1`;
    expect((await get(`/cosmos/bank/v1beta1/params?${deep}`)).status).toBe(200);
  });

  it("of any text, with any parameters, are answered in JSON and never by a failure of ours", async () => {
    const part = fc.oneof(
      fc.constantFrom("cosmos", "bank", "v1beta1", "balances", A, "by_denom", "tx", "swagger"),
      fc.string({ unit: "binary", maxLength: 12 }),
    );
    const pair = fc.tuple(
      fc.constantFrom("pagination.key", "pagination.limit", "denom", "query", "__proto__"),
      fc.string({ maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 6 }),
        fc.array(pair, { maxLength: 3 }),
        async (parts, pairs) => {
          const encode = (text: string) => encodeURIComponent(text.toWellFormed());
          const query = pairs.map(([name, value]) => `${name}=${encode(value)}`).join("&");
          const { body } = await get(`/cosmos/${parts.map(encode).join("/")}?${query}`);
          expect(body.message).not.toBe("internal error");
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("bodies", () => {
  it.each([
    ["not JSON", "{"],
    ["JSON of another kind", "[1,2]"],
    ["base64 that is none", '{"tx_bytes":"***"}'],
    ["bytes that are no transaction", '{"tx_bytes":"AAAA"}'],
    ["nested a thousandfold", `{"tx_bytes":${"[".repeat(1_000)}${"]".repeat(1_000)}}`],
    ["too large", `{"tx_bytes":"${"A".repeat(BODY_BYTES_MAX)}"}`],
  ])("%s get a typed error", async (_, body) => {
    for (const path of ["/cosmos/tx/v1beta1/decode", "/cosmos/tx/v1beta1/simulate"]) {
      const answer = await get(path, { method: "POST", body });
      expect([400, 429, 500]).toContain(answer.status);
      expect(answer.body).toMatchObject({ code: expect.any(Number), details: [] });
      expect(answer.body.message).not.toBe("internal error");
    }
  });

  it("without end are cut off", async () => {
    const socket = connect(rest.port, "127.0.0.1");
    socket.on("error", () => undefined);
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.write(
      "POST /cosmos/tx/v1beta1/decode HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n",
    );
    const chunk = `100000\r\n${"A".repeat(0x100000)}\r\n`;
    const pump = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on("drain", pump);
    pump();
    await closed;
    await stillAnswers();
  });
});

describe("connections", () => {
  it("that say nothing, or half of something, keep nobody else from an answer", async () => {
    const sockets = Array.from({ length: 200 }, (_, index) => {
      const socket = connect(index % 2 === 0 ? rest.port : rpc.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write("GET /status HTTP/1.1\r\nx-half: ".slice(0, index % 32));
      return socket;
    });
    await stillAnswers();
    expect((await fetch(`http://127.0.0.1:${rpc.port}/health`)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it("that open more calls than allowed on one gRPC connection are refused the rest", async () => {
    const session = connectHttp2(`http://127.0.0.1:${grpc.port}`);
    await new Promise<void>((resolve) => session.once("remoteSettings", () => resolve()));
    expect(session.remoteSettings.maxConcurrentStreams).toBe(100);
    session.destroy();
  });
});

describe("gRPC", () => {
  /** Sends one call as it is. @returns the status. */
  async function call(path: string, message: Uint8Array, headers: Record<string, string> = {}) {
    const session = connectHttp2(`http://127.0.0.1:${grpc.port}`);
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    stream.on("error", () => undefined);
    const frame = Buffer.alloc(5 + message.length);
    frame.writeUInt32BE(message.length, 1);
    frame.set(message, 5);
    let status: string | undefined;
    const note = (found: Record<string, unknown>) => {
      status ??= found["grpc-status"] as string | undefined;
    };
    stream.on("response", note);
    stream.on("trailers", note);
    stream.resume();
    stream.end(frame);
    await new Promise<void>((resolve) => stream.once("close", () => resolve()));
    session.destroy();
    // gRPC takes ENHANCE_YOUR_CALM for RESOURCE_EXHAUSTED: it is sent before the body is read.
    return status === undefined && stream.rstCode === 11 ? 8 : Number(status);
  }

  const balances = "/cosmos.bank.v1beta1.Query/AllBalances";
  const good = encodeMessage(QueryAllBalancesRequestSchema, { address: A });

  it.each([
    ["a message that ends early", balances, good.subarray(0, 5), {}, [2, 3, 13]],
    ["text that is not UTF-8", balances, Uint8Array.of(0x0a, 2, 0xff, 0xfe), {}, [2, 3, 13]],
    ["a height that is none", balances, good, { "x-cosmos-block-height": "-1" }, [3]],
    ["a height in the future", balances, good, { "x-cosmos-block-height": "99999" }, [2]],
    ["a method that nobody has", "/no.such.Service/Method", good, {}, [12]],
    ["11 MiB", balances, new Uint8Array(11 * 1024 * 1024), {}, [8]],
  ])("%s gets a status", async (_, path, message, headers, statuses) => {
    expect(statuses).toContain(await call(path, message, headers as Record<string, string>));
    expect(await call(balances, good)).toBe(0);
  });
});

describe("abci_query", () => {
  async function ask(path: string, data: Uint8Array, height = "0") {
    const params = { path, data: Buffer.from(data).toString("hex"), height, prove: false };
    const response = await fetch(`http://127.0.0.1:${rpc.port}`, {
      method: "POST",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "abci_query", params }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: judged by the test
    return ((await response.json()) as any).result.response;
  }

  const getTx = "/cosmos.tx.v1beta1.Service/GetTx";

  it("answers services beside the application, and their errors as the SDK does", async () => {
    const latest = await ask(
      "/cosmos.base.tendermint.v1beta1.Service/GetLatestBlock",
      new Uint8Array(),
    );
    expect(latest).toMatchObject({ code: 0 });
    expect(latest.value.length).toBeGreaterThan(100);
    const hash = "AB".repeat(32);
    const unknown = await ask(getTx, encodeMessage(GetTxRequestSchema, { hash }));
    expect(unknown).toMatchObject({
      code: 22,
      codespace: "sdk",
      log: `rpc error: code = NotFound desc = tx not found: ${hash}: key not found`,
    });
    expect(await ask(getTx, new Uint8Array())).toMatchObject({ code: 18, codespace: "sdk" });
    expect(await ask(getTx, Uint8Array.of(0xff))).toMatchObject({ code: 18, codespace: "sdk" });
  });

  it.each(["", "/", "/store", "/store/bank", "/store/bank/key", "/no/such", "/app", "/\u0000"])(
    "refuses the path %j with a code",
    async (path) => {
      expect((await ask(path, new Uint8Array())).code).toBeGreaterThan(0);
    },
  );
});
