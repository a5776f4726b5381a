/** A host thread: the same small chain over FIFOs, with the enclave killed in the middle of a call. */
import { parentPort, workerData } from "node:worker_threads";
import { type ChannelDescriptor, ChannelError, connectEnclave } from "@tacit/enclave-channel";
import { account, contractCode, executeMessage, outputOf, signTx, TestChain } from "./chain.ts";
import { secretjsClient } from "./secretjs.ts";

const [block, query] = workerData as ChannelDescriptor[];
const chain = new TestChain(connectEnclave(block!));
const alice = account(1);
const codeHash = chain.storeCode(contractCode("counter"));
const started = chain.start();
const client = secretjsClient(started.info.ioPublicKey);
const init = await client.encrypt(codeHash, { count: 1 });
const { contract } = chain.instantiate(alice, codeHash, init);
const counter = { contract, codeHash };
const increment = await client.encrypt(codeHash, { increment: {} });
outputOf(chain.execute(alice, counter, increment));
const countQuery = await client.encrypt(codeHash, { get_count: {} });
const queries = connectEnclave(query!);

async function count(): Promise<number> {
  const answer = chain.query(counter, countQuery, queries);
  if (answer.kind !== "query" || !("ok" in answer.result)) throw new TypeError(answer.kind);
  const text = await client.decryptText(answer.result.ok, countQuery);
  return (JSON.parse(Buffer.from(text, "base64").toString()) as { count: number }).count;
}

const before = await count();

/** A block whose only message is cut off by the death of the enclave, then the block again. */
const message = await client.encrypt(codeHash, { increment: {} });
const request = chain.executeRequest({ sender: alice, ...counter, message });
const tx = signTx(alice, [executeMessage({ sender: alice.address, contract, message })]);
chain.beginBlock();
let deaths = 0;
let sameGas: bigint | undefined;
for (let attempt = 0; attempt < 2; attempt++) {
  chain.intercept = (_asked, honest) => {
    if (attempt > 0) return honest();
    parentPort!.postMessage("kill");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    return honest();
  };
  try {
    /** Blocks read what is remembered; a query of a committed state has to ask. */
    if (attempt === 0) chain.query(counter, countQuery);
    chain.beginTx(tx);
    const answer = chain.call(request);
    chain.endTx("ok" in answer.result);
    sameGas = answer.gas.compute;
  } catch (error) {
    if (!(error instanceof ChannelError) || error.code !== "channel/enclave_died") throw error;
    deaths++;
    const begun = chain.ask(chain.beginRequest(chain.height));
    if (begun.kind !== "begun") throw new TypeError(begun.kind);
  }
}
chain.intercept = (_asked, honest) => honest();
chain.endBlock();
const after = await count().catch(async () => count());
parentPort!.postMessage({ before, after, deaths, hasGas: sameGas !== undefined });
queries.close();
chain.client.close();
