/** Contracts on a whole chain in memory: secretjs's own messages, the real enclave, compiled Rust. */
import { gzipSync } from "node:zlib";
import { sha256 } from "@tacit/crypto";
import { decodeMessage, encodeMessage, fromBase64, toBase64, toHex } from "@tacit/encoding";
import {
  SimulateRequestSchema,
  SimulateResponseSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import {
  MsgExecuteContractResponseSchema,
  MsgInstantiateContractResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  QueryByCodeIdRequestSchema,
  QueryByContractAddressRequestSchema,
  QueryCodeHashResponseSchema,
  QueryContractHistoryRequestSchema,
  QueryContractHistoryResponseSchema,
  QueryContractInfoResponseSchema,
  QueryContractsByCodeIdResponseSchema,
  QuerySecretContractRequestSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { MsgInstantiateContract, MsgStoreCode } from "secretjs";
import { beforeAll, describe, expect, it } from "vitest";
import { floodContract } from "./flood.ts";
import { eventTexts, readContract } from "./local-chain.ts";
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
    expect((await a.openBase64(wasm[1]!.key, nonce)).trim()).toBe("secret key");
    expect((await a.openBase64(wasm[1]!.value, nonce)).trim()).toBe("secret value");
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

  it("charges for an answer that fits no channel, and the chain goes on", async () => {
    const { a } = chain.users;
    const wasm = await floodContract();
    const upload = new MsgStoreCode({
      sender: a.address,
      wasm_byte_code: wasm,
      source: "",
      builder: "",
    });
    const stored = await chain.run(a, [upload]);
    expect(stored).toMatchObject({ code: 0, log: "" });
    const codeId = stored.events
      .flatMap(({ attributes }) => attributes)
      .find(({ key }) => key === "code_id")?.value;
    const flood = new MsgInstantiateContract({
      sender: a.address,
      code_id: Number(codeId),
      code_hash: toHex(sha256(wasm)),
      label: "flood",
      init_msg: {},
    });
    const result = await chain.run(a, [flood], 20_000_000);
    expect(result).toMatchObject({ code: 2, codespace: "compute" });
    expect(result.log).toContain("Enclave: failed to deserialize data");
    /** The enclave charges for each byte of a long answer, also of one it does not take. */
    expect(result.gasUsed).toBeGreaterThan(200_000n);
    expect((await chain.steps([write("after the flood", "x")])).result.code).toBe(0);
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

describe("a simulation", () => {
  const simulate = (txBytes: Uint8Array) =>
    chain.abci(
      "/cosmos.tx.v1beta1.Service/Simulate",
      encodeMessage(SimulateRequestSchema, { txBytes }),
    );

  it("of an upload tells its gas, and leaves nothing", async () => {
    const { b } = chain.users;
    const counter = readContract("counter");
    const upload = new MsgStoreCode({
      sender: b.address,
      wasm_byte_code: counter.wasm,
      source: "",
      builder: "",
    });
    const tx = await b.sign([upload], 10_000_000);
    const answer = simulate(tx);
    expect(answer).toMatchObject({ code: 0, log: "" });
    const { gasInfo } = decodeMessage(SimulateResponseSchema, answer.value);
    const [result] = chain.block(tx);
    expect(result).toMatchObject({ code: 0, log: "" });
    const difference = (gasInfo?.gasUsed ?? 0n) - result!.gasUsed;
    expect(Number(difference) / Number(result!.gasUsed)).toBeLessThan(0.01);
  });

  it("of a message to a contract fails: nothing is signed", async () => {
    const { a } = chain.users;
    const answer = simulate(await a.sign([chain.call([])], 200_000));
    a.sequence -= 1;
    expect(answer.code).not.toBe(0);
    expect(`${answer.log} ${answer.grpcStatus?.message}`).toContain(
      "failed to verify transaction signature",
    );
  });
});

describe("an upload", () => {
  it("of what is no contract is refused with the reason", async () => {
    const { a } = chain.users;
    const upload = new MsgStoreCode({
      sender: a.address,
      wasm_byte_code: Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
      source: "",
      builder: "",
    });
    const result = await chain.run(a, [upload]);
    expect(result).toMatchObject({ code: 15, codespace: "compute" });
    expect(result.log).toMatch(/: create contract failed$/);
  });

  it("gets a code of its own, even of the same code, packed or not", async () => {
    const { a } = chain.users;
    const counter = readContract("counter");
    const upload = (bytes: Uint8Array) =>
      new MsgStoreCode({ sender: a.address, wasm_byte_code: bytes, source: "", builder: "" });
    const packed = new Uint8Array(gzipSync(counter.wasm));
    const result = await chain.run(a, [upload(counter.wasm), upload(packed)], 10_000_000);
    expect(result).toMatchObject({ code: 0, log: "" });
    const ids = result.events
      .flatMap(({ attributes }) => attributes)
      .filter(({ key }) => key === "code_id")
      .map(({ value }) => BigInt(value));
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe(ids[0]! + 1n);
    for (const codeId of ids) {
      const { codeHash } = chain.query(
        `${compute}/CodeHashByCodeId`,
        { input: QueryByCodeIdRequestSchema, output: QueryCodeHashResponseSchema },
        { codeId },
      );
      expect(codeHash).toBe(counter.hash);
    }
  });
});

describe("CheckTx", () => {
  it("takes a message to a contract without running it", async () => {
    const { a } = chain.users;
    const tx = await a.sign([chain.call([{ panic: { message: "not now" } }])], 200_000);
    expect(chain.chain.checkTx({ tx, recheck: false })).toMatchObject({ code: 0, log: "" });
    expect(chain.block(tx)[0]).toMatchObject({ code: 3, codespace: "compute" });
  });
});

describe("contracts of a code", () => {
  it("are shown in the order of their creation", () => {
    const { contractInfos } = chain.query(
      `${compute}/ContractsByCodeId`,
      { input: QueryByCodeIdRequestSchema, output: QueryContractsByCodeIdResponseSchema },
      { codeId: 1n },
    );
    expect(contractInfos.slice(0, 2).map(({ contractInfo }) => contractInfo?.label)).toEqual([
      "first",
      "second",
    ]);
    expect(contractInfos[0]?.contractInfo?.created).toBeUndefined();
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
