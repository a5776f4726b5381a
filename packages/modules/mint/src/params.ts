/** What governance decides about new coins. */
import { create } from "@bufbuild/protobuf";
import { Dec, isDenom } from "@tacit/encoding";
import { type Params, ParamsSchema } from "@tacit/encoding/proto/cosmos/mint/v1beta1/mint";
import { PlainError } from "@tacit/sdk";

/** Defaults of the SDK, but for the coin; blocks of 5 seconds. */
export function defaultParams(mintDenom: string): Params {
  return create(ParamsSchema, {
    mintDenom,
    inflationRateChange: Dec.parse("0.13").toWire(),
    inflationMax: Dec.parse("0.2").toWire(),
    inflationMin: Dec.parse("0.07").toWire(),
    goalBonded: Dec.parse("0.67").toWire(),
    blocksPerYear: 6_311_520n,
  });
}

/** @throws {PlainError} with the SDK's sentence for the first value out of bounds. */
export function validateParams(params: Params): void {
  if (params.mintDenom.trim() === "") throw new PlainError("mint denom cannot be blank");
  if (!isDenom(params.mintDenom)) throw new PlainError(`invalid denom: ${params.mintDenom}`);
  fraction("inflation rate change", params.inflationRateChange);
  const max = fraction("max inflation", params.inflationMax);
  const min = fraction("min inflation", params.inflationMin);
  const goal = Dec.fromWire(params.goalBonded);
  if (!goal.isPositive) throw new PlainError(`goal bonded must be positive: ${goal.toString()}`);
  fraction("goal bonded", params.goalBonded);
  if (params.blocksPerYear === 0n) throw new PlainError("blocks per year must be positive: 0");
  if (!max.lessThan(min)) return;
  throw new PlainError(
    `max inflation (${max.toString()}) must be greater than or equal to min inflation (${min.toString()})`,
  );
}

function fraction(name: string, text: string): Dec {
  const value = Dec.fromWire(text);
  if (value.isNegative) throw new PlainError(`${name} cannot be negative: ${value.toString()}`);
  if (Dec.ONE.lessThan(value)) throw new PlainError(`${name} too large: ${value.toString()}`);
  return value;
}
