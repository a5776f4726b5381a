/** Counting votes. */
import { create } from "@bufbuild/protobuf";
import { Dec } from "@tacit/encoding";
import {
  type Params,
  type Proposal,
  type TallyResult,
  TallyResultSchema,
  type Vote,
  VoteOption,
} from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import type { Context } from "@tacit/sdk";
import { parseDecimal } from "./decimals.ts";
import type { GovEnvironment } from "./environment.ts";
import { getParams } from "./params.ts";
import { votes } from "./store.ts";

export interface Tally {
  readonly passes: boolean;
  readonly burnsDeposits: boolean;
  readonly result: TallyResult;
}

interface BondedValidator {
  readonly tokens: bigint;
  readonly shares: Dec;
  /** Shares of delegators who voted themselves. */
  deducted: Dec;
  vote: Vote["options"];
}

/** What the votes weigh: by option, and all together. */
class Weights {
  readonly #byOption = new Map<VoteOption, Dec>();
  total = Dec.ZERO;

  add(power: Dec, options: Vote["options"]): void {
    for (const { option, weight } of options) {
      this.#byOption.set(option, this.of(option).add(power.mul(parseDecimal(weight))));
    }
    this.total = this.total.add(power);
  }

  of(option: VoteOption): Dec {
    return this.#byOption.get(option) ?? Dec.ZERO;
  }
}

export const emptyTally: TallyResult = create(TallyResultSchema, {
  yesCount: "0",
  abstainCount: "0",
  noCount: "0",
  noWithVetoCount: "0",
});

/**
 * Counts the votes as they are. A delegator's vote takes its shares out of its validators' votes;
 * only validators of the active set count. Votes stay where they are.
 */
export function tally(env: GovEnvironment, context: Context, proposal: Proposal): Tally {
  const weights = weigh(env, context, proposal.id);
  const params = getParams(context);
  const result = create(TallyResultSchema, {
    yesCount: `${weights.of(VoteOption.YES).truncateInt()}`,
    abstainCount: `${weights.of(VoteOption.ABSTAIN).truncateInt()}`,
    noCount: `${weights.of(VoteOption.NO).truncateInt()}`,
    noWithVetoCount: `${weights.of(VoteOption.NO_WITH_VETO).truncateInt()}`,
  });
  const bonded = env.staking.totalBondedTokens(context);
  return { result, ...judge(weights, bonded, params, proposal.expedited) };
}

function weigh(env: GovEnvironment, context: Context, id: bigint): Weights {
  const validators = bondedValidators(env, context);
  const weights = new Weights();
  for (const { voter: text, options } of votes(context, id)) {
    const voter = env.addresses.toBytes(text);
    const own = validators.get(env.staking.operators.toText(voter));
    if (own !== undefined) own.vote = options;
    for (const delegation of env.staking.delegationsOf(context, voter)) {
      const validator = validators.get(delegation.validatorAddress);
      if (validator === undefined) continue;
      const shares = Dec.fromWire(delegation.shares);
      validator.deducted = validator.deducted.add(shares);
      weights.add(powerOf(validator, shares), options);
    }
  }
  for (const validator of validators.values()) {
    if (validator.vote.length === 0) continue;
    const shares = validator.shares.sub(validator.deducted);
    weights.add(powerOf(validator, shares), validator.vote);
  }
  return weights;
}

function bondedValidators(env: GovEnvironment, context: Context): Map<string, BondedValidator> {
  const validators = new Map<string, BondedValidator>();
  for (const { operatorAddress, tokens, delegatorShares } of env.staking.bondedValidators(
    context,
  )) {
    validators.set(operatorAddress, {
      tokens: BigInt(tokens || "0"),
      shares: Dec.fromWire(delegatorShares),
      deducted: Dec.ZERO,
      vote: [],
    });
  }
  return validators;
}

function powerOf({ tokens, shares: all }: BondedValidator, shares: Dec): Dec {
  return shares.mulInt(tokens).quo(all);
}

function judge(
  weights: Weights,
  bonded: bigint,
  params: Params,
  isExpedited: boolean,
): Pick<Tally, "passes" | "burnsDeposits"> {
  const rejected = (burnsDeposits: boolean) => ({ passes: false, burnsDeposits });
  if (bonded === 0n) return rejected(false);
  const { total } = weights;
  if (total.quo(Dec.fromInt(bonded)).lessThan(parseDecimal(params.quorum))) {
    return rejected(params.burnVoteQuorum);
  }
  const decided = total.sub(weights.of(VoteOption.ABSTAIN));
  if (decided.isZero) return rejected(false);
  const veto = weights.of(VoteOption.NO_WITH_VETO).quo(total);
  if (parseDecimal(params.vetoThreshold).lessThan(veto)) return rejected(params.burnVoteVeto);
  const threshold = parseDecimal(isExpedited ? params.expeditedThreshold : params.threshold);
  const passes = threshold.lessThan(weights.of(VoteOption.YES).quo(decided));
  return { passes, burnsDeposits: false };
}
