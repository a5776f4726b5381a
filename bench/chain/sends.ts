/**
 * Bank sends through FinalizeBlock and Commit, state on disk. Every transaction is new to the node:
 * its signature is verified in the block, as when another node proposed it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocal, type LocalBenchChain } from "../support/local-chain.ts";
import { cpuMs, spread } from "../support/statistics.ts";
import { bankSend } from "../support/wallet.ts";

export interface SendSizes {
  readonly accounts: readonly number[];
  readonly blocks: readonly { readonly txs: number; readonly count: number }[];
}

const GAS_LIMIT = 100_000n;

export async function benchSends(sizes: SendSizes, log: (line: string) => void): Promise<void> {
  for (const accountCount of sizes.accounts) {
    const directory = mkdtempSync(join(tmpdir(), "tacit-bench-sends-"));
    const local = createLocal({ directory, accountCount });
    try {
      local.block([]);
      let next = warmUp(local);
      for (const { txs, count } of sizes.blocks) {
        next = measure(local, { txs, count, next, log });
      }
    } finally {
      await local.close();
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

/** Two blocks, so that code is compiled. @returns the next sender. */
function warmUp(local: LocalBenchChain): number {
  const txs = Math.min(200, local.accounts.length);
  local.block(sends(local, 0, txs));
  local.block(sends(local, txs, txs));
  return 2 * txs;
}

/** From account to account, each pair far apart; senders take turns. */
function sends(local: LocalBenchChain, next: number, count: number): readonly Uint8Array[] {
  const { accounts, chain } = local;
  return Array.from({ length: count }, (_, index) => {
    const from = accounts[(next + index) % accounts.length]!;
    const to = accounts[(7 * (next + index) + 3) % accounts.length]!;
    return from.sign(chain.chainId, [bankSend(from.bech32, to.bech32, "1")], GAS_LIMIT);
  });
}

function measure(
  local: LocalBenchChain,
  plan: { txs: number; count: number; next: number; log: (line: string) => void },
): number {
  const { txs, count } = plan;
  let { next } = plan;
  const perSecond: number[] = [];
  const checked: number[] = [];
  const cpuPerSend: number[] = [];
  const commits: number[] = [];
  for (let block = 0; block < count; block++) {
    const list = sends(local, next, txs);
    next += txs;
    const cpu = cpuMs(() => {
      const { finalizeMs, commitMs } = local.block(list);
      perSecond.push((txs / (finalizeMs + commitMs)) * 1_000);
      commits.push(commitMs);
    });
    cpuPerSend.push((cpu / txs) * 1_000);
  }
  for (let block = 0; block < Math.ceil(count / 2); block++) {
    const list = sends(local, next, txs);
    next += txs;
    for (const tx of list) local.app.checkTx({ tx, recheck: false });
    const { finalizeMs, commitMs } = local.block(list);
    checked.push((txs / (finalizeMs + commitMs)) * 1_000);
  }
  plan.log(
    `sends, blocks of ${txs} over ${local.accounts.length} accounts: ${spread(perSecond, 0)} a second, ` +
      `${spread(checked, 0)} where CheckTx saw them before; ` +
      `${spread(cpuPerSend, 0)} µs of CPU a send; commit ${spread(commits, 1)} ms`,
  );
  return next;
}
