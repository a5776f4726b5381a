/** Latency of REST queries of a whole node, alone and while it makes full blocks of sends. */
import { BenchChain } from "../support/chain.ts";
import { quantile } from "../support/statistics.ts";
import { bankSend } from "../support/wallet.ts";

export interface QuerySizes {
  readonly accounts: number;
  readonly queries: number;
  /** Sends in each block made meanwhile. */
  readonly txs: number;
}

const UNDER_WAY = 4;
const GAS_LIMIT = 100_000n;

export async function benchQueries(sizes: QuerySizes, log: (line: string) => void): Promise<void> {
  const chain = await BenchChain.start(sizes.accounts);
  try {
    log(`queries over REST, no blocks: ${await measure(chain, sizes.queries)}`);
    const load = startLoad(chain, sizes.txs);
    const under = await measure(chain, sizes.queries);
    const blocks = await load.stop();
    log(`queries over REST during ${blocks} blocks of ${sizes.txs} sends: ${under}`);
  } finally {
    await chain.close();
  }
}

function startLoad(chain: BenchChain, txs: number): { stop(): Promise<number> } {
  let isOn = true;
  let blocks = 0;
  let next = 0;
  const { accounts, chainId } = chain;
  const run = async () => {
    while (isOn) {
      const list = Array.from({ length: txs }, () => {
        const from = accounts[next % accounts.length]!;
        const to = accounts[(7 * next + 3) % accounts.length]!;
        next += 1;
        return from.sign(chainId, [bankSend(from.bech32, to.bech32, "1")], GAS_LIMIT);
      });
      await chain.block(list);
      blocks += 1;
    }
  };
  const done = run();
  return {
    stop: async () => {
      isOn = false;
      await done;
      return blocks;
    },
  };
}

async function measure(chain: BenchChain, count: number): Promise<string> {
  const { rest } = chain.node.urls;
  const { accounts } = chain;
  const paths = (index: number) => {
    const { bech32 } = accounts[(13 * index) % accounts.length]!;
    return [
      `/cosmos/bank/v1beta1/balances/${bech32}`,
      `/cosmos/auth/v1beta1/accounts/${bech32}`,
      "/cosmos/staking/v1beta1/validators",
      `/cosmos/distribution/v1beta1/delegators/${bech32}/rewards`,
    ][index % 4]!;
  };
  const times: number[] = [];
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: UNDER_WAY }, async () => {
      while (next < count) {
        const asked = performance.now();
        const answer = await fetch(rest + paths(next++));
        const body = await answer.text();
        if (!answer.ok) throw new RangeError(body);
        times.push(performance.now() - asked);
      }
    }),
  );
  const perSecond = (times.length / (performance.now() - begun)) * 1_000;
  const at = (share: number) => quantile(times, share).toFixed(2);
  return `${perSecond.toFixed(0)} a second, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`;
}
