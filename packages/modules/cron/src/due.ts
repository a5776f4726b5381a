/**
 * Which schedules run when. The end of block N marks those that are due in block N + 1; whoever
 * proposes that block finds the marks in the committed state.
 */
import type { MsgExecuteContract, Schedule } from "@tacit/encoding/proto/secret/cron/schedule";
import type { AddressCodec, Context } from "@tacit/sdk";
import { getParams, schedules, setSchedule } from "./keeper.ts";

/** Marks what is due in the next block, by name, as many as the parameters allow. */
export function markDue(context: Context): void {
  const { limit } = getParams(context);
  const next = context.height + 1n;
  const due: Schedule[] = [];
  for (const schedule of schedules(context)) {
    if (next < BigInt.asUintN(64, schedule.lastExecuteHeight + schedule.period)) continue;
    due.push(schedule);
    if (BigInt(due.length) >= limit) break;
  }
  for (const schedule of due) setSchedule(context, { ...schedule, lastExecuteHeight: next });
}

/**
 * Messages of the schedules marked for the block at `height`, in order. A schedule that names a
 * contract by no address of this network runs none of its messages.
 */
export function dueMessages(
  context: Context,
  addresses: AddressCodec,
  height: bigint,
): readonly MsgExecuteContract[] {
  const messages: MsgExecuteContract[] = [];
  for (const { lastExecuteHeight, msgs } of schedules(context)) {
    if (lastExecuteHeight !== height) continue;
    if (msgs.every(({ contract }) => isAddress(addresses, contract))) messages.push(...msgs);
  }
  return messages;
}

function isAddress(addresses: AddressCodec, text: string): boolean {
  try {
    addresses.toBytes(text);
    return true;
  } catch {
    return false;
  }
}
