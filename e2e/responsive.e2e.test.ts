/** A block that takes long must not keep anybody else waiting. */
import { MsgExecuteContract, type SecretNetworkClient } from "secretjs";
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

/** What one call of a contract may use at the most, and some for the rest: about a tenth of a second. */
const GAS = 11_000_000;
const SENDERS = ["a", "b", "c", "d"];
const LOOPS_EACH = 4;
/** More than the pauses between the few blocks that take the loops, so that most fall into a block. */
const ROUNDS_MIN = 10;

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

describe("while blocks of endless loops execute", () => {
  it("RPC, REST and private queries answer again and again before the loops are over", async () => {
    const hashes = await broadcastLoops();
    let rounds = 0;
    for (; (await alice.client.query.getTx(hashes.at(-1) as string)) === null; rounds++) {
      expect(await rpc("health")).toEqual({});
      expect(await ask(alice, counter, { get_count: {} })).toEqual({ count: 7 });
      const { balance } = await alice.client.query.bank.balance({
        address: alice.address,
        denom: "uscrt",
      });
      expect(BigInt(balance?.amount ?? 0)).toBeGreaterThan(0n);
    }
    expect(rounds).toBeGreaterThanOrEqual(ROUNDS_MIN);
    for (const hash of hashes) expect((await included(hash)).code).not.toBe(0);
  });
});

/** Signed before any is sent, so that few blocks have them all. */
async function broadcastLoops(): Promise<string[]> {
  const hashes = await Promise.all(
    SENDERS.map(async (name) => {
      const { client, address } = actor(name, node);
      const loops = await signLoops(client, address);
      const sent: string[] = [];
      for (const loop of loops) {
        const tx = await client.tx.broadcastSignedTx(loop, { waitForCommit: false });
        sent.push(tx.transactionHash);
      }
      return sent;
    }),
  );
  return hashes.flat();
}

async function signLoops(client: SecretNetworkClient, address: string): Promise<Uint8Array[]> {
  const { account } = (await client.query.auth.account({ address })) as {
    account: { account_number: string; sequence?: string };
  };
  const first = Number(account.sequence ?? 0);
  const message = new MsgExecuteContract({
    sender: address,
    ...probe,
    msg: { run: { steps: [{ loop: {} }] } },
    sent_funds: [],
  });
  const signed: Uint8Array[] = [];
  for (let sequence = first; sequence < first + LOOPS_EACH; sequence++) {
    const accountNumber = Number(account.account_number);
    const explicitSignerData = { accountNumber, sequence, chainId: node.chainId };
    signed.push(await client.tx.signTx([message], { ...txOptions(GAS), explicitSignerData }));
  }
  return signed;
}

async function included(hash: string) {
  for (;;) {
    const tx = await alice.client.query.getTx(hash);
    if (tx !== null) return tx;
  }
}

async function rpc(method: string): Promise<unknown> {
  const answer = await fetch(`${node.urls.rpc}/${method}`);
  const { result } = (await answer.json()) as { result: unknown };
  return result;
}
