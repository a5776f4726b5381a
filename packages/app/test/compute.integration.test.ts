/** Contracts on a whole chain in memory: secretjs's own messages, the real enclave, compiled Rust. */
import { decodeMessage, encodeMessage, fromBase64, toBase64 } from "@tacit/encoding";
import {
  MsgExecuteContractResponseSchema,
  MsgInstantiateContractResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  QueryByContractAddressRequestSchema,
  QueryContractHistoryRequestSchema,
  QueryContractHistoryResponseSchema,
  QueryContractInfoResponseSchema,
  QuerySecretContractRequestSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { MsgInstantiateContract } from "secretjs";
import { beforeAll, describe, expect, it } from "vitest";
import { eventTexts } from "./local-chain.ts";
import {
  compute,
  nonceOf,
  openError,
  ProbeChain,
  probe,
  responseOf,
  write,
} from "./probe-chain.ts";

let chain: ProbeChain;
beforeAll(async () => {
  chain = await new ProbeChain().prepare();
});

describe("instantiating a contract", () => {
  it("tells of it in the network's order of events", async () => {
    const { a } = chain.users;
    const result = await chain.run(a, [
      new MsgInstantiateContract({
        sender: a.address,
        code_id: 1,
        code_hash: probe.hash,
        label: "events",
        init_msg: { steps: [{ plaintext: { key: "said", value: "aloud" } }] },
      }),
    ]);
    const { address } = decodeMessage(MsgInstantiateContractResponseSchema, responseOf(result));
    const texts = eventTexts(result);
    const from = texts.findIndex((text) => text.startsWith("message{action="));
    expect(texts.slice(from)).toEqual([
      `message{action=/secret.compute.v1beta1.MsgInstantiateContract,sender=${a.address}}`,
      `instantiate{contract_address=${address},code_id=1}`,
      `wasm{contract_address=${address},said=aloud}`,
      `message{module=compute,sender=${a.address},contract_address=${address}}`,
    ]);
    for (const event of result.events.slice(from)) {
      expect(event.attributes.at(-1)).toMatchObject({ key: "msg_index", value: "0" });
    }
  });

  it("keeps its record, its history and its label", () => {
    const info = chain.query(
      `${compute}/ContractInfo`,
      { input: QueryByContractAddressRequestSchema, output: QueryContractInfoResponseSchema },
      { contractAddress: chain.first },
    ).contractInfo;
    expect(info).toMatchObject({ codeId: 1n, label: "first", admin: "" });
    expect(info?.adminProof).toHaveLength(0);
    const { entries } = chain.query(
      `${compute}/ContractHistory`,
      {
        input: QueryContractHistoryRequestSchema,
        output: QueryContractHistoryResponseSchema,
      },
      { contractAddress: chain.first },
    );
    expect(entries).toMatchObject([{ operation: 1, codeId: 1n, updated: { txIndex: 0n } }]);
  });

  it("takes a label once", async () => {
    const { a } = chain.users;
    const result = await chain.run(a, [
      new MsgInstantiateContract({
        sender: a.address,
        code_id: 1,
        code_hash: probe.hash,
        label: "first",
        init_msg: {},
      }),
    ]);
    expect(result).toMatchObject({
      code: 6,
      codespace: "compute",
      log: "failed to execute message; message index: 0: first: contract account already exists",
    });
  });

  it("is refused for another code's hash", async () => {
    const { a } = chain.users;
    const result = await chain.run(a, [
      new MsgInstantiateContract({
        sender: a.address,
        code_id: 1,
        code_hash: "aa".repeat(32),
        label: "wrong",
        init_msg: {},
      }),
    ]);
    expect(result).toMatchObject({ code: 2, codespace: "compute" });
    expect(result.log).toContain(
      "Execution error: Enclave: failed to validate transaction: instantiate contract failed",
    );
  });
});

describe("executing a contract", () => {
  it("encrypts attributes and data to the sender", async () => {
    const { a } = chain.users;
    const { result, nonce } = await chain.steps([
      { encrypted: { key: "secret key", value: "secret value" } },
      { plaintext: { key: "open", value: "to all" } },
      { data: { data: toBase64(Uint8Array.of(1, 2, 3)) } },
    ]);
    expect(result).toMatchObject({ code: 0, log: "" });
    const wasm = result.events.find(({ type }) => type === "wasm")!.attributes;
    expect(wasm[0]).toMatchObject({ key: "contract_address", value: chain.first });
    expect(await a.openBase64(wasm[1]!.key, nonce)).toBe("secret key");
    expect(await a.openBase64(wasm[1]!.value, nonce)).toBe("secret value");
    expect(wasm[2]).toMatchObject({ key: "open", value: "to all" });
    const { data } = decodeMessage(MsgExecuteContractResponseSchema, responseOf(result));
    const opened = new TextDecoder().decode(await a.open(data, nonce));
    expect(fromBase64(opened)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("keeps what it wrote, for queries and for later calls", async () => {
    await chain.steps([write("name", "value")]);
    expect(await chain.read(chain.first, "name")).toBe("value");
    expect(await chain.read(chain.second, "name")).toBeNull();
  });

  it("hands the contract's error to its sender, with the chain's code", async () => {
    const { result, nonce } = await chain.steps([
      write("lost", "x"),
      { error: { message: "not today" } },
    ]);
    expect(result).toMatchObject({ code: 3, codespace: "compute" });
    expect(await openError(chain, result.log, nonce)).toContain("not today");
    expect(await chain.read(chain.first, "lost")).toBeNull();
  });

  it("says in the clear that a contract panicked or ran out of gas", async () => {
    const { result: panicked } = await chain.steps([{ panic: { message: "private reason" } }]);
    expect(panicked).toMatchObject({ code: 3, codespace: "compute" });
    expect(panicked.log).toContain("Execution error: Enclave: ");
    expect(panicked.log).not.toContain("private reason");
    const { result: looped } = await chain.steps([{ loop: {} }], chain.first, 100_000);
    expect(looped).toMatchObject({ code: 11, codespace: "sdk" });
    expect(looped.log).toMatch(
      /out of gas in location: .*; gasWanted: 100000, gasUsed: \d+: out of gas$/,
    );
  });

  it("gives contracts the transaction's place and hash", async () => {
    const { a } = chain.users;
    const message = chain.call([{ env_as_data: {} }]);
    const result = await chain.run(a, [message]);
    const { data } = decodeMessage(MsgExecuteContractResponseSchema, responseOf(result));
    const opened = new TextDecoder().decode(await a.open(data, await nonceOf(a, message)));
    const env = JSON.parse(new TextDecoder().decode(fromBase64(opened)));
    expect(env).toMatchObject({
      block: { chain_id: "secretdev-1" },
      transaction: { index: 0 },
      contract: { address: chain.first, code_hash: probe.hash },
    });
    expect(env.transaction.hash).toMatch(/^[0-9A-F]{64}$/);
  });

  it("runs for whoever signs it, because a ciphertext binds no sender", async () => {
    const { a, b } = chain.users;
    const message = chain.call([write("stolen", "x")]);
    const { value } = await message.toProto(a.encryption);
    const copy = chain.call([]);
    Object.assign(copy, { sender: b.address, msgEncrypted: value.msg });
    await chain.run(a, [message]);
    const result = await chain.run(b, [copy]);
    expect(result.code).toBe(0);
    expect(eventTexts(result).join()).toContain(`sender=${b.address},contract_address`);
  });
});

describe("queries", () => {
  it("fail as secretjs expects", async () => {
    const { encryption } = chain.users.a;
    const sealed = await encryption.encrypt(probe.hash, { error: { message: "no answer" } });
    const answer = chain.abci(
      `${compute}/QuerySecretContract`,
      encodeMessage(QuerySecretContractRequestSchema, {
        contractAddress: chain.first,
        query: sealed,
      }),
    );
    expect(answer.code).not.toBe(0);
    const text = `${answer.log} ${answer.grpcStatus?.message ?? ""}`;
    const found = /encrypted: (.+?): query contract failed/.exec(text)?.[1];
    expect(found, text).toBeDefined();
    expect(await chain.users.a.openBase64(found!, sealed.slice(0, 32))).toContain("no answer");
  });

  it("reach other contracts", async () => {
    await chain.steps([write("of second", "42")], chain.second);
    const msg = { get: { key: toBase64(new TextEncoder().encode("of second")) } };
    const answer = await chain.ask(chain.first, {
      contract: {
        address: chain.second,
        code_hash: probe.hash,
        msg: toBase64(new TextEncoder().encode(JSON.stringify(msg))),
      },
    });
    expect(new TextDecoder().decode(fromBase64(JSON.parse(answer)))).toBe("42");
  });

  it("reach the bank", async () => {
    const query = { balance: { address: chain.users.b.address, denom: "uscrt" } };
    const answer = JSON.parse(await chain.ask(chain.first, query));
    expect(BigInt(answer.amount)).toBeGreaterThan(9n * 10n ** 17n);
  });

  it("see the block's own writes from inside it", async () => {
    const { a } = chain.users;
    const msg = { get: { key: toBase64(new TextEncoder().encode("fresh")) } };
    const asking = chain.call([
      {
        query_as_data: {
          address: chain.second,
          code_hash: probe.hash,
          msg: toBase64(new TextEncoder().encode(JSON.stringify(msg))),
        },
      },
    ]);
    const result = await chain.run(a, [chain.call([write("fresh", "now")], chain.second), asking]);
    expect(result).toMatchObject({ code: 0, log: "" });
    const { data } = decodeMessage(MsgExecuteContractResponseSchema, responseOf(result, 1));
    const opened = new TextDecoder().decode(await a.open(data, await nonceOf(a, asking)));
    expect(new TextDecoder().decode(fromBase64(opened))).toContain(
      toBase64(new TextEncoder().encode("now")),
    );
  });
});
