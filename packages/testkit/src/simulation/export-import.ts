/** A chain that goes on from its own export goes on as if nothing had happened. */
import { type ExportOptions, exportState, type NetworkDefinition, storeNames } from "@tacit/app";
import { toHex } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import { type GenesisDocument, SimulatedChain } from "../simulated-chain.ts";
import { contentHash, differences } from "./content.ts";

/** A genesis document that starts where a chain is, or again at height 1. */
export function exported(chain: SimulatedChain, options: ExportOptions = {}): GenesisDocument {
  const view = chain.store.atVersion(chain.height);
  const { block } = chain.context();
  const { validators, ...document } = exportState(
    chain.chain.composition,
    { view, block },
    options,
  );
  return {
    ...document,
    validators: validators.map(({ publicKey, power }) => ({
      keyType: "ed25519",
      publicKey,
      power,
    })),
  };
}

export function startFrom(network: NetworkDefinition, document: GenesisDocument): SimulatedChain {
  return new SimulatedChain({ network, genesis: () => document });
}

const stateOf = (chain: SimulatedChain) => chain.context().stores;

/**
 * Two chains made from the export of one, which run its blocks from there. After each the content
 * of all three is the same, and the two have the same app hash. (The first one's is another: a
 * tree's hash has in it when each node was written.)
 */
export class ExportTwins {
  readonly #original: SimulatedChain;
  readonly #twins: readonly [SimulatedChain, SimulatedChain];

  /** Exports now. */
  constructor(original: SimulatedChain) {
    const document = exported(original);
    const start = () => startFrom(original.network, document);
    this.#original = original;
    this.#twins = [start(), start()];
  }

  /** Runs the block that the original ran last. @returns every difference it finds. */
  follow(): readonly string[] {
    const request = this.#original.lastRequest;
    invariant(request !== undefined, "a block was made");
    for (const twin of this.#twins) twin.replay(request);
    const [first, second] = this.#twins;
    const faults = [...differences(stateOf(this.#original), stateOf(first), storeNames)];
    if (toHex(first.appHash) !== toHex(second.appHash)) faults.push("two imports differ");
    return faults.map((text) => `export and import: ${text}`);
  }

  /** App hashes of the contents, in hex, each written into new trees: the original's and a twin's. */
  get contentHashes(): readonly [string, string] {
    return [
      contentHash(stateOf(this.#original), storeNames),
      contentHash(stateOf(this.#twins[0]), storeNames),
    ].map(toHex) as [string, string];
  }
}
