/** `app_state.auth`: who has an account. */
import type { Any } from "@bufbuild/protobuf/wkt";
import { moduleAddress } from "@tacit/crypto";
import { equalBytes } from "@tacit/encoding";
import { ProtocolError } from "@tacit/encoding/errors";
import { GenesisStateSchema } from "@tacit/encoding/proto/cosmos/auth/v1beta1/genesis";
import { type Account, parsePublicKey } from "@tacit/module-auth";
import { sdkErrors } from "@tacit/sdk";
import { type CheckEnvironment, readPart } from "./environment.ts";

export function checkAccounts(env: CheckEnvironment): void {
  const state = readPart(env, "auth", GenesisStateSchema);
  if (state === undefined) return;
  const at = (index: number) => `app_state.auth.accounts[${index}]`;
  const accounts = state.accounts.map((any, index) => {
    const account = readAccount(env, any, at(index));
    if (account !== undefined) checkAccount(env, account, at(index));
    return account;
  });
  env.problems.unique(accounts, { path: at, what: "account" }, (account) =>
    account === undefined ? undefined : env.accounts.toText(account.address),
  );
}

/** What is no address, and what is one of another network. */
const addressFaults: ReadonlySet<string> = new Set([
  "encoding/bech32",
  sdkErrors.logic.make().code,
]);

function readAccount(env: CheckEnvironment, any: Any, path: string): Account | undefined {
  try {
    return env.composition.accounts.codec.fromAny(any);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    env.problems.add(
      addressFaults.has(error.code) ? "genesis/address" : "genesis/shape",
      path,
      error.message,
      "Correct the account, or take it out together with its balance.",
    );
    return undefined;
  }
}

function checkAccount(env: CheckEnvironment, account: Account, path: string): void {
  if (account.kind === "module") {
    checkModuleAccount(env, account, path);
    return;
  }
  if (account.publicKey === undefined) return;
  const { publicKey } = account;
  const own = env.problems.attempt("genesis/shape", `${path}.pub_key`, {
    read: () => parsePublicKey(publicKey).address,
    hint: "Take the key out: the account's first transaction sets it.",
  });
  if (own !== undefined && !equalBytes(own, account.address)) {
    env.problems.add(
      "genesis/address",
      `${path}.pub_key`,
      `the key's address is ${env.accounts.toText(own)}, the account's ${env.accounts.toText(account.address)}`,
      "Take the key out: the account's first transaction sets it.",
    );
  }
}

function checkModuleAccount(
  env: CheckEnvironment,
  account: Extract<Account, { readonly kind: "module" }>,
  path: string,
): void {
  const { moduleAccounts } = env.composition.network;
  const allowed = moduleAccounts.get(account.name);
  const hint = "Take the account out: its module makes it with the first block.";
  if (allowed === undefined) {
    env.problems.add(
      "genesis/module_account",
      `${path}.name`,
      `this network has no module account ${account.name}`,
      hint,
    );
    return;
  }
  if (!equalBytes(moduleAddress(account.name), account.address)) {
    const expected = env.accounts.toText(moduleAddress(account.name));
    env.problems.add(
      "genesis/module_account",
      `${path}.base_account.address`,
      `the account of module ${account.name} is ${expected}`,
      hint,
    );
  }
  const extra = account.permissions.filter((permission) => !allowed.includes(permission));
  if (extra.length > 0) {
    env.problems.add(
      "genesis/module_account",
      `${path}.permissions`,
      `module ${account.name} may not be ${extra.join(", ")}`,
      `Give it ${allowed.length === 0 ? "no permissions" : allowed.join(", ")}.`,
    );
  }
}
