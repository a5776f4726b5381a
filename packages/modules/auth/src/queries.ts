/** Queries of `auth`. */
import { equalBytes } from "@tacit/encoding";
import { Query } from "@tacit/encoding/proto/cosmos/auth/v1beta1/query";
import { type Context, grpcError, PlainError, paginate, type QueryRouter } from "@tacit/sdk";
import type { Account } from "./account.ts";
import type { AccountKeeper } from "./keeper.ts";
import { accountPrefix, authStoreName } from "./keys.ts";

export function registerQueries(queries: QueryRouter, keeper: AccountKeeper): void {
  const { addresses, modulePermissions } = keeper.options;
  queries.register(Query, {
    accounts: (context, { pagination }) => {
      const page = paginate(context.kvStore(authStoreName), accountPrefix, pagination, (_, value) =>
        keeper.anyMessage(keeper.codec.decode(value)),
      );
      return { accounts: [...page.items], pagination: page.pagination };
    },
    account: (context, { address }) => {
      if (address === "") throw grpcError.invalidArgument("Address cannot be empty");
      return { account: keeper.anyMessage(findAccount(context, keeper, address)) };
    },
    accountAddressByID: (context, { id, accountId }) => {
      if (id !== 0n) {
        throw grpcError.invalidArgument(
          "requesting with id isn't supported, try to request using account-id",
        );
      }
      const address = keeper.addressOfNumber(context, accountId);
      if (address === undefined) {
        throw grpcError.notFound(`account address not found with account number ${accountId}`);
      }
      return { accountAddress: addresses.toText(address) };
    },
    params: (context) => ({ params: keeper.getParams(context) }),
    moduleAccounts: (context) => {
      const names = [...modulePermissions.keys()].sort();
      return {
        accounts: names.map((name) => keeper.anyMessage(moduleAccount(context, keeper, name))),
      };
    },
    moduleAccountByName: (context, { name }) => {
      if (name === "") throw grpcError.invalidArgument("module name is empty");
      return { account: keeper.anyMessage(moduleAccount(context, keeper, name)) };
    },
    bech32Prefix: () => ({ bech32Prefix: addresses.prefix }),
    addressBytesToString: (_, { addressBytes }) => {
      if (addressBytes.length === 0) throw new PlainError("empty address bytes is not allowed");
      return { addressString: addresses.toText(addressBytes) };
    },
    addressStringToBytes: (_, { addressString }) => {
      if (addressString.trim() === "") {
        throw new PlainError("empty address string is not allowed");
      }
      return { addressBytes: addresses.toBytes(addressString) };
    },
    accountInfo: (context, { address }) => {
      if (address === "") throw grpcError.invalidArgument("address cannot be empty");
      const account = findAccount(context, keeper, address);
      const { publicKey, accountNumber, sequence } = account;
      return {
        info: {
          address,
          accountNumber,
          sequence,
          ...(publicKey === undefined
            ? {}
            : { pubKey: { $typeName: "google.protobuf.Any" as const, ...publicKey } }),
        },
      };
    },
  });
}

function findAccount(context: Context, keeper: AccountKeeper, address: string): Account {
  const account = keeper.getAccount(context, keeper.options.addresses.toBytes(address));
  if (account === undefined) throw grpcError.notFound(`account ${address} not found`);
  return account;
}

/** As stored; one that no block has made yet is shown as it would be made, without a number. */
function moduleAccount(context: Context, keeper: AccountKeeper, name: string): Account {
  const address = keeper.moduleAddress(name);
  if (address === undefined) throw grpcError.notFound(`account ${name} not found`);
  const account = keeper.getAccount(context, address);
  if (account !== undefined && equalBytes(account.address, address)) return account;
  return {
    kind: "module",
    name,
    permissions: keeper.modulePermissions(name),
    address,
    publicKey: undefined,
    accountNumber: 0n,
    sequence: 0n,
  };
}
