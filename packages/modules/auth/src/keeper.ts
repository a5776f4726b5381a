/**
 * Accounts in state. Every method charges the gas the SDK's keeper charges, read by read: callers
 * must not remember an account to save a read.
 */
import type { Any } from "@bufbuild/protobuf/wkt";
import { moduleAddress } from "@tacit/crypto";
import type { Coins } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import {
  type AddressCodec,
  type Context,
  prefixEnd,
  readUint64BigEndian,
  sdkErrors,
  uint64BigEndian,
} from "@tacit/sdk";
import {
  type Account,
  type AccountCodec,
  type BaseAccount,
  createAccountCodec,
  type ModuleAccount,
  type VestingMessage,
} from "./account.ts";
import { authErrors } from "./errors.ts";
import {
  accountKey,
  accountNumberKey,
  accountPrefix,
  authStoreName,
  nextAccountNumberKey,
  paramsKey,
} from "./keys.ts";
import { type AuthParams, decodeParams, encodeParams } from "./params.ts";
import { lockedCoins, withDelegation, withUndelegation } from "./vesting.ts";

export interface AccountKeeperOptions {
  readonly addresses: AddressCodec;
  /** Module accounts of the network with what they may do: `minter`, `burner`, `staking`. */
  readonly modulePermissions: ReadonlyMap<string, readonly string[]>;
  /** The account that may change parameters: gov's. */
  readonly authority: Uint8Array;
}

export class AccountKeeper {
  readonly addresses: AddressCodec;
  readonly options: AccountKeeperOptions;
  readonly codec: AccountCodec;
  readonly #moduleAddresses: ReadonlyMap<string, Uint8Array>;

  constructor(options: AccountKeeperOptions) {
    this.options = options;
    this.addresses = options.addresses;
    this.codec = createAccountCodec(options.addresses);
    this.#moduleAddresses = new Map(
      [...options.modulePermissions.keys()].map((name) => [name, moduleAddress(name)]),
    );
  }

  getParams(context: Context): AuthParams {
    return decodeParams(context.kvStore(authStoreName).get(paramsKey));
  }

  setParams(context: Context, params: AuthParams): void {
    context.kvStore(authStoreName).set(paramsKey, encodeParams(params));
  }

  hasAccount(context: Context, address: Uint8Array): boolean {
    return context.kvStore(authStoreName).has(accountKey(address));
  }

  getAccount(context: Context, address: Uint8Array): Account | undefined {
    const bytes = context.kvStore(authStoreName).get(accountKey(address));
    return bytes === undefined ? undefined : this.codec.decode(bytes);
  }

  /**
   * Writes an account and its number's index entry.
   * @throws {PlainError} if another account has that number.
   */
  setAccount(context: Context, account: Account): void {
    const store = context.kvStore(authStoreName);
    const key = accountKey(account.address);
    const old = store.get(key);
    if (old !== undefined) store.delete(accountNumberKey(this.codec.decode(old).accountNumber));
    const numberKey = accountNumberKey(account.accountNumber);
    if (store.has(numberKey)) throw authErrors.accountNumberTaken(account.accountNumber);
    store.set(numberKey, account.address);
    store.set(key, this.codec.encode(account));
  }

  /** A base account with the next number, not yet written. */
  newAccount(context: Context, address: Uint8Array): BaseAccount {
    return {
      kind: "base",
      address,
      publicKey: undefined,
      accountNumber: this.nextAccountNumber(context),
      sequence: 0n,
    };
  }

  /** Makes and writes a base account. */
  createAccount(context: Context, address: Uint8Array): void {
    this.setAccount(context, this.newAccount(context, address));
  }

  /** Makes and writes a vesting account; what its terms say of a base account is not looked at. */
  createVestingAccount(context: Context, address: Uint8Array, vesting: VestingMessage): void {
    const account = this.newAccount(context, address);
    this.setAccount(context, { ...account, kind: "vesting", vesting });
  }

  /** The next account number, which is then taken. */
  nextAccountNumber(context: Context): bigint {
    const store = context.kvStore(authStoreName);
    const bytes = store.get(nextAccountNumberKey);
    const next = bytes === undefined ? 0n : readUint64BigEndian(bytes);
    store.set(nextAccountNumberKey, uint64BigEndian(next + 1n));
    return next;
  }

  /** The account as protobuf messages hold it. */
  anyMessage(account: Account): Any {
    return { $typeName: "google.protobuf.Any", ...this.codec.toAny(account) };
  }

  /** The address with an account number. */
  addressOfNumber(context: Context, accountNumber: bigint): Uint8Array | undefined {
    return context.kvStore(authStoreName).get(accountNumberKey(accountNumber));
  }

  /** All accounts by ascending address. */
  *accounts(context: Context): Iterable<Account> {
    const pairs = context.kvStore(authStoreName).iterator(accountPrefix, prefixEnd(accountPrefix));
    for (const [, value] of pairs) yield this.codec.decode(value);
  }

  /** Address of a module account of this network; undefined for other names. */
  moduleAddress(name: string): Uint8Array | undefined {
    return this.#moduleAddresses.get(name);
  }

  modulePermissions(name: string): readonly string[] {
    return this.options.modulePermissions.get(name) ?? [];
  }

  /** Reads the account. @returns what of its money may not be sent at block time. */
  lockedCoins(context: Context, address: Uint8Array): Coins {
    return lockedCoins(this.getAccount(context, address), context.time.seconds);
  }

  /** Notes a delegation in a vesting account. @throws {SdkError} `sdk/9` without an account. */
  trackDelegation(context: Context, address: Uint8Array, amount: Coins): void {
    const account = this.#existing(context, address);
    if (account.kind !== "vesting") return;
    this.setAccount(context, withDelegation(account, amount, context.time.seconds));
  }

  /** Notes an undelegation in a vesting account. @throws {SdkError} `sdk/9` without an account. */
  trackUndelegation(context: Context, address: Uint8Array, amount: Coins): void {
    const account = this.#existing(context, address);
    if (account.kind === "vesting") this.setAccount(context, withUndelegation(account, amount));
  }

  #existing(context: Context, address: Uint8Array): Account {
    const account = this.getAccount(context, address);
    if (account !== undefined) return account;
    const text = this.options.addresses.toText(address);
    throw sdkErrors.unknownAddress.wrap(`account ${text} does not exist`);
  }

  /** The account of a module, made if it does not exist. */
  getModuleAccount(context: Context, name: string): ModuleAccount {
    const address = this.#moduleAddresses.get(name);
    invariant(address !== undefined, `module account ${name} belongs to this network`);
    const account = this.getAccount(context, address);
    if (account !== undefined) {
      invariant(account.kind === "module", `the account of module ${name} is a module account`);
      return account;
    }
    const made: ModuleAccount = {
      kind: "module",
      name,
      permissions: this.modulePermissions(name),
      address,
      publicKey: undefined,
      accountNumber: this.nextAccountNumber(context),
      sequence: 0n,
    };
    this.setAccount(context, made);
    return made;
  }

  /** @throws {PlainError} if the account claims what the network does not give its module. */
  validatePermissions(account: ModuleAccount): void {
    const allowed = this.modulePermissions(account.name);
    for (const permission of account.permissions) {
      if (!allowed.includes(permission)) throw authErrors.invalidModulePermission(permission);
    }
  }
}
