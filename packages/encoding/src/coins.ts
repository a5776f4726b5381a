/**
 * Amounts of money. `Coins` are sorted by denomination, each at most once, all amounts positive;
 * the functions keep that.
 */
import { EncodingError } from "./errors.ts";
import { checkInt256, parseInt256 } from "./int.ts";

export interface Coin {
  readonly denom: string;
  readonly amount: bigint;
}

export type Coins = readonly Coin[];

/** A coin as protobuf messages carry it. */
export interface WireCoin {
  readonly denom: string;
  readonly amount: string;
}

export const NO_COINS: Coins = [];

const DENOM = /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/;
const COIN = /^(\d+)\s*([a-zA-Z][a-zA-Z0-9/:._-]{2,127})$/;

export function isDenom(text: string): boolean {
  return DENOM.test(text);
}

/** @throws {EncodingError} `encoding/denom` */
export function checkDenom(text: string): string {
  if (!isDenom(text)) {
    throw new EncodingError({ code: "encoding/denom" }, `invalid denom: ${text.slice(0, 128)}`);
  }
  return text;
}

const invalid = (message: string) => new EncodingError({ code: "encoding/coins" }, message);

/**
 * Whether a list from outside is valid `Coins`: sorted, unique, positive, good denominations.
 *
 * @throws {EncodingError} `encoding/coins`, `encoding/denom`
 */
export function checkCoins(coins: readonly Coin[]): Coins {
  let previous = "";
  for (const coin of coins) {
    checkDenom(coin.denom);
    if (coin.amount <= 0n) throw invalid(`coin ${coin.amount}${coin.denom} amount is not positive`);
    if (coin.denom === previous) throw invalid(`duplicate denomination ${coin.denom}`);
    if (coin.denom < previous) throw invalid(`denomination ${coin.denom} is not sorted`);
    previous = coin.denom;
  }
  return coins;
}

/** Sorted, summed up and without zeros. */
export function makeCoins(...coins: readonly Coin[]): Coins {
  return addCoins(NO_COINS, coins);
}

/** @throws {EncodingError} `encoding/number` if a sum exceeds 256 bits. */
export function addCoins(a: Coins, b: Coins): Coins {
  if (a.length === 0 && b.length === 1 && (b[0] as Coin).amount !== 0n) return b;
  return combine(a, b, 1n);
}

/**
 * The difference, which may hold negative amounts; `undefined` instead when it would.
 */
export function subtractCoins(a: Coins, b: Coins): Coins | undefined {
  const difference = combine(a, b, -1n);
  return difference.some((coin) => coin.amount < 0n) ? undefined : difference;
}

function combine(a: Coins, b: Coins, sign: bigint): Coins {
  const sums = new Map<string, bigint>();
  for (const coin of a) sums.set(coin.denom, (sums.get(coin.denom) ?? 0n) + coin.amount);
  for (const coin of b) sums.set(coin.denom, (sums.get(coin.denom) ?? 0n) + sign * coin.amount);
  return [...sums]
    .filter(([, amount]) => amount !== 0n)
    .map(([denom, amount]) => ({ denom, amount: checkInt256(amount) }))
    .sort(byDenom);
}

/** Order of denominations; they are ASCII, so code units are bytes. */
export function byDenom(a: { readonly denom: string }, b: { readonly denom: string }): number {
  return a.denom < b.denom ? -1 : a.denom > b.denom ? 1 : 0;
}

export function amountOf(coins: Coins, denom: string): bigint {
  for (const coin of coins) if (coin.denom === denom) return coin.amount;
  return 0n;
}

/** Whether `a` has at least as much of each denomination of `b`. */
export function coversCoins(a: Coins, b: Coins): boolean {
  return b.every((coin) => amountOf(a, coin.denom) >= coin.amount);
}

export function equalCoins(a: Coins, b: Coins): boolean {
  return (
    a.length === b.length &&
    a.every((coin, index) => coin.denom === b[index]?.denom && coin.amount === b[index]?.amount)
  );
}

export function coinToText(coin: Coin): string {
  return `${coin.amount}${coin.denom}`;
}

/** "1uscrt,2foo" in the order given; "" for none. */
export function coinsToText(coins: Coins): string {
  return coins.map(coinToText).join(",");
}

/** @throws {EncodingError} `encoding/coins` */
export function parseCoin(text: string): Coin {
  const match = COIN.exec(text.trim());
  if (match === null) throw invalid(`invalid decimal coin expression: ${text.slice(0, 128)}`);
  return { denom: match[2] as string, amount: parseInt256(stripZeros(match[1] as string)) };
}

/**
 * Reads "1uscrt,2foo" in any order; zeros are dropped.
 *
 * @throws {EncodingError} `encoding/coins` on anything else or a denomination that stands twice.
 */
export function parseCoins(text: string): Coins {
  if (text.trim() === "") return NO_COINS;
  const coins = text
    .split(",")
    .map(parseCoin)
    .filter((coin) => coin.amount !== 0n)
    .sort(byDenom);
  return checkCoins(coins);
}

function stripZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}

/** @throws {EncodingError} `encoding/number` */
export function coinFromWire(coin: WireCoin): Coin {
  return { denom: coin.denom, amount: parseInt256(coin.amount) };
}

/** Order and content stay as they are; {@link checkCoins} judges them. */
export function coinsFromWire(coins: readonly WireCoin[]): readonly Coin[] {
  return coins.map(coinFromWire);
}

export function coinToWire(coin: Coin): WireCoin & { $typeName: "cosmos.base.v1beta1.Coin" } {
  return {
    $typeName: "cosmos.base.v1beta1.Coin",
    denom: coin.denom,
    amount: coin.amount.toString(),
  };
}

export function coinsToWire(
  coins: Coins,
): (WireCoin & { $typeName: "cosmos.base.v1beta1.Coin" })[] {
  return coins.map(coinToWire);
}
