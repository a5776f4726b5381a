/** Parameters of `auth`. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { type Params, ParamsSchema } from "@tacit/encoding/proto/cosmos/auth/v1beta1/auth";
import { authErrors } from "./errors.ts";

export type { Params as AuthParams };

/** Defaults of the SDK; Secret has the same. */
export const defaultParams: Params = {
  $typeName: "cosmos.auth.v1beta1.Params",
  maxMemoCharacters: 256n,
  txSigLimit: 7n,
  txSizeCostPerByte: 10n,
  sigVerifyCostEd25519: 590n,
  sigVerifyCostSecp256k1: 1000n,
};

/** What reading absent parameters gives. */
const noParams: Params = {
  ...defaultParams,
  maxMemoCharacters: 0n,
  txSigLimit: 0n,
  txSizeCostPerByte: 0n,
  sigVerifyCostEd25519: 0n,
  sigVerifyCostSecp256k1: 0n,
};

const decoded = new WeakMap<Uint8Array, Params>();

export function decodeParams(bytes: Uint8Array | undefined): Params {
  if (bytes === undefined) return noParams;
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

/** @throws {PlainError} if one of them is zero. */
export function validateParams(params: Params): void {
  const checks: readonly (readonly [string, bigint])[] = [
    ["tx signature limit", params.txSigLimit],
    ["ED25519 signature verification cost", params.sigVerifyCostEd25519],
    ["SECK256k1 signature verification cost", params.sigVerifyCostSecp256k1],
    ["max memo characters", params.maxMemoCharacters],
    ["tx size cost per byte", params.txSizeCostPerByte],
  ];
  for (const [what, value] of checks) {
    if (value === 0n) throw authErrors.invalidParams(what, value);
  }
}
