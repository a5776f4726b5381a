/**
 * Balances and supply. Every method charges gas read by read and write by write as the SDK's
 * keeper does, index entries included.
 */
import {
  amountOf,
  type Coin,
  type Coins,
  checkInt256,
  coinsToText,
  coinToText,
  decodeMessage,
  encodeMessage,
  parseInt256,
} from "@tacit/encoding";
import { type Metadata, MetadataSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/bank";
import { bytesToId } from "@tacit/light/ids";
import {
  type Context,
  createEvent,
  PanicError,
  prefixEnd,
  sdkErrors,
  utf8Bytes,
  utf8Text,
} from "@tacit/sdk";
import { assertValidCoins } from "./coins.ts";
import { bankErrors } from "./errors.ts";
import type { BankAccounts, ModuleAccountInfo } from "./expected.ts";
import {
  balanceKey,
  balancesOfPrefix,
  balancesPrefix,
  bankStoreName,
  denomIndexKey,
  metadataKey,
  metadataPrefix,
  paramsKey,
  sendEnabledKey,
  sendEnabledPrefix,
  splitBalanceKey,
  supplyKey,
  supplyPrefix,
} from "./keys.ts";
import { type BankParams, decodeParams, encodeParams } from "./params.ts";

export interface BankKeeperOptions {
  readonly accounts: BankAccounts;
  /** Accounts that must not be sent to: modules' own. */
  readonly blocked: readonly Uint8Array[];
  /** The account that may change parameters: gov's. */
  readonly authority: Uint8Array;
}

/** A balance with its owner. */
export interface OwnedCoin extends Coin {
  readonly address: Uint8Array;
}

const empty = new Uint8Array();
const boolTrue = Uint8Array.of(0x08, 0x01);

export class BankKeeper {
  readonly options: BankKeeperOptions;
  readonly #blocked: ReadonlySet<string>;

  constructor(options: BankKeeperOptions) {
    this.options = options;
    this.#blocked = new Set(options.blocked.map(bytesToId));
  }

  getParams(context: Context): BankParams {
    return decodeParams(context.kvStore(bankStoreName).get(paramsKey));
  }

  /** Per-denomination switches in `params` go where switches live now. */
  setParams(context: Context, params: BankParams): void {
    for (const { denom, enabled } of params.sendEnabled) {
      this.setSendEnabled(context, denom, enabled);
    }
    context.kvStore(bankStoreName).set(paramsKey, encodeParams({ ...params, sendEnabled: [] }));
  }

  getBalance(context: Context, address: Uint8Array, denom: string): bigint {
    const bytes = context.kvStore(bankStoreName).get(balanceKey(address, denom));
    return bytes === undefined ? 0n : decodeInt(bytes);
  }

  /** Sorted by denomination. */
  getAllBalances(context: Context, address: Uint8Array): Coins {
    const prefix = balancesOfPrefix(address);
    const balances: Coin[] = [];
    for (const [key, value] of context.kvStore(bankStoreName).iterator(prefix, prefixEnd(prefix))) {
      balances.push({ denom: utf8Text(key.subarray(prefix.length)), amount: decodeInt(value) });
    }
    return balances;
  }

  /** All balances by ascending address, then denomination. */
  *balances(context: Context): Iterable<OwnedCoin> {
    const pairs = context
      .kvStore(bankStoreName)
      .iterator(balancesPrefix, prefixEnd(balancesPrefix));
    for (const [key, value] of pairs) {
      yield { ...splitBalanceKey(key.subarray(1)), amount: decodeInt(value) };
    }
  }

  /** What may be sent now of all an account has. */
  spendableCoins(context: Context, address: Uint8Array): Coins {
    const total = this.getAllBalances(context, address);
    const locked = this.options.accounts.lockedCoins(context, address);
    const spendable = total.map(({ denom, amount }) => ({
      denom,
      amount: amount - amountOf(locked, denom),
    }));
    if (spendable.some(({ amount }) => amount < 0n)) return [];
    return spendable.filter(({ amount }) => amount > 0n);
  }

  /** Writes a balance and its index entry; zero removes both. */
  setBalance(context: Context, address: Uint8Array, { denom, amount }: Coin): void {
    const store = context.kvStore(bankStoreName);
    if (amount === 0n) {
      store.delete(denomIndexKey(denom, address));
      store.delete(balanceKey(address, denom));
      return;
    }
    store.set(denomIndexKey(denom, address), empty);
    store.set(balanceKey(address, denom), utf8Bytes(amount.toString()));
  }

  /**
   * Moves coins, making the receiver's account if there is none.
   * @throws {SdkError} `sdk/5`, `sdk/10`.
   */
  sendCoins(context: Context, from: Uint8Array, to: Uint8Array, coins: Coins): void {
    const sender = this.#subtract(context, from, coins);
    const recipient = this.#add(context, to, coins);
    this.#createReceiver(context, to);
    context.events.emit(
      createEvent(
        "transfer",
        ["recipient", recipient],
        ["sender", sender],
        ["amount", coinsToText(coins)],
      ),
    );
    context.events.emit(createEvent("message", ["sender", sender]));
  }

  /** One payer, many receivers; the sums are the caller's to check. */
  sendToMany(
    context: Context,
    from: Uint8Array,
    total: Coins,
    outputs: readonly { readonly to: Uint8Array; readonly coins: Coins }[],
  ): void {
    const sender = this.#subtract(context, from, total);
    context.events.emit(createEvent("message", ["sender", sender]));
    for (const { to, coins } of outputs) {
      const recipient = this.#add(context, to, coins);
      context.events.emit(
        createEvent(
          "transfer",
          ["recipient", recipient],
          ["sender", sender],
          ["amount", coinsToText(coins)],
        ),
      );
      this.#createReceiver(context, to);
    }
  }

  sendCoinsFromAccountToModule(
    context: Context,
    from: Uint8Array,
    module: string,
    coins: Coins,
  ): void {
    const { address } = this.options.accounts.getModuleAccount(context, module);
    this.sendCoins(context, from, address, coins);
  }

  /** @throws {SdkError} `sdk/4` if the receiver is blocked, and those of {@link sendCoins}. */
  sendCoinsFromModuleToAccount(
    context: Context,
    module: string,
    to: Uint8Array,
    coins: Coins,
  ): void {
    const from = this.#moduleAddress(module);
    if (this.isBlocked(to)) throw this.blockedError(this.options.accounts.addresses.toText(to));
    this.sendCoins(context, from, to, coins);
  }

  sendCoinsFromModuleToModule(context: Context, from: string, to: string, coins: Coins): void {
    const sender = this.#moduleAddress(from);
    const { address } = this.options.accounts.getModuleAccount(context, to);
    this.sendCoins(context, sender, address, coins);
  }

  /** Moves coins into a pool; a vesting account notes which part was locked. */
  delegateCoinsToModule(
    context: Context,
    delegator: Uint8Array,
    module: string,
    coins: Coins,
  ): void {
    const { accounts } = this.options;
    const pool = accounts.getModuleAccount(context, module);
    assertPermission(pool, module, "staking", "to receive delegated coins");
    accounts.lockedCoins(context, pool.address);
    assertValidCoins(coins);
    for (const coin of coins) {
      const amount = this.getBalance(context, delegator, coin.denom);
      if (amount < coin.amount) {
        throw sdkErrors.insufficientFunds.wrap(
          `failed to delegate; ${coinToText({ denom: coin.denom, amount })} is smaller than ${coinsToText(coins)}`,
        );
      }
      this.setBalance(context, delegator, { denom: coin.denom, amount: amount - coin.amount });
    }
    accounts.trackDelegation(context, delegator, coins);
    this.#emitSpent(context, delegator, coins);
    this.#add(context, pool.address, coins);
  }

  undelegateCoinsFromModule(
    context: Context,
    module: string,
    delegator: Uint8Array,
    coins: Coins,
  ): void {
    const { accounts } = this.options;
    const pool = accounts.getModuleAccount(context, module);
    assertPermission(pool, module, "staking", "to undelegate coins");
    accounts.lockedCoins(context, pool.address);
    assertValidCoins(coins);
    this.#subtract(context, pool.address, coins);
    accounts.trackUndelegation(context, delegator, coins);
    this.#add(context, delegator, coins);
  }

  /** New coins for a module that may mint. */
  mintCoins(context: Context, module: string, coins: Coins): void {
    const { accounts } = this.options;
    const minter = accounts.getModuleAccount(context, module);
    assertPermission(minter, module, "minter", "to mint tokens");
    this.#add(context, minter.address, coins);
    for (const { denom, amount } of coins) {
      this.setSupply(context, { denom, amount: this.getSupply(context, denom) + amount });
    }
    context.events.emit(
      createEvent(
        "coinbase",
        ["minter", accounts.addresses.toText(minter.address)],
        ["amount", coinsToText(coins)],
      ),
    );
  }

  /** Coins of a module that may burn cease to exist. */
  burnCoins(context: Context, module: string, coins: Coins): void {
    const { accounts } = this.options;
    const burner = accounts.getModuleAccount(context, module);
    assertPermission(burner, module, "burner", "to burn tokens");
    this.#subtract(context, burner.address, coins);
    for (const { denom, amount } of coins) {
      this.setSupply(context, { denom, amount: this.getSupply(context, denom) - amount });
    }
    context.events.emit(
      createEvent(
        "burn",
        ["burner", accounts.addresses.toText(burner.address)],
        ["amount", coinsToText(coins)],
      ),
    );
  }

  getSupply(context: Context, denom: string): bigint {
    const bytes = context.kvStore(bankStoreName).get(supplyKey(denom));
    return bytes === undefined ? 0n : decodeInt(bytes);
  }

  setSupply(context: Context, { denom, amount }: Coin): void {
    const store = context.kvStore(bankStoreName);
    if (amount === 0n) store.delete(supplyKey(denom));
    else store.set(supplyKey(denom), utf8Bytes(checkInt256(amount).toString()));
  }

  /** Sorted by denomination. */
  totalSupply(context: Context): Coins {
    const supply: Coin[] = [];
    for (const [key, value] of context
      .kvStore(bankStoreName)
      .iterator(supplyPrefix, prefixEnd(supplyPrefix))) {
      supply.push({ denom: utf8Text(key.subarray(1)), amount: decodeInt(value) });
    }
    return supply;
  }

  getMetadata(context: Context, denom: string): Metadata | undefined {
    const bytes = context.kvStore(bankStoreName).get(metadataKey(denom));
    return bytes === undefined ? undefined : decodeMessage(MetadataSchema, bytes);
  }

  setMetadata(context: Context, metadata: Metadata): void {
    context
      .kvStore(bankStoreName)
      .set(metadataKey(metadata.base), encodeMessage(MetadataSchema, metadata));
  }

  *allMetadata(context: Context): Iterable<Metadata> {
    const pairs = context
      .kvStore(bankStoreName)
      .iterator(metadataPrefix, prefixEnd(metadataPrefix));
    for (const [, value] of pairs) yield decodeMessage(MetadataSchema, value);
  }

  /** The switch of a denomination; undefined if it follows the default. */
  getSendEnabled(context: Context, denom: string): boolean | undefined {
    const store = context.kvStore(bankStoreName);
    const key = sendEnabledKey(denom);
    if (!store.has(key)) return undefined;
    return decodeSendEnabled(store.get(key));
  }

  setSendEnabled(context: Context, denom: string, isEnabled: boolean): void {
    context.kvStore(bankStoreName).set(sendEnabledKey(denom), isEnabled ? boolTrue : empty);
  }

  /** The denomination follows the default again. */
  deleteSendEnabled(context: Context, denom: string): void {
    context.kvStore(bankStoreName).delete(sendEnabledKey(denom));
  }

  *allSendEnabled(
    context: Context,
  ): Iterable<{ readonly denom: string; readonly enabled: boolean }> {
    const pairs = context
      .kvStore(bankStoreName)
      .iterator(sendEnabledPrefix, prefixEnd(sendEnabledPrefix));
    for (const [key, value] of pairs) {
      yield { denom: utf8Text(key.subarray(1)), enabled: decodeSendEnabled(value) };
    }
  }

  /** @throws {SdkError} `bank/5` if one of the coins may not be sent. */
  assertSendEnabled(context: Context, coins: Coins): void {
    if (coins.length === 0) return;
    const { defaultSendEnabled } = this.getParams(context);
    for (const { denom } of coins) {
      if (this.getSendEnabled(context, denom) ?? defaultSendEnabled) continue;
      throw bankErrors.sendDisabled.wrap(`${denom} transfers are currently disabled`);
    }
  }

  isBlocked(address: Uint8Array): boolean {
    return this.#blocked.has(bytesToId(address));
  }

  blockedError(address: string): Error {
    return sdkErrors.unauthorized.wrap(`${address} is not allowed to receive funds`);
  }

  /** @returns the payer as text. */
  #subtract(context: Context, from: Uint8Array, coins: Coins): string {
    assertValidCoins(coins);
    const locked = this.options.accounts.lockedCoins(context, from);
    for (const coin of coins) {
      const { denom } = coin;
      const balance = this.getBalance(context, from, denom);
      const spendable = balance - amountOf(locked, denom);
      if (spendable < 0n) {
        throw sdkErrors.insufficientFunds.wrap(
          `locked amount exceeds account balance funds: ${amountOf(locked, denom)}${denom} > ${balance}${denom}`,
        );
      }
      if (spendable < coin.amount) {
        throw sdkErrors.insufficientFunds.wrap(
          `spendable balance ${spendable}${denom} is smaller than ${coinToText(coin)}`,
        );
      }
      this.setBalance(context, from, { denom, amount: balance - coin.amount });
    }
    return this.#emitSpent(context, from, coins);
  }

  /** @returns the payer as text. */
  #emitSpent(context: Context, from: Uint8Array, coins: Coins): string {
    const spender = this.options.accounts.addresses.toText(from);
    context.events.emit(
      createEvent("coin_spent", ["spender", spender], ["amount", coinsToText(coins)]),
    );
    return spender;
  }

  /** @returns the receiver as text. */
  #add(context: Context, to: Uint8Array, coins: Coins): string {
    assertValidCoins(coins);
    for (const { denom, amount } of coins) {
      const balance = this.getBalance(context, to, denom);
      this.setBalance(context, to, { denom, amount: checkInt256(balance + amount) });
    }
    const receiver = this.options.accounts.addresses.toText(to);
    context.events.emit(
      createEvent("coin_received", ["receiver", receiver], ["amount", coinsToText(coins)]),
    );
    return receiver;
  }

  #createReceiver(context: Context, address: Uint8Array): void {
    const { accounts } = this.options;
    if (!accounts.hasAccount(context, address)) accounts.createAccount(context, address);
  }

  #moduleAddress(module: string): Uint8Array {
    const address = this.options.accounts.moduleAddress(module);
    if (address === undefined) throw new PanicError(`module account ${module} does not exist`);
    return address;
  }
}

function assertPermission(
  account: ModuleAccountInfo,
  module: string,
  permission: string,
  purpose: string,
): void {
  if (account.permissions.includes(permission)) return;
  throw new PanicError(`module account ${module} does not have permissions ${purpose}`);
}

function decodeInt(bytes: Uint8Array): bigint {
  return parseInt256(bytesToId(bytes));
}

function decodeSendEnabled(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && bytes.length > 0;
}
