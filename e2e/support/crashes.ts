/**
 * The crash run: transfers go on while node and enclave are killed at seeded steps of seeded
 * blocks. After each restart nothing that was committed may be missing; at the end a twin
 * executes the same blocks undisturbed and must have the same state.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BLOCK_STEPS } from "@tacit/consensus";
import { contractAddress, sha256 } from "@tacit/crypto";
import { fromHex, toBech32, toHex } from "@tacit/encoding";
import {
  type AnyValue,
  BenchAccount,
  bankSend,
  Encryptor,
  execute,
  instantiate,
  storeCode,
} from "../../bench/support/wallet.ts";
import type { CrashPlan } from "./crash-node.ts";
import { RestClient } from "./rest-client.ts";
import { seededRandom } from "./seeded-random.ts";

export interface CrashOptions {
  readonly seed: number;
  readonly points: number;
  readonly log: (line: string) => void;
}

/** What the chain must agree on with its twin. */
export interface ChainFacts {
  readonly height: number;
  readonly appHash: string;
  readonly balances: readonly string[];
  readonly tokenBalances: readonly string[];
}

export interface CrashReport {
  readonly kills: { node: number; enclave: number };
  readonly committedTxs: number;
  readonly crashed: ChainFacts;
  readonly twin: ChainFacts;
}

const ACCOUNTS = 3;
const FUNDS = 10n ** 12n;
const TOKENS = 1_000_000n;
const FIRST_ACCOUNT_NUMBER = 5n;
const START_TIMEOUT_MS = 60_000;
const TXS_PER_POINT = 4;
const NOBODY = { victim: "nobody", step: "before_propose", blocks: 0, delayTurns: 0 } as const;
const SNIP20 = readFileSync(join(import.meta.dirname, "../../contracts/artifacts/snip20.wasm"));

export async function runCrashes(options: CrashOptions): Promise<CrashReport> {
  const directory = mkdtempSync(join(tmpdir(), "tacit-crash-"));
  try {
    return await new CrashRun(join(directory, "node"), join(directory, "twin"), options).run();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

class CrashRun {
  readonly #home: string;
  readonly #twinHome: string;
  readonly #options: CrashOptions;
  readonly #random: (below: number) => number;
  readonly #accounts = Array.from(
    { length: ACCOUNTS },
    (_, index) => new BenchAccount(index, FIRST_ACCOUNT_NUMBER + BigInt(index)),
  );
  readonly #kills = { node: 0, enclave: 0 };
  /** Hashes of transactions that a client has seen in a block. */
  readonly #seen = new Map<string, string>();
  readonly #sent: string[] = [];
  #lowestHeight = 0;

  constructor(home: string, twinHome: string, options: CrashOptions) {
    this.#home = home;
    this.#twinHome = twinHome;
    this.#options = options;
    this.#random = seededRandom(options.seed);
  }

  async run(): Promise<CrashReport> {
    await this.#prepare();
    for (let point = 1; point <= this.#options.points; point++) await this.#crash(point);
    const crashed = await this.#settle();
    cpSync(this.#home, this.#twinHome, {
      recursive: true,
      filter: (source) =>
        !source.startsWith(join(this.#home, "data", "application")) && !source.endsWith(".lock"),
    });
    if (existsSync(join(this.#twinHome, "data", "application"))) {
      throw new RangeError("the twin must start without state");
    }
    const twin = await this.#factsOf(this.#twinHome, crashed.height);
    return { kills: this.#kills, committedTxs: this.#seen.size, crashed, twin };
  }

  /** A token that every account owns some of. */
  async #prepare(): Promise<void> {
    const node = await startCrashNode(this.#plan(NOBODY));
    const [admin] = this.#accounts as [BenchAccount];
    const codeHash = sha256(SNIP20);
    const encryptor = new Encryptor("crash", fromHex(node.ioKey));
    await this.#deliver(node, admin, storeCode(admin.address, SNIP20), 8_000_000n);
    const message = encryptor.encrypt(codeHash, {
      name: "Crash",
      symbol: "CRASH",
      decimals: 6,
      prng_seed: "Y3Jhc2g=",
      initial_balances: this.#accounts.map(({ bech32 }) => ({
        address: bech32,
        amount: `${TOKENS}`,
      })),
    });
    await this.#deliver(
      node,
      admin,
      instantiate(admin.address, { codeId: 1n, label: "crash token", message }),
      1_000_000n,
    );
    for (const account of this.#accounts) {
      const key = encryptor.encrypt(codeHash, { set_viewing_key: { key: viewingKey(account) } });
      await this.#deliver(node, account, execute(account.address, this.#token(), key), 300_000n);
    }
    await node.stop();
  }

  async #crash(point: number): Promise<void> {
    const victim = this.#random(3) === 0 ? "enclave" : "node";
    const step = BLOCK_STEPS[this.#random(BLOCK_STEPS.length)] ?? "before_propose";
    const plan = {
      victim,
      step,
      blocks: 1 + this.#random(3),
      delayTurns: this.#random(3) * 2,
    } as const;
    this.#options.log(
      `point ${point}: ${victim} at ${step}, ${plan.blocks} blocks in, ${plan.delayTurns} turns late`,
    );
    const node = await startCrashNode(this.#plan(plan));
    const encryptor = new Encryptor(`crash ${point}`, fromHex(node.ioKey));
    let isUp = await unlessEnding(node, () => this.#checkNothingLost(node));
    for (let index = 0; isUp && index < TXS_PER_POINT; index++) {
      const number = point * TXS_PER_POINT + index;
      isUp = await unlessEnding(node, () => this.#transfer(node, encryptor, number));
    }
    if (victim === "node") await node.ended;
    else {
      await node.rest.heightAbove(this.#lowestHeight + plan.blocks + 3);
      await this.#checkNothingLost(node);
      await node.stop();
    }
    this.#kills[victim] += 1;
  }

  async #transfer(node: CrashNode, encryptor: Encryptor, number: number): Promise<void> {
    const from = this.#accounts[number % ACCOUNTS] as BenchAccount;
    const to = this.#accounts[(number + 1) % ACCOUNTS] as BenchAccount;
    const amount = `${1 + this.#random(50)}`;
    const message =
      number % 2 === 0
        ? bankSend(from.bech32, to.bech32, amount)
        : execute(
            from.address,
            this.#token(),
            encryptor.encrypt(sha256(SNIP20), { transfer: { recipient: to.bech32, amount } }),
          );
    await this.#deliver(node, from, message, 300_000n);
  }

  /** Signs with the sequence that the chain has, sends, and waits until it is in a block. */
  async #deliver(
    node: CrashNode,
    account: BenchAccount,
    message: AnyValue,
    gas: bigint,
  ): Promise<void> {
    account.sequence = await node.rest.sequence(account.bech32);
    const tx = account.sign(node.chainId, [message], gas);
    const hash = toHex(sha256(tx)).toUpperCase();
    this.#sent.push(hash);
    await node.rest.broadcast(tx);
    const found = await node.rest.waitForTx(hash);
    if (found.code !== 0) throw new RangeError(`transaction failed: ${found.log}`);
    this.#seen.set(hash, found.height);
    this.#lowestHeight = Math.max(this.#lowestHeight, Number(found.height));
  }

  async #checkNothingLost(node: CrashNode): Promise<void> {
    const height = await node.rest.height();
    if (height < this.#lowestHeight) {
      throw new RangeError(`height fell from ${this.#lowestHeight} to ${height}`);
    }
    this.#lowestHeight = height;
    for (const [hash, at] of this.#seen) {
      const found = await node.rest.tx(hash);
      if (found?.height !== at || found.code !== 0)
        throw new RangeError(`transaction ${hash} of block ${at} is gone`);
    }
  }

  /** Whatever was sent and made it into a block while nobody looked counts as well. */
  async #settle(): Promise<ChainFacts> {
    const node = await startCrashNode(this.#plan(NOBODY));
    await this.#checkNothingLost(node);
    for (const hash of this.#sent) {
      const found = await node.rest.tx(hash);
      if (found !== undefined) this.#seen.set(hash, found.height);
    }
    const height = await node.rest.height();
    const facts = await this.#facts(node, height);
    await node.stop();
    return facts;
  }

  async #factsOf(home: string, height: number): Promise<ChainFacts> {
    const node = await startCrashNode({ ...this.#plan(NOBODY), home });
    const facts = await this.#facts(node, height);
    await node.stop();
    return facts;
  }

  /** Balances are those of now: no transaction comes after `height`. */
  async #facts(node: CrashNode, height: number): Promise<ChainFacts> {
    await node.rest.heightAbove(height + 1);
    const encryptor = new Encryptor("facts", fromHex(node.ioKey));
    const contract = toBech32("secret", this.#token());
    const tokenBalances: string[] = [];
    for (const account of this.#accounts) {
      const query = encryptor.encrypt(sha256(SNIP20), {
        balance: { address: account.bech32, key: viewingKey(account) },
      });
      const answer = encryptor.open(query, await node.rest.smartQuery(contract, query));
      tokenBalances.push(Buffer.from(answer, "base64").toString("utf8").trim());
    }
    return {
      height,
      appHash: await node.rest.appHashAfter(height),
      balances: await Promise.all(this.#accounts.map(({ bech32 }) => node.rest.balance(bech32))),
      tokenBalances,
    };
  }

  #token(): Uint8Array {
    const [admin] = this.#accounts as [BenchAccount];
    return contractAddress({ codeId: 1n, instanceId: 1n, creator: admin.address });
  }

  #plan(blow: Pick<CrashPlan, "victim" | "step" | "blocks" | "delayTurns">): CrashPlan {
    const accounts = this.#accounts.map(({ bech32 }) => ({ address: bech32, amount: `${FUNDS}` }));
    return { home: this.#home, accounts, ...blow };
  }
}

/** @returns false once the node does not answer any more, because it is ending. */
async function unlessEnding(node: CrashNode, act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (node.hasEnded() || (await node.endsSoon())) return false;
    throw error;
  }
}

function viewingKey({ bech32 }: BenchAccount): string {
  return `key of ${bech32}`;
}

interface CrashNode {
  readonly chainId: string;
  /** Hex. */
  readonly ioKey: string;
  readonly rest: RestClient;
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Whether the process is gone, or is about to be. */
  endsSoon(): Promise<boolean>;
  stop(): Promise<void>;
}

const ENTRY = join(import.meta.dirname, "crash-node.ts");
const END_GRACE_MS = 5_000;

async function startCrashNode(plan: CrashPlan): Promise<CrashNode> {
  const child = spawn(process.execPath, [ENTRY, JSON.stringify(plan)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const { chainId, ioKey, urls } = await startedLine(child);
  const rest = new RestClient(urls.rest);
  return {
    chainId,
    ioKey,
    rest,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    endsSoon: () => Promise.race([ended.then(() => true), later(END_GRACE_MS).then(() => false)]),
    stop: async () => {
      child.kill("SIGINT");
      await ended;
    },
  };
}

interface StartedLine {
  readonly chainId: string;
  readonly ioKey: string;
  readonly urls: { readonly rest: string };
}

function startedLine(child: ChildProcess): Promise<StartedLine> {
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`the node ${what}:\n${lines.join("\n")}`));
    const timer = setTimeout(() => fail("did not start in time"), START_TIMEOUT_MS);
    child.once("exit", (code) => fail(`ended with ${code} before it had started`));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream as NodeJS.ReadableStream }).on("line", (line) => {
        lines.push(line);
        if (!line.startsWith('{"msg":"started"')) return;
        clearTimeout(timer);
        resolve(JSON.parse(line) as StartedLine);
      });
    }
  });
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
