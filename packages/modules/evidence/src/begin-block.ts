/** Punishes validators whom consensus caught signing twice. */
import { create } from "@bufbuild/protobuf";
import { invariant } from "@tacit/encoding/errors";
import { EquivocationSchema } from "@tacit/encoding/proto/cosmos/evidence/v1beta1/evidence";
import { BondStatus } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import type { Context, Misbehavior } from "@tacit/sdk";
import type { EvidenceSlashingKeeper, EvidenceStakingKeeper } from "./expected.ts";
import { setEquivocation } from "./store.ts";

export interface EvidenceKeepers {
  readonly staking: EvidenceStakingKeeper;
  readonly slashing: EvidenceSlashingKeeper;
}

/** 9999-12-31T23:59:59Z: never. */
const jailedForEver = { seconds: 253_402_300_799n, nanos: 0 };

/** Blocks from a change of stake until consensus applies it. */
const UPDATE_DELAY = 1n;

export function punishMisbehavior(keepers: EvidenceKeepers, context: Context): void {
  for (const misbehavior of context.block.misbehavior) punish(keepers, context, misbehavior);
}

function punish(keepers: EvidenceKeepers, context: Context, misbehavior: Misbehavior): void {
  const { staking, slashing } = keepers;
  const { address, power } = misbehavior.validator;
  const validator = staking.validatorByConsensusAddress(context, address);
  if (validator.status === BondStatus.UNBONDED) return;
  if (!slashing.hasPublicKey(context, address)) return;
  if (isTooOld(context, misbehavior)) return;
  invariant(slashing.hasSigningInfo(context, address), "a validator that signed has signing info");
  if (slashing.isTombstoned(context, address)) return;
  slashing.slashDoubleSign(context, {
    consensusAddress: address,
    height: misbehavior.height - UPDATE_DELAY,
    power,
    fraction: slashing.slashFractionDoubleSign(context),
  });
  if (!validator.jailed) slashing.jail(context, address);
  slashing.jailUntil(context, address, jailedForEver);
  slashing.tombstone(context, address);
  const { seconds, nanos } = misbehavior.time;
  const equivocation = create(EquivocationSchema, {
    height: misbehavior.height,
    time: { seconds, nanos },
    power,
    consensusAddress: slashing.consensusAddresses.toText(address),
  });
  setEquivocation(context, equivocation);
}

/** Old by both measures: stake that was liable has been paid back. */
function isTooOld(context: Context, { height, time }: Misbehavior): boolean {
  const limits = context.consensusParams?.evidence;
  if (limits === undefined) return false;
  const ageNs = context.timeNs - (time.seconds * 1_000_000_000n + BigInt(time.nanos));
  return ageNs > limits.maxAgeDurationNs && context.height - height > limits.maxAgeNumBlocks;
}
