/** The gas report, as the owner of a contract on a development network gets it. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type NodeProcess,
  runTacit,
  startNodeProcess,
  temporaryHome,
} from "./support/node-process.ts";

const { home, remove } = temporaryHome();
let node: NodeProcess;

beforeAll(async () => {
  node = await startNodeProcess(home, ["--contract-debug"]);
});

afterAll(async () => {
  await node?.stop();
  remove();
});

async function tacit(...args: readonly string[]) {
  const flags = ["--home", home, "--rest", node.urls.rest];
  const { code, stdout, stderr } = await runTacit([...args, ...flags, "--output", "json"]);
  return { code, json: JSON.parse(stdout || stderr) };
}

describe("tacit query gas-report", () => {
  it("shows the sender where each call's gas went, and nobody else", async () => {
    const wasm = join(import.meta.dirname, "../contracts/artifacts/counter.wasm");
    const { json: stored } = await tacit("tx", "compute", "store", wasm, "--from", "a");
    const made = ["tx", "compute", "instantiate", `${stored.code_id}`, '{"count":1}'];
    const { json: contract } = await tacit(...made, "--label", "counted", "--from", "a");
    const message = ["tx", "compute", "execute", contract.contract_address, '{"increment":{}}'];
    const { json: sent } = await tacit(...message, "--from", "b");

    const { json: reports } = await tacit("query", "gas-report", sent.txhash, "--from", "b");
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({
      contract: contract.contract_address,
      entry_point: "execute",
      records: { reads: 1, writes: 1 },
    });
    const { total, instructions, instruction_classes, host_calls } = reports[0].wasm_gas;
    const sumOf = (parts: readonly { readonly gas: number }[]): number =>
      parts.reduce((sum, { gas }) => sum + gas, 0);
    expect(instructions + sumOf(host_calls)).toBe(total);
    expect(sumOf(instruction_classes)).toBe(instructions);

    const text = await runTacit([
      "query",
      "gas-report",
      sent.txhash,
      "--from",
      "b",
      "--home",
      home,
      "--rest",
      node.urls.rest,
    ]);
    expect(text.stdout).toContain("work is a thousandth of the wasm gas, once");
    expect(text.stdout).toContain("db_write");
    expect(text.stdout).toMatch(/memory access +\d+/);
    expect(text.stdout).toMatch(/function \d+ +\d+/);

    const { json: other } = await tacit("query", "gas-report", sent.txhash, "--from", "a");
    expect(other.error.code).toBe("cli/refused");
  });
});
