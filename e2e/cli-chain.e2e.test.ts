/** Staking, governance, grants, files and shared accounts from the command line, against a node. */
import { writeFileSync } from "node:fs";
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

beforeAll(async () => {
  node = await startNodeProcess(home);
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const flags = () => ["--home", home, "--rest", node.urls.rest, "--output", "json"];
/** Commands that ask no node. */
const offline = new Set(["encode", "decode", "draft-proposal"]);

/** Runs a command that must succeed. @returns what it prints. */
async function output(...args: string[]): Promise<string> {
  const more = args.some((arg) => offline.has(arg)) ? [] : flags();
  const { code, stdout, stderr } = await runTacit([...args, ...more], { env });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of the node
async function tacit(...args: string[]): Promise<any> {
  return JSON.parse(await output(...args));
}

async function failing(...args: string[]) {
  const { code, stderr } = await runTacit([...args, ...flags()], { env });
  const error = JSON.parse(stderr).error as { code: string; message: string };
  return { exit: code, ...error };
}

function file(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

async function balanceOf(account: string): Promise<bigint> {
  const coins = (await tacit("query", "bank", "balances", account)) as { amount: string }[];
  return BigInt(coins[0]?.amount ?? "0");
}

describe("tacit tx and tacit query", () => {
  it("delegate, move nothing twice, fetch rewards and unbond", async () => {
    const { validators } = await tacit("query", "staking", "validators");
    const operator = validators[0].operator_address as string;
    const sent = await tacit("tx", "staking", "delegate", operator, "1000000uscrt", "--from", "b");
    expect(sent.gas_used).toBeLessThanOrEqual(sent.gas_wanted);
    const { delegation_response } = await tacit("query", "staking", "delegation", operator, "b");
    expect(delegation_response.balance).toEqual({ denom: "uscrt", amount: "1000000" });
    await tacit("tx", "distribution", "withdraw-all-rewards", "--from", "b");
    await tacit("tx", "staking", "unbond", operator, "400000uscrt", "--from", "b");
    const { unbonding_responses } = await tacit("query", "staking", "unbonding-delegations", "b");
    const [entry] = unbonding_responses[0].entries;
    const cancel = ["400000uscrt", entry.creation_height as string, "--from", "b"];
    await tacit("tx", "staking", "cancel-unbond", operator, ...cancel);
    const { unbonding_responses: none } = await tacit(
      "query",
      "staking",
      "unbonding-delegations",
      "b",
    );
    expect(none).toEqual([]);
    expect(
      await failing("tx", "staking", "delegate", operator, "5uatom", "--from", "b"),
    ).toMatchObject({
      exit: 1,
      code: "cli/refused",
      message: expect.stringContaining("invalid coin denomination"),
    });
  });

  it("propose, deposit and vote", async () => {
    const draft = JSON.parse(await output("tx", "gov", "draft-proposal"));
    const { address } = await tacit("query", "account", "c");
    draft.messages[0].recipient = address;
    draft.deposit = "10000000uscrt";
    const proposal = file("proposal.json", JSON.stringify(draft));
    const sent = await tacit("tx", "gov", "submit-proposal", `@${proposal}`, "--from", "a");
    const id = sent.proposal_id as string;
    await tacit("tx", "gov", "deposit", id, "1000000000uscrt", "--from", "a");
    await tacit("tx", "gov", "vote", id, "no_with_veto", "--from", "b");
    await tacit("tx", "gov", "weighted-vote", id, "yes=0.6,no=0.4", "--from", "c");
    const { vote } = await tacit("query", "gov", "vote", id, "c");
    expect(vote.options).toEqual([
      { option: "VOTE_OPTION_YES", weight: "0.600000000000000000" },
      { option: "VOTE_OPTION_NO", weight: "0.400000000000000000" },
    ]);
    const status = ["--proposal-status", "PROPOSAL_STATUS_VOTING_PERIOD"];
    const { proposals } = await tacit("query", "gov", "proposals", ...status);
    expect(proposals).toMatchObject([{ id, title: draft.title }]);
    await tacit("tx", "gov", "cancel-proposal", id, "--from", "a");
    expect(await failing("query", "gov", "proposal", id)).toMatchObject({ exit: 5 });
    expect(await failing("tx", "gov", "vote", id, "maybe", "--from", "a")).toMatchObject({
      exit: 2,
    });
  });

  it("let others send and pay", async () => {
    const limit = ["--spend-limit", "1000uscrt", "--expiration", "+1h"];
    await tacit("tx", "authz", "grant", "d", "send", ...limit, "--from", "c");
    await tacit("tx", "feegrant", "grant", "d", "--spend-limit", "1000000uscrt", "--from", "b");
    const unsigned = await output("tx", "bank", "send", "c", "a", "700uscrt", "--generate-only");
    const before = [await balanceOf("b"), await balanceOf("d")];
    const path = file("exec.json", unsigned);
    const mode = ["--sign-mode", "amino-json"];
    await tacit("tx", "authz", "exec", path, "--from", "d", "--fee-granter", "b", ...mode);
    expect(await balanceOf("d")).toBe(before[1]);
    expect(await balanceOf("b")).toBeLessThan(before[0] as bigint);
    const { grants } = await tacit("query", "authz", "grants-by-granter", "c");
    expect(grants[0].authorization.spend_limit).toEqual([{ denom: "uscrt", amount: "300" }]);
    await tacit("tx", "authz", "revoke", "d", "/cosmos.bank.v1beta1.MsgSend", "--from", "c");
    await tacit("tx", "feegrant", "revoke", "d", "--from", "b");
    expect((await tacit("query", "authz", "grants-by-granter", "c")).grants).toEqual([]);
  });

  it("sign offline, look at what was signed, and send it later", async () => {
    const { account_number, sequence, address } = await tacit("query", "account", "a");
    const numbers = ["--account-number", account_number, "--sequence", sequence];
    const signed = await output(
      ...["tx", "bank", "send", "a", "b", "3uscrt", "--offline", "--chain-id", node.chainId],
      ...[...numbers, "--gas", "90000"],
    );
    const path = file("signed.json", signed);
    expect(await tacit("tx", "validate-signatures", path)).toEqual([
      { address, valid: true, reason: "" },
    ]);
    const bytes = (await output("tx", "encode", path)).trim();
    expect(JSON.parse(await output("tx", "decode", bytes))).toEqual(JSON.parse(signed));
    const changed = file("changed.json", signed.replace('"3"', '"4"'));
    const wrong = await runTacit(["tx", "validate-signatures", changed, ...flags()], { env });
    expect(wrong.code).toBe(1);
    expect(await failing("tx", "broadcast", changed)).toMatchObject({
      exit: 4,
      code: "cli/tx_failed",
    });
    expect((await tacit("tx", "broadcast", path)).height).toBeGreaterThan(0);
  });

  it("sign together for a shared account", async () => {
    const treasury = ["keys", "add-multisig", "treasury", "a,b,c", "--threshold", "2"];
    const made = await runTacit([...treasury, "--home", home, "--output", "json"], { env });
    const { address } = JSON.parse(made.stdout);
    await tacit("tx", "bank", "send", "a", "treasury", "1000000uscrt");
    const unsigned = file(
      "shared.json",
      await output("tx", "bank", "send", address, "d", "1234uscrt", "--generate-only"),
    );
    const parts = await Promise.all(
      ["c", "a"].map(async (name) => {
        const sign = ["tx", "sign", unsigned, "--from", name, "--multisig", "treasury"];
        return file(`${name}.json`, await output(...sign));
      }),
    );
    expect(
      await failing("tx", "multi-sign", unsigned, "treasury", parts[0] as string),
    ).toMatchObject({
      code: "cli/usage",
      message: expect.stringContaining("needs 2 signatures"),
    });
    const joined = file(
      "joined.json",
      await output("tx", "multi-sign", unsigned, "treasury", ...parts),
    );
    expect(await tacit("tx", "validate-signatures", joined)).toMatchObject([
      { address, valid: true },
    ]);
    const before = await balanceOf("d");
    await tacit("tx", "broadcast", joined);
    expect(await balanceOf("d")).toBe(before + 1_234n);
  });

  it("send any message, estimate gas, and say what is wrong with one", async () => {
    const { address } = await tacit("query", "account", "a");
    const amount = [{ denom: "uscrt", amount: "1" }];
    const message = { "@type": "/cosmos.bank.v1beta1.MsgSend", from_address: address };
    const whole = JSON.stringify({ ...message, to_address: address, amount });
    await tacit("tx", "messages", whole, "--from", "a");
    const estimate = await tacit("tx", "messages", whole, "--from", "a", "--dry-run");
    expect(Number(estimate.gas_estimate)).toBeGreaterThan(0);
    const wrong = JSON.stringify({ ...message, to: address });
    expect(await failing("tx", "messages", wrong, "--from", "a")).toMatchObject({
      code: "cli/json",
    });
    const unknown = JSON.stringify({ "@type": "/cosmos.bank.v1beta1.MsgNothing" });
    expect(await failing("tx", "messages", unknown, "--from", "a")).toMatchObject({
      code: "cli/json",
    });
    expect(await failing("tx", "bank", "multi-send", "1uscrt", "b")).toMatchObject({ exit: 2 });
  });
});
