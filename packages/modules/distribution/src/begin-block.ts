/** The beginning of every block: the last one's fees are shared out. */
import { Dec } from "@tacit/encoding";
import type { Params } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import type { Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, createEvent, PanicError } from "@tacit/sdk";
import {
  add,
  type DecCoins,
  fromCoins,
  multiply,
  multiplyTruncate,
  NO_DEC_COINS,
  split,
  subtract,
  toText,
} from "./dec-coins.ts";
import type { DistributionEnvironment } from "./environment.ts";
import { feeCollectorName, moduleName } from "./names.ts";
import { getParams } from "./params.ts";
import { restakeAll } from "./restake.ts";
import {
  getCommission,
  getCommunityPool,
  getCurrent,
  getOutstanding,
  setCommission,
  setCommunityPool,
  setCurrent,
  setOutstanding,
  setPreviousProposer,
} from "./store.ts";

export function beginBlock(env: DistributionEnvironment, context: Context): void {
  if (context.height > 1n) allocateFees(env, context);
  if (env.restakes) {
    const period = BigInt(getParams(context).restakePeriod || "0");
    if (period === 0n) throw new PanicError("division by zero");
    if (context.height % period === 0n) restakeAll(env, context);
  }
  setPreviousProposer(context, context.block.proposerAddress);
}

function allocateFees(env: DistributionEnvironment, context: Context): void {
  const { votes } = context.block.lastCommit;
  const collector = env.accounts.getModuleAccount(context, feeCollectorName);
  const collected = env.bank.getAllBalances(context, collector.address);
  const fees = fromCoins(collected);
  env.bank.sendCoinsFromModuleToModule(context, feeCollectorName, moduleName, collected);
  const pool = getCommunityPool(context);
  const power = votes.reduce((sum, vote) => sum + vote.power, 0n);
  if (power === 0n) {
    setCommunityPool(context, add(pool, fees));
    return;
  }
  const params = getParams(context);
  const foundation = foundationOf(env, params);
  const forFoundation =
    foundation === undefined ? NO_DEC_COINS : multiplyTruncate(fees, foundation.tax);
  const taxes = Dec.fromWire(params.communityTax).add(foundation?.tax ?? Dec.ZERO);
  const forVoters = multiplyTruncate(fees, Dec.ONE.sub(taxes));
  let rest = subtract(fees, forFoundation);
  for (const vote of votes) {
    const validator = env.staking.validatorByConsensusAddress(context, vote.address);
    const part = Dec.fromInt(vote.power).quoTruncate(Dec.fromInt(power));
    const reward = multiplyTruncate(forVoters, part);
    allocateToValidator(env, context, validator, reward);
    rest = subtract(rest, reward);
  }
  if (foundation !== undefined && forFoundation.length > 0) {
    const { whole, change } = split(forFoundation);
    env.bank.sendCoinsFromModuleToAccount(context, moduleName, foundation.address, whole);
    rest = add(rest, change);
  }
  setCommunityPool(context, add(pool, rest));
}

/** Undefined where nothing goes to it. */
function foundationOf(
  env: DistributionEnvironment,
  params: Params,
): { readonly tax: Dec; readonly address: Uint8Array } | undefined {
  const tax = Dec.fromWire(params.secretFoundationTax);
  const text = params.secretFoundationAddress;
  if (!env.restakes || tax.isZero || text === "") return undefined;
  try {
    return { tax, address: env.addresses.toBytes(text) };
  } catch {
    return undefined;
  }
}

/** Commission first, the rest for those who stake with the validator. */
export function allocateToValidator(
  env: DistributionEnvironment,
  context: Context,
  validator: Validator,
  tokens: DecCoins,
): void {
  const rate = Dec.fromWire(validator.commission?.commissionRates?.rate ?? "");
  const commission = multiply(tokens, rate);
  const shared = subtract(tokens, commission);
  const operator = env.staking.operators.toBytes(validator.operatorAddress);
  const emit = (type: string, amount: DecCoins) =>
    context.events.emit(
      createEvent(type, ["amount", toText(amount)], ["validator", validator.operatorAddress]),
    );
  emit("commission", commission);
  setCommission(context, operator, add(getCommission(context, operator), commission));
  const current = getCurrent(context, operator);
  setCurrent(context, operator, { ...current, rewards: add(current.rewards, shared) });
  emit("rewards", tokens);
  setOutstanding(context, operator, add(getOutstanding(context, operator), tokens));
}
