import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "@tacit/crypto";
import { EnclaveSupervisor } from "@tacit/enclave-channel";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { TxMsgDataSchema } from "@tacit/encoding/proto/cosmos/base/abci/v1beta1/abci";
import { MsgInstantiateContractResponseSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  QuerySecretContractRequestSchema,
  QuerySecretContractResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { MsgExecuteContract, MsgInstantiateContract, MsgStoreCode } from "secretjs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ApplicationThreads, secretdev1, startApplicationThreads } from "../src/index.ts";
import { blockOf } from "./bank-chain.ts";
import { LocalUser } from "./local-chain.ts";
import { initLocalSecret } from "./local-secret.ts";
import { slowContract } from "./slow-contract.ts";

const mnemonic =
  "grant rice replace explain federal release fix clever romance raise often wild taxi quarter soccer fiber love must tape steak together observe swap guitar";
const wasm = slowContract();
const code = { wasm, hash: Buffer.from(sha256(wasm)).toString("hex") };
const directory = mkdtempSync(join(tmpdir(), "tacit-query-timeout-"));
const timedOut = expect.objectContaining({ code: "app/query_timeout" });

/** Milliseconds after which time passes for a query that takes some; nothing waits for them. */
const passDelaysMs = [0, 1, 2, 4, 8, 16, 32, 64];

/** By then a query is in its contract, which would be there for seconds; it may also be elsewhere. */
const atWorkMs = 200;

/** Time passes when a test says so. */
class Hours {
  readonly #waiting = new Map<number, () => void>();
  #count = 0;
  #atBegin: ((pass: () => void) => void) | undefined;

  readonly schedule = (_: number, action: () => void): (() => void) => {
    const id = ++this.#count;
    this.#waiting.set(id, action);
    this.#atBegin?.(() => this.#pass(id));
    return () => void this.#waiting.delete(id);
  };

  get running(): number {
    return this.#waiting.size;
  }

  /** Lets the time of everything that runs be over. */
  pass(): void {
    for (const id of [...this.#waiting.keys()]) this.#pass(id);
  }

  /** Has `action` called whenever a query begins, with what lets that query's time be over. */
  atBegin(action: ((pass: () => void) => void) | undefined): void {
    this.#atBegin = action;
  }

  #pass(id: number): void {
    const action = this.#waiting.get(id);
    this.#waiting.delete(id);
    action?.();
  }
}

const hours = new Hours();
let supervisor: EnclaveSupervisor;
let threads: ApplicationThreads;
let user: LocalUser;
let contract: string;
let deaths = 0;
let height = 0n;
const fatal: string[] = [];

beforeAll(async () => {
  supervisor = new EnclaveSupervisor({
    entry: fileURLToPath(import.meta.resolve("@tacit/enclave/main")),
    sealingKeyFile: join(directory, "sealing-key"),
    channels: 3,
    onDeath: () => {
      deaths += 1;
    },
  });
  threads = await startApplicationThreads({
    network: secretdev1,
    store: { directory: join(directory, "application") },
    channels: {
      blocks: supervisor.channel(0),
      queries: [supervisor.channel(1), supervisor.channel(2)],
    },
    sealedFile: join(directory, "sealed"),
    queryGas: 100_000_000n,
    queryLimit: { timeoutMs: 10_000, engines: supervisor, timer: hours },
    onFatal: ({ code: fatalCode }) => fatal.push(fatalCode),
  });
  user = new LocalUser(mnemonic, 1, threads.enclave.ioPublicKey);
  await initLocalSecret(threads);
  contract = await deploy();
});

afterAll(async () => {
  await threads.close();
  await supervisor.stop();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(() => {
  deaths = 0;
});

async function block(txs: readonly Uint8Array[]) {
  height += 1n;
  const hash = sha256(new TextEncoder().encode(`block ${height}`));
  const { txResults } = await threads.application.finalizeBlock({ ...blockOf(height, txs), hash });
  await threads.application.commit();
  return txResults;
}

async function deploy(): Promise<string> {
  const { address: sender } = user;
  const store = new MsgStoreCode({ sender, wasm_byte_code: code.wasm, source: "", builder: "" });
  const make = new MsgInstantiateContract({
    sender,
    code_id: 1,
    code_hash: code.hash,
    label: "probe",
    init_msg: {},
  });
  await block([await user.sign([store], 5_000_000)]);
  const [made] = await block([await user.sign([make], 500_000)]);
  expect(made).toMatchObject({ code: 0, log: "" });
  const [response] = decodeMessage(TxMsgDataSchema, made!.data).msgResponses;
  return decodeMessage(MsgInstantiateContractResponseSchema, response!.value).address;
}

function execution(msg: object): MsgExecuteContract<object> {
  const { address: sender } = user;
  const fields = { contract_address: contract, code_hash: code.hash, sent_funds: [] };
  return new MsgExecuteContract({ ...fields, sender, msg });
}

async function ask(client: string, message: object) {
  const query = await user.encryption.encrypt(code.hash, message);
  return threads.application.query({
    path: "/secret.compute.v1beta1.Query/QuerySecretContract",
    data: encodeMessage(QuerySecretContractRequestSchema, { contractAddress: contract, query }),
    height: 0n,
    prove: false,
    client,
  });
}

/** Asks what takes too long, and lets its time pass, not that of others. */
async function endless(): Promise<void> {
  hours.atBegin((pass) => {
    hours.atBegin(undefined);
    setTimeout(pass, atWorkMs);
  });
  await expect(ask("slow", { slow: {} })).rejects.toEqual(timedOut);
}

async function expectAnswer(client: string): Promise<void> {
  const response = await ask(client, { quick: {} });
  expect(response.log).toBe("");
  expect(decodeMessage(QuerySecretContractResponseSchema, response.value).data).not.toHaveLength(0);
}

describe("a query whose time is over", () => {
  it("is stopped in its contract's loop, and neither blocks nor other queries notice", async () => {
    const end = endless();
    const running = block([await user.sign([execution({ quick: {} })], 1_000_000)]);
    await Promise.all([end, expectAnswer("quick")]);
    expect(await running).toMatchObject([{ code: 0 }]);
    expect(deaths).toBe(0);
  });

  it("leaves its thread to the next ones, again and again", async () => {
    for (let round = 0; round < 3; round++) {
      await endless();
      await Promise.all(["a", "b", "c", "d"].map(expectAnswer));
    }
    expect(deaths).toBe(0);
    expect(hours.running).toBe(0);
  });

  it("is stopped wherever it is: not begun, on its way, at work or done", async () => {
    let begun = 0;
    hours.atBegin((pass) => setTimeout(pass, passDelaysMs[begun++ % passDelaysMs.length]));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 24 }, (_, index) =>
        ask(`${index}`, index % 6 === 0 ? { slow: {} } : { quick: {} }),
      ),
    );
    hours.atBegin(undefined);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") expect(outcome.value.log).toBe("");
      else expect(outcome.reason).toEqual(timedOut);
    }
    await Promise.all(["a", "b", "c", "d"].map(expectAnswer));
    expect(deaths).toBe(0);
    expect(fatal).toEqual([]);
  });

  it("is stopped although the enclave is just being started again", async () => {
    process.kill(supervisor.pid!, "SIGKILL");
    hours.atBegin((pass) => queueMicrotask(pass));
    await expect(ask("slow", { slow: {} })).rejects.toEqual(timedOut);
    hours.atBegin(undefined);
    await block([]);
    await expectAnswer("quick");
    expect(fatal).toEqual([]);
  });
});
