import { connectInProcess } from "@tacit/enclave-channel";
import { toBase64 } from "@tacit/encoding";
import { beforeAll, describe, expect, it } from "vitest";
import {
  account,
  type CallAnswer,
  contractCode,
  NETWORK,
  SEALING_KEY,
  TestChain,
} from "../test/chain.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { gasReportJson, REPORT_BLOCK_BYTES } from "./gas-report.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);

class DebugChain {
  readonly chain: TestChain;
  readonly codeHash: Uint8Array;
  readonly #contractDebug: boolean;
  client!: Client;
  probe!: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };
  message!: Uint8Array;

  constructor(contractDebug: boolean) {
    const enclave = createEnclave({ sealingKey: SEALING_KEY });
    this.#contractDebug = contractDebug;
    this.chain = new TestChain(connectInProcess(enclave.createEngine()));
    this.codeHash = this.chain.storeCode(contractCode("host_probe"));
  }

  async start(): Promise<void> {
    const network = { ...NETWORK, contractDebug: this.#contractDebug };
    this.client = secretjsClient(this.chain.start(network).info.ioPublicKey);
    const init = await this.client.encrypt(this.codeHash, {});
    const { contract } = this.chain.instantiate(alice, this.codeHash, init);
    this.probe = { contract, codeHash: this.codeHash };
  }

  async run(...steps: readonly object[]): Promise<CallAnswer> {
    this.message = await this.client.encrypt(this.codeHash, { run: { steps } });
    return this.chain.execute(alice, this.probe, this.message);
  }
}

const debug = new DebugChain(true);
const usual = new DebugChain(false);

beforeAll(async () => {
  await debug.start();
  await usual.start();
});

const record = (key: string, value: string) => ({
  write: { key: toBase64(Buffer.from(key)), value: toBase64(Buffer.from(value)) },
});

interface Report {
  readonly contract: string;
  readonly entry_point: string;
  readonly gas: { readonly compute: number; readonly storage: number };
  readonly wasm_gas: {
    readonly total: number;
    readonly instructions: number;
    readonly instruction_classes: { readonly name: string; readonly gas: number }[];
    readonly functions: { readonly index: number; readonly name: string; readonly gas: number }[];
    readonly host_calls: { readonly name: string; readonly calls: number; readonly gas: number }[];
  };
  readonly records: object;
}

async function reportOf({ gasReport }: CallAnswer): Promise<Report> {
  expect(gasReport!.subarray(0, 32)).toEqual(debug.message.subarray(0, 32));
  return JSON.parse(await debug.client.decryptText(gasReport!.slice(32), debug.message));
}

describe("the gas report of a message", () => {
  it("is for its author, who opens it with secretjs, and accounts for the gas", async () => {
    const answer = await debug.run(record("k", "12345"), record("l", "1"));
    const report = await reportOf(answer);
    expect(report).toMatchObject({
      entry_point: "execute",
      gas: { compute: Number(answer.gas.compute), storage: Number(answer.gas.storage) },
      records: { reads: 0, bytes_read: 0, writes: 2, bytes_written: 6, removals: 0 },
    });
    const { total, instructions, instruction_classes, functions, host_calls } = report.wasm_gas;
    expect(host_calls).toEqual([{ name: "db_write", calls: 2, gas: 2 * 2_000 + 6 * 5_000 }]);
    expect(instructions + host_calls[0]!.gas).toBe(total);
    expect(instruction_classes.reduce((sum, { gas }) => sum + gas, 0)).toBe(instructions);
    expect(functions).toHaveLength(12);
    expect(functions[0]!.gas).toBeGreaterThan(functions[11]!.gas);
  });

  it("tells nobody else anything: not what it says, not even its length", async () => {
    const lengths = new Set<number>();
    for (const count of [1, 40]) {
      const answer = await debug.run(
        ...Array.from({ length: count }, (_, i) => record(`${i}`, "v")),
      );
      lengths.add(answer.gasReport!.length);
      const other = secretjsClient(
        debug.chain.start({ ...NETWORK, contractDebug: true }).info.ioPublicKey,
        8,
      );
      await expect(other.decryptText(answer.gasReport!.slice(32), debug.message)).rejects.toThrow();
    }
    expect(lengths.size).toBe(1);
  });

  it("fits into one length, whatever the contract did and however it names its functions", () => {
    const gas = 10_000_000_000n;
    const list = (count: number, name: string) =>
      Array.from({ length: count }, (_, index) => ({ index, name, gas, calls: 10_000_000 }));
    const storage = { reads: 1e7, bytesRead: 1e10, writes: 1e7, bytesWritten: 1e10, removals: 1e7 };
    const json = gasReportJson(
      "c".repeat(64),
      "ibc_channel_connect",
      {
        total: gas,
        instructions: gas,
        instructionGas: {
          classes: list(14, "bit operations") as never,
          functions: list(12, "n".repeat(80)),
        },
        hostCalls: list(22, "secp256k1_recover_pubkey"),
        storage,
      },
      { compute: gas, storage: gas },
    );
    expect(json.length).toBeGreaterThan(3_000);
    expect(json.length).toBeLessThan(REPORT_BLOCK_BYTES);
  });

  it("comes with failures, out of gas too", async () => {
    const failed = await reportOf(await debug.run({ error: { message: "no" } }));
    expect(failed.wasm_gas.total).toBeGreaterThan(0);
    const exhausted = await debug.run({ loop: {} });
    expect(exhausted.result).toEqual({ failure: { kind: "out_of_gas" } });
    const { wasm_gas } = await reportOf(exhausted);
    expect(wasm_gas.instructions).toBeGreaterThanOrEqual(1_000_000_000);
  });

  it("changes no gas, and is not made on a network that does not let contracts speak", async () => {
    const steps = [record("same", "value"), { encrypted: { key: "a", value: "b" } }];
    const [with_, without] = [await debug.run(...steps), await usual.run(...steps)];
    expect(with_.gas).toEqual(without.gas);
    expect(with_.gasReport).toBeDefined();
    expect(without.gasReport).toBeUndefined();
  });
});
