/** What governance decides about rewards. */
import { create } from "@bufbuild/protobuf";
import { Dec, decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type Params,
  ParamsSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import { type Context, PlainError } from "@tacit/sdk";
import { distributionStoreName, paramsKey } from "./keys.ts";

/** Defaults of Secret's fork (sdk-fork section 1.1); the first four are the SDK's. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    communityTax: Dec.parse("0.02").toWire(),
    baseProposerReward: "0",
    bonusProposerReward: "0",
    withdrawAddrEnabled: true,
    secretFoundationTax: "0",
    secretFoundationAddress: "",
    minimumRestakeThreshold: Dec.fromInt(10_000_000n).toWire(),
    restakePeriod: "1000",
  });
}

export function getParams(context: Context): Params {
  const bytes = context.kvStore(distributionStoreName).get(paramsKey);
  return bytes === undefined ? create(ParamsSchema) : decodeMessage(ParamsSchema, bytes);
}

/** @param type of the network's parameters. */
export function setParams(context: Context, params: Params, type: typeof ParamsSchema): void {
  context.kvStore(distributionStoreName).set(paramsKey, encodeMessage(type, params));
}

/** @throws {PlainError} with the SDK's sentence. */
export function validateParams(params: Params): void {
  const foundation = Dec.fromWire(params.secretFoundationTax);
  if (foundation.isNegative || Dec.ONE.lessThan(foundation)) {
    throw new PlainError(
      `secret foundation tax should non-negative and less than one: ${foundation.toString()}`,
    );
  }
  const community = Dec.fromWire(params.communityTax);
  if (community.isNegative) {
    throw new PlainError(`community tax must be positive: ${community.toString()}`);
  }
  if (Dec.ONE.lessThan(community)) {
    throw new PlainError(`community tax too large: ${community.toString()}`);
  }
}
