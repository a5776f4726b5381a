/** Schedules, how many there are, and the parameters. */
import { create } from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { type Params, ParamsSchema } from "@tacit/encoding/proto/secret/cron/params";
import {
  type Schedule,
  ScheduleCountSchema,
  ScheduleSchema,
} from "@tacit/encoding/proto/secret/cron/schedule";
import { type Context, PlainError, prefixEnd } from "@tacit/sdk";
import { countKey, cronStoreName, paramsKey, scheduleKey, schedulePrefix } from "./keys.ts";

/** Empty before genesis wrote them. */
export function getParams(context: Context): Params {
  const bytes = context.kvStore(cronStoreName).get(paramsKey);
  return bytes === undefined ? create(ParamsSchema) : decodeMessage(ParamsSchema, bytes);
}

export function setParams(context: Context, params: Params): void {
  context.kvStore(cronStoreName).set(paramsKey, encodeMessage(ParamsSchema, params));
}

export function getSchedule(context: Context, name: string): Schedule | undefined {
  const bytes = context.kvStore(cronStoreName).get(scheduleKey(name));
  return bytes === undefined ? undefined : decodeMessage(ScheduleSchema, bytes);
}

export function setSchedule(context: Context, schedule: Schedule): void {
  const bytes = encodeMessage(ScheduleSchema, schedule);
  context.kvStore(cronStoreName).set(scheduleKey(schedule.name), bytes);
}

/** By ascending name, as bytes. */
export function* schedules(context: Context): Iterable<Schedule> {
  const store = context.kvStore(cronStoreName);
  for (const [, value] of store.iterator(schedulePrefix, prefixEnd(schedulePrefix))) {
    yield decodeMessage(ScheduleSchema, value);
  }
}

/**
 * Counts its period from this block on, whatever `lastExecuteHeight` says.
 * @throws {PlainError} if the name is taken.
 */
export function addSchedule(context: Context, schedule: Schedule): void {
  if (context.kvStore(cronStoreName).has(scheduleKey(schedule.name))) {
    throw new PlainError(`schedule already exists with name=${schedule.name}`);
  }
  setSchedule(context, { ...schedule, lastExecuteHeight: context.height });
  changeCount(context, 1);
}

/** Nothing happens if there is none of the name. */
export function removeSchedule(context: Context, name: string): void {
  const store = context.kvStore(cronStoreName);
  if (!store.has(scheduleKey(name))) return;
  changeCount(context, -1);
  store.delete(scheduleKey(name));
}

function changeCount(context: Context, by: number): void {
  const store = context.kvStore(cronStoreName);
  const bytes = store.get(countKey);
  const count = bytes === undefined ? 0 : decodeMessage(ScheduleCountSchema, bytes).count;
  store.set(countKey, encodeMessage(ScheduleCountSchema, { count: count + by }));
}
