/** Who votes on which block, as CometBFT works it out from the application's updates. */
import { truncatedHashAddress } from "@tacit/crypto";
import { compareBytes, toHex } from "@tacit/encoding";
import type { ValidatorUpdate } from "@tacit/sdk";

export interface ConsensusValidator {
  readonly address: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly power: bigint;
}

export class ValidatorSets {
  /** Sets by height, each valid until the next entry. */
  readonly #byHeight = new Map<bigint, readonly ConsensusValidator[]>();
  readonly #first: bigint;

  /** @param initialHeight of the first block, which `genesis` votes on. */
  constructor(genesis: readonly ValidatorUpdate[], initialHeight: bigint) {
    this.#first = initialHeight;
    const set = changed([], genesis);
    this.#byHeight.set(initialHeight, set);
    this.#byHeight.set(initialHeight + 1n, set);
  }

  /** Who votes on block `height`; empty before the first. */
  at(height: bigint): readonly ConsensusValidator[] {
    if (height < this.#first) return [];
    const set = this.#byHeight.get(height);
    if (set === undefined) throw new RangeError(`the set of block ${height} is not known`);
    return set;
  }

  /** Takes what block `height` changed: it counts two blocks later. */
  update(height: bigint, updates: readonly ValidatorUpdate[]): void {
    this.#byHeight.set(height + 2n, changed(this.at(height + 1n), updates));
  }
}

/** Sorted by address. */
function changed(
  set: readonly ConsensusValidator[],
  updates: readonly ValidatorUpdate[],
): readonly ConsensusValidator[] {
  const byKey = new Map(set.map((validator) => [toHex(validator.publicKey), validator]));
  for (const { publicKey, power } of updates) {
    const key = toHex(publicKey);
    if (power === 0n) {
      if (!byKey.delete(key)) throw new RangeError(`validator ${key} is removed and was not there`);
    } else byKey.set(key, { address: truncatedHashAddress(publicKey), publicKey, power });
  }
  return [...byKey.values()].sort((a, b) => compareBytes(a.address, b.address));
}
