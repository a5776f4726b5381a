/** Counts every validator's signature under the last block; who misses too many goes to jail. */
import type {
  Params,
  ValidatorSigningInfo,
} from "@tacit/encoding/proto/cosmos/slashing/v1beta1/slashing";
import { type Context, createEvent, type VoteInfo } from "@tacit/sdk";
import { slashingErrors } from "./errors.ts";
import type { SlashingKeeper } from "./keeper.ts";
import { getParams, toDec } from "./params.ts";
import {
  forgetMissed,
  getSigningInfo,
  hasMissed,
  setMissed,
  setSigningInfo,
} from "./signing-info.ts";

/** Blocks from an infraction's stake to its slash: what consensus applies late, and one more. */
const INFRACTION_DELAY = 2n;
const ABSENT = 1;

export function countSignatures(keeper: SlashingKeeper, context: Context): void {
  for (const vote of context.block.lastCommit.votes) countSignature(keeper, context, vote);
}

function countSignature(keeper: SlashingKeeper, context: Context, vote: VoteInfo): void {
  const { address } = vote;
  if (keeper.staking.validatorByConsensusAddress(context, address).jailed) return;
  const known = getSigningInfo(context, address);
  if (known === undefined) throw slashingErrors.noSigningInfo.make();
  const params = getParams(context);
  const missed = vote.blockIdFlag === ABSENT;
  const counted = noteBlock(context, { address, params, missed }, known);
  if (missed) emitLiveness(keeper, context, address, counted.missedBlocksCounter);
  const window = params.signedBlocksWindow;
  const minSigned = toDec(params.minSignedPerWindow).mulInt(window).roundInt();
  const isTooMany =
    context.height > counted.startHeight + window &&
    counted.missedBlocksCounter > window - minSigned;
  const isPunished =
    isTooMany && !keeper.staking.validatorByConsensusAddress(context, address).jailed;
  const info = isPunished ? punish(keeper, context, { vote, params, info: counted }) : counted;
  setSigningInfo(context, address, info);
}

/** Writes the block into the window, over the one a window ago. */
function noteBlock(
  context: Context,
  block: { readonly address: Uint8Array; readonly params: Params; readonly missed: boolean },
  info: ValidatorSigningInfo,
): ValidatorSigningInfo {
  const { address, params, missed } = block;
  const index = info.indexOffset % params.signedBlocksWindow;
  const before = hasMissed(context, address, index);
  if (before !== missed) setMissed(context, address, { index, missed });
  const change = BigInt(missed) - BigInt(before);
  return {
    ...info,
    indexOffset: info.indexOffset + 1n,
    missedBlocksCounter: info.missedBlocksCounter + change,
  };
}

function emitLiveness(
  keeper: SlashingKeeper,
  context: Context,
  address: Uint8Array,
  missedBlocks: bigint,
): void {
  context.events.emit(
    createEvent(
      "liveness",
      ["address", keeper.consensusAddresses.toText(address)],
      ["missed_blocks", missedBlocks.toString()],
      ["height", context.height.toString()],
    ),
  );
}

function punish(
  keeper: SlashingKeeper,
  context: Context,
  {
    vote,
    params,
    info,
  }: {
    readonly vote: VoteInfo;
    readonly params: Params;
    readonly info: ValidatorSigningInfo;
  },
): ValidatorSigningInfo {
  const { address, power } = vote;
  const burnt = keeper.staking.slash(context, {
    consensusAddress: address,
    height: context.height - INFRACTION_DELAY,
    power,
    fraction: toDec(params.slashFractionDowntime),
  });
  const text = keeper.consensusAddresses.toText(address);
  context.events.emit(
    createEvent(
      "slash",
      ["address", text],
      ["power", power.toString()],
      ["reason", "missing_signature"],
      ["jailed", text],
      ["burned_coins", burnt.toString()],
    ),
  );
  keeper.staking.jail(context, address);
  forgetMissed(context, address);
  const { seconds, nanos } = params.downtimeJailDuration ?? { seconds: 0n, nanos: 0 };
  const until = context.timeNs + seconds * 1_000_000_000n + BigInt(nanos);
  return {
    ...info,
    jailedUntil: {
      $typeName: "google.protobuf.Timestamp",
      seconds: until / 1_000_000_000n,
      nanos: Number(until % 1_000_000_000n),
    },
    missedBlocksCounter: 0n,
    indexOffset: 0n,
  };
}
