/** The servers over real ports, asked by plain HTTP, by secretjs and by a gRPC client. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { Secret } from "@tacit/crypto";
import { fromHex } from "@tacit/encoding";
import { Query as BankQuery } from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import { Service as CometService } from "@tacit/encoding/proto/cosmos/base/tendermint/v1beta1/query";
import { Service as TxService } from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import { ServerReflection } from "@tacit/encoding/proto/grpc/reflection/v1alpha/reflection";
import { MsgSend, SecretNetworkClient, Wallet } from "secretjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createServiceRegistry,
  grpcWebHandler,
  type Listener,
  startFaucet,
  startGrpc,
  startGrpcWeb,
  startRest,
} from "../src/index.ts";
import { createNetworkTypes, networkQueryServices } from "../src/services/network.ts";
import { type MoneyNode, networkKeys, openMoneyNode } from "./money-node.ts";

const A = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03";
const B = "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne";
const MNEMONIC_A =
  "grant rice replace explain federal release fix clever romance raise often wild taxi quarter soccer fiber love must tape steak together observe swap guitar";

let directory: string;
let node: MoneyNode;
let rest: Listener;
let grpc: Listener;
let grpcWeb: Listener;
let faucet: Listener;

const anywhere = { host: "127.0.0.1", port: 0 };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "tacit-api-"));
  node = await openMoneyNode(directory);
  node.engine.start();
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
  rest = await startRest({ ...anywhere, registry, grpcWeb: grpcWebHandler(registry) });
  grpc = await startGrpc({ ...anywhere, registry });
  grpcWeb = await startGrpcWeb({ ...anywhere, registry });
  const privateKey = new Secret(new Wallet(MNEMONIC_A).privateKey, "faucet");
  faucet = await startFaucet({ ...anywhere, application, chain, privateKey, denom: "uscrt" });
});

afterAll(async () => {
  await Promise.all([rest, grpc, grpcWeb, faucet].map((listener) => listener?.close()));
  await node?.engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

const base = () => `http://127.0.0.1:${rest.port}`;

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(base() + path, { headers });
  return {
    status: response.status,
    headers: response.headers,
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, judged by the test
    body: (await response.json()) as any,
  };
}

describe("REST", () => {
  it("answers queries with all fields, in snake case", async () => {
    const { status, body } = await get(`/cosmos/bank/v1beta1/balances/${B}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      balances: [{ denom: "uscrt", amount: "1000000000000000000" }],
      pagination: { next_key: null, total: "1" },
    });
  });

  it("reads query parameters with dots, and passes over unknown ones", async () => {
    const { body } = await get(
      "/cosmos/auth/v1beta1/accounts?pagination.limit=2&pagination.count_total=true&what=1",
    );
    expect(body.accounts).toHaveLength(2);
    expect(body.accounts[0]["@type"]).toMatch(/^\/cosmos\.auth/);
    expect(Number(body.pagination.total)).toBeGreaterThan(4);
    const next = encodeURIComponent(body.pagination.next_key);
    const second = await get(`/cosmos/auth/v1beta1/accounts?pagination.key=${next}`);
    expect(second.status).toBe(200);
  });

  it("takes double slashes of clients with a trailing one", async () => {
    expect((await get("//cosmos/bank/v1beta1/params")).status).toBe(200);
  });

  it("says Not Implemented in JSON for what it does not know or has no module for", async () => {
    const answer = { code: 12, message: "Not Implemented", details: [] };
    expect(await get("/no/such/route")).toMatchObject({ status: 501, body: answer });
    expect((await get("/cosmos/mint/v1beta1/inflation")).status).toBe(501);
    const post = await fetch(`${base()}/cosmos/bank/v1beta1/params`, { method: "POST" });
    expect(post.status).toBe(501);
  });

  it("says what is wrong with a request", async () => {
    const bad = await get("/cosmos/bank/v1beta1/balances/nonsense");
    expect(bad.status).toBe(400);
    expect(bad.body).toMatchObject({ code: 3, details: [] });
    const number = await get("/cosmos/base/tendermint/v1beta1/blocks/abc");
    expect(number).toMatchObject({ status: 400, body: { code: 3 } });
    const high = await get("/cosmos/base/tendermint/v1beta1/blocks/99999999");
    expect(high.body.message).toBe(
      "rpc error: code = InvalidArgument desc = requested block height is bigger then the chain length: invalid request",
    );
    expect(
      (await get("/cosmos/bank/v1beta1/params", { "x-cosmos-block-height": "x" })).status,
    ).toBe(400);
  });

  it("serves the page that describes it, and of its library no more than the page needs", async () => {
    const bare = await fetch(`${base()}/swagger`, { redirect: "manual" });
    expect([bare.status, bare.headers.get("location")]).toEqual([
      301,
      expect.stringMatching(/\/swagger\/$/),
    ]);
    const page = await (await fetch(`${base()}/swagger/`)).text();
    const names = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name);
    for (const name of [...names, "openapi.json", "swagger.yaml"]) {
      const file = await fetch(`${base()}/swagger/${name}`);
      expect([name, file.status]).toEqual([name, 200]);
      expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
    const { body } = await get("/swagger/openapi.json");
    expect(Object.keys(body.paths)).toContain("/cosmos/tx/v1beta1/txs");
    for (const path of ["package.json", "..%2fpackage.json", "__proto__", "index.js"]) {
      expect((await get(`/swagger/${path}`)).status).toBe(501);
    }
  });

  it("turns amino transactions into binary and back", async () => {
    const post = async (path: string, body: unknown) => {
      const response = await fetch(base() + path, { method: "POST", body: JSON.stringify(body) });
      // biome-ignore lint/suspicious/noExplicitAny: judged by the test
      return { status: response.status, body: (await response.json()) as any };
    };
    const json = `{"type":"cosmos-sdk/StdTx","value":{"msg":[{"type":"cosmos-sdk/MsgSend","value":{"amount":[],"from_address":"${A}","to_address":"${B}"}}],"fee":{"amount":[],"gas":"1"},"signatures":null,"memo":"","timeout_height":"0"}}`;
    const encoded = await post("/cosmos/tx/v1beta1/encode/amino", { amino_json: json });
    expect(encoded.status).toBe(200);
    const { amino_binary } = encoded.body;
    const decoded = await post("/cosmos/tx/v1beta1/decode/amino", { amino_binary });
    expect(decoded.body).toEqual({ amino_json: json });
    for (const wrong of [{}, { amino_binary: "AAAA" }]) {
      const answer = await post("/cosmos/tx/v1beta1/decode/amino", wrong);
      expect(answer).toMatchObject({ status: 400, body: { code: 3 } });
    }
  });

  it("tells the two methods with one path apart by what can be read", async () => {
    const text = await get(`/cosmos/auth/v1beta1/bech32/${A}`);
    expect(text).toMatchObject({ status: 200 });
    expect(text.body.address_bytes).toBe(
      Buffer.from(fromHex("e855a00fe13ef005051a1d7ceac7ef21c5606cfd")).toString("base64"),
    );
    const bytes = await get(
      `/cosmos/auth/v1beta1/bech32/${encodeURIComponent(text.body.address_bytes)}`,
    );
    expect(bytes.body.address_string).toBe(A);
  });

  it("lets any page read, and answers preflights", async () => {
    const response = await fetch(`${base()}/cosmos/tx/v1beta1/txs`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-headers": "x-a" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(response.headers.get("access-control-allow-headers")).toBe("x-a");
  });

  it("shows node, blocks and validators", async () => {
    const info = (await get("/cosmos/base/tendermint/v1beta1/node_info")).body;
    expect(info.default_node_info.network).toBe("secretdev-1");
    expect(info.application_version.cosmos_sdk_version).toBe("v0.50.14");
    const latest = (await get("/cosmos/base/tendermint/v1beta1/blocks/latest")).body;
    expect(latest.sdk_block.header.proposer_address).toMatch(/^secretvalcons1/);
    expect(latest.block.header.chain_id).toBe("secretdev-1");
    const one = (await get("/cosmos/base/tendermint/v1beta1/blocks/1")).body;
    expect(one.block.header.height).toBe("1");
    const set = (await get("/cosmos/base/tendermint/v1beta1/validatorsets/latest")).body;
    expect(set.validators[0].pub_key["@type"]).toBe("/cosmos.crypto.ed25519.PubKey");
    const key = (await get("/registration/v1beta1/tx-key")).body;
    expect(key).toEqual({ key: Buffer.from(networkKeys.ioPublicKey).toString("base64") });
  });

  it("lists interfaces, their implementations and all messages", async () => {
    const base = "/cosmos/base/reflection/v1beta1";
    const { interface_names } = (await get(`${base}/interfaces`)).body;
    expect(interface_names).toContain("cosmos.base.v1beta1.Msg");
    const account = await get(`${base}/interfaces/cosmos.auth.v1beta1.AccountI/implementations`);
    expect(account.body.implementation_message_names).toContain("/cosmos.auth.v1beta1.BaseAccount");
    const { msgs } = (await get(`${base}/app_descriptor/tx_descriptor`)).body.tx;
    expect(msgs).toContainEqual({ msg_type_url: "/secret.compute.v1beta1.MsgExecuteContract" });
    const chain = (await get(`${base}/app_descriptor/chain`)).body;
    expect(chain).toEqual({ chain: { id: "secretdev-1" } });
  });

  it("refuses a body that is too large, and one that is no JSON", async () => {
    const post = (body: string) =>
      fetch(`${base()}/cosmos/tx/v1beta1/txs`, { method: "POST", body });
    expect((await post("x".repeat(7 * 1024 * 1024))).status).toBe(429);
    expect(await (await post("{")).json()).toMatchObject({ code: 3 });
    expect(await (await post('{"tx_bytes":"!"}')).json()).toMatchObject({ code: 3 });
    expect(await (await post('{"no_field":1}')).json()).toMatchObject({ code: 3 });
    const mode = await post('{"tx_bytes":"AA==","mode":"BROADCAST_MODE_BLOCK"}');
    expect(await mode.json()).toMatchObject({
      code: 2,
      message: "unsupported return type block; supported types: sync, async",
    });
  });

  it("says of an unknown transaction what clients look for", async () => {
    const hash = "AB".repeat(32);
    expect(await get(`/cosmos/tx/v1beta1/txs/${hash}`)).toMatchObject({
      status: 404,
      body: { code: 5, message: `tx not found: ${hash}` },
    });
  });
});

describe("secretjs", () => {
  const client = () => {
    const wallet = new Wallet(MNEMONIC_A);
    return new SecretNetworkClient({
      url: `${base()}/`,
      chainId: "secretdev-1",
      wallet,
      walletAddress: wallet.address,
      encryptionSeed: new Uint8Array(32).fill(9),
    });
  };

  it("simulates, sends, finds and searches a transfer", async () => {
    const secretjs = client();
    const before = await secretjs.query.bank.balance({ address: B, denom: "uscrt" });
    const message = new MsgSend({
      from_address: A,
      to_address: B,
      amount: [{ denom: "uscrt", amount: "7" }],
    });
    const simulated = await secretjs.tx.simulate([message]);
    expect(Number(simulated.gas_info?.gas_used)).toBeGreaterThan(10_000);
    const tx = await secretjs.tx.broadcast([message], {
      gasLimit: 100_000,
      broadcastCheckIntervalMs: 50,
    });
    expect(tx.code).toBe(0);
    expect(tx.rawLog).toBe("");
    expect(tx.jsonLog?.[0]?.events.some((event) => event.type === "transfer")).toBe(true);
    const after = await secretjs.query.bank.balance({ address: B, denom: "uscrt" });
    expect(BigInt(after.balance?.amount ?? 0) - BigInt(before.balance?.amount ?? 0)).toBe(7n);
    const found = await secretjs.query.getTx(tx.transactionHash);
    expect(found?.height).toBe(tx.height);
    const listed = await secretjs.query.txsQuery(`message.sender = '${A}'`);
    expect(listed.map((one) => one.transactionHash)).toContain(tx.transactionHash);
    const old = await secretjs.query.bank.balance({ address: B, denom: "uscrt" }, [
      ["x-cosmos-block-height", "1"],
    ]);
    expect(old.balance?.amount).toBe("1000000000000000000");
    const inBlock = (await get(`/cosmos/tx/v1beta1/txs/block/${tx.height}`)).body;
    expect(inBlock.txs[0].body.messages[0].to_address).toBe(B);
    expect(inBlock.txs[0].auth_info.fee.gas_limit).toBe("100000");
  });

  it("gets the chain's refusal with its code", async () => {
    const secretjs = client();
    const send = secretjs.tx.bank.send(
      { from_address: A, to_address: B, amount: [{ denom: "uscrt", amount: `${10n ** 19n}` }] },
      { gasLimit: 100_000, broadcastCheckIntervalMs: 50 },
    );
    const tx = await send;
    expect(tx.code).toBe(5);
    expect(tx.rawLog).toContain("insufficient funds");
    await expect(
      secretjs.tx.simulate([new MsgSend({ from_address: A, to_address: "nonsense", amount: [] })]),
    ).rejects.toMatchObject({ code: expect.any(Number) });
  });
});

describe("gRPC", () => {
  it("answers over HTTP/2, with the height in the header", async () => {
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${grpc.port}` });
    const bank = createClient(BankQuery, transport);
    let height: string | null = null;
    const { balance } = await bank.balance(
      { address: B, denom: "uscrt" },
      {
        headers: { "x-cosmos-block-height": "1" },
        onHeader: (headers) => {
          height = headers.get("x-cosmos-block-height");
        },
      },
    );
    expect(balance?.amount).toBe("1000000000000000000");
    expect(height).toBe("1");
    const txs = createClient(TxService, transport);
    await expect(txs.getTx({ hash: "AA".repeat(32) })).rejects.toMatchObject({ code: 5 });
    await expect(
      createClient(CometService, transport).getBlockByHeight({ height: 99_999_999n }),
    ).rejects.toMatchObject({
      code: 3,
      rawMessage: "requested block height is bigger then the chain length",
    });
    await expect(bank.balance({ address: "x", denom: "uscrt" })).rejects.toMatchObject({ code: 3 });
  });

  it("takes a deadline in the far future for none", async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on("warning", onWarning);
    for (const [transport, port] of [
      [createGrpcTransport, grpc.port],
      [createGrpcWebTransport, grpcWeb.port],
    ] as const) {
      const baseUrl = `http://127.0.0.1:${port}`;
      const bank = createClient(
        BankQuery,
        transport({ baseUrl, httpVersion: port === grpc.port ? "2" : "1.1" }),
      );
      const { params } = await bank.params({}, { headers: { "grpc-timeout": "99999999H" } });
      expect(params?.defaultSendEnabled).toBe(true);
    }
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });

  it.each(["its own port", "the REST port"])("speaks gRPC-web on %s", async (which) => {
    const port = which === "the REST port" ? rest.port : grpcWeb.port;
    const transport = createGrpcWebTransport({
      baseUrl: `http://127.0.0.1:${port}`,
      httpVersion: "1.1",
    });
    const { supply } = await createClient(BankQuery, transport).totalSupply({});
    expect(supply[0]?.denom).toBe("uscrt");
  });

  it("shows its services and their files", async () => {
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${grpc.port}` });
    const reflection = createClient(ServerReflection, transport);
    async function* questions() {
      yield { messageRequest: { case: "listServices", value: "" } } as const;
      yield {
        messageRequest: {
          case: "fileContainingSymbol",
          value: "cosmos.bank.v1beta1.Query.Balance",
        },
      } as const;
      yield { messageRequest: { case: "fileContainingSymbol", value: "no.Such" } } as const;
    }
    const answers = [];
    for await (const answer of reflection.serverReflectionInfo(questions())) {
      answers.push(answer.messageResponse);
    }
    expect(answers.map((answer) => answer.case)).toEqual([
      "listServicesResponse",
      "fileDescriptorResponse",
      "errorResponse",
    ]);
    const names = (answers[0] as { value: { service: { name: string }[] } }).value.service;
    expect(names.map(({ name }) => name)).toContain("secret.compute.v1beta1.Query");
  });
});

describe("the faucet", () => {
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${faucet.port}${path}`);
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, judged by the test
    return { status: response.status, body: (await response.json()) as any };
  };

  it("says who it is", async () => {
    const expected = { status: 200, body: { faucet_address: A, amount: "1000000000" } };
    expect(await ask("/")).toEqual(expected);
    expect(await ask("/status")).toEqual(expected);
  });

  it("gives to many at once, each exactly once", async () => {
    const wallets = Array.from({ length: 5 }, () => new Wallet().address);
    const answers = await Promise.all(wallets.map((to) => ask(`/faucet?address=${to}`)));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body.txhash).toMatch(/^[0-9A-F]{64}$/);
    }
    for (const to of wallets) {
      const { body } = await get(`/cosmos/bank/v1beta1/balances/${to}/by_denom?denom=uscrt`);
      expect(body.balance.amount).toBe("1000000000");
    }
  });

  it("refuses what is no address", async () => {
    for (const query of ["", "?address=", "?address=cosmos1xyz", `?address=${A}x`]) {
      const { status, body } = await ask(`/faucet${query}`);
      expect(status).toBe(400);
      expect(body.error).toEqual(expect.any(String));
    }
  });
});
