/**
 * The chain without contracts: sends, commits, ends of blocks, queries. `--full` adds a tree of ten
 * million keys, which takes minutes to fill.
 *
 * Sketch of a send: one signature check of 53 µs, some 20 reads and 8 writes of 2 µs behind gas and
 * branches, 10 events, decoding and encoding 30 µs, and three changed leaves of 10 to 20 tree nodes:
 * some 250 µs, 4,000 a second. The Go SDK makes 1,100 to 1,700 on such a machine; the aim is 3,000.
 */
import { benchEndBlock, type StakeSizes } from "./chain/end-block.ts";
import { benchQueries, type QuerySizes } from "./chain/queries.ts";
import { benchSends, type SendSizes } from "./chain/sends.ts";
import { benchTrees } from "./chain/trees.ts";

export const name = "chain";

interface Sizes {
  readonly sends: SendSizes;
  readonly trees: readonly number[];
  readonly treeBlocks: number;
  readonly stake: StakeSizes;
  readonly queries: QuerySizes;
}

const SIZES: Sizes = {
  sends: {
    accounts: [8_000, 80_000],
    blocks: [
      { txs: 20, count: 100 },
      { txs: 1_000, count: 8 },
    ],
  },
  trees: [10_000, 100_000, 1_000_000],
  treeBlocks: 15,
  stake: { validators: 100, delegations: 100_000, blocks: 20 },
  queries: { accounts: 8_000, queries: 4_000, txs: 200 },
};
const TINY: Sizes = {
  sends: { accounts: [20], blocks: [{ txs: 5, count: 2 }] },
  trees: [500, 2_000],
  treeBlocks: 2,
  stake: { validators: 3, delegations: 12, blocks: 2 },
  queries: { accounts: 20, queries: 20, txs: 5 },
};
const LARGEST_TREE = 10_000_000;

export async function run(options: {
  readonly tiny: boolean;
  readonly full?: boolean;
  readonly log: (line: string) => void;
}): Promise<void> {
  const { tiny, full, log } = options;
  const sizes = tiny ? TINY : SIZES;
  await benchSends(sizes.sends, log);
  const trees = full ? [...sizes.trees, LARGEST_TREE] : sizes.trees;
  await benchTrees(trees, { blocks: sizes.treeBlocks, log });
  await benchEndBlock(sizes.stake, log);
  await benchQueries(sizes.queries, log);
}
