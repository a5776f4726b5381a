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
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ApplicationThreads, secretdev1, startApplicationThreads } from "../src/index.ts";
import { blockOf } from "./bank-chain.ts";
import { LocalUser, readContract } from "./local-chain.ts";
import { initLocalSecret } from "./local-secret.ts";

const mnemonic =
  "grant rice replace explain federal release fix clever romance raise often wild taxi quarter soccer fiber love must tape steak together observe swap guitar";
const code = readContract("counter");
const directory = mkdtempSync(join(tmpdir(), "tacit-enclave-death-"));
/** Milliseconds after which the enclave is killed in one block each; nothing waits for them. */
const killDelaysMs = [0, 5, 25];
const txsPerBlock = 30;

let supervisor: EnclaveSupervisor;
let threads: ApplicationThreads;
let user: LocalUser;
let deaths = 0;
let height = 0n;

beforeAll(async () => {
  supervisor = new EnclaveSupervisor({
    entry: fileURLToPath(import.meta.resolve("@tacit/enclave/main")),
    sealingKeyFile: join(directory, "sealing-key"),
    channels: 2,
    onDeath: () => {
      deaths += 1;
      void threads?.reviveEnclave();
    },
  });
  threads = await startApplicationThreads({
    network: secretdev1,
    store: { directory: join(directory, "application") },
    channels: { blocks: supervisor.channel(0), queries: [supervisor.channel(1)] },
    sealedFile: join(directory, "sealed"),
  });
  user = new LocalUser(mnemonic, 1, threads.enclave.ioPublicKey);
  await initLocalSecret(threads);
});

afterAll(async () => {
  await threads.close();
  await supervisor.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function block(txs: readonly Uint8Array[], during = () => {}) {
  height += 1n;
  const hash = sha256(new TextEncoder().encode(`block ${height}`));
  const running = threads.application.finalizeBlock({ ...blockOf(height, txs), hash });
  during();
  const { txResults } = await running;
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
    label: "counter",
    init_msg: { count: 0 },
  });
  await block([await user.sign([store], 5_000_000)]);
  const [made] = await block([await user.sign([make], 500_000)]);
  expect(made).toMatchObject({ code: 0, log: "" });
  const [response] = decodeMessage(TxMsgDataSchema, made!.data).msgResponses;
  return decodeMessage(MsgInstantiateContractResponseSchema, response!.value).address;
}

async function count(contractAddress: string): Promise<number> {
  const query = await user.encryption.encrypt(code.hash, { get_count: {} });
  const response = await threads.application.query({
    path: "/secret.compute.v1beta1.Query/QuerySecretContract",
    data: encodeMessage(QuerySecretContractRequestSchema, { contractAddress, query }),
    height: 0n,
    prove: false,
  });
  expect(response.log).toBe("");
  const { data } = decodeMessage(QuerySecretContractResponseSchema, response.value);
  const text = await user.openBase64(Buffer.from(data).toString("base64"), query.slice(0, 32));
  return JSON.parse(Buffer.from(text, "base64").toString()).count;
}

it("a block whose enclave is killed in the middle executes each of its messages once", async () => {
  const contract = await deploy();
  const increment = () =>
    user.sign(
      [
        new MsgExecuteContract({
          sender: user.address,
          contract_address: contract,
          code_hash: code.hash,
          msg: { increment: {} },
          sent_funds: [],
        }),
      ],
      200_000,
    );
  let executed = 0;
  for (const delayMs of [undefined, ...killDelaysMs]) {
    const txs: Uint8Array[] = [];
    for (let index = 0; index < txsPerBlock; index += 1) txs.push(await increment());
    const results = await block(txs, () => {
      if (delayMs === undefined) return;
      setTimeout(() => process.kill(supervisor.pid!, "SIGKILL"), delayMs);
    });
    expect(results.filter((result) => result.code !== 0)).toEqual([]);
    executed += txsPerBlock;
    expect(await count(contract)).toBe(executed);
  }
  process.kill(supervisor.pid!, "SIGKILL");
  expect(await count(contract)).toBe(executed);
  expect(deaths).toBe(killDelaysMs.length + 1);
});
