/** Queries of `cron`. */
import { decodeMessage } from "@tacit/encoding";
import { Query } from "@tacit/encoding/proto/secret/cron/query";
import { ScheduleSchema } from "@tacit/encoding/proto/secret/cron/schedule";
import { grpcError, paginate, type QueryRouter } from "@tacit/sdk";
import { getParams, getSchedule } from "./keeper.ts";
import { cronStoreName, schedulePrefix } from "./keys.ts";

export function registerQueries(queries: QueryRouter): void {
  queries.register(Query, {
    params: (context) => ({ params: getParams(context) }),
    schedule: (context, { name }) => {
      const schedule = getSchedule(context, name);
      if (schedule === undefined) throw grpcError.notFound("schedule not found");
      return { schedule };
    },
    schedules: (context, { pagination }) => {
      const store = context.kvStore(cronStoreName);
      const page = paginate(store, schedulePrefix, pagination, (_, value) =>
        decodeMessage(ScheduleSchema, value),
      );
      return { schedules: [...page.items], pagination: page.pagination };
    },
  });
}
