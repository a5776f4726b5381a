/** A transaction that fails before its messages run, in front of one that calls a contract. */
import { type RunningNode, startNode } from "@tacit/cli";
import { toBase64 } from "@tacit/encoding";
import { MsgSend } from "secretjs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryHome } from "./support/node-process.ts";
import {
  type Actor,
  actor,
  artifact,
  ask,
  type Contract,
  execute,
  instantiate,
  upload,
} from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
/** Long enough for three transactions to come into one block. */
const GATHER_MS = 1_000;
const FEE = 10_000n;

let node: RunningNode;
let alice: Actor;
let bob: Actor;
let counter: Contract;

beforeAll(async () => {
  node = await startNode({ home, ports: "free", logLevel: "silent", blockGather: GATHER_MS });
  alice = actor("a", node);
  bob = actor("b", node);
  counter = await instantiate(alice, await upload(alice, artifact("counter")), { count: 1 });
});

afterAll(async () => {
  await node?.stop();
  remove();
});

/** @returns the transaction's hash. */
async function broadcast(tx: Uint8Array): Promise<string> {
  const response = await fetch(node.urls.rpc, {
    method: "POST",
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "broadcast_tx_sync",
      params: { tx: toBase64(tx) },
    }),
  });
  const { result } = (await response.json()) as { result: { code: number; hash: string } };
  expect(result.code).toBe(0);
  return result.hash;
}

it("leaves the contract's transaction its place in the block", async () => {
  const { address } = bob;
  const { balance } = await bob.client.query.bank.balance({ address, denom: "uscrt" });
  const send = (amount: bigint, sequence: number) =>
    bob.client.tx.signTx(
      [
        new MsgSend({
          from_address: address,
          to_address: alice.address,
          amount: [{ denom: "uscrt", amount: `${amount}` }],
        }),
      ],
      {
        gasLimit: 100_000,
        gasPriceInFeeDenom: 0.1,
        explicitSignerData: { accountNumber: 2, sequence, chainId: node.chainId },
      },
    );
  const drained = await broadcast(await send(BigInt(balance?.amount ?? "0") - FEE, 0));
  const poor = await broadcast(await send(1n, 1));
  const called = await execute(alice, counter, { increment: {} });
  const found = await Promise.all([drained, poor].map((hash) => bob.client.query.getTx(hash)));
  expect(found.map((tx) => [tx?.height, tx?.code])).toEqual([
    [called.height, 0],
    [called.height, 5],
  ]);
  expect(called).toMatchObject({ code: 0, rawLog: "" });
  expect(await ask(alice, counter, { get_count: {} })).toEqual({ count: 2 });
});
