/** What governance decides about missed blocks. */
import { create } from "@bufbuild/protobuf";
import { Dec, decodeMessage, encodeMessage, goDurationText } from "@tacit/encoding";
import { type Params, ParamsSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/slashing";
import { type Context, PlainError, utf8Bytes, utf8Text } from "@tacit/sdk";
import { paramsKey, slashingStoreName } from "./keys.ts";

/** Defaults of the SDK. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    signedBlocksWindow: 100n,
    minSignedPerWindow: utf8Bytes(Dec.parse("0.5").toWire()),
    downtimeJailDuration: { seconds: 600n, nanos: 0 },
    slashFractionDoubleSign: utf8Bytes(Dec.parse("0.05").toWire()),
    slashFractionDowntime: utf8Bytes(Dec.parse("0.01").toWire()),
  });
}

/** These decimals are bytes on the wire. */
export function toDec(bytes: Uint8Array): Dec {
  return Dec.fromWire(utf8Text(bytes));
}

export function getParams(context: Context): Params {
  const bytes = context.kvStore(slashingStoreName).get(paramsKey);
  return bytes === undefined ? create(ParamsSchema) : decodeMessage(ParamsSchema, bytes);
}

export function setParams(context: Context, params: Params): void {
  context.kvStore(slashingStoreName).set(paramsKey, encodeMessage(ParamsSchema, params));
}

/** @throws {PlainError} with the SDK's sentence for the first value out of bounds. */
export function validateParams(params: Params): void {
  const { signedBlocksWindow, downtimeJailDuration } = params;
  if (signedBlocksWindow <= 0n) {
    throw new PlainError(`signed blocks window must be positive: ${signedBlocksWindow}`);
  }
  checkFraction("min signed per window", params.minSignedPerWindow);
  const { seconds, nanos } = downtimeJailDuration ?? { seconds: 0n, nanos: 0 };
  const jailNs = seconds * 1_000_000_000n + BigInt(nanos);
  if (jailNs <= 0n) {
    throw new PlainError(`downtime jail duration must be positive: ${goDurationText(jailNs)}`);
  }
  checkFraction("double sign slash fraction", params.slashFractionDoubleSign);
  checkFraction("downtime slash fraction", params.slashFractionDowntime);
}

function checkFraction(name: string, bytes: Uint8Array): void {
  const value = toDec(bytes);
  if (value.isNegative) throw new PlainError(`${name} cannot be negative: ${value.toString()}`);
  if (Dec.ONE.lessThan(value)) throw new PlainError(`${name} too large: ${value.toString()}`);
}
