/** Reading what messages of staking have in common. */
import { type Coin, coinFromWire, isDenom, type WireCoin } from "@tacit/encoding";
import { type Context, sdkErrors } from "@tacit/sdk";
import type { StakingEnvironment } from "./environment.ts";
import { bondDenom } from "./pools.ts";

/** @throws {SdkError} `sdk/7` */
export function operatorOf(env: StakingEnvironment, text: string, what = "validator"): Uint8Array {
  try {
    return env.options.operators.toBytes(text);
  } catch (error) {
    throw sdkErrors.invalidAddress.wrap(`invalid ${what} address: ${(error as Error).message}`);
  }
}

/** @throws {SdkError} `sdk/7` */
export function delegatorOf(env: StakingEnvironment, text: string): Uint8Array {
  try {
    return env.options.addresses.toBytes(text);
  } catch (error) {
    throw sdkErrors.invalidAddress.wrap(`invalid delegator address: ${(error as Error).message}`);
  }
}

/** @throws {SdkError} `sdk/18` with `refusal`. */
export function positiveCoin(wire: WireCoin | undefined, refusal: string): Coin {
  if (wire === undefined || !isDenom(wire.denom)) throw sdkErrors.invalidRequest.wrap(refusal);
  const coin = coinFromWire(wire);
  if (coin.amount <= 0n) throw sdkErrors.invalidRequest.wrap(refusal);
  return coin;
}

/** @throws {SdkError} `sdk/18` */
export function assertBondDenom(context: Context, { denom }: Coin): void {
  const expected = bondDenom(context);
  if (denom === expected) return;
  throw sdkErrors.invalidRequest.wrap(
    `invalid coin denomination: got ${denom}, expected ${expected}`,
  );
}
