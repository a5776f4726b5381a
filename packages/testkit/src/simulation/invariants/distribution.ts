/** Invariants of `distribution`. */
import { moduleAddress } from "@tacit/crypto";
import { Dec, equalBytes } from "@tacit/encoding";
import type { DecCoin } from "@tacit/encoding/proto/cosmos/base/v1beta1/coin";
import {
  FeePoolSchema,
  ValidatorHistoricalRewardsSchema,
  ValidatorOutstandingRewardsSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import {
  MsgWithdrawDelegatorRewardSchema,
  MsgWithdrawValidatorCommissionSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/tx";
import { type Context, SdkError } from "@tacit/sdk";
import { StateReader } from "../state.ts";
import { anyOf } from "../world.ts";
import type { Checked, Invariant } from "./invariant.ts";

const outstanding = (state: StateReader) =>
  state
    .decoded(ValidatorOutstandingRewardsSchema, "distribution", 0x02)
    .map(({ value }) => value.rewards);

const nonnegativeOutstanding: Invariant = {
  name: "distribution/nonnegative-outstanding",
  *broken({ state }) {
    for (const rewards of outstanding(state)) yield* negatives(rewards);
  },
};

function* negatives(coins: readonly DecCoin[]): Iterable<string> {
  for (const { denom, amount } of coins) {
    if (Dec.fromWire(amount).isNegative) yield `outstanding rewards of ${amount}${denom}`;
  }
}

/** Everybody takes everything, validator by validator; then no reward is negative. */
const canWithdraw: Invariant = {
  name: "distribution/can-withdraw",
  *broken(checked) {
    const { context, composition } = checked;
    const { context: trial } = context.cacheContext();
    const operators = checked.state.validators().map(({ operatorAddress }) => operatorAddress);
    for (const validatorAddress of operators) {
      const message = anyOf(MsgWithdrawValidatorCommissionSchema, { validatorAddress });
      run(composition, trial, message);
    }
    for (const { delegatorAddress, validatorAddress } of checked.state.delegations()) {
      const pair = { delegatorAddress, validatorAddress };
      const failure = run(composition, trial, anyOf(MsgWithdrawDelegatorRewardSchema, pair));
      if (failure !== undefined) yield `${delegatorAddress} of ${validatorAddress}: ${failure}`;
    }
    for (const rewards of outstanding(new StateReader(trial.stores))) yield* negatives(rewards);
  },
};

/** @returns what went wrong; a validator without commission is nothing wrong. */
function run(
  { messages, types }: Checked["composition"],
  context: Context,
  { typeUrl, value }: ReturnType<typeof anyOf>,
): string | undefined {
  const route = messages.route(typeUrl)!;
  try {
    context.branched((own) => route.handle(own, route.decode(value, types)));
    return undefined;
  } catch (error) {
    if (error instanceof SdkError || error instanceof Error) return error.message;
    throw error;
  }
}

/** Each validator's current period, each delegation and each slash need one period. */
const referenceCount: Invariant = {
  name: "distribution/reference-count",
  *broken({ state }) {
    const delegations = state.delegations().length;
    const slashes = [...state.entries("distribution", 0x08)].length;
    const expected = state.validators().length + delegations + slashes;
    const found = state
      .decoded(ValidatorHistoricalRewardsSchema, "distribution", 0x05)
      .reduce((total, { value }) => total + value.referenceCount, 0);
    if (found !== expected) yield `${found} references to periods instead of ${expected}`;
  },
};

const moduleAccount: Invariant = {
  name: "distribution/module-account",
  *broken({ state }) {
    const owed = new Map<string, Dec>();
    const pool = state.decoded(FeePoolSchema, "distribution", 0x00)[0]?.value.communityPool ?? [];
    for (const { denom, amount } of [...outstanding(state).flat(), ...pool]) {
      owed.set(denom, (owed.get(denom) ?? Dec.ZERO).add(Dec.fromWire(amount)));
    }
    const account = moduleAddress("distribution");
    const has = new Map(
      state
        .balances()
        .filter(({ address }) => equalBytes(address, account))
        .map(({ denom, amount }) => [denom, amount]),
    );
    for (const denom of new Set([...owed.keys(), ...has.keys()])) {
      const expected = (owed.get(denom) ?? Dec.ZERO).truncateInt();
      const amount = has.get(denom) ?? 0n;
      if (amount !== expected) yield `it has ${amount}${denom} and owes ${expected}${denom}`;
    }
  },
};

/** A delegation earns from a period on, and nothing else does. */
const startingInfos: Invariant = {
  name: "distribution/starting-infos",
  *broken({ state }) {
    const infos = [...state.entries("distribution", 0x04)].length;
    const delegations = state.delegations().length;
    if (infos !== delegations) yield `${infos} starting infos of ${delegations} delegations`;
  },
};

export const distributionInvariants: readonly Invariant[] = [
  nonnegativeOutstanding,
  canWithdraw,
  referenceCount,
  moduleAccount,
  startingInfos,
];
