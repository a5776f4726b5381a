/** Genesis of `feegrant`: the allowances. */
import { fromClientJson, toClientJson } from "@tacit/encoding";
import type { Grant } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/feegrant";
import { GenesisStateSchema } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/genesis";
import { type Context, type JsonValue, sdkErrors, type TypeResolver } from "@tacit/sdk";
import { decodeAllowance, validateAllowance } from "./allowance.ts";
import type { FeeGrantKeeper } from "./keeper.ts";

/** @throws {SdkError}, {PlainError} and {EncodingError} if `state` is no genesis of this module. */
export function initGenesis(
  context: Context,
  keeper: FeeGrantKeeper,
  types: TypeResolver,
  state: JsonValue,
): void {
  const { addresses } = keeper.options.accounts;
  const { allowances } = fromClientJson(GenesisStateSchema, state, { types });
  for (const grant of allowances) {
    if (grant.grantee === grant.granter) {
      throw sdkErrors.invalidAddress.wrap("cannot self-grant fee authorization");
    }
    const granter = addresses.toBytes(grant.granter);
    const grantee = addresses.toBytes(grant.grantee);
    const allowance = decodeAllowance(grant.allowance);
    validateAllowance(allowance);
    keeper.grantAllowance(context, granter, grantee, allowance);
  }
}

export function exportGenesis(
  context: Context,
  keeper: FeeGrantKeeper,
  types: TypeResolver,
): JsonValue {
  return printGenesis([...keeper.allGrants(context)], types);
}

export function defaultGenesis(types: TypeResolver): JsonValue {
  return printGenesis([], types);
}

function printGenesis(allowances: Grant[], types: TypeResolver): JsonValue {
  return toClientJson(
    GenesisStateSchema,
    { $typeName: "cosmos.feegrant.v1beta1.GenesisState", allowances },
    types,
  );
}
