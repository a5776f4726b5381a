/**
 * Private SNIP-20 transfers through FinalizeBlock and Commit, on a whole node: signed, encrypted
 * transactions of 8,000 accounts, the enclave in its own process, state on disk. Each account sends
 * once and no CheckTx comes before, so nothing of a sender, its key or its signature is known; nor is
 * the key of one who asks a query.
 *
 * Sketch: two signature checks of 53 µs, one key agreement of 37 µs, a contract call of 200 to
 * 400 µs and a dozen changed tree nodes make about 700 µs, so 1,000 to 1,400 transfers a second.
 */
import { existsSync, readFileSync } from "node:fs";
import { toBech32 } from "@tacit/encoding";
import { BenchChain, deployToken, type Token, transferTx } from "./support/chain.ts";
import { quantile, spread } from "./support/statistics.ts";
import { Encryptor } from "./support/wallet.ts";

export const name = "transfers";

interface Sizes {
  readonly accounts: number;
  readonly blocks: readonly { readonly txs: number; readonly count: number }[];
  readonly queries: number;
}

const SIZES: Sizes = {
  accounts: 8_000,
  blocks: [
    { txs: 20, count: 100 },
    { txs: 1_000, count: 6 },
  ],
  queries: 3_000,
};
const TINY: Sizes = { accounts: 20, blocks: [{ txs: 5, count: 2 }], queries: 20 };
const QUERIES_UNDER_WAY = 4;

export async function run(options: {
  readonly tiny: boolean;
  readonly log: (line: string) => void;
}): Promise<void> {
  const sizes = options.tiny ? TINY : SIZES;
  const chain = await BenchChain.start(sizes.accounts);
  try {
    const token = await deployMeasured(chain, options.log);
    let next = 0;
    for (const { txs, count } of sizes.blocks) {
      next = await measureBlocks(chain, token, { txs, count, next, log: options.log });
    }
    await measureQueries(chain, token, { count: sizes.queries, log: options.log });
  } finally {
    await chain.close();
  }
}

/** What the host process and the enclave grow by, once the first accounts have warmed both up. */
async function deployMeasured(chain: BenchChain, log: (line: string) => void): Promise<Token> {
  const marks: { readonly accounts: number; readonly bytes: number }[] = [];
  const token = await deployToken(chain, (accounts) =>
    marks.push({ accounts, bytes: residentBytes(chain) }),
  );
  const first = marks.find(({ accounts }) => accounts >= 1_000) ?? marks[0];
  const last = marks.at(-1);
  if (first !== undefined && last !== undefined && last.accounts > first.accounts) {
    const perThousand = ((last.bytes - first.bytes) / (last.accounts - first.accounts)) * 1_000;
    log(
      `memory of node and enclave per 1,000 further token accounts: ${(perThousand / 2 ** 20).toFixed(2)} MiB`,
    );
  }
  return token;
}

/** Of both processes, as Linux counts it; the node's alone elsewhere. */
function residentBytes(chain: BenchChain): number {
  const own = process.memoryUsage().rss;
  const status = `/proc/${chain.node.enclavePid()}/status`;
  if (!existsSync(status)) return own;
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(status, "utf8")) ?? [];
  return own + Number(kilobytes) * 1_024;
}

async function measureBlocks(
  chain: BenchChain,
  token: Token,
  plan: { txs: number; count: number; next: number; log: (line: string) => void },
): Promise<number> {
  const { txs, count } = plan;
  let { next } = plan;
  const perSecond: number[] = [];
  const wholePerSecond: number[] = [];
  const commitMs: number[] = [];
  for (let block = 0; block < count; block++) {
    const list = Array.from({ length: txs }, () =>
      transferTx(chain, token, { from: next, to: 7 * next++ + 3 }),
    );
    const timing = await chain.block(list);
    perSecond.push((txs / (timing.finalizeMs + timing.commitMs)) * 1_000);
    wholePerSecond.push((txs / timing.wholeMs) * 1_000);
    commitMs.push(timing.commitMs);
  }
  plan.log(
    `blocks of ${txs}: ${spread(perSecond, 0)} private transfers/s, commit ${spread(commitMs, 1)} ms; ` +
      `${spread(wholePerSecond, 0)}/s with consensus storing and indexing the block`,
  );
  return next;
}

async function measureQueries(
  chain: BenchChain,
  token: Token,
  { count, log }: { count: number; log: (line: string) => void },
): Promise<void> {
  const address = chain.node.urls.rest;
  const contract = toBech32("secret", token.address);
  const urls = Array.from({ length: count }, (_, index) => {
    const client = new Encryptor(`client ${index}`, chain.ioPublicKey);
    const query = Buffer.from(client.encrypt(token.codeHash, { token_info: {} }));
    return `${address}/compute/v1beta1/query/${contract}?query=${encodeURIComponent(query.toString("base64"))}`;
  });
  const times: number[] = [];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: QUERIES_UNDER_WAY }, async () => {
      for (let url = urls.pop(); url !== undefined; url = urls.pop()) {
        const asked = performance.now();
        const answer = await fetch(url);
        if (!answer.ok) throw new RangeError(await answer.text());
        await answer.arrayBuffer();
        times.push(performance.now() - asked);
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1_000;
  log(
    `smart queries for token_info over REST, ${QUERIES_UNDER_WAY} at a time: ${(times.length / seconds).toFixed(0)}/s, p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms`,
  );
}
