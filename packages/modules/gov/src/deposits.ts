/** Money that stands behind a proposal. */
import { create } from "@bufbuild/protobuf";
import {
  addCoins,
  type Coin,
  type Coins,
  coinsFromWire,
  coinsToText,
  coinsToWire,
  coinToText,
  Dec,
  makeCoins,
  NO_COINS,
} from "@tacit/encoding";
import {
  DepositSchema,
  type Params,
  type Proposal,
  ProposalStatus,
} from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { type Context, createEvent, sdkErrors } from "@tacit/sdk";
import { isAllGte, isValidCoins } from "./coins.ts";
import { parseDecimal } from "./decimals.ts";
import type { GovEnvironment } from "./environment.ts";
import { govErrors } from "./errors.ts";
import { moduleName } from "./names.ts";
import { getParams } from "./params.ts";
import { activateVotingPeriod } from "./proposals.ts";
import {
  deleteDeposit,
  deposits,
  getDeposit,
  mustGetProposal,
  setDeposit,
  setProposal,
} from "./store.ts";

/** @throws {SdkError} `sdk/10`, `gov/16`, `gov/23` */
export function assertInitialDeposit(params: Params, deposit: Coins, isExpedited: boolean): void {
  if (!isValidCoins(deposit)) throw sdkErrors.invalidCoins.wrap(coinsToText(deposit));
  const ratio = parseDecimal(params.minInitialDepositRatio);
  if (!ratio.isZero) {
    const needed = minDepositOf(params, isExpedited).map(({ denom, amount }) => ({
      denom,
      amount: Dec.fromInt(amount).mul(ratio).roundInt(),
    }));
    if (!isAllGte(deposit, needed)) {
      throw govErrors.depositTooSmall.wrap(
        `was (${coinsToText(deposit)}), need (${coinsToText(needed)})`,
      );
    }
  }
  assertDenoms(params, deposit);
}

/** What is not the first deposit must be something. @throws {SdkError} `sdk/10` */
export function assertDeposit(deposit: Coins): void {
  if (deposit.length > 0 && isValidCoins(deposit)) return;
  throw deposit.length === 0
    ? sdkErrors.invalidCoins.wrap("")
    : sdkErrors.invalidCoins.wrap(coinsToText(deposit));
}

/**
 * Adds to a proposal's deposits, and opens voting once there is enough.
 * @returns whether voting began.
 * @throws {SdkError} `gov/3`, `gov/16`, `gov/23`, bank's; {PlainError} if there is no such proposal.
 */
export function addDeposit(
  env: GovEnvironment,
  context: Context,
  { id, depositor, amount }: NewDeposit,
): boolean {
  const proposal = mustGetProposal(context, id);
  const isOpen =
    proposal.status === ProposalStatus.DEPOSIT_PERIOD ||
    proposal.status === ProposalStatus.VOTING_PERIOD;
  if (!isOpen) throw govErrors.inactiveProposal.wrap(`${id}`);
  const params = getParams(context);
  const minDeposit = minDepositOf(params, proposal.expedited);
  const ratio = parseDecimal(params.minDepositRatio);
  assertDenoms(params, amount);
  if (!ratio.isZero) assertWorthwhile(amount, minDeposit, ratio);
  env.bank.sendCoinsFromAccountToModule(context, depositor, moduleName, amount);

  const total = addCoins(makeCoins(...coinsFromWire(proposal.totalDeposit)), amount);
  const funded: Proposal = { ...proposal, totalDeposit: coinsToWire(total) };
  setProposal(context, funded);
  const begins = proposal.status === ProposalStatus.DEPOSIT_PERIOD && isAllGte(total, minDeposit);
  if (begins) activateVotingPeriod(context, funded);

  const before = getDeposit(context, id, depositor);
  const text = env.addresses.toText(depositor);
  const sum =
    before === undefined ? amount : addCoins(makeCoins(...coinsFromWire(before.amount)), amount);
  env.hooks.afterProposalDeposit(context, id, depositor);
  context.events.emit(
    createEvent(
      "proposal_deposit",
      ["depositor", text],
      ["amount", coinsToText(amount)],
      ["proposal_id", `${id}`],
    ),
  );
  const deposit = create(DepositSchema, {
    proposalId: id,
    depositor: before?.depositor ?? text,
    amount: coinsToWire(sum),
  });
  setDeposit(context, depositor, deposit);
  return begins;
}

export interface NewDeposit {
  readonly id: bigint;
  readonly depositor: Uint8Array;
  readonly amount: Coins;
}

function minDepositOf(params: Params, isExpedited: boolean): readonly Coin[] {
  return coinsFromWire(isExpedited ? params.expeditedMinDeposit : params.minDeposit);
}

function assertDenoms({ minDeposit }: Params, deposit: Coins): void {
  const accepted = minDeposit.map(({ denom }) => denom);
  if (deposit.every(({ denom }) => accepted.includes(denom))) return;
  throw govErrors.invalidDenom.wrap(
    `deposited ${coinsToText(deposit)}, but gov accepts only the following denom(s): [${accepted.join(" ")}]`,
  );
}

/** One denomination at least must reach its part of the minimum. */
function assertWorthwhile(deposit: Coins, minDeposit: readonly Coin[], ratio: Dec): void {
  const thresholds: string[] = [];
  for (const { denom, amount } of minDeposit) {
    const threshold = Dec.fromInt(amount).mul(ratio).truncateInt();
    thresholds.push(coinToText({ denom, amount: threshold }));
    const given = deposit.find((coin) => coin.denom === denom);
    if (given !== undefined && given.amount >= threshold) return;
  }
  throw govErrors.depositTooSmall.wrap(
    `received ${coinsToText(deposit)} but need at least one of the following: ${thresholds.join(",")}`,
  );
}

/** Gives every depositor back what it gave. */
export function refundDeposits(env: GovEnvironment, context: Context, id: bigint): void {
  for (const deposit of deposits(context, id)) {
    const depositor = env.addresses.toBytes(deposit.depositor);
    const coins = coinsFromWire(deposit.amount);
    env.bank.sendCoinsFromModuleToAccount(context, moduleName, depositor, coins);
    deleteDeposit(context, id, depositor);
  }
}

export function burnDeposits(env: GovEnvironment, context: Context, id: bigint): void {
  let sum = NO_COINS;
  for (const deposit of deposits(context, id)) {
    sum = addCoins(sum, coinsFromWire(deposit.amount));
    deleteDeposit(context, id, env.addresses.toBytes(deposit.depositor));
  }
  env.bank.burnCoins(context, moduleName, sum);
}

/** Keeps a part of the deposits and gives back the rest. */
export function chargeDeposits(
  env: GovEnvironment,
  context: Context,
  id: bigint,
  { proposalCancelRatio, proposalCancelDest }: Params,
): void {
  const rate = parseDecimal(proposalCancelRatio);
  let charges = NO_COINS;
  for (const deposit of deposits(context, id)) {
    const depositor = env.addresses.toBytes(deposit.depositor);
    let rest = NO_COINS;
    for (const { denom, amount } of coinsFromWire(deposit.amount)) {
      const charge = Dec.fromInt(amount).mul(rate).truncateInt();
      rest = addCoins(rest, [{ denom, amount: amount - charge }]);
      charges = addCoins(charges, [{ denom, amount: charge }]);
    }
    if (rest.length > 0) {
      env.bank.sendCoinsFromModuleToAccount(context, moduleName, depositor, rest);
    }
    deleteDeposit(context, id, depositor);
  }
  if (charges.length > 0) payCharges(env, context, proposalCancelDest, charges);
}

function payCharges(
  env: GovEnvironment,
  context: Context,
  destination: string,
  charges: Coins,
): void {
  const { accounts, addresses, bank } = env;
  const pool = accounts.moduleAddress("distribution");
  if (destination === "") {
    bank.burnCoins(context, moduleName, charges);
  } else if (pool !== undefined && destination === addresses.toText(pool)) {
    env.distribution.fundCommunityPool(context, env.authorityAddress, charges);
  } else {
    const to = addresses.toBytes(destination);
    bank.sendCoinsFromModuleToAccount(context, moduleName, to, charges);
  }
}
