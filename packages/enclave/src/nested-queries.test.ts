import { connectInProcess, type EnclaveAnswer, type HostAnswer } from "@tacit/enclave-channel";
import { fromBase64, toBase64, toBech32, toHex } from "@tacit/encoding";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  account,
  contractCode,
  executeMessage,
  outputOf,
  SEALING_KEY,
  signTx,
  TestChain,
} from "../test/chain.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);
const enclave = createEnclave({ sealingKey: SEALING_KEY });
const chain = new TestChain(connectInProcess(enclave.createEngine()));
const probe = chain.storeCode(contractCode("host_probe"));
const counterCode = chain.storeCode(contractCode("counter"));
let client: Client;
let asking: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };
let counter: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };

beforeAll(async () => {
  client = secretjsClient(chain.start().info.ioPublicKey);
  const init = await client.encrypt(probe, {});
  asking = { contract: chain.instantiate(alice, probe, init).contract, codeHash: probe };
  const count = await client.encrypt(counterCode, { count: 41 });
  counter = {
    contract: chain.instantiate(alice, counterCode, count).contract,
    codeHash: counterCode,
  };
});

beforeEach(() => {
  chain.onChainQuery = honest;
});

/** What the contract asks, with its message as the host sees it. */
function smartOf(request: Uint8Array): { readonly contract_addr: string; readonly msg: string } {
  const { wasm } = JSON.parse(new TextDecoder().decode(request)) as {
    wasm: { smart: { contract_addr: string; msg: string } };
  };
  return wasm.smart;
}

function askCounter(request: Uint8Array, depth: number): EnclaveAnswer {
  return chain.ask({
    kind: "query",
    ...counter,
    message: fromBase64(smartOf(request).msg),
    gasLimit: 1_000_000n,
    depth,
    height: 1n,
    timeNs: 1n,
    view: undefined,
  });
}

function toHostAnswer(answer: EnclaveAnswer): HostAnswer {
  if (answer.kind !== "query") throw new TypeError(JSON.stringify(answer));
  const { result } = answer;
  const json =
    "ok" in result
      ? { Ok: { Ok: toBase64(result.ok) } }
      : {
          Ok: {
            Err: {
              generic_err: {
                msg: `encrypted: ${"encrypted" in result.failure ? result.failure.encrypted : ""}: query contract failed`,
              },
            },
          },
        };
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  return { kind: "chain_query", answer: bytes, gasUsed: 77n, outOfGas: false };
}

const honest = (request: Uint8Array, depth: number) => toHostAnswer(askCounter(request, depth));

/** A transaction whose contract asks the counter; the block stays open until the next begins. */
async function run(query: object): Promise<EnclaveAnswer> {
  const step = {
    query_as_data: {
      address: toBech32("secret", counter.contract),
      code_hash: toHex(counterCode),
      msg: toBase64(new TextEncoder().encode(JSON.stringify(query))),
    },
  };
  message = await client.encrypt(probe, { run: { steps: [step] } });
  const { contract } = asking;
  chain.beginBlock();
  chain.beginTx(signTx(alice, [executeMessage({ sender: alice.address, contract, message })]));
  const answer = chain.ask(chain.executeRequest({ sender: alice, ...asking, message }));
  chain.endTx(false);
  chain.endBlock();
  return answer;
}

let message: Uint8Array;

async function dataOf(answer: EnclaveAnswer): Promise<string> {
  if (answer.kind !== "call") throw new TypeError(JSON.stringify(answer));
  const text = await client.decryptText(outputOf(answer).data!, message);
  return Buffer.from(text, "base64").toString();
}

describe("a contract's question to another contract", () => {
  it("travels encrypted and comes back as the other's answer", async () => {
    const seen: string[] = [];
    chain.onChainQuery = (request, depth) => {
      seen.push(Buffer.from(fromBase64(smartOf(request).msg)).toString("latin1"));
      expect(depth).toBe(2);
      return honest(request, depth);
    };
    expect(await dataOf(await run({ get_count: {} }))).toContain('"count":41');
    expect(seen[0]).not.toContain("get_count");
  });

  it("comes back as a system error when the other is of the v1 interface and fails", async () => {
    const answer = await run({ no_such_query: {} });
    expect(answer).toMatchObject({ result: { failure: { kind: "contract" } } });
  });

  const refused = { kind: "refused", code: "enclave/host_failed" };

  it("is not answered by the host itself", async () => {
    chain.onChainQuery = () => ({
      kind: "chain_query",
      answer: new TextEncoder().encode(`{"Ok":{"Ok":"${toBase64(new Uint8Array(40))}"}}`),
      gasUsed: 0n,
      outOfGas: false,
    });
    expect(await run({ get_count: {} })).toMatchObject(refused);
  });

  it("is not answered with the answer to another question or of another time", async () => {
    let earlier: HostAnswer | undefined;
    chain.onChainQuery = (request, depth) => {
      const answer = honest(request, depth);
      earlier ??= answer;
      return earlier;
    };
    await run({ get_count: {} });
    expect(await run({ get_count: {} })).toMatchObject(refused);
  });

  it("is not answered from another state than the one the asking contract reads", async () => {
    const nested: EnclaveAnswer[] = [];
    chain.onChainQuery = (request, depth) => {
      const answer = chain.ask({
        kind: "query",
        ...counter,
        message: fromBase64(smartOf(request).msg),
        gasLimit: 1_000_000n,
        depth,
        height: 1n,
        timeNs: 1n,
        view: chain.view(),
      });
      nested.push(answer);
      return toHostAnswer(askCounter(request, depth));
    };
    await run({ get_count: {} });
    expect(nested[0]).toMatchObject({ kind: "refused", code: "enclave/bad_request" });
  });

  it("ends the call when the chain says that gas has run out", async () => {
    chain.onChainQuery = () => ({
      kind: "chain_query",
      answer: new Uint8Array(0),
      gasUsed: 5n,
      outOfGas: true,
    });
    expect(await run({ get_count: {} })).toMatchObject({
      result: { failure: { kind: "out_of_gas" } },
    });
  });
});
