/**
 * A private token, told step by step (`npm run demo`): against the node on the usual ports, or
 * against one that is started for it on free ports and forgotten afterwards.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { devAccount, painterFor, startNode } from "@tacit/cli";
import type { Permit, SecretNetworkClient, TxResponse } from "secretjs";
import { observe } from "./demo-observer.ts";

const paint = painterFor(process.stdout);
const started = performance.now();
let steps = 0;
const MEMO = "for the lentil soup on Tuesday";

export interface Ends {
  readonly rest: string;
  readonly rpc: string;
  readonly chainId: string;
}

interface Person {
  readonly name: string;
  readonly address: string;
  readonly client: SecretNetworkClient;
}

interface Token {
  readonly contract_address: string;
  readonly code_hash: string;
}

await main();

async function main(): Promise<void> {
  const { ends, stop } = await findOrStartNode();
  try {
    const alice = await person("Alice", "a", ends);
    const bob = await person("Bob", "b", ends);
    const token = await createToken(alice);
    const transfer = await pay(alice, bob, token);
    await askBalances(alice, bob, token, ends);
    await refuse(alice, bob, token, ends);
    await observe({ transfer, token, bob: bob.address, memo: MEMO, ends, step, say });
    say("");
    say(
      paint.bold(
        "Who was paid, how much and why is known to Alice and Bob, and to nobody who looks at",
      ),
    );
    say(
      paint.bold("the chain. ") +
        "What can be seen: that Alice used this contract, when, how many bytes and",
    );
    say(
      "how much gas it took, and which encrypted records changed. With a simulated enclave, whoever",
    );
    say("runs the machine could look into its memory; hardware is what closes that.");
  } finally {
    await stop();
  }
}

async function findOrStartNode(): Promise<{ ends: Ends; stop: () => Promise<void> }> {
  const usual = { rest: "http://127.0.0.1:1317", rpc: "http://127.0.0.1:26657" };
  const running = await chainIdAt(usual.rest);
  step("A network");
  if (running !== undefined) {
    say(`A node of ${running} is running here; the story uses it.`);
    return { ends: { ...usual, chainId: running }, stop: async () => {} };
  }
  const home = mkdtempSync(join(tmpdir(), "tacit-demo-"));
  const before = performance.now();
  const node = await startNode({ home, ports: "free", logLevel: "error" });
  say(`No node is running, so one starts for this story: chain ${node.chainId},`);
  say(
    `first block after ${milliseconds(before)}. Its enclave is simulated: a process, no hardware.`,
  );
  say(`Enclave measurement ${paint.dim(node.measurement)}`);
  const stop = async () => {
    await node.stop();
    rmSync(home, { recursive: true, force: true });
  };
  return { ends: { rest: node.urls.rest, rpc: node.urls.rpc, chainId: node.chainId }, stop };
}

async function chainIdAt(rest: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${rest}/cosmos/base/tendermint/v1beta1/node_info`);
    const info = (await response.json()) as { default_node_info?: { network?: string } };
    return info.default_node_info?.network;
  } catch {
    return undefined;
  }
}

/** A wallet with an unmodified secretjs. */
async function person(name: string, account: string, ends: Ends): Promise<Person> {
  const { SecretNetworkClient, Wallet } = await import("secretjs");
  const wallet = new Wallet(devAccount(account)?.mnemonic ?? "");
  const client = new SecretNetworkClient({
    url: ends.rest,
    chainId: ends.chainId,
    wallet,
    walletAddress: wallet.address,
  });
  return { name, address: wallet.address, client };
}

async function createToken(alice: Person): Promise<Token> {
  step("A token");
  const wasm = readFileSync(join(import.meta.dirname, "../contracts/artifacts/snip20.wasm"));
  let before = performance.now();
  const stored = await alice.client.tx.compute.storeCode(
    { sender: alice.address, wasm_byte_code: wasm, source: "", builder: "" },
    options(8_000_000),
  );
  const code_id = attribute(check(stored), "message", "code_id");
  say(`Alice uploads the code of a SNIP-20 token: code ${code_id}, ${milliseconds(before)}.`);
  const { code_hash = "" } = await alice.client.query.compute.codeHashByCodeId({ code_id });

  before = performance.now();
  const made = await alice.client.tx.compute.instantiateContract(
    {
      sender: alice.address,
      code_id,
      code_hash,
      label: `soup-${Date.now()}`,
      init_msg: {
        name: "Soup money",
        symbol: "SOUP",
        decimals: 2,
        prng_seed: Buffer.from("not so secret in a demo").toString("base64"),
        initial_balances: [{ address: alice.address, amount: "100000" }],
        config: { public_total_supply: true },
      },
    },
    options(500_000),
  );
  const contract_address = attribute(check(made), "instantiate", "contract_address");
  say(`She makes a contract of it with 1000.00 SOUP for herself, ${milliseconds(before)}:`);
  say(`  ${contract_address}`);
  say(
    paint.dim("  Its first message travelled encrypted; only the enclave could read the amount."),
  );
  return { contract_address, code_hash };
}

async function pay(alice: Person, bob: Person, token: Token): Promise<TxResponse> {
  step("A payment");
  const before = performance.now();
  const tx = await alice.client.tx.snip20.transfer(
    {
      sender: alice.address,
      ...token,
      msg: {
        transfer: { recipient: bob.address, amount: "12550", memo: MEMO } as {
          recipient: string;
          amount: string;
        },
      },
    },
    options(150_000),
  );
  check(tx);
  say(`Alice pays Bob 125.50 SOUP "${MEMO}", ${milliseconds(before)}, ${tx.gasUsed} gas.`);
  say(`Her client decrypts the contract's answer: ${await answerOf(tx)}`);
  return tx;
}

async function askBalances(alice: Person, bob: Person, token: Token, ends: Ends): Promise<void> {
  step("Two ways to ask for a balance");
  const key = "the key Alice chose";
  await setViewingKey(alice, token, key);
  const byKey = await alice.client.query.snip20.getBalance({
    contract: contractOf(token),
    address: alice.address,
    auth: { key },
  });
  say(`Alice sets a viewing key in a transaction and asks with it: ${soup(byKey)}`);

  const before = performance.now();
  const permit = await permitOf(bob, token, ends, ["balance", "history"]);
  const byPermit = await bob.client.query.snip20.getBalance({
    contract: contractOf(token),
    address: bob.address,
    auth: { permit },
  });
  say(`Bob signs a permit, no transaction at all, ${milliseconds(before)}: ${soup(byPermit)}`);
  const history = await bob.client.query.snip20.getTransferHistory({
    contract: contractOf(token),
    address: bob.address,
    auth: { permit },
    page_size: 5,
  });
  const [newest] = history.transfer_history.txs;
  say(`His history knows from whom and what for: "${newest?.memo}" from ${newest?.from}`);
}

async function refuse(alice: Person, bob: Person, token: Token, ends: Ends): Promise<void> {
  step("Who may not");
  const guess = await bob.client.query.snip20.getBalance({
    contract: contractOf(token),
    address: alice.address,
    auth: { key: "a guess" },
  });
  say(`Bob guesses Alice's key:          ${paint.red(JSON.stringify(guess))}`);
  const permit = await permitOf(bob, token, ends, ["history"]);
  const beyond = await bob.client.query.snip20.getBalance({
    contract: contractOf(token),
    address: bob.address,
    auth: { permit },
  });
  say(`A permit for another purpose:     ${paint.red(JSON.stringify(beyond))}`);
  const tooMuch = await bob.client.tx.snip20.transfer(
    {
      sender: bob.address,
      ...token,
      msg: { transfer: { recipient: alice.address, amount: "99999999" } },
    },
    options(150_000),
  );
  say(`Bob spends more than he has:      ${paint.red(reasonOf(tooMuch))}`);
  say(paint.dim("  The reason is encrypted for Bob; the chain only shows that it failed."));
}

async function setViewingKey(owner: Person, token: Token, key: string): Promise<void> {
  const tx = await owner.client.tx.snip20.setViewingKey(
    { sender: owner.address, ...token, msg: { set_viewing_key: { key } } },
    options(150_000),
  );
  check(tx);
}

async function permitOf(
  signer: Person,
  token: Token,
  ends: Ends,
  permissions: ("balance" | "history")[],
): Promise<Permit> {
  return signer.client.utils.accessControl.permit.sign(
    signer.address,
    ends.chainId,
    `soup ${permissions.join(" ")}`,
    [token.contract_address],
    permissions,
    false,
  );
}

function contractOf(token: Token): { address: string; code_hash: string } {
  return { address: token.contract_address, code_hash: token.code_hash };
}

function options(gasLimit: number) {
  return { gasLimit, gasPriceInFeeDenom: 0.1, broadcastCheckIntervalMs: 100 };
}

function check(tx: TxResponse): TxResponse {
  if (tx.code !== 0) throw new DemoError(`a transaction failed: ${tx.rawLog}`);
  return tx;
}

class DemoError extends Error {
  override readonly name = "DemoError";
}

function attribute(tx: TxResponse, type: string, key: string): string {
  return tx.arrayLog?.find((entry) => entry.type === type && entry.key === key)?.value ?? "";
}

function reasonOf(tx: TxResponse): string {
  const found = /insufficient funds: balance=\d+, required=\d+/.exec(tx.rawLog);
  return found?.[0] ?? tx.rawLog;
}

/** JSON, padded with spaces. */
async function answerOf(tx: TxResponse): Promise<string> {
  const { MsgExecuteContractResponse } = await import("secretjs");
  const { data } = MsgExecuteContractResponse.decode(tx.data[0] ?? new Uint8Array());
  return Buffer.from(data).toString("utf8").trim();
}

function soup(answer: { readonly balance: { readonly amount: string } }): string {
  const amount = Number(answer.balance?.amount) / 100;
  return paint.green(`${amount.toFixed(2)} SOUP`);
}

function step(title: string): void {
  steps += 1;
  say("");
  say(`${paint.bold(`${steps}. ${title}`)}  ${paint.dim(`after ${milliseconds(started)}`)}`);
}

function say(line: string): void {
  console.log(line);
}

function milliseconds(since: number): string {
  return `${Math.round(performance.now() - since)} ms`;
}
