/** What governance decides about itself. */
import { create } from "@bufbuild/protobuf";
import {
  coinsFromWire,
  coinsToText,
  Dec,
  decodeMessage,
  encodeMessage,
  goDurationText,
} from "@tacit/encoding";
import { type Params, ParamsSchema } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { type AddressCodec, type Context, PlainError } from "@tacit/sdk";
import { isAllGte, isValidCoins } from "./coins.ts";
import { parseDecimal } from "./decimals.ts";
import { govStoreName, paramsKey } from "./keys.ts";
import { nanosOf, toDuration } from "./times.ts";

const daySeconds = 86_400n;

/** Defaults of Secret's fork. @see sdk-fork section 2 */
export function defaultParams(denom: string): Params {
  const coin = (amount: bigint) => ({ denom, amount: amount.toString() });
  return create(ParamsSchema, {
    minDeposit: [coin(1_000_000_000n)],
    expeditedMinDeposit: [coin(2_500_000_000n)],
    maxDepositPeriod: toDuration(7n * daySeconds),
    votingPeriod: toDuration(7n * daySeconds),
    expeditedVotingPeriod: toDuration(daySeconds),
    quorum: "0.334000000000000000",
    threshold: "0.500000000000000000",
    expeditedThreshold: "0.666666666666666667",
    vetoThreshold: "0.334000000000000000",
    minInitialDepositRatio: "0.000000000000000000",
    proposalCancelRatio: "0.500000000000000000",
    proposalCancelDest: "",
    burnProposalDepositPrevote: false,
    burnVoteQuorum: false,
    burnVoteVeto: true,
    minDepositRatio: "0.010000000000000000",
  });
}

/** @throws {PlainError} on state without parameters. */
export function getParams(context: Context): Params {
  const bytes = context.kvStore(govStoreName).get(paramsKey);
  if (bytes === undefined) {
    throw new PlainError(
      "collections: not found: key 'no_key' of type github.com/cosmos/gogoproto/cosmos.gov.v1.Params",
    );
  }
  return decodeMessage(ParamsSchema, bytes);
}

export function setParams(context: Context, params: Params): void {
  context.kvStore(govStoreName).set(paramsKey, encodeMessage(ParamsSchema, params));
}

/** @throws {PlainError} with the SDK's sentence for the first value out of bounds. */
export function validateParams(params: Params, addresses: AddressCodec): void {
  validateDeposits(params);
  const depositPeriodNs = periodNs(params.maxDepositPeriod, "maximum deposit period");
  if (depositPeriodNs <= 0n) {
    throw new PlainError(`maximum deposit period must be positive: ${depositPeriodNs}`);
  }
  validateThresholds(params);
  validatePeriods(params);
  const ratio = ratioOf(params.minInitialDepositRatio, {
    invalid: "invalid mininum initial deposit ratio of proposal",
    name: "mininum initial deposit ratio of proposal",
  });
  if (Dec.ONE.lessThan(ratio)) {
    throw new PlainError(
      `mininum initial deposit ratio of proposal is too large: ${ratio.toString()}`,
    );
  }
  const cancelRatio = ratioOf(params.proposalCancelRatio, {
    invalid: "invalid burn rate of cancel proposal",
    name: "burn rate of cancel proposal",
  });
  if (Dec.ONE.lessThan(cancelRatio)) {
    throw new PlainError(`burn rate of cancel proposal is too large: ${cancelRatio.toString()}`);
  }
  validateDestination(params.proposalCancelDest, addresses);
}

function validateDeposits({ minDeposit, expeditedMinDeposit }: Params): void {
  const regular = coinsFromWire(minDeposit);
  if (regular.length === 0 || !isValidCoins(regular)) {
    throw new PlainError(`invalid minimum deposit: ${coinsToText(regular)}`);
  }
  const expedited = coinsFromWire(expeditedMinDeposit);
  if (expedited.length === 0 || !isValidCoins(expedited)) {
    throw new PlainError(`invalid expedited minimum deposit: ${coinsToText(expedited)}`);
  }
  if (isAllGte(regular, expedited)) {
    throw new PlainError(
      `expedited minimum deposit must be greater than minimum deposit: ${coinsToText(expedited)}`,
    );
  }
}

function validateThresholds(params: Params): void {
  const quorum = decimal(params.quorum, "invalid quorum string");
  if (quorum.isNegative) throw new PlainError(`quorom cannot be negative: ${quorum.toString()}`);
  if (Dec.ONE.lessThan(quorum)) throw new PlainError(`quorom too large: ${params.quorum}`);
  const threshold = share(params.threshold, "invalid threshold string", "vote threshold");
  const expedited = share(
    params.expeditedThreshold,
    "invalid expedited threshold string",
    "expedited vote threshold",
  );
  if (!threshold.lessThan(expedited)) {
    throw new PlainError(
      `expedited vote threshold ${expedited.toString()}, must be greater than the regular threshold ${threshold.toString()}`,
    );
  }
  share(params.vetoThreshold, "invalid vetoThreshold string", "veto threshold");
}

function validatePeriods(params: Params): void {
  const voting = periodNs(params.votingPeriod, "voting period");
  if (voting <= 0n)
    throw new PlainError(`voting period must be positive: ${goDurationText(voting)}`);
  const expedited = periodNs(params.expeditedVotingPeriod, "expedited voting period");
  if (expedited <= 0n) {
    throw new PlainError(`expedited voting period must be positive: ${goDurationText(expedited)}`);
  }
  if (expedited < voting) return;
  throw new PlainError(
    `expedited voting period ${goDurationText(expedited)} must be strictly less that the regular voting period ${goDurationText(voting)}`,
  );
}

function validateDestination(destination: string, addresses: AddressCodec): void {
  if (destination === "") return;
  try {
    addresses.toBytes(destination);
  } catch {
    throw new PlainError(`deposits destination address is invalid: ${destination}`);
  }
}

function periodNs(
  period: { readonly seconds: bigint; readonly nanos: number } | undefined,
  name: string,
): bigint {
  if (period === undefined) throw new PlainError(`${name} must not be nil: 0`);
  return nanosOf(period);
}

/** More than nothing and at most all. */
function share(text: string, invalid: string, name: string): Dec {
  const value = decimal(text, invalid);
  if (!value.isPositive) throw new PlainError(`${name} must be positive: ${value.toString()}`);
  if (Dec.ONE.lessThan(value)) throw new PlainError(`${name} too large: ${value.toString()}`);
  return value;
}

function ratioOf(
  text: string,
  { invalid, name }: { readonly invalid: string; readonly name: string },
): Dec {
  const value = decimal(text, invalid);
  if (value.isNegative) throw new PlainError(`${name} must be positive: ${value.toString()}`);
  return value;
}

function decimal(text: string, invalid: string): Dec {
  try {
    return parseDecimal(text);
  } catch (error) {
    throw new PlainError(`${invalid}: ${(error as Error).message}`);
  }
}
