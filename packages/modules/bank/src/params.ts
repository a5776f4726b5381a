/** Parameters of `bank`. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { type Params, ParamsSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/bank";

export type { Params as BankParams };

export const defaultParams: Params = {
  $typeName: "cosmos.bank.v1beta1.Params",
  sendEnabled: [],
  defaultSendEnabled: true,
};

const decoded = new WeakMap<Uint8Array, Params>();

export function decodeParams(bytes: Uint8Array | undefined): Params {
  if (bytes === undefined) return { ...defaultParams, defaultSendEnabled: false };
  let params = decoded.get(bytes);
  if (params === undefined) {
    params = decodeMessage(ParamsSchema, bytes);
    decoded.set(bytes, params);
  }
  return params;
}

export function encodeParams(params: Params): Uint8Array {
  return encodeMessage(ParamsSchema, params);
}
