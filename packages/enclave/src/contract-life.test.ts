import { connectInProcess, type EnclaveRequest } from "@tacit/enclave-channel";
import { encodeMessage, toBase64, toBech32, toHex } from "@tacit/encoding";
import {
  MsgClearAdminSchema,
  MsgMigrateContractSchema,
  MsgUpdateAdminSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { beforeEach, describe, expect, it } from "vitest";
import {
  type Account,
  account,
  type CallAnswer,
  contractCode,
  executeMessage,
  instantiateMessage,
  NETWORK,
  outputOf,
  SEALING_KEY,
  signTx,
  TestChain,
  type TxMessage,
} from "../test/chain.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);
const bob = account(2);
let chain: TestChain;
let client: Client;
let probe: Uint8Array;
let counter: Uint8Array;
let contract: Uint8Array;

const human = (address: Uint8Array) => toBech32("secret", address);

beforeEach(async () => {
  chain = new TestChain(
    connectInProcess(createEnclave({ sealingKey: SEALING_KEY }).createEngine()),
  );
  client = secretjsClient(chain.start().info.ioPublicKey);
  probe = chain.storeCode(contractCode("host_probe"));
  counter = chain.storeCode(contractCode("counter"));
  const message = await client.encrypt(counter, { count: 5 });
  const request = chain.instantiateRequest({
    sender: alice,
    codeHash: counter,
    message,
    admin: alice.address,
  });
  const { codeId, label } = request;
  const admin = human(alice.address);
  const body = instantiateMessage({ sender: alice.address, codeId, label, message, admin });
  outputOf(chain.runTx(alice, body, request));
  contract = request.contract;
});

function migrateMessage(sender: Account, message: Uint8Array): TxMessage {
  const fields = { sender: human(sender.address), contract: human(contract), codeId: 2n };
  const value = encodeMessage(MsgMigrateContractSchema, { ...fields, msg: message });
  return { typeUrl: "/secret.compute.v1beta1.MsgMigrateContract", value };
}

function migrate(sender: Account, message: Uint8Array, admin = sender.address): CallAnswer {
  return chain.runTx(sender, migrateMessage(sender, message), {
    ...chain.executeRequest({ sender, contract, codeHash: probe, message }),
    kind: "migrate",
    codeId: 2n,
    admin,
  });
}

function changeAdmin(sender: Account, admin: Uint8Array, newAdmin: Uint8Array): CallAnswer {
  const fields = { sender: human(sender.address), contract: human(contract) };
  const body =
    newAdmin.length === 0
      ? {
          typeUrl: "/secret.compute.v1beta1.MsgClearAdmin",
          value: encodeMessage(MsgClearAdminSchema, fields),
        }
      : {
          typeUrl: "/secret.compute.v1beta1.MsgUpdateAdmin",
          value: encodeMessage(MsgUpdateAdminSchema, { ...fields, newAdmin: human(newAdmin) }),
        };
  const request: EnclaveRequest = {
    kind: "update_admin",
    contract,
    codeHash: counter,
    sender: sender.address,
    admin,
    newAdmin,
    authorization: { kind: "signed" },
  };
  chain.beginBlock();
  chain.beginTx(signTx(sender, [body]));
  const answer = chain.ask(request);
  if (answer.kind !== "call") throw new TypeError(answer.kind);
  chain.keep(answer);
  chain.endTx("ok" in answer.result);
  chain.endBlock();
  return answer;
}

const failed = (code: string) => ({ result: { failure: { code } }, writes: [] });

describe("a migration", () => {
  it("runs the new code on the old state; the old code no longer answers", async () => {
    outputOf(migrate(alice, await client.encrypt(probe, { fail: false })));
    const query = await client.encrypt(probe, { get: { key: btoa("count") } });
    const answer = chain.query({ contract, codeHash: probe }, query);
    if (answer.kind !== "query" || !("ok" in answer.result)) throw new TypeError(answer.kind);
    const text = await client.decryptText(answer.result.ok, query);
    expect(JSON.parse(Buffer.from(text, "base64").toString())).toBe(
      toBase64(Uint8Array.of(0, 0, 0, 5)),
    );
    const old = await client.encrypt(counter, { increment: {} });
    expect(chain.execute(alice, { contract, codeHash: counter }, old)).toMatchObject(
      failed("enclave/unknown_contract"),
    );
    const steps = [{ write: { key: btoa("count"), value: btoa("new!") } }];
    const now = await client.encrypt(probe, { run: { steps } });
    outputOf(chain.execute(alice, { contract, codeHash: probe }, now));
    outputOf(migrate(alice, await client.encrypt(probe, { fail: false })));
  });

  it("leaves everything as it was when the new code refuses", async () => {
    const answer = migrate(alice, await client.encrypt(probe, { fail: true }));
    expect(answer.result).toMatchObject({ failure: { kind: "contract" } });
    const message = await client.encrypt(counter, { increment: {} });
    outputOf(chain.execute(alice, { contract, codeHash: counter }, message));
  });

  it("is the admin's alone, whoever the host says that is", async () => {
    const message = await client.encrypt(probe, { fail: false });
    expect(migrate(bob, message)).toMatchObject(failed("enclave/wrong_admin"));
    expect(migrate(bob, message, alice.address)).toMatchObject(failed("enclave/wrong_admin"));
  });
});

describe("the admin", () => {
  it("hands over, and the new one can clear", async () => {
    outputOf(changeAdmin(alice, alice.address, bob.address));
    expect(changeAdmin(alice, alice.address, alice.address)).toMatchObject(
      failed("enclave/wrong_admin"),
    );
    outputOf(changeAdmin(bob, bob.address, new Uint8Array(0)));
    expect(changeAdmin(bob, bob.address, bob.address)).toMatchObject(failed("enclave/wrong_admin"));
    const message = await client.encrypt(probe, { fail: false });
    const none = new Uint8Array(0);
    expect(migrate(bob, message, none)).toMatchObject(failed("enclave/wrong_admin"));
  });
});

describe("gas", () => {
  /** Reads, rewrites, removes and reads again; some records are there, some are not. */
  const steps = [
    { read_many: { count: 3 } },
    { write_many: { count: 4, bytes: 50 } },
    { read_many: { count: 6 } },
    { remove: { key: btoa("gone") } },
  ];

  async function gasOfSecondRun(between: () => void): Promise<CallAnswer["gas"]> {
    chain = new TestChain(
      connectInProcess(createEnclave({ sealingKey: SEALING_KEY }).createEngine()),
    );
    client = secretjsClient(chain.start(NETWORK).info.ioPublicKey);
    const codeHash = chain.storeCode(contractCode("host_probe"));
    const init = await client.encrypt(codeHash, {});
    const target = { contract: chain.instantiate(alice, codeHash, init).contract, codeHash };
    const message = await client.encrypt(codeHash, { run: { steps } });
    outputOf(chain.execute(alice, target, message));
    between();
    const answer = chain.execute(alice, target, message);
    outputOf(answer);
    return answer.gas;
  }

  it("is the same for records that are remembered, fetched, or fetched by a new process", async () => {
    const warm = await gasOfSecondRun(() => {});
    const cold = await gasOfSecondRun(() => {
      /** Another state root makes the enclave forget. */
      chain.beginBlock();
      chain.store.commit();
      chain.ask({ kind: "end_block", height: chain.height, appHash: new Uint8Array(32) });
    });
    const restarted = await gasOfSecondRun(() => {
      const { sealed, store, codes, height } = chain;
      const engine = createEnclave({ sealingKey: SEALING_KEY }).createEngine();
      chain = Object.assign(new TestChain(connectInProcess(engine)), {
        sealed,
        store,
        codes,
        height,
      });
      chain.start();
    });
    expect(cold).toEqual(warm);
    expect(restarted).toEqual(warm);
    expect(warm.storage).toBeGreaterThan(4n * (200n + 5n * 150n));
  });

  it("runs out where the caller's gas ends, also for records", async () => {
    const message = await client.encrypt(probe, {});
    const target = { contract: chain.instantiate(alice, probe, message).contract, codeHash: probe };
    const steps = [{ write_many: { count: 50, bytes: 100 } }];
    const run = await client.encrypt(probe, { run: { steps } });
    const request = { ...chain.executeRequest({ sender: alice, ...target, message: run }) };
    const body = executeMessage({ sender: alice.address, contract: target.contract, message: run });
    for (const gasLimit of [0n, 100n, 40_000n]) {
      const answer = chain.runTx(alice, body, { ...request, gasLimit });
      expect(answer).toMatchObject({ result: { failure: { kind: "out_of_gas" } }, writes: [] });
      expect(answer.gas.compute).toBeGreaterThan(gasLimit);
    }
    outputOf(chain.runTx(alice, body, request));
  });

  it("of a loop without end is all there is", async () => {
    const message = await client.encrypt(probe, {});
    const target = { contract: chain.instantiate(alice, probe, message).contract, codeHash: probe };
    const run = await client.encrypt(probe, { run: { steps: [{ loop: {} }] } });
    const answer = chain.execute(alice, target, run);
    expect(answer.result).toEqual({ failure: { kind: "out_of_gas" } });
    expect(answer.gas.compute).toBe(1_000_001n);
  });
});

describe("a contract that goes wrong", () => {
  it.each([
    [{ panic: { message: "secret text" } }, "vm/panic"],
    [{ unreachable: {} }, "vm/panic"],
    [{ recurse: {} }, "vm/stack_overflow"],
  ])("fails with the network's text and nothing of its own: %o", async (step, code) => {
    const message = await client.encrypt(probe, {});
    const target = { contract: chain.instantiate(alice, probe, message).contract, codeHash: probe };
    const steps = [{ write: { key: btoa("k"), value: btoa("v") } }, step];
    const run = await client.encrypt(probe, { run: { steps } });
    const answer = chain.execute(alice, target, run);
    expect(answer).toMatchObject(failed(code));
    expect(JSON.stringify(answer.result)).not.toContain("secret text");
  });
});

describe("the environment", () => {
  it("names block, transaction and contract, and no random unless asked for", async () => {
    const message = await client.encrypt(probe, {});
    const target = { contract: chain.instantiate(alice, probe, message).contract, codeHash: probe };
    const run = await client.encrypt(probe, { run: { steps: [{ env_as_data: {} }] } });
    const { data } = outputOf(chain.execute(alice, target, run));
    const env = JSON.parse(
      Buffer.from(await client.decryptText(data!, run), "base64").toString(),
    ) as { block: { height: number; time: string }; transaction: { hash: string } };
    expect(env).toMatchObject({
      block: {
        height: Number(chain.height),
        time: (1_700_000_000_000_000_000n + chain.height).toString(),
        chain_id: "secretdev-1",
      },
      transaction: { index: 0 },
      contract: { address: human(target.contract), code_hash: toHex(probe) },
    });
    expect(env.transaction.hash).toMatch(/^[0-9A-F]{64}$/);
  });
});
