/** What governance decides about rewards. */
import { create } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Dec, decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type Params,
  ParamsSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import type { MsgUpdateParams } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/tx";
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

/** @param restakes whether the network has the fork's parameters, fields 5 to 8. */
export function setParams(context: Context, params: Params, restakes: boolean): void {
  const bytes = restakes ? encodeMessage(ParamsSchema, params) : encodeUpstreamParams(params);
  context.kvStore(distributionStoreName).set(paramsKey, bytes);
}

/** As a chain without the fork's parameters writes them. */
function encodeUpstreamParams(params: Params): Uint8Array {
  return upstreamPart(encodeMessage(ParamsSchema, params));
}

/** `MsgUpdateParams` of a chain without the fork's parameters. */
export function encodeUpstreamUpdate({ authority, params }: MsgUpdateParams): Uint8Array {
  const bytes = encodeUpstreamParams(params ?? create(ParamsSchema));
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).string(authority);
  return writer.tag(2, WireType.LengthDelimited).bytes(bytes).finish();
}

/** The bytes of fields 1 to 4, which come first. */
function upstreamPart(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at]!;
    if (tag >> 3 > 4) break;
    // Field 4 is a bool of one byte; the others are texts below 128 bytes after their length.
    at += tag >> 3 === 4 ? 2 : 2 + bytes[at + 1]!;
  }
  return bytes.slice(0, at);
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
