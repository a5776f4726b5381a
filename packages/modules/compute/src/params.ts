/** What governance decides about contracts. */
import { create } from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { type Params, ParamsSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import type { Context } from "@tacit/sdk";
import { computeErrors } from "./errors.ts";
import { computeStoreName, paramsKey } from "./keys.ts";

const DECIMALS = 10n ** 18n;

/** 0.8 SDK gas a byte of uncompressed code; 2 MiB of code. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    compileCost: "800000000000000000",
    maxContractSize: 2_097_152n,
  });
}

/** Parameters of the state; absent ones read as zero, like an empty protobuf message. */
export function getParams(context: Context): Params {
  const bytes = context.kvStore(computeStoreName).get(paramsKey);
  return bytes === undefined ? create(ParamsSchema) : decodeMessage(ParamsSchema, bytes);
}

/** @throws {SdkError} `compute/13` if the compile cost is no decimal or is negative. */
export function setParams(context: Context, params: Params): void {
  if (!/^\d{1,60}$/.test(params.compileCost)) {
    throw computeErrors.invalid.wrap("compile cost");
  }
  context.kvStore(computeStoreName).set(paramsKey, encodeMessage(ParamsSchema, params));
}

/** SDK gas for compiling `sizeBytes` of code: cost times size, rounded half to even. */
export function compileGas(params: Params, sizeBytes: number): bigint {
  const exact = BigInt(params.compileCost || "0") * BigInt(sizeBytes);
  const whole = exact / DECIMALS;
  const doubled = (exact % DECIMALS) * 2n;
  const roundsUp = doubled > DECIMALS || (doubled === DECIMALS && whole % 2n === 1n);
  return roundsUp ? whole + 1n : whole;
}
