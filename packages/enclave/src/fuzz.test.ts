import { connectInProcess, type TxNotice } from "@tacit/enclave-channel";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  account,
  contractCode,
  executeMessage,
  NETWORK,
  outputOf,
  SEALING_KEY,
  signTx,
  TestChain,
} from "../test/chain.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);
let chain: TestChain;
let client: Client;
let target: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };
let message: Uint8Array;

beforeAll(async () => {
  const engine = createEnclave({ sealingKey: SEALING_KEY }).createEngine();
  chain = new TestChain(connectInProcess(engine, { runsMeanwhile: true }));
  client = secretjsClient(chain.start().info.ioPublicKey);
  const codeHash = chain.storeCode(contractCode("counter"));
  const init = await client.encrypt(codeHash, { count: 0 });
  target = { contract: chain.instantiate(alice, codeHash, init).contract, codeHash };
  message = await client.encrypt(codeHash, { increment: {} });
});

/** As the first of the block. */
function announce(tx: Omit<TxNotice, "index">): void {
  chain.client.call({ kind: "info" }, chain.handler, () => ({ index: 0, ...tx }));
}

const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
  minLength: 1,
  maxLength: 4,
});

function edit(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (const [at, byte] of changes) changed[at % changed.length] = byte;
  return changed;
}

describe("whatever a user sends", () => {
  it("ends in an answer, and the same transaction untouched still runs", () => {
    const { contract } = target;
    const fields = { sender: alice.address, contract, message };
    const good = signTx(alice, [executeMessage(fields)]);
    const request = chain.executeRequest({ sender: alice, ...target, message });
    fc.assert(
      fc.property(edits, edits, fc.boolean(), (txEdits, messageEdits, signsAnew) => {
        chain.beginBlock();
        const changed = edit(message, messageEdits);
        const tx = signsAnew
          ? signTx(alice, [executeMessage({ ...fields, message: changed })])
          : { ...good, txBytes: edit(good.txBytes, txEdits) };
        announce(tx);
        chain.beginTx(tx);
        const answer = chain.call({ ...request, message: signsAnew ? changed : message });
        chain.endTx("ok" in answer.result);
        if ("failure" in answer.result) expect(answer.result.failure.kind).toBe("enclave");
        chain.endBlock();
      }),
      { numRuns: 100 },
    );
    outputOf(chain.execute(alice, target, message));
  });
});

describe("whatever a host does", () => {
  const request = fc.constantFrom(
    "begin",
    "end",
    "execute",
    "query",
    "branch",
    "commit",
    "revert",
    "begin_tx",
    "end_tx",
    "announce",
    "info",
    "start",
  );

  it("gets an answer or a typed refusal, in any order of requests", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), (steps) => {
        for (const step of steps) expect(perform(step)).toMatch(/^(done|refused:enclave\/.*|ok)$/);
      }),
      { numRuns: 100 },
    );
    /** Back to a state in which a block can run; notices that still wait go first. */
    chain.ask({ kind: "info" });
    chain.height += 1n;
    chain.beginBlock();
    chain.endBlock();
    outputOf(chain.execute(alice, target, message));
  });

  /** What the request gave; `enclave/internal` would be a fault of ours. */
  function perform(step: string): string {
    const { contract } = target;
    switch (step) {
      case "branch":
      case "commit":
      case "revert":
      case "end_tx":
        chain.client.notify({ kind: step });
        return "done";
      case "begin_tx": {
        const fields = { sender: alice.address, contract, message };
        chain.client.notify({
          kind: "begin_tx",
          index: 0,
          ...signTx(alice, [executeMessage(fields)]),
        });
        return "done";
      }
      case "announce": {
        const fields = { sender: alice.address, contract, message };
        announce(signTx(alice, [executeMessage(fields)]));
        return "done";
      }
      default: {
        const answer = chain.ask(requestOf(step));
        if (answer.kind !== "refused") return "ok";
        return answer.code === "enclave/internal" ? "internal" : `refused:${answer.code}`;
      }
    }
  }

  function requestOf(step: string): Parameters<TestChain["ask"]>[0] {
    switch (step) {
      case "begin":
        return chain.beginRequest(chain.height);
      case "end":
        return { kind: "end_block", height: chain.height, appHash: new Uint8Array(32) };
      case "execute":
        return chain.executeRequest({ sender: alice, ...target, message });
      case "query":
        return {
          kind: "query",
          ...target,
          message,
          gasLimit: 100n,
          depth: 1,
          height: 1n,
          timeNs: 1n,
          view: undefined,
        };
      case "start":
        return { kind: "start", network: { ...NETWORK }, sealed: undefined };
      default:
        return { kind: "info" };
    }
  }
});
