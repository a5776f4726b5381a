/** Genesis of `auth`: parameters and accounts. */
import type { Context, JsonValue } from "@tacit/sdk";
import type { Account } from "./account.ts";
import { authErrors } from "./errors.ts";
import type { AccountKeeper } from "./keeper.ts";
import { feeCollectorName } from "./names.ts";
import { type AuthParams, validateParams } from "./params.ts";

/** `app_state.auth`, decoded. */
export interface AuthGenesis {
  readonly params: AuthParams;
  readonly accounts: readonly Account[];
}

export function initGenesis(context: Context, keeper: AccountKeeper, genesis: AuthGenesis): void {
  validateParams(genesis.params);
  keeper.setParams(context, genesis.params);
  let last: bigint | undefined;
  for (const account of withUniqueNumbers(genesis.accounts)) {
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

export function exportGenesis(context: Context, keeper: AccountKeeper): AuthGenesis {
  return { params: keeper.getParams(context), accounts: [...keeper.accounts(context)] };
}

export type { JsonValue };
export { authErrors };
