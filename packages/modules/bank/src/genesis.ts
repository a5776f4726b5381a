/** Genesis of `bank`: parameters, balances, supply, metadata, switches. */
import {
  addCoins,
  type Coins,
  coinsFromWire,
  coinsToText,
  coinsToWire,
  compareBytes,
  equalCoins,
  fromClientJson,
  NO_COINS,
  toClientJson,
} from "@tacit/encoding";
import {
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/genesis";
import { type Context, type JsonValue, PlainError, type TypeResolver } from "@tacit/sdk";
import { assertValidCoins } from "./coins.ts";
import type { BankKeeper } from "./keeper.ts";
import { defaultParams } from "./params.ts";

/** @throws {PlainError} and {EncodingError} if `state` is no genesis of this module. */
export function initGenesis(
  context: Context,
  keeper: BankKeeper,
  types: TypeResolver,
  state: JsonValue,
): void {
  const genesis = fromClientJson(GenesisStateSchema, state, { types });
  if (genesis.params === undefined) throw new PlainError("bank genesis: params are missing");
  keeper.setParams(context, genesis.params);
  for (const { denom, enabled } of genesis.sendEnabled) {
    keeper.setSendEnabled(context, denom, enabled);
  }
  const total = setBalances(context, keeper, genesis);
  const supply = coinsFromWire(genesis.supply);
  if (supply.length > 0 && !equalCoins(supply, total)) {
    throw new PlainError(
      `genesis supply is incorrect, expected ${coinsToText(supply)}, got ${coinsToText(total)}`,
    );
  }
  for (const coin of total) keeper.setSupply(context, coin);
  for (const metadata of genesis.denomMetadata) keeper.setMetadata(context, metadata);
}

/** Writes all balances. @returns their sum. */
function setBalances(context: Context, keeper: BankKeeper, genesis: GenesisState): Coins {
  const { addresses } = keeper.options.accounts;
  const balances = genesis.balances
    .map((balance) => ({
      address: addresses.toBytes(balance.address),
      coins: assertValidCoins(coinsFromWire(balance.coins)),
    }))
    .sort((a, b) => compareBytes(a.address, b.address));
  let total = NO_COINS;
  for (const { address, coins } of balances) {
    for (const coin of coins) keeper.setBalance(context, address, coin);
    total = addCoins(total, coins);
  }
  return total;
}

export function exportGenesis(
  context: Context,
  keeper: BankKeeper,
  types: TypeResolver,
): JsonValue {
  const { addresses } = keeper.options.accounts;
  const byAddress = new Map<string, Coins>();
  for (const { address, denom, amount } of keeper.balances(context)) {
    const text = addresses.toText(address);
    byAddress.set(text, [...(byAddress.get(text) ?? []), { denom, amount }]);
  }
  return printGenesis(
    {
      params: keeper.getParams(context),
      balances: [...byAddress].map(([address, coins]) => ({
        $typeName: "cosmos.bank.v1beta1.Balance",
        address,
        coins: coinsToWire(coins),
      })),
      supply: coinsToWire(keeper.totalSupply(context)),
      denomMetadata: [...keeper.allMetadata(context)],
      sendEnabled: [...keeper.allSendEnabled(context)].map((entry) => ({
        $typeName: "cosmos.bank.v1beta1.SendEnabled",
        ...entry,
      })),
    },
    types,
  );
}

export function defaultGenesis(types: TypeResolver): JsonValue {
  const state = {
    params: defaultParams,
    balances: [],
    supply: [],
    denomMetadata: [],
    sendEnabled: [],
  };
  return printGenesis(state, types);
}

function printGenesis(state: Omit<GenesisState, "$typeName">, types: TypeResolver): JsonValue {
  const message: GenesisState = { $typeName: "cosmos.bank.v1beta1.GenesisState", ...state };
  return toClientJson(GenesisStateSchema, message, types);
}
