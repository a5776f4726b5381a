/** What happens to a chain without anybody's message: time, missed votes, votes cast twice. */
import { toHex } from "@tacit/encoding";
import type { Misbehavior } from "@tacit/sdk";
import type { Random } from "../random.ts";
import type { SimulatedChain } from "../simulated-chain.ts";

const second = 1_000_000_000n;

export class Surroundings {
  readonly #random: Random;
  /** Height until which a validator, by consensus address in hex, does not vote. */
  readonly #downUntil = new Map<string, bigint>();
  /** Consensus address, in hex, of the one validator that is always honest and there. */
  readonly #steady: string;

  constructor(random: Random, steady: Uint8Array) {
    this.#random = random;
    this.#steady = toHex(steady);
  }

  /** Seconds as a rule; now and then hours or days. */
  elapsedNs(): bigint {
    const random = this.#random;
    const nanos = BigInt(random.below(1_000_000_000));
    if (random.chance(1, 120)) return BigInt(random.between(3_600, 500_000)) * second + nanos;
    if (random.chance(1, 30)) return BigInt(random.between(60, 7_200)) * second + nanos;
    return BigInt(random.between(1, 7)) * second + nanos;
  }

  /** Who misses the vote on the last block: some for a while, some once. */
  absent(chain: SimulatedChain): ReadonlySet<string> {
    const absent = new Set<string>();
    const { height } = chain;
    for (const { address } of chain.voters) {
      const key = toHex(address);
      if (key === this.#steady) continue;
      if (this.#random.chance(1, 150)) {
        this.#downUntil.set(key, height + BigInt(this.#random.between(5, 60)));
      }
      if ((this.#downUntil.get(key) ?? 0n) > height || this.#random.chance(1, 40)) absent.add(key);
    }
    return absent;
  }

  /** Seldom: a validator of one of the last blocks that voted twice. Sometimes told twice. */
  misbehavior(chain: SimulatedChain): readonly Misbehavior[] {
    if (!this.#random.chance(1, 60)) return [];
    const height = chain.height - BigInt(this.#random.below(12));
    const set = chain.validatorSets.at(height);
    const validator = this.#random.pickIfAny(
      set.filter(({ address }) => toHex(address) !== this.#steady),
    );
    if (validator === undefined) return [];
    const { seconds } = chain.time;
    const report: Misbehavior = {
      type: this.#random.chance(1, 4) ? "light_client_attack" : "duplicate_vote",
      validator: { address: validator.address, power: validator.power },
      height,
      time: { seconds: seconds - BigInt(this.#random.between(0, 4_000)), nanos: 0 },
      totalVotingPower: set.reduce((sum, { power }) => sum + power, 0n),
    };
    return this.#random.chance(1, 5) ? [report, report] : [report];
  }
}
