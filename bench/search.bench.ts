/**
 * The event index: blocks of generated bank sends, indexed as the node indexes them, then the
 * searches that explorers, wallets and relayers make.
 *
 * Sketch: a send has 12 events with 21 indexed attributes. Hits of one condition are counted by four
 * look-ups and paged by some 15, whatever their number: about 0.2 ms. Ten million events are 1,220
 * chunks: two conditions that all have take 5 µs in each, so some 10 ms; a comparison looks at every
 * number, 1.7 million at a few nanoseconds each and 20 MB to read, so some 20 ms. CONTAINS over
 * everything reads each value of the attribute and is refused where there are too many.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AbciEvent, ExecTxResult, FinalizeBlockResponse } from "@tacit/sdk";
import {
  encodeBlockOutcome,
  encodeExecTxResult,
} from "../packages/consensus/src/embedded/abci-codec.ts";
import { indexEntries } from "../packages/consensus/src/embedded/block-entries.ts";
import { ChainDatabase } from "../packages/consensus/src/embedded/database.ts";
import { putIndexEntries } from "../packages/consensus/src/embedded/indexer.ts";
import { heightKey, positionKey } from "../packages/consensus/src/embedded/keys.ts";
import { searchBlocks, searchTxs } from "../packages/consensus/src/embedded/search.ts";
import { median } from "./support/statistics.ts";

export const name = "search";

interface Options {
  readonly tiny: boolean;
  readonly log: (line: string) => void;
}

const TXS_PER_BLOCK = 20;
const ACCOUNTS = 20_000;
/** Blocks written in one transaction: only the filling is quicker for it. */
const BATCH = 50;

export async function run({ tiny, log }: Options): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tacit-bench-search-"));
  const database = new ChainDatabase(directory);
  try {
    const targets = tiny ? [10_000, 30_000] : [100_000, 1_000_000, 10_000_000];
    const chain = new GeneratedChain(database, tiny ? 100 : ACCOUNTS);
    for (const events of targets) {
      const { blocks, perBlockMs } = await chain.growTo(events);
      const size = statSync(join(directory, "data.mdb")).size / 2 ** 20;
      log(
        `${chain.events} events in ${chain.height} blocks, ${size.toFixed(0)} MiB with results; ` +
          `indexing a block of ${TXS_PER_BLOCK} sends ${perBlockMs.toFixed(2)} ms (mean of ${blocks})`,
      );
      await measure(database, chain, log);
    }
  } finally {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(
  database: ChainDatabase,
  chain: GeneratedChain,
  log: (line: string) => void,
): Promise<void> {
  const bounds = { first: 1n, last: BigInt(chain.height) };
  const account = chain.account(7);
  const recent = Math.max(1, chain.height - 50);
  const queries = [
    `message.sender='${account}'`,
    "message.action='/cosmos.bank.v1beta1.MsgSend'",
    `message.action='/cosmos.bank.v1beta1.MsgSend' AND message.sender='${account}'`,
    "message.action='/cosmos.bank.v1beta1.MsgSend' AND message.module='bank'",
    `transfer.sender='${account}' AND transfer.amount > 900000`,
    `transfer.amount > 900000 AND tx.height >= ${recent}`,
    "transfer.amount > 900000",
    "transfer.amount > 1",
    "transfer.amount > 300000 AND transfer.amount <= 300100",
    `message.module='bank' AND message.sender EXISTS AND tx.height > ${Math.floor(chain.height / 2)}`,
    `transfer.recipient CONTAINS '${account.slice(8, 20)}' AND tx.height >= ${recent}`,
    `transfer.recipient CONTAINS '${account.slice(-4)}' AND transfer.amount > 995000`,
    `transfer.recipient CONTAINS '${account.slice(-4)}'`,
    "tx.fee EXISTS",
    `tx.height >= ${recent}`,
    "tx.height >= 1",
  ];
  log("  searches: hits; the first page from either end and a late page, median (worst) of five");
  for (const query of queries) {
    const search = (order: "asc" | "desc", page: number) =>
      timed(() => searchTxs(database, query, { page, perPage: 30, order }, bounds));
    const oldest = await search("asc", 1);
    const newest = await search("desc", 1);
    const deep = await search("asc", 1_000);
    log(
      `  ${shown(query)}: ${oldest.outcome}; oldest ${oldest.ms}, newest ${newest.ms}, page 1,000 ${deep.ms}`,
    );
  }
  const blocks = () =>
    searchBlocks(database, "block_bloom.kind='1'", { page: 1, perPage: 30, order: "desc" }, bounds);
  const found = await timed(blocks);
  log(`  block_bloom.kind='1': ${found.outcome}; newest ${found.ms}`);
}

const shown = (query: string): string => (query.length > 92 ? `${query.slice(0, 90)}…` : query);

/** Median and worst of five searches in milliseconds. */
async function timed(
  search: () => Promise<{ readonly total: number }>,
): Promise<{ readonly outcome: string; readonly ms: string }> {
  const times: number[] = [];
  let outcome = "";
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    try {
      outcome = `${(await search()).total} hits`;
    } catch (error) {
      outcome = (error as { readonly code?: string }).code ?? "failed";
    }
    times.push(performance.now() - start);
  }
  return { outcome, ms: `${median(times).toFixed(2)} ms (${Math.max(...times).toFixed(2)})` };
}

/** Bank sends between accounts that repeat, as the network's own events. */
class GeneratedChain {
  readonly #database: ChainDatabase;
  readonly #accounts: number;
  height = 0;
  events = 0;
  #seed = 1;

  constructor(database: ChainDatabase, accounts: number) {
    this.#database = database;
    this.#accounts = accounts;
  }

  account(number: number): string {
    return `secret1${number.toString(36).padStart(38, "q")}`;
  }

  async growTo(events: number): Promise<{ readonly blocks: number; readonly perBlockMs: number }> {
    const database = this.#database;
    let blocks = 0;
    let indexingMs = 0;
    while (this.events < events) {
      const batch = Array.from({ length: BATCH }, () => this.#block());
      await database.write(() => {
        for (const { height, result } of batch) {
          putBlock(database, height, result);
          const start = performance.now();
          putIndexEntries(database, height, indexEntries(result));
          indexingMs += performance.now() - start;
          blocks += 1;
        }
      });
    }
    return { blocks, perBlockMs: indexingMs / blocks };
  }

  #block(): { readonly height: bigint; readonly result: FinalizeBlockResponse } {
    this.height += 1;
    const txResults = Array.from({ length: TXS_PER_BLOCK }, () => this.#send());
    const events = [event("block_bloom", { kind: `${this.height % 3}` })];
    this.events += events.length + txResults.reduce((sum, { events: all }) => sum + all.length, 0);
    return {
      height: BigInt(this.height),
      result: {
        events,
        txResults,
        validatorUpdates: [],
        consensusParamUpdates: undefined,
        appHash: new Uint8Array(32),
      },
    };
  }

  #send(): ExecTxResult {
    const sender = this.account(this.#random(this.#accounts));
    const recipient = this.account(this.#random(this.#accounts));
    const collector = this.account(0);
    const amount = `${this.#random(1_000_000)}uscrt`;
    const nonce = `${this.height}/${this.#seed}`;
    const moves = (from: string, to: string, coins: string) => [
      event("coin_spent", { spender: from, amount: coins }),
      event("coin_received", { receiver: to, amount: coins }),
      event("transfer", { recipient: to, sender: from, amount: coins }),
      event("message", { sender: from }),
    ];
    const events = [
      ...moves(sender, collector, "2500uscrt"),
      event("tx", { fee: "2500uscrt", fee_payer: sender }),
      event("tx", { acc_seq: `${sender}/${nonce}` }),
      event("tx", { signature: `${nonce}${"A".repeat(80)}` }),
      event("message", { action: "/cosmos.bank.v1beta1.MsgSend", sender, module: "bank" }),
      ...moves(sender, recipient, amount),
    ];
    const empty = new Uint8Array();
    return {
      code: 0,
      data: empty,
      log: "",
      info: "",
      gasWanted: 100_000n,
      gasUsed: 50_000n,
      events,
      codespace: "",
    };
  }

  #random(below: number): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((this.#seed / 2 ** 31) * below);
  }
}

function putBlock(database: ChainDatabase, height: bigint, result: FinalizeBlockResponse): void {
  database.table("outcomes").put(heightKey(height), encodeBlockOutcome(result));
  result.txResults.forEach((each, index) => {
    const position = positionKey(height, index);
    database.table("txs").put(position, position);
    database.table("results").put(position, encodeExecTxResult(each));
  });
}

const event = (type: string, values: Readonly<Record<string, string>>): AbciEvent => ({
  type,
  attributes: Object.entries(values).map(([key, value]) => ({ key, value, index: true })),
});
