/** Making `app_state`: defaults, accounts, first validators. */
import { addCoins, type Coins, coinsFromWire, coinsToWire, NO_COINS } from "@tacit/encoding";
import type { Timestamp } from "@tacit/light";
import { type NetworkKeys, registrationGenesis } from "@tacit/module-registration";
import type { JsonValue } from "@tacit/sdk";
import type { Composition } from "../composition.ts";
import { encodeTx } from "../genutil.ts";
import { GenesisError, type GenesisProblem } from "./problems.ts";

export type AppState = { readonly [module: string]: JsonValue };

/** What modules have before anybody does anything, with the network's public keys. */
export function defaultAppState(
  { modules }: Composition,
  networkKeys: NetworkKeys | undefined,
): AppState {
  const state = modules.defaultGenesis();
  return networkKeys === undefined
    ? state
    : { ...state, register: registrationGenesis(networkKeys) };
}

/** How a new account's coins unlock. */
export interface GenesisVesting {
  readonly amount: Coins;
  /** Absent: all at the end. */
  readonly start?: Timestamp;
  readonly end: Timestamp;
}

export interface NewGenesisAccount {
  readonly address: string;
  readonly coins: Coins;
  readonly vesting?: GenesisVesting;
  /** Adds the coins to an account that is there already. */
  readonly append?: boolean;
}

interface Accounts {
  readonly accounts: readonly { readonly [key: string]: JsonValue }[];
}

interface Bank {
  readonly balances: readonly { readonly address: string; readonly coins: WireCoins }[];
  readonly supply: WireCoins;
}

type WireCoins = readonly { readonly denom: string; readonly amount: string }[];

/**
 * @throws {GenesisError} `genesis/duplicate`, `genesis/reference`, `genesis/limit`; {EncodingError}
 *   for an address that is none.
 */
export function addGenesisAccount(
  { addresses }: Composition,
  state: AppState,
  account: NewGenesisAccount,
): AppState {
  const { address, coins } = account;
  addresses.toBytes(address);
  const auth = state.auth as unknown as Accounts;
  const bank = state.bank as unknown as Bank;
  const exists = auth.accounts.some((each) => addressOf(each) === address);
  if (exists && account.append !== true) {
    throw problem({
      code: "genesis/duplicate",
      path: "app_state.auth.accounts",
      text: `there is an account ${address} already`,
      hint: "Add coins to it with --append.",
    });
  }
  if (!exists && account.append === true) {
    throw problem({
      code: "genesis/reference",
      path: "app_state.auth.accounts",
      text: `there is no account ${address} to add to`,
      hint: "Leave out --append.",
    });
  }
  const accounts = exists
    ? auth.accounts
    : [...auth.accounts, accountJson(account, auth.accounts.length)];
  const balances = withCoins(bank.balances, address, coins);
  const supply = addCoins(coinsFromWire(bank.supply), coins);
  return {
    ...state,
    auth: { ...(state.auth as object), accounts },
    bank: { ...(state.bank as object), balances, supply: plain(supply) },
  } as unknown as AppState;
}

function withCoins(
  balances: Bank["balances"],
  address: string,
  coins: Coins,
): readonly { readonly address: string; readonly coins: WireCoins }[] {
  const index = balances.findIndex((each) => each.address === address);
  const before = index < 0 ? NO_COINS : coinsFromWire(balances[index]!.coins);
  const entry = { address, coins: plain(addCoins(before, coins)) };
  return index < 0 ? [...balances, entry] : balances.with(index, entry);
}

function plain(coins: Coins): WireCoins {
  return coinsToWire(coins).map(({ denom, amount }) => ({ denom, amount }));
}

function addressOf(account: { readonly [key: string]: JsonValue }): JsonValue | undefined {
  const vesting = account.base_vesting_account as { readonly base_account?: JsonValue } | undefined;
  const base = (account.base_account ?? vesting?.base_account ?? account) as {
    readonly address?: JsonValue;
  };
  return base.address;
}

function accountJson({ address, coins, vesting }: NewGenesisAccount, number: number): JsonValue {
  const base = { address, pub_key: null, account_number: `${number}`, sequence: "0" };
  if (vesting === undefined) return { "@type": "/cosmos.auth.v1beta1.BaseAccount", ...base };
  assertVesting(vesting, coins);
  const base_vesting_account = {
    base_account: base,
    original_vesting: plain(vesting.amount) as unknown as JsonValue,
    delegated_free: [],
    delegated_vesting: [],
    end_time: `${vesting.end.seconds}`,
  };
  return vesting.start === undefined
    ? { "@type": "/cosmos.vesting.v1beta1.DelayedVestingAccount", base_vesting_account }
    : {
        "@type": "/cosmos.vesting.v1beta1.ContinuousVestingAccount",
        base_vesting_account,
        start_time: `${vesting.start.seconds}`,
      };
}

function assertVesting({ amount, start, end }: GenesisVesting, coins: Coins): void {
  const path = "app_state.auth.accounts";
  const tooMuch = amount.some(
    ({ denom, amount: locked }) =>
      (coins.find((coin) => coin.denom === denom)?.amount ?? 0n) < locked,
  );
  if (tooMuch) {
    const hint = "Lock at most what the account gets.";
    throw problem({
      code: "genesis/limit",
      path,
      text: "more coins are locked than there are",
      hint,
    });
  }
  if (start !== undefined && start.seconds >= end.seconds) {
    const hint = "Let it end after its start.";
    throw problem({ code: "genesis/limit", path, text: "vesting ends before it starts", hint });
  }
}

interface GenTx {
  readonly body?: { readonly messages?: readonly { readonly [key: string]: JsonValue }[] };
}

/**
 * Puts transactions that make the first validators into genesis.
 *
 * @param txs with the names of their files, in the order they will run.
 * @throws {GenesisError} `genesis/shape` for what is no such transaction, `genesis/duplicate`,
 *   `genesis/reference` and `genesis/limit` for operators without an account or enough coins.
 */
export function collectGenTxs(
  composition: Composition,
  state: AppState,
  txs: readonly { readonly name: string; readonly json: JsonValue }[],
): AppState {
  const problems: GenesisProblem[] = [];
  const seen = new Map<string, string>();
  for (const { name, json } of txs) {
    const found = checkGenTx(composition, state, { name, json, seen });
    if (found !== undefined) problems.push({ ...found, path: name });
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw new GenesisError([first, ...others]);
  return { ...state, genutil: { gen_txs: txs.map(({ json }) => json) } };
}

function checkGenTx(
  composition: Composition,
  state: AppState,
  tx: { readonly name: string; readonly json: JsonValue; readonly seen: Map<string, string> },
): Omit<GenesisProblem, "path"> | undefined {
  const shape = (text: string) => ({
    code: "genesis/shape" as const,
    text,
    hint: "Make it with `tacit genesis gentx`.",
  });
  try {
    composition.decode(encodeTx(tx.json, composition.types));
  } catch (error) {
    return shape(`it is no transaction: ${(error as Error).message}`);
  }
  const messages = (tx.json as GenTx).body?.messages ?? [];
  const [message] = messages;
  const type = "/cosmos.staking.v1beta1.MsgCreateValidator";
  if (messages.length !== 1 || message?.["@type"] !== type) {
    return shape("it must have one message, MsgCreateValidator");
  }
  const operator = `${message.validator_address}`;
  const before = tx.seen.get(operator);
  if (before !== undefined) {
    const hint = "Keep one of the two files.";
    return { code: "genesis/duplicate", text: `${before} makes ${operator} already`, hint };
  }
  tx.seen.set(operator, tx.name);
  return checkStake(composition, state, { operator, value: message.value as WireCoins[number] });
}

function checkStake(
  { addresses, stake }: Composition,
  state: AppState,
  { operator, value }: { readonly operator: string; readonly value: WireCoins[number] },
): Omit<GenesisProblem, "path"> | undefined {
  const account = addresses.toText(stake.staking.operators.toBytes(operator));
  const bank = state.bank as unknown as Bank;
  const coins = bank.balances.find(({ address }) => address === account)?.coins;
  if (coins === undefined) {
    return {
      code: "genesis/reference",
      text: `${account} has no balance in app_state.bank.balances`,
      hint: `Run \`tacit genesis add-account ${account} ${value.amount}${value.denom}\` first.`,
    };
  }
  const has = BigInt(coins.find(({ denom }) => denom === value.denom)?.amount ?? "0");
  if (has >= BigInt(value.amount)) return undefined;
  return {
    code: "genesis/limit",
    text: `${account} stakes ${value.amount}${value.denom} and has ${has}${value.denom}`,
    hint: "Stake less, or give the account more with --append.",
  };
}

function problem(found: GenesisProblem): GenesisError {
  return new GenesisError([found]);
}
