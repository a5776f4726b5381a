/** Queries of `circuit`. */
import { decodeMessage } from "@tacit/encoding";
import { Query } from "@tacit/encoding/proto/cosmos/circuit/v1/query";
import { PermissionsSchema } from "@tacit/encoding/proto/cosmos/circuit/v1/types";
import { type AddressCodec, PlainError, paginate, type QueryRouter } from "@tacit/sdk";
import { circuitStoreName, permissionsPrefix } from "./keys.ts";
import { getPermissions, trippedTypes } from "./store.ts";

export function registerQueries(queries: QueryRouter, addresses: AddressCodec): void {
  queries.register(Query, {
    account: (context, { address }) => {
      const permission = getPermissions(context, addresses.toBytes(address));
      if (permission === undefined) throw new PlainError("collections: not found");
      return { permission };
    },
    accounts: (context, { pagination }) => {
      const store = context.kvStore(circuitStoreName);
      const page = paginate(store, permissionsPrefix, pagination, (key, value) => ({
        address: addresses.toText(key.slice()),
        permissions: decodeMessage(PermissionsSchema, value),
      }));
      return { accounts: [...page.items], pagination: page.pagination };
    },
    disabledList: (context) => ({ disabledList: trippedTypes(context) }),
  });
}
