/** A chain made by genesis commands, exported, and gone on with in another home. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runTacit, startNodeProcess, temporaryHome } from "./support/node-process.ts";

const homes = [temporaryHome(), temporaryHome(), temporaryHome()] as const;
const [first, second, third] = homes;
const counter = join(import.meta.dirname, "../contracts/artifacts/counter.wasm");
/** Made on the first chain; counts from 40. */
let contract = "";
const exported = join(first.home, "export.json");

afterAll(() => {
  for (const { remove } of homes) remove();
});

async function tacit(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runTacit([...args, "--output", "json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

async function failing(...args: string[]) {
  const { code, stderr } = await runTacit([...args, "--output", "json"]);
  expect(code).not.toBe(0);
  return JSON.parse(stderr).error as { code: string; message: string; hint?: string };
}

async function heightOf(url: string): Promise<bigint> {
  const response = await fetch(`${url}/status`);
  const { result } = (await response.json()) as {
    result: { sync_info: { latest_block_height: string } };
  };
  return BigInt(result.sync_info.latest_block_height);
}

describe("the genesis commands", () => {
  it("make a chain that starts, with accounts and a validator of one's own", async () => {
    const at = ["--home", first.home];
    expect(await tacit("init", "--chain-id", "own-chain-1", ...at)).toMatchObject({
      chainId: "own-chain-1",
    });
    await tacit("genesis", "add-account", "a", "1000000000uscrt", ...at);
    const vesting = ["--vesting-amount", "8uscrt", "--vesting-end-time", "1999999999"];
    await tacit("genesis", "add-account", "b", "9uscrt", ...vesting, ...at);
    expect(await failing("genesis", "validate", ...at)).toMatchObject({ code: "genesis/limit" });
    expect(await failing("genesis", "gentx", "a", "5000000000uscrt", ...at)).toMatchObject({
      code: "genesis/limit",
    });
    await tacit("genesis", "gentx", "a", "100000000uscrt", ...at);
    await tacit("genesis", "collect-gentxs", ...at);
    expect(await tacit("genesis", "validate", ...at)).toMatchObject({
      valid: true,
      accounts: 2,
      validators: 1,
    });
    const node = await startNodeProcess(first.home);
    expect(node.chainId).toBe("own-chain-1");
    const there = ["--rest", node.urls.rest, ...at];
    await tacit("tx", "bank", "send", "a", "c", "7uscrt", ...there);
    await tacit("tx", "compute", "store", counter, "--from", "a", ...there);
    const made = await tacit(
      ...["tx", "compute", "instantiate", "1", '{"count":40}', "--label", "counted"],
      ...["--from", "a", ...there],
    );
    contract = `${made.contract_address}`;
    await tacit("tx", "compute", "execute", contract, '{"increment":{}}', "--from", "a", ...there);
    await node.stop();
  });

  it("refuse to change what has begun", async () => {
    const at = ["--home", first.home];
    expect(await failing("genesis", "add-account", "d", "1uscrt", ...at)).toMatchObject({
      code: "cli/data_dir",
    });
    expect(await failing("init", "--overwrite", ...at)).toMatchObject({ code: "cli/data_dir" });
  });
});

describe("an export", () => {
  it("is a genesis that passes, and that another home goes on with", async () => {
    await runTacit(["export", "--home", first.home, "--output-document", exported]);
    expect(await tacit("genesis", "validate", exported)).toMatchObject({ valid: true });
    const { initial_height } = JSON.parse(readFileSync(exported, "utf8"));
    await tacit("init", "--home", second.home, "--keys-from", first.home);
    for (const isAgain of [false, true]) {
      const node = await startNodeProcess(second.home, ["--genesis", exported]);
      expect(await heightOf(node.urls.rpc)).toBeGreaterThanOrEqual(BigInt(initial_height));
      const balance = ["query", "bank", "balances", "c", "--rest", node.urls.rest];
      expect(await tacit(...balance), isAgain ? "started again" : "started").toEqual([
        { denom: "uscrt", amount: "7" },
      ]);
      const question = ["query", "compute", "query", contract, '{"get_count":{}}'];
      const answer = await tacit(...question, "--rest", node.urls.rest, "--home", second.home);
      expect(answer).toEqual({ count: 41 });
      await node.stop();
    }
  });

  it("is refused where it was changed, with the place", async () => {
    const document = JSON.parse(readFileSync(exported, "utf8"));
    document.app_state.bank.supply[0].amount = "1";
    const path = join(third.home, "wrong.json");
    writeFileSync(path, JSON.stringify(document));
    const { code, stderr } = await runTacit(["start", "--home", third.home, "--genesis", path]);
    expect(code).toBe(1);
    expect(stderr).toContain("app_state.bank.supply[0].amount: the supply is 1uscrt");
  });

  it("is refused by a node with other keys, which then can begin otherwise", async () => {
    const { stderr } = await runTacit(["start", "--home", third.home, "--genesis", exported]);
    expect(stderr).toContain("tacit init --keys-from");
    const node = await startNodeProcess(third.home);
    expect(node.chainId).toBe("secretdev-1");
    await node.stop();
  });
});
