/** `dist{rewards}` and `mint{inflation, bonded_ratio}` */
import { Dec, decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  QueryDelegationTotalRewardsRequestSchema,
  QueryDelegationTotalRewardsResponseSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/query";
import { QueryInflationResponseSchema } from "@tacit/encoding/proto/cosmos/mint/v1beta1/query";
import { sdkErrors, utf8Bytes, utf8Text } from "@tacit/sdk";
import { type JsonObject, readString, readVariant } from "../json.ts";
import type { QueryEnvironment } from "./answer.ts";
import { queryFailure, unsupported } from "./errors.ts";

export function queryRewards(env: QueryEnvironment, content: JsonObject): Uint8Array {
  const [variant, fields] = readVariant(content, "dist");
  if (variant !== "rewards") throw unsupported("unknown DistQuery variant");
  const delegatorAddress = readString(fields, "delegator");
  const request = encodeMessage(QueryDelegationTotalRewardsRequestSchema, { delegatorAddress });
  const path = "/cosmos.distribution.v1beta1.Query/DelegationTotalRewards";
  let answer: Uint8Array;
  try {
    answer = ask(env, path, request);
  } catch (error) {
    const text = queryFailure(error);
    throw text === undefined ? error : sdkErrors.unknownRequest.wrap(text);
  }
  const { rewards, total } = decodeMessage(QueryDelegationTotalRewardsResponseSchema, answer);
  const json = {
    ...(rewards.length === 0 ? {} : { rewards: rewards.map(rewardJson) }),
    ...(total.length === 0 ? {} : { total: total.map(wholeCoin) }),
  };
  return utf8Bytes(JSON.stringify(json));
}

export function queryMint(env: QueryEnvironment, content: JsonObject): Uint8Array {
  const [variant] = readVariant(content, "mint");
  switch (variant) {
    case "inflation": {
      const path = "/cosmos.mint.v1beta1.Query/Inflation";
      const answer = ask(env, path, new Uint8Array());
      const { inflation } = decodeMessage(QueryInflationResponseSchema, answer);
      const rate = Dec.fromWire(utf8Text(inflation)).toString();
      return utf8Bytes(JSON.stringify({ inflation_rate: rate }));
    }
    case "bonded_ratio": {
      const ratio = env.collaborators.staking.bondedRatio(env.context);
      return utf8Bytes(JSON.stringify({ bonded_ratio: ratio }));
    }
    default:
      throw unsupported("unknown MintQuery variant");
  }
}

function ask(env: QueryEnvironment, path: string, request: Uint8Array): Uint8Array {
  const handler = env.collaborators.queries.handler(path);
  if (handler === undefined) throw unsupported(`No route to query path '${path}'`);
  return handler.handle(env.context, request);
}

interface WireCoin {
  readonly denom: string;
  readonly amount: string;
}

function rewardJson(entry: { readonly validatorAddress: string; readonly reward: WireCoin[] }) {
  return { validator_address: entry.validatorAddress, reward: entry.reward.map(wholeCoin) };
}

/** Without the fraction that rewards have before they are paid. */
function wholeCoin({ denom, amount }: WireCoin): WireCoin {
  return { denom, amount: Dec.fromWire(amount).truncateInt().toString() };
}
