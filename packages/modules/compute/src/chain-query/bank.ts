/** `bank{balance, all_balances}` */

import type { Coin } from "@tacit/encoding";
import { utf8Bytes } from "@tacit/sdk";
import { type JsonObject, readString, readVariant } from "../json.ts";
import type { QueryEnvironment } from "./answer.ts";
import { accountOf, unsupported } from "./errors.ts";

export interface CoinJson {
  readonly denom: string;
  readonly amount: string;
}

export function coinJson({ denom, amount }: Coin): CoinJson {
  return { denom, amount: amount.toString() };
}

export function queryBank(env: QueryEnvironment, content: JsonObject): Uint8Array {
  const { context, collaborators, options } = env;
  const [variant, fields] = readVariant(content, "bank");
  switch (variant) {
    case "balance": {
      const address = accountOf(options.addresses, readString(fields, "address"));
      const denom = readString(fields, "denom");
      // Secret Network looks at all balances, which decides what the question costs.
      const coins = collaborators.bank.getAllBalances(context, address);
      const amount = coins.find((coin) => coin.denom === denom)?.amount ?? 0n;
      return utf8Bytes(JSON.stringify({ amount: coinJson({ denom, amount }) }));
    }
    case "all_balances": {
      const address = accountOf(options.addresses, readString(fields, "address"));
      const coins = collaborators.bank.getAllBalances(context, address);
      return utf8Bytes(JSON.stringify({ amount: coins.map(coinJson) }));
    }
    default:
      throw unsupported("unknown BankQuery variant");
  }
}
