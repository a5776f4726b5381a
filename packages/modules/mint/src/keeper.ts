/** The store `mint`: the current rate and the parameters. */
import { create } from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type Minter,
  MinterSchema,
  type Params,
  ParamsSchema,
} from "@tacit/encoding/proto/cosmos/mint/v1beta1/mint";
import type { Context } from "@tacit/sdk";

export const mintStoreName = "mint";

const minterKey = Uint8Array.of(0x00);
const paramsKey = Uint8Array.of(0x01);

export function getMinter(context: Context): Minter {
  const bytes = context.kvStore(mintStoreName).get(minterKey);
  return bytes === undefined ? create(MinterSchema) : decodeMessage(MinterSchema, bytes);
}

export function setMinter(context: Context, minter: Minter): void {
  context.kvStore(mintStoreName).set(minterKey, encodeMessage(MinterSchema, minter));
}

export function getParams(context: Context): Params {
  const bytes = context.kvStore(mintStoreName).get(paramsKey);
  return bytes === undefined ? create(ParamsSchema) : decodeMessage(ParamsSchema, bytes);
}

export function setParams(context: Context, params: Params): void {
  context.kvStore(mintStoreName).set(paramsKey, encodeMessage(ParamsSchema, params));
}
