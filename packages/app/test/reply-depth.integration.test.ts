/** Replies that cause replies, down to the depth at which the network stops. */
import { toBase64 } from "@tacit/encoding";
import { MsgExecuteContract, MsgInstantiateContract, MsgStoreCode } from "secretjs";
import { expect, it } from "vitest";
import { LocalChain, readContract } from "./local-chain.ts";

const code = readContract("host_interface");

/** A transfer of nothing, whose success is replied to. */
const ping = JSON.stringify([
  {
    id: 1,
    msg: {
      bank: { send: { to_address: "secret1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq3x5k6p", amount: [] } },
    },
    gas_limit: null,
    reply_on: "always",
  },
]);

it("a contract that answers every reply with another message fails a hundred calls deep", async () => {
  const chain = new LocalChain();
  const { a } = chain.users;
  const upload = { sender: a.address, wasm_byte_code: code.wasm, source: "", builder: "" };
  await chain.run(a, [new MsgStoreCode(upload)], 5_000_000);
  const init = {
    sender: a.address,
    code_id: 1,
    code_hash: code.hash,
    label: "deep",
    init_msg: { prepare: [{ entry_point: "reply", script: { messages: ping } }] },
  };
  const created = await chain.run(a, [new MsgInstantiateContract(init)]);
  const contract = created.events.find(({ type }) => type === "instantiate")!.attributes[0]!.value;
  const execute = (script: object) =>
    new MsgExecuteContract({
      sender: a.address,
      contract_address: contract,
      code_hash: code.hash,
      msg: script,
      sent_funds: [],
    });
  const result = await chain.run(a, [execute({ messages: ping })], 50_000_000);
  expect(result).toMatchObject({ codespace: "compute", code: 19 });
  const [, ...replies] = result.log.split(": reply to contract failed").reverse();
  expect(replies).toHaveLength(100);
  expect(result.log).toContain("submessages: max call depth exceeded: reply to contract failed");
  expect(result.gasUsed).toBeGreaterThan(100n * 20_000n);

  const after = await chain.run(a, [execute({ data: toBase64(Uint8Array.of(1)) })]);
  expect(after).toMatchObject({ code: 0, log: "" });
});
