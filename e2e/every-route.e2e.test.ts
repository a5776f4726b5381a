/** Every address and every method that a node describes: each is answered, and fails in one shape. */
import { create, type DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { fromBase64 } from "@tacit/encoding";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inParallel, SERVICES } from "./support/leak/ask-services.ts";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import { actor, txOptions } from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
let node: NodeProcess;
let address: string;

beforeAll(async () => {
  node = await startNodeProcess(home);
  const { client, address: own } = actor("a", node);
  address = own;
  const amount = [{ denom: "uscrt", amount: "1" }];
  const send = { from_address: own, to_address: own, amount };
  expect(await client.tx.bank.send(send, txOptions(100_000))).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await node?.stop();
  remove();
});

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, judged by the test
async function get(path: string): Promise<{ status: number; body: any }> {
  const answer = await fetch(node.urls.rest + path);
  return { status: answer.status, body: await answer.json() };
}

/** The gateway's statuses by gRPC code. */
const STATUS: Readonly<Record<number, number>> = {
  2: 500,
  3: 400,
  5: 404,
  7: 403,
  9: 400,
  11: 400,
  13: 500,
  14: 503,
  16: 401,
};

const numbers = /height|_id$|^id$|seed|sequence|revision/;

describe("a node", () => {
  it("answers every GET address that it describes, and says what is wrong in one shape", async () => {
    const { paths } = (await get("/swagger/openapi.json")).body;
    const templates = Object.keys(paths).filter((path) => paths[path].get !== undefined);
    expect(templates.length).toBeGreaterThan(130);
    const fill = (_: string, name: string) => (numbers.test(name) ? "1" : address);
    await inParallel(templates, async (template) => {
      const { status, body } = await get(template.replace(/\{(\w+)\}/g, fill));
      if (status === 200) return;
      expect(body, template).toEqual({
        code: expect.any(Number),
        message: expect.any(String),
        details: [],
      });
      expect(status, `${template}: ${body.message}`).toBe(STATUS[body.code]);
    });
  });

  it("has an implementation behind every method of its services", async () => {
    const transport = createGrpcTransport({ baseUrl: node.urls.grpc });
    const methods = SERVICES.flatMap((service) => service.methods).filter(
      (method): method is DescMethodUnary => method.methodKind === "unary",
    );
    expect(methods.length).toBeGreaterThan(130);
    await inParallel(methods, async (method) => {
      try {
        const input = create(method.input);
        await transport.unary(method, undefined, 10_000, undefined, input);
      } catch (error) {
        const name = `${method.parent.typeName}/${method.name}`;
        expect(ConnectError.from(error).code, name).not.toBe(Code.Unimplemented);
        expect(ConnectError.from(error).code, name).not.toBe(Code.DeadlineExceeded);
      }
    });
  });

  it("shows the enclave's random and its evidence of the validators for each block", async () => {
    const { status, body } = await get("/compute/v1beta1/ecalls?start_height=1&end_height=2");
    expect(status).toBe(200);
    expect(body.records.length).toBeGreaterThan(0);
    for (const { height, random_seed, validator_set_evidence } of body.records) {
      expect(fromBase64(random_seed), height).toHaveLength(32);
      expect(fromBase64(validator_set_evidence), height).toHaveLength(32);
    }
    const key = (await get("/compute/v1beta1/network_pubkey/0/1")).body.io_pubkey;
    expect(key).toBe((await get("/registration/v1beta1/tx-key")).body.key);
  });
});
