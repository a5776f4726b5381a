/** A block that takes long must not keep anybody else waiting. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import {
  type Actor,
  actor,
  artifact,
  ask,
  type Contract,
  instantiate,
  txOptions,
  upload,
} from "./support/secretjs.ts";

const GAS = 60_000_000;
const ROUNDS = 10;
/** How many of them a busy machine may still need before the block is there. */
const ROUNDS_MIN = 3;

const { home, remove } = temporaryHome();
let node: NodeProcess;
let alice: Actor;
let probe: Contract;
let counter: Contract;

beforeAll(async () => {
  node = await startNodeProcess(home);
  alice = actor("a", node);
  probe = await instantiate(alice, await upload(alice, artifact("host_probe")), {});
  counter = await instantiate(alice, await upload(alice, artifact("counter")), { count: 7 });
});

afterAll(async () => {
  await node?.stop();
  remove();
});

describe("while a block of endless loops executes", () => {
  it("RPC, REST and private queries answer again and again before the block is there", async () => {
    const hashes = await broadcastLoops();
    while ((await executing()) === 0) await rpc("status");
    const height = await rpcHeight();
    let rounds = 0;
    for (let round = 0; round < ROUNDS; round++) {
      expect(await rpc("health")).toEqual({});
      expect(await ask(alice, counter, { get_count: {} })).toEqual({ count: 7 });
      const { balance } = await alice.client.query.bank.balance({
        address: alice.address,
        denom: "uscrt",
      });
      expect(BigInt(balance?.amount ?? 0)).toBeGreaterThan(0n);
      if ((await rpcHeight()) === height) rounds += 1;
    }
    expect(rounds).toBeGreaterThanOrEqual(ROUNDS_MIN);
    for (const hash of hashes) expect((await included(hash)).code).not.toBe(0);
  });
});

/** Several accounts, so that all of them fit one block. */
async function broadcastLoops(): Promise<string[]> {
  const hashes: string[] = [];
  for (const name of ["a", "b", "c", "d"]) {
    const { client, address } = actor(name, node);
    const tx = await client.tx.compute.executeContract(
      { sender: address, ...probe, msg: { run: { steps: [{ loop: {} }] } }, sent_funds: [] },
      { ...txOptions(GAS), waitForCommit: false },
    );
    hashes.push(tx.transactionHash);
  }
  return hashes;
}

/** Transactions taken out of nobody's sight: admitted, not yet in a finished block. */
async function executing(): Promise<number> {
  const { n_txs } = (await rpc("num_unconfirmed_txs")) as { n_txs: string };
  return Number(n_txs);
}

async function included(hash: string) {
  for (;;) {
    const tx = await alice.client.query.getTx(hash);
    if (tx !== null) return tx;
  }
}

async function rpcHeight(): Promise<number> {
  const { sync_info } = (await rpc("status")) as { sync_info: { latest_block_height: string } };
  return Number(sync_info.latest_block_height);
}

async function rpc(method: string): Promise<unknown> {
  const answer = await fetch(`${node.urls.rpc}/${method}`);
  const { result } = (await answer.json()) as { result: unknown };
  return result;
}
