/** Genesis of `authz`: the grants. */
import { fromClientJson, toClientJson } from "@tacit/encoding";
import type { GrantAuthorization } from "@tacit/encoding/proto/cosmos/authz/v1beta1/authz";
import { GenesisStateSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/genesis";
import type { Context, JsonValue, TypeResolver } from "@tacit/sdk";
import type { AuthzKeeper } from "./keeper.ts";

/** Grants that are over are passed over. @throws {SdkError} and {EncodingError} if it is wrong. */
export function initGenesis(context: Context, keeper: AuthzKeeper, state: JsonValue): void {
  const { accounts, types } = keeper.options;
  const { authorization: grants } = fromClientJson(GenesisStateSchema, state, { types });
  for (const { granter, grantee, authorization, expiration } of grants) {
    if (expiration !== undefined) {
      const endNs = expiration.seconds * 1_000_000_000n + BigInt(expiration.nanos);
      if (endNs < context.timeNs) continue;
    }
    const pair = {
      grantee: accounts.addresses.toBytes(grantee),
      granter: accounts.addresses.toBytes(granter),
    };
    keeper.saveGrant(context, pair, keeper.read(authorization), expiration);
  }
}

export function exportGenesis(context: Context, keeper: AuthzKeeper): JsonValue {
  const { accounts, types } = keeper.options;
  const { toText } = accounts.addresses;
  const authorization: GrantAuthorization[] = [];
  for (const { granter, grantee, grant } of keeper.allGrants(context)) {
    authorization.push({
      $typeName: "cosmos.authz.v1beta1.GrantAuthorization",
      granter: toText(granter),
      grantee: toText(grantee),
      authorization: grant.authorization,
      expiration: grant.expiration,
    });
  }
  return printGenesis(authorization, types);
}

export function defaultGenesis(types: TypeResolver): JsonValue {
  return printGenesis([], types);
}

function printGenesis(authorization: GrantAuthorization[], types: TypeResolver): JsonValue {
  return toClientJson(
    GenesisStateSchema,
    { $typeName: "cosmos.authz.v1beta1.GenesisState", authorization },
    types,
  );
}
