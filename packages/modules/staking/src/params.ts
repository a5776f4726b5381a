/** What governance decides about staking. */
import { create } from "@bufbuild/protobuf";
import { Dec, decodeMessage, encodeMessage, isDenom } from "@tacit/encoding";
import { type Params, ParamsSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, PlainError } from "@tacit/sdk";
import { paramsKey, stakingStoreName } from "./keys.ts";
import { nanosOf } from "./times.ts";

/** Tokens of one unit of voting power. */
export const POWER_REDUCTION = 1_000_000n;

/** Defaults of the SDK, but for the coin. */
export function defaultParams(bondDenom: string): Params {
  return create(ParamsSchema, {
    unbondingTime: { seconds: 1_814_400n, nanos: 0 },
    maxValidators: 100,
    maxEntries: 7,
    historicalEntries: 10_000,
    bondDenom,
    minCommissionRate: "0",
  });
}

export function getParams(context: Context): Params {
  const bytes = context.kvStore(stakingStoreName).get(paramsKey);
  return bytes === undefined ? create(ParamsSchema) : decodeMessage(ParamsSchema, bytes);
}

export function setParams(context: Context, params: Params): void {
  context.kvStore(stakingStoreName).set(paramsKey, encodeMessage(ParamsSchema, params));
}

/** @throws {PlainError} with the SDK's sentence for the first value out of bounds. */
export function validateParams(params: Params): void {
  const unbondingNs = nanosOf(params.unbondingTime);
  if (unbondingNs <= 0n) {
    throw new PlainError(`unbonding time must be positive: ${unbondingNs}`);
  }
  if (params.maxValidators === 0) throw new PlainError("max validators must be positive: 0");
  if (params.maxEntries === 0) throw new PlainError("max entries must be positive: 0");
  if (params.bondDenom.trim() === "") throw new PlainError("bond denom cannot be blank");
  if (!isDenom(params.bondDenom)) throw new PlainError(`invalid denom: ${params.bondDenom}`);
  validateCommission(params.minCommissionRate);
}

function validateCommission(text: string): void {
  const refuse = (what: string) => new PlainError(`minimum commission rate cannot be ${what}`);
  const rate = Dec.fromWire(text);
  if (rate.isNegative) throw refuse(`negative: ${rate.toString()}`);
  if (Dec.ONE.lessThan(rate)) throw refuse(`greater than 100%: ${rate.toString()}`);
}
