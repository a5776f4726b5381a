/** A network that pads, seen by unmodified secretjs and by somebody who measures the node's answers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
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
let node: NodeProcess;
let alice: Actor;
let probe: Contract;

beforeAll(async () => {
  node = await startNodeProcess(home);
  alice = actor("a", node);
  probe = await instantiate(alice, await upload(alice, artifact("host_probe")), {});
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const base64 = (text: string) => Buffer.from(text).toString("base64");
const run = (...steps: readonly object[]) =>
  execute(alice, probe, { run: { steps } }, { gas: 500_000 });

/** What anybody can fetch of a transaction, without its hash and height. */
async function lengthsOfEvents(hash: string): Promise<readonly number[]> {
  const response = await fetch(`${node.urls.rest}/cosmos/tx/v1beta1/txs/${hash}`);
  const { tx_response } = (await response.json()) as {
    tx_response: { events: { type: string; attributes: { key: string; value: string }[] }[] };
  };
  const wasm = tx_response.events.filter(({ type }) => type === "wasm");
  return wasm.flatMap(({ attributes }) =>
    attributes.flatMap((each) => [each.key.length, each.value.length]),
  );
}

describe("a transaction on a network that pads", () => {
  it("has events of the same lengths for short and long values, which secretjs reads as they were", async () => {
    const lengths: (readonly number[])[] = [];
    for (const value of ["1", "115792089237316195423570985008687907853"]) {
      const tx = await run({ encrypted: { key: `amount ${value}`, value } });
      expect(tx.arrayLog).toContainEqual({ msg: 0, type: "wasm", key: `amount ${value}`, value });
      lengths.push(await lengthsOfEvents(tx.transactionHash));
    }
    expect(lengths[0]).toHaveLength(6);
    expect(lengths[1]).toEqual(lengths[0]);
  });

  it("shows an error to its author exactly as the contract wrote it", async () => {
    const tx = await run({ error: { message: "not enough" } });
    const text = "failed to execute message; message index: 0: Generic error: not enough";
    expect(tx.rawLog).toBe(`${text}: execute contract failed`);
  });

  it("has no padding in what the contract stored and answers", async () => {
    await run({ write: { key: base64("k"), value: base64("value") } });
    expect(await ask(alice, probe, { get: { key: base64("k") } })).toBe(base64("value"));
  });
});
