/** Outputs that are none, transactions that are refused, and what bank and labels show to all. */
import { MsgExecuteContract, MsgInstantiateContract, MsgSend } from "secretjs";
import { expect } from "vitest";
import type { Contract } from "../secretjs.ts";
import { type KnownActor, query, send } from "./actors.ts";
import { open, secret } from "./marked.ts";
import type { Story } from "./story.ts";

const NOTHING = { messages: [], attributes: [], events: [], data: null };
const subMessage = (msg: object) => ({ id: 0, msg, gas_limit: null, reply_on: "never" });

/** Raw outputs that the enclave must refuse without a word of what was in them. */
const NO_OUTPUTS: readonly object[] = [
  { [secret("output kind")]: 1 },
  { Ok: { ...NOTHING, [secret("output field")]: 1 } },
  { Ok: { ...NOTHING, attributes: [{ key: secret("no value") }] } },
  { Ok: { ...NOTHING, attributes: secret("no list") } },
  { Ok: { ...NOTHING, data: secret("no base64!") } },
  { Ok: { ...NOTHING, messages: [secret("no message")] } },
  { Ok: { ...NOTHING, messages: [subMessage({ [secret("message kind")]: {} })] } },
  { Ok: { ...NOTHING, messages: [subMessage({ wasm: { [secret("wasm kind")]: {} } })] } },
  { Ok: { ...NOTHING, messages: [subMessage({ bank: { [secret("bank kind")]: {} } })] } },
  {
    Ok: {
      ...NOTHING,
      messages: [subMessage({ wasm: { execute: { msg: secret("wasm msg, no base64") } } })],
    },
  },
];

export async function echoStory(story: Story, by: KnownActor): Promise<void> {
  const { codeId, code_hash } = story.code("echo");
  let labels = 0;
  const make = (init_msg: object) => {
    labels += 1;
    const label = `${open("echo")} ${labels}`;
    const parts = { sender: by.address, code_id: codeId, code_hash, label, init_msg };
    return send(by, [new MsgInstantiateContract(parts)]);
  };
  for (const output of NO_OUTPUTS) {
    const tx = story.note(await make(output));
    expect(tx.rawLog, JSON.stringify(output)).toContain("failed to deserialize data");
    expect(tx.rawLog).not.toContain(secret(""));
  }
  const failed = { Err: { generic_err: { msg: secret("old error") } } };
  story.expect(await make(failed), 2, secret("old error"));
  const echo = story.made(await make({ Ok: NOTHING }), code_hash);
  await noJson(story, by, echo);
}

/** `execute` leaves out the first byte, so that JSON becomes none. */
async function noJson(story: Story, by: KnownActor, echo: Contract): Promise<void> {
  const msg = secret("no json") as unknown as object;
  const message = new MsgExecuteContract({ sender: by.address, ...echo, msg, sent_funds: [] });
  story.expect(await send(by, [message]), 3, "failed to deserialize data");
  for (const wrong of [msg, { Err: secret("query error") }, { Ok: 1, [secret("field")]: 2 }]) {
    await query(by, echo, wrong).catch(() => undefined);
  }
}

/** Messages that never become part of a block still reached the node. */
export async function refusedStory(story: Story, by: KnownActor, probe: Contract): Promise<void> {
  const message = (name: string) =>
    new MsgExecuteContract({
      sender: by.address,
      ...probe,
      msg: { run: { steps: [{ error: { message: secret(name) } }] } },
      sent_funds: [],
    });
  const { tx } = by.client;
  const { account } = (await by.client.query.auth.account({ address: by.address })) as {
    readonly account: { readonly account_number: string };
  };
  const accountNumber = Number(account.account_number);
  const { chainId } = story;
  for (const explicitSignerData of [
    { accountNumber, sequence: 0, chainId },
    { accountNumber, sequence: 1_000_000, chainId },
    { accountNumber: accountNumber + 1, sequence: 0, chainId },
  ]) {
    const options = { gasLimit: 200_000, explicitSignerData };
    await expect(tx.broadcast([message("refused")], options)).rejects.toThrow(/code (32|4)/);
  }
  const cheap = { gasLimit: 200_000, gasPriceInFeeDenom: 0 };
  await expect(tx.broadcast([message("too cheap")], cheap)).rejects.toThrow(/code 13/);
  await expect(tx.simulate([message("simulated")])).rejects.toBeDefined();
}

/** What everybody sees, so that a search which finds nothing is not simply blind. */
export async function openStory(story: Story, by: KnownActor): Promise<void> {
  const amount = [{ denom: "uscrt", amount: "1" }];
  const pay = new MsgSend({ from_address: by.address, to_address: by.address, amount });
  story.expect(await send(by, [pay], { memo: open("bank memo") }), 0);
}
