/** Headers and validator sets of recent blocks, kept for IBC's checks of itself. */
import { compareBytes, decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type HistoricalInfo,
  HistoricalInfoSchema,
  type Validator,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import type { Context } from "@tacit/sdk";
import { historicalKey, stakingStoreName } from "./keys.ts";
import { getParams } from "./params.ts";
import { lastValidators } from "./validator-set.ts";
import { consensusAddressOf, isBonded, powerOf } from "./validators.ts";

export function getHistoricalInfo(context: Context, height: bigint): HistoricalInfo | undefined {
  const bytes = context.kvStore(stakingStoreName).get(historicalKey(height));
  return bytes === undefined ? undefined : decodeMessage(HistoricalInfoSchema, bytes);
}

/** Drops what is too old, then keeps this block's header and the validators that sign it. */
export function trackHistoricalInfo(context: Context): void {
  const entries = BigInt(getParams(context).historicalEntries);
  const store = context.kvStore(stakingStoreName);
  for (let height = context.height - entries; height >= 0n; height -= 1n) {
    const key = historicalKey(height);
    if (store.get(key) === undefined) break;
    store.delete(key);
  }
  if (entries === 0n) return;
  const info = {
    header: headerOf(context),
    valset: [...lastValidators(context)].sort(byVotingPower),
  };
  store.set(historicalKey(context.height), encodeMessage(HistoricalInfoSchema, info));
}

/** The part of the header that the SDK's state machine knows. */
function headerOf(context: Context) {
  const { chainId, height, time, appHash, proposerAddress, nextValidatorsHash } = context.block;
  return { chainId, height, time, appHash, proposerAddress, nextValidatorsHash };
}

/** Most powerful first; among equals the lower consensus address. */
function byVotingPower(a: Validator, b: Validator): number {
  const difference = signingPower(b) - signingPower(a);
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  return compareBytes(consensusAddressOf(a), consensusAddressOf(b));
}

/** A validator that is on its way out signs its last blocks without power. */
function signingPower(validator: Validator): bigint {
  return isBonded(validator) ? powerOf(validator) : 0n;
}
