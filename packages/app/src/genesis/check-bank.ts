/** `app_state.bank`: who has what, and that it adds up to the supply. */
import {
  addCoins,
  type Coins,
  checkCoins,
  coinsFromWire,
  NO_COINS,
  type WireCoin,
} from "@tacit/encoding";
import type { GenesisState } from "@tacit/encoding/proto/cosmos/bank/v1beta1/genesis";
import { GenesisStateSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/genesis";
import { type CheckEnvironment, readAddress, readPart } from "./environment.ts";

/** Balances by address, for the checks of other modules. */
export type Balances = ReadonlyMap<string, Coins>;

export function checkBank(env: CheckEnvironment): Balances {
  const balances = new Map<string, Coins>();
  const state = readPart(env, "bank", GenesisStateSchema);
  if (state === undefined) return balances;
  const at = (index: number) => `app_state.bank.balances[${index}]`;
  const totals = new Totals();
  for (const [index, { address, coins }] of state.balances.entries()) {
    readAddress(env, env.accounts, { text: address, path: `${at(index)}.address` });
    const read = readCoins(env, coins, `${at(index)}.coins`);
    if (read === undefined) continue;
    totals.add(read);
    balances.set(address, addCoins(balances.get(address) ?? NO_COINS, read));
  }
  const { problems } = env;
  problems.unique(state.balances, { path: at, what: "balance of" }, ({ address }) => address);
  problems.unique(
    state.denomMetadata,
    { path: (index) => `app_state.bank.denom_metadata[${index}]`, what: "metadata of" },
    ({ base }) => base,
  );
  problems.unique(
    state.sendEnabled,
    { path: (index) => `app_state.bank.send_enabled[${index}]`, what: "switch of" },
    ({ denom }) => denom,
  );
  checkSupply(env, state, totals);
  return balances;
}

function readCoins(
  env: CheckEnvironment,
  coins: readonly WireCoin[],
  path: string,
): Coins | undefined {
  return env.problems.attempt("genesis/limit", path, {
    read: () => {
      const read = coinsFromWire(coins);
      checkCoins(read);
      return read;
    },
    hint: "Coins are sorted by denomination, each once, and more than none.",
  });
}

function checkSupply(env: CheckEnvironment, state: GenesisState, totals: Totals): void {
  const path = "app_state.bank.supply";
  if (state.supply.length === 0) return;
  const supply = readCoins(env, state.supply, path);
  if (supply === undefined) return;
  const denoms = new Set([...supply.map(({ denom }) => denom), ...totals.denoms]);
  for (const denom of [...denoms].sort()) {
    const said = supply.find((coin) => coin.denom === denom)?.amount ?? 0n;
    const sum = totals.of(denom);
    if (said === sum) continue;
    const index = supply.findIndex((coin) => coin.denom === denom);
    env.problems.add(
      "genesis/sum",
      index < 0 ? path : `${path}[${index}].amount`,
      `the supply is ${said}${denom}, the balances add up to ${sum}${denom}`,
      "Write the sum of all balances, or leave the supply out: it is computed then.",
    );
  }
}

/** Sums by denomination; hundreds of thousands of balances are added. */
class Totals {
  readonly #amounts = new Map<string, bigint>();

  get denoms(): Iterable<string> {
    return this.#amounts.keys();
  }

  add(coins: Coins): void {
    for (const { denom, amount } of coins) this.#amounts.set(denom, this.of(denom) + amount);
  }

  of(denom: string): bigint {
    return this.#amounts.get(denom) ?? 0n;
  }
}
