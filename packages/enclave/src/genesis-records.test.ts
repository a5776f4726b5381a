import { connectInProcess } from "@tacit/enclave-channel";
import { describe, expect, it } from "vitest";
import {
  account,
  contractCode,
  executeMessage,
  outputOf,
  SEALING_KEY,
  signTx,
  TestChain,
} from "../test/chain.ts";
import { secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);

function newChain(): TestChain {
  const enclave = createEnclave({ sealingKey: SEALING_KEY });
  return new TestChain(connectInProcess(enclave.createEngine()));
}

describe("records that a genesis brings", () => {
  it("are nothing to the first block, which could not prove them, and all there in the next", async () => {
    const original = newChain();
    const { sealed, info } = original.start();
    const client = secretjsClient(info.ioPublicKey);
    const codeHash = original.storeCode(contractCode("counter"));
    const init = await client.encrypt(codeHash, { count: 41 });
    const { contract } = original.instantiate(alice, codeHash, init);

    const copy = Object.assign(newChain(), { sealed, codes: original.codes });
    copy.start();
    const message = await client.encrypt(codeHash, { increment: {} });
    const body = executeMessage({ sender: alice.address, contract, message });
    const request = copy.executeRequest({ sender: alice, contract, codeHash, message });
    copy.beginBlock();
    copy.beginTx(signTx(alice, [body]));
    expect(copy.call(request).result).toMatchObject({
      failure: { code: "enclave/unknown_contract" },
    });
    copy.endTx(false);
    const branch = copy.store.branch();
    const { version } = original.store.lastCommitId();
    for (const [key, value] of original.store.atVersion(version).kvStore("private").iterator()) {
      branch.kvStore("private").set(key, value);
    }
    branch.write();
    copy.endBlock();

    const answer = outputOf(copy.execute(alice, { contract, codeHash }, message));
    const data = Buffer.from(await client.decryptText(answer.data!, message), "base64");
    expect(JSON.parse(data.toString())).toEqual({ count: 42 });
  });
});
