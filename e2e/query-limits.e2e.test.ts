/** Private queries of several clients on a node with one thread for them. */
import { request } from "node:http";
import { EncryptionUtilsImpl } from "secretjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import {
  type Actor,
  actor,
  artifact,
  type Contract,
  instantiate,
  upload,
} from "./support/secretjs.ts";

const WAITING_MAX = 4;

const { home, remove } = temporaryHome();
let node: NodeProcess;
let alice: Actor;
let probe: Contract;
let encryption: EncryptionUtilsImpl;

beforeAll(async () => {
  const flags = ["--query-threads", "1", "--query-gas", "1000000"];
  node = await startNodeProcess(home, [...flags, "--client-queries", `${WAITING_MAX}`]);
  alice = actor("a", node);
  probe = await instantiate(alice, await upload(alice, artifact("host_probe")), {});
  encryption = new EncryptionUtilsImpl(node.urls.rest, new Uint8Array(32).fill(3));
});

afterAll(async () => {
  await node?.stop();
  remove();
});

interface Answer {
  readonly status: number;
  readonly body: { readonly code?: number; readonly message?: string; readonly data?: string };
}

/** A smart query over REST from an address of this machine, of which it has millions. */
async function askFrom(localAddress: string, query: object): Promise<Answer> {
  const sealed = await encryption.encrypt(probe.code_hash, query);
  const text = encodeURIComponent(Buffer.from(sealed).toString("base64"));
  const path = `/compute/v1beta1/query/${probe.contract_address}?query=${text}`;
  const { hostname, port } = new URL(node.urls.rest);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, localAddress, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: JSON.parse(Buffer.concat(chunks).toString()),
        }),
      );
    });
    sent.on("error", reject).end();
  });
}

describe("a private query", () => {
  it("ends where the operator's limit is", async () => {
    const { status, body } = await askFrom("127.0.0.1", { loop: {} });
    expect(status).toBe(500);
    expect(body.message).toMatch(/out of gas/i);
    const used = await alice.client.query.compute.queryContract<object, string>({
      ...probe,
      query: { gas: {} },
    });
    expect(Number(used)).toBeLessThan(1_000_000);
  });

  it("of somebody with a short question does not wait for all the long ones of others", async () => {
    let finished = 0;
    const loops = Array.from({ length: WAITING_MAX }, async () => {
      const answer = await askFrom("127.0.0.1", { loop: {} });
      finished += 1;
      return answer;
    });
    const quick = await askFrom("127.0.0.2", { get: { key: "aw==" } });
    expect(quick.status).toBe(200);
    expect(finished).toBeLessThan(WAITING_MAX);
    for (const { status } of await Promise.all(loops)) expect(status).toBe(500);
  });

  it("is refused beyond the client's share with a status that says so, and others are served", async () => {
    const flood = Array.from({ length: 4 * WAITING_MAX }, () => askFrom("127.0.0.1", { loop: {} }));
    const other = askFrom("127.0.0.2", { get: { key: "aw==" } });
    const answers = await Promise.all(flood);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.body).toMatchObject({
      code: 8,
      message: `too many requests of this client: ${WAITING_MAX} are waiting`,
    });
    expect((await other).status).toBe(200);
  });
});
