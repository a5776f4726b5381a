/** What a seed stands for: a network, a genesis, everything that happens, and how it is checked. */
import type { NetworkDefinition } from "@tacit/app";
import { ExportTwins, exported, startFrom } from "./export-import.ts";
import { networkFor } from "./networks.ts";
import { appHashText, brokenIn, Simulation, type Tally } from "./simulation.ts";

export interface SeedRun {
  readonly seed: number;
  readonly blocks: number;
  /** Code of the contract `counter`. */
  readonly wasm: Uint8Array;
  readonly onBlock?: (height: bigint) => void;
}

export interface SeedReport {
  readonly seed: number;
  readonly blocks: number;
  readonly network: string;
  /** Last state root, in hex: the same in every run of the seed. */
  readonly appHash: string;
  /** Exports that other chains went on from. */
  readonly exports: number;
  readonly tallies: ReadonlyMap<string, Tally>;
}

interface SeedPlan {
  readonly network: NetworkDefinition;
  readonly isExported: boolean;
}

/** Every message in seeds 0 and 1 of four; exports, without new schedules, in 2 and 3. */
export function planOf(seed: number): SeedPlan {
  return { network: networkFor(seed), isExported: seed % 4 >= 2 };
}

/**
 * The state pays everything out and begins again at height 1, where every invariant holds too.
 * @throws {SimulationFailure}
 */
function beginAgain(simulation: Simulation): void {
  const { chain } = simulation;
  const again = startFrom(chain.network, exported(chain, { forZeroHeight: true }));
  for (let block = 0; block < blocksAgain; block++) {
    again.block({ txs: [], elapsedNs: 5_000_000_000n });
    const faults = brokenIn(again).map((text) => `from height zero: ${text}`);
    if (faults.length > 0) throw simulation.failure(chain.height, faults);
  }
}

const blocksAgain = 5;

/** Periods of schedules count from the import, as upstream: a chain that goes on has other ones. */
const notExported = /^\/secret\.cron\.MsgAddSchedule$/;

const exportEvery = 100n;
const firstExport = 25n;
const blocksOfTwins = 20n;

/** @throws {SimulationFailure} that names the block. */
export function runSeed({ seed, blocks, wasm, onBlock }: SeedRun): SeedReport {
  const { network, isExported } = planOf(seed);
  const simulation = new Simulation({
    seed,
    network,
    wasm,
    ...(isExported ? { without: notExported } : {}),
  });
  let twins: { readonly chains: ExportTwins; readonly until: bigint } | undefined;
  let exports = 0;
  let exportedAt: bigint | undefined;
  for (let block = 0; block < blocks; block++) {
    // A chain that goes on can prove no record to its enclave before it has committed a block.
    simulation.block(simulation.chain.height === exportedAt);
    const { height } = simulation.chain;
    onBlock?.(height);
    if (!isExported) continue;
    const faults = twins?.chains.follow() ?? [];
    if (faults.length > 0) throw simulation.failure(height, faults);
    if (height === twins?.until) {
      const [one, other] = twins.chains.contentHashes;
      if (one !== other) {
        throw simulation.failure(height, ["contents hash differently"]);
      }
      twins = undefined;
      beginAgain(simulation);
    }
    if (height % exportEvery === firstExport) {
      twins = { chains: new ExportTwins(simulation.chain), until: height + blocksOfTwins };
      exportedAt = height;
      exports += 1;
    }
  }
  const { tallies } = simulation;
  const appHash = appHashText(simulation);
  return { seed, blocks, network: network.chainId, appHash, exports, tallies };
}
