/** Queries of `authz`. */
import { decodeMessage, equalBytes } from "@tacit/encoding";
import { type Grant, GrantSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/authz";
import { Query } from "@tacit/encoding/proto/cosmos/authz/v1beta1/query";
import { type Context, type PageRequest, paginate, type QueryRouter } from "@tacit/sdk";
import { authzErrors } from "./errors.ts";
import type { AuthzKeeper } from "./keeper.ts";
import { authzStoreName, granterPrefix, grantKey, grantPrefix, splitPair } from "./keys.ts";

type Paging = Partial<PageRequest> | undefined;

export function registerQueries(queries: QueryRouter, keeper: AuthzKeeper): void {
  const { addresses } = keeper.options.accounts;
  queries.register(Query, {
    grants: (context, { granter, grantee, msgTypeUrl, pagination }) => {
      const pair = { granter: addresses.toBytes(granter), grantee: addresses.toBytes(grantee) };
      if (msgTypeUrl !== "") {
        const grant = keeper.getGrant(context, pair, msgTypeUrl);
        if (grant === undefined) {
          throw authzErrors.noAuthorization.wrap(`authorization not found for ${msgTypeUrl} type`);
        }
        return { grants: [grant] };
      }
      return page(context, grantKey(pair, ""), pagination, (_, grant) => grant);
    },
    granterGrants: (context, { granter, pagination }) => {
      const prefix = granterPrefix(addresses.toBytes(granter));
      return page(context, prefix, pagination, (key, grant) => {
        const grantee = addresses.toText(key.subarray(1, 1 + (key[0] ?? 0)));
        return withAddresses(grant, granter, grantee);
      });
    },
    granteeGrants: (context, { grantee, pagination }) => {
      const wanted = addresses.toBytes(grantee);
      return page(context, grantPrefix, pagination, (key, grant) => {
        const pair = splitPair(key);
        if (!equalBytes(pair.grantee, wanted)) return undefined;
        return withAddresses(grant, addresses.toText(pair.granter), grantee);
      });
    },
  });
}

function withAddresses({ authorization, expiration }: Grant, granter: string, grantee: string) {
  return {
    granter,
    grantee,
    ...(authorization === undefined ? {} : { authorization }),
    ...(expiration === undefined ? {} : { expiration }),
  };
}

function page<Item>(
  context: Context,
  prefix: Uint8Array,
  pagination: Paging,
  show: (key: Uint8Array, grant: Grant) => Item | undefined,
) {
  const found = paginate(context.kvStore(authzStoreName), prefix, pagination, (key, value) =>
    show(key, decodeMessage(GrantSchema, value)),
  );
  return { grants: [...found.items], pagination: found.pagination };
}
