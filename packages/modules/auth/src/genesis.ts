/** Genesis of `auth`: parameters and accounts. */
import { fromClientJson, toClientJson } from "@tacit/encoding";
import {
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/cosmos/auth/v1beta1/genesis";
import type { Context, JsonValue, TypeResolver } from "@tacit/sdk";
import type { Account } from "./account.ts";
import { authErrors } from "./errors.ts";
import type { AccountKeeper } from "./keeper.ts";
import { feeCollectorName } from "./names.ts";
import { defaultParams, validateParams } from "./params.ts";

/** @throws {PlainError} and {EncodingError} if `state` is no genesis of this module. */
export function initGenesis(
  context: Context,
  keeper: AccountKeeper,
  types: TypeResolver,
  state: JsonValue,
): void {
  const genesis = fromClientJson(GenesisStateSchema, state, { types });
  const { params } = genesis;
  if (params === undefined) throw authErrors.genesis("params are missing");
  validateParams(params);
  keeper.setParams(context, params);
  const accounts = genesis.accounts.map((any) => keeper.codec.fromAny(any));
  let last: bigint | undefined;
  for (const account of withUniqueNumbers(accounts)) {
    while (last === undefined || last < account.accountNumber) {
      last = keeper.nextAccountNumber(context);
    }
    keeper.setAccount(context, account);
  }
  keeper.getModuleAccount(context, feeCollectorName);
}

/** Sorted by number; a number that appears again is replaced by the lowest free one. */
function withUniqueNumbers(accounts: readonly Account[]): readonly Account[] {
  const seen = new Set<bigint>();
  const unique: Account[] = [];
  const repeated: Account[] = [];
  for (const account of accounts) {
    if (seen.has(account.accountNumber)) repeated.push(account);
    else unique.push(account);
    seen.add(account.accountNumber);
  }
  repeated.sort((a, b) => compare(a.accountNumber, b.accountNumber));
  let free = 0n;
  for (const account of repeated) {
    while (seen.has(free)) free += 1n;
    seen.add(free);
    unique.push({ ...account, accountNumber: free });
  }
  return unique.sort((a, b) => compare(a.accountNumber, b.accountNumber));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function exportGenesis(
  context: Context,
  keeper: AccountKeeper,
  types: TypeResolver,
): JsonValue {
  const accounts = [...keeper.accounts(context)].map((account) => keeper.anyMessage(account));
  return printGenesis({ params: keeper.getParams(context), accounts }, types);
}

/** No accounts, the SDK's parameters. */
export function defaultGenesis(types: TypeResolver): JsonValue {
  return printGenesis({ params: defaultParams, accounts: [] }, types);
}

function printGenesis(state: Omit<GenesisState, "$typeName">, types: TypeResolver): JsonValue {
  const message: GenesisState = { $typeName: "cosmos.auth.v1beta1.GenesisState", ...state };
  return toClientJson(GenesisStateSchema, message, types);
}
