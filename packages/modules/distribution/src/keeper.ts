/** What other modules may ask of distribution and tell it to do. */
import type { Coins } from "@tacit/encoding";
import type { Context } from "@tacit/sdk";
import { fundCommunityPool, spendCommunityPool } from "./community-pool.ts";
import { split } from "./dec-coins.ts";
import type { DistributionEnvironment } from "./environment.ts";
import { pendingRewards } from "./rewards.ts";
import { prepareForZeroHeight } from "./zero-height.ts";

export class DistributionKeeper {
  readonly #env: DistributionEnvironment;

  constructor(env: DistributionEnvironment) {
    this.#env = env;
  }

  /** @throws {SdkError} bank's. */
  fundCommunityPool(context: Context, from: Uint8Array, coins: Coins): void {
    fundCommunityPool(this.#env, context, from, coins);
  }

  /** @throws {SdkError} `distribution/9`, bank's. */
  spendCommunityPool(context: Context, to: Uint8Array, coins: Coins): void {
    spendCommunityPool(this.#env, context, to, coins);
  }

  /** @see {@link prepareForZeroHeight} of zero-height.ts */
  prepareForZeroHeight(context: Context): void {
    prepareForZeroHeight(this.#env, context);
  }

  /** Whole coins that a delegation would be paid now. @throws {SdkError} `staking/3`, `staking/19`. */
  pendingRewards(context: Context, delegator: Uint8Array, operator: Uint8Array): Coins {
    const { staking } = this.#env;
    const validator = staking.validator(context, operator);
    const delegation = staking.delegation(context, delegator, operator);
    const pair = { delegator, operator };
    return split(pendingRewards(staking, context, { pair, validator, delegation })).whole;
  }
}
