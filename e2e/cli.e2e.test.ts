/** The command as a person or a script uses it, against a node of its own. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type NodeProcess,
  runTacit,
  startNodeProcess,
  temporaryHome,
} from "./support/node-process.ts";

const { home, remove } = temporaryHome();
const env = { TACIT_PASSPHRASE: "eight or more" };
let node: NodeProcess;
let flags: string[];

beforeAll(async () => {
  node = await startNodeProcess(home);
  flags = ["--home", home, "--rest", node.urls.rest, "--output", "json"];
});

afterAll(async () => {
  await node?.stop();
  remove();
});

/** Runs a command that must succeed. @returns its JSON. */
async function tacit(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runTacit([...args, ...flags], { env });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

async function failing(...args: string[]) {
  const { code, stderr } = await runTacit([...args, ...flags], { env });
  return { code, error: JSON.parse(stderr).error as { code: string; message: string } };
}

describe("tacit", () => {
  it("tells the node's status", async () => {
    const status = await runTacit(["status", "--node", node.urls.rpc]);
    expect(status.code).toBe(0);
    expect(status.stdout).toContain(node.chainId);
  });

  it("makes a key, sends coins to it and from it", async () => {
    const keyFlags = ["--home", home, "--output", "json"];
    const made = await runTacit(["keys", "add", "alice", ...keyFlags], { env });
    const { address, mnemonic } = JSON.parse(made.stdout);
    expect(mnemonic.split(" ")).toHaveLength(24);
    const sent = await tacit("tx", "bank", "send", "a", "alice", "5000000uscrt");
    expect(sent.txhash).toMatch(/^[0-9A-F]{64}$/);
    expect(await tacit("query", "bank", "balances", "alice")).toEqual([
      { denom: "uscrt", amount: "5000000" },
    ]);
    await tacit("tx", "bank", "send", "alice", "b", "1uscrt", "--memo", "thanks");
    const other = temporaryHome();
    const imported = await runTacit(
      ["keys", "import", "again", "--home", other.home, "--output", "json"],
      { env, input: `${mnemonic}\n` },
    );
    expect(JSON.parse(imported.stdout).address).toBe(address);
    other.remove();
    const wrong = await runTacit(["tx", "bank", "send", "alice", "b", "1uscrt", ...flags], {
      env: { TACIT_PASSPHRASE: "something else" },
    });
    expect(JSON.parse(wrong.stderr).error.code).toBe("cli/passphrase");
  });

  it("stores, instantiates, executes and queries a contract", async () => {
    const wasm = join(import.meta.dirname, "../contracts/artifacts/counter.wasm");
    const { code_id } = await tacit("tx", "compute", "store", wasm, "--from", "a");
    const label = ["--label", "cli counter", "--from", "a"];
    const made = await tacit("tx", "compute", "instantiate", `${code_id}`, '{"count":1}', ...label);
    const contract = `${made.contract_address}`;
    const message = join(home, "message.json");
    mkdirSync(home, { recursive: true });
    writeFileSync(message, '{"increment":{}}');
    const executed = await tacit(
      "tx",
      "compute",
      "execute",
      contract,
      `@${message}`,
      "--from",
      "b",
    );
    expect(executed).toMatchObject({
      attributes: [{ key: "count", value: "2" }],
      data: ['{"count":2}'],
    });
    const answer = await tacit("query", "compute", "query", contract, '{"get_count":{}}');
    expect(answer).toEqual({ count: 2 });
    const shown = await tacit("query", "tx", `${executed.txhash}`, "--from", "b");
    expect(shown).toMatchObject({ data: ['{"count":2}'] });
    const none = await failing("query", "gas-report", `${executed.txhash}`, "--from", "b");
    expect(none.error.code).toBe("cli/not_found");
    const list = await tacit("query", "compute", "list-code");
    expect(JSON.stringify(list)).toContain(`"${code_id}"`);
    const refused = await failing(
      ...["tx", "compute", "execute", contract, '{"reset":{"count":0}}', "--from", "b"],
    );
    expect(refused).toMatchObject({ code: 4, error: { code: "cli/tx_failed" } });
    expect(refused.error.message).toContain("only the owner");
  });

  it("shows blocks, and says what is not there", async () => {
    const block = await tacit("query", "block", "1");
    expect(block).toHaveProperty("block.header.height", "1");
    expect(await failing("query", "tx", "AB".repeat(32))).toMatchObject({ code: 5 });
    expect(await failing("query", "bank", "balances", "nobody")).toMatchObject({
      error: { code: "cli/key_unknown" },
    });
    expect(await failing("query", "block", "0")).toMatchObject({ code: 2 });
  });

  it("says when no node answers", async () => {
    const { code, stderr } = await runTacit(["query", "block", "--rest", "http://127.0.0.1:1"]);
    expect(code).toBe(3);
    expect(stderr).toContain("tacit start");
  });

  it("says what is missing when the enclave's key is gone", async () => {
    const other = temporaryHome();
    await (await startNodeProcess(other.home)).stop();
    rmSync(join(other.home, "data/enclave/sealing-key"));
    await expect(startNodeProcess(other.home)).rejects.toThrow(/Bring back .*sealing-key/);
    other.remove();
  });

  it("completes commands and flags in bash", async () => {
    const { stdout } = await runTacit(["completion", "bash"]);
    const script = `${stdout}
COMP_WORDS=(tacit tx bank se); COMP_CWORD=3; compopt() { :; }; _tacit; echo "\${COMPREPLY[@]}"
COMP_WORDS=(tacit query compute --o); COMP_CWORD=3; _tacit; echo "\${COMPREPLY[@]}"
COMP_WORDS=(tacit ke); COMP_CWORD=1; _tacit; echo "\${COMPREPLY[@]}"`;
    const completed = execFileSync("bash", ["-c", script], { encoding: "utf8" });
    expect(completed.split("\n").slice(0, 3)).toEqual(["send", "", "keys"]);
  });
});
