import { connectInProcess } from "@tacit/enclave-channel";
import { fromBase64 } from "@tacit/encoding";
import { beforeAll, describe, expect, it } from "vitest";
import { account, contractCode, outputOf, SEALING_KEY, TestChain } from "../test/chain.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);
const bob = account(2);
const crossed: Uint8Array[] = [];
const enclave = createEnclave({ sealingKey: SEALING_KEY });
const chain = new TestChain(
  connectInProcess(enclave.createEngine(), {
    record: (_direction, frame) => crossed.push(Uint8Array.from(frame)),
  }),
);
const codeHash = chain.storeCode(contractCode("counter"));
let client: Client;
let counter: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };

beforeAll(async () => {
  client = secretjsClient(chain.start().info.ioPublicKey);
  const init = await client.encrypt(codeHash, { count: 41 });
  const { contract, answer } = chain.instantiate(alice, codeHash, init);
  outputOf(answer);
  counter = { contract, codeHash };
});

describe("a counter, from secretjs through the enclave and back", () => {
  it("counts, and only the sender can read what it answered", async () => {
    const message = await client.encrypt(codeHash, { increment: {} });
    const output = outputOf(chain.execute(bob, counter, message));
    expect(output.abi).toBe("v1");
    const [attribute] = output.attributes;
    const read = async (text: string) =>
      (await client.decryptText(fromBase64(text), message)).trim();
    expect([await read(attribute!.key), await read(attribute!.value)]).toEqual(["count", "42"]);
    const data = await client.decryptText(output.data!, message);
    expect(JSON.parse(Buffer.from(data, "base64").toString())).toEqual({ count: 42 });
  });

  it("answers a query from committed state", async () => {
    const message = await client.encrypt(codeHash, { get_count: {} });
    const answer = chain.query(counter, message);
    if (answer.kind !== "query" || !("ok" in answer.result)) throw new TypeError("no answer");
    const text = await client.decryptText(answer.result.ok, message);
    expect(JSON.parse(Buffer.from(text, "base64").toString())).toEqual({ count: 42 });
  });

  it("tells its own errors to the sender alone", async () => {
    const message = await client.encrypt(codeHash, { reset: { count: 0 } });
    const { result, writes } = chain.execute(bob, counter, message);
    if (!("failure" in result) || result.failure.kind !== "contract") throw new TypeError("ok?");
    expect(writes).toEqual([]);
    const error = await client.decryptText(fromBase64(result.failure.encrypted), message);
    expect(error).toBe("Generic error: only the owner may reset the count");
  });

  it("lets nothing of message, state, answer or error cross in the clear", () => {
    /** The contract's code is public and full of these words. */
    const withoutCode = crossed.filter((frame) => !Buffer.from(frame).includes("\0asm"));
    const all = Buffer.concat(withoutCode).toString("latin1");
    expect(all).toContain("secretdev-1");
    for (const word of ["increment", "get_count", "reset", "owner", "count"]) {
      expect(all.includes(word)).toBe(false);
    }
  });
});
