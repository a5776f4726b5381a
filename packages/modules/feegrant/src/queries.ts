/** Queries of `feegrant`. */
import { decodeMessage, equalBytes } from "@tacit/encoding";
import { GrantSchema } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/feegrant";
import { Query } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/query";
import {
  type Context,
  grpcError,
  type PageRequest,
  PlainError,
  paginate,
  type QueryRouter,
} from "@tacit/sdk";
import { encodeAllowance } from "./allowance.ts";
import type { FeeGrantKeeper } from "./keeper.ts";
import { allowancePrefix, feegrantStoreName, granteePrefix, pairOf } from "./keys.ts";

export function registerQueries(queries: QueryRouter, keeper: FeeGrantKeeper): void {
  const { addresses } = keeper.options.accounts;
  queries.register(Query, {
    allowance: (context, { granter, grantee }) => {
      const from = addresses.toBytes(granter);
      const to = addresses.toBytes(grantee);
      const allowance = keeper.findAllowance(context, from, to);
      if (allowance === undefined) throw grpcError.internal("fee-grant not found: not found");
      return { allowance: { granter, grantee, allowance: encodeAllowance(allowance) } };
    },
    allowances: (context, { grantee, pagination }) =>
      page(context, granteePrefix(addresses.toBytes(grantee)), pagination, () => true),
    allowancesByGranter: (context, { granter, pagination }) => {
      const wanted = addresses.toBytes(granter);
      return page(context, allowancePrefix, pagination, (key) =>
        equalBytes(pairOf(key).granter, wanted),
      );
    },
  });
}

function page(
  context: Context,
  prefix: Uint8Array,
  pagination: Partial<PageRequest> | undefined,
  isWanted: (key: Uint8Array) => boolean,
) {
  try {
    const found = paginate(context.kvStore(feegrantStoreName), prefix, pagination, (key, value) =>
      isWanted(key) ? decodeMessage(GrantSchema, value) : undefined,
    );
    return { allowances: [...found.items], pagination: found.pagination };
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    throw grpcError.internal(error.message);
  }
}
