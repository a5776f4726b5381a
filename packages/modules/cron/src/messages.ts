/** Messages of `cron`; all are governance's. */
import { create } from "@bufbuild/protobuf";
import { fromBech32 } from "@tacit/encoding";
import { ScheduleSchema } from "@tacit/encoding/proto/secret/cron/schedule";
import {
  type MsgAddSchedule,
  MsgAddScheduleResponseSchema,
  MsgAddScheduleSchema,
  type MsgRemoveSchedule,
  MsgRemoveScheduleResponseSchema,
  MsgRemoveScheduleSchema,
  type MsgUpdateParams,
  MsgUpdateParamsResponseSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/secret/cron/tx";
import {
  type AddressCodec,
  type Context,
  type MessageRouter,
  messageRoute,
  sdkErrors,
  wrapError,
} from "@tacit/sdk";
import { addSchedule, removeSchedule, setParams } from "./keeper.ts";
import { validateParams } from "./params.ts";

export interface CronOptions {
  readonly addresses: AddressCodec;
  /** Bech32 address of the governance account. */
  readonly authority: string;
}

export function registerMessages(messages: MessageRouter, options: CronOptions): void {
  const signers = ({ authority }: { readonly authority: string }) => [
    options.addresses.toBytes(authority),
  ];
  messages.register(
    messageRoute({
      schema: MsgAddScheduleSchema,
      response: MsgAddScheduleResponseSchema,
      signers,
      handle: (context, message) => add(options, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgRemoveScheduleSchema,
      response: MsgRemoveScheduleResponseSchema,
      signers,
      handle: (context, message) => remove(options, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgUpdateParamsSchema,
      response: MsgUpdateParamsResponseSchema,
      signers,
      handle: (context, message) => updateParams(options, context, message),
    }),
  );
}

function add(options: CronOptions, context: Context, message: MsgAddSchedule) {
  wrapped("failed to validate MsgAddSchedule", () => {
    assertAddress(options, message.authority);
    const { name, period, msgs } = message;
    if (name === "") throw sdkErrors.invalidRequest.wrap("name is invalid");
    if (period === 0n) throw sdkErrors.invalidRequest.wrap("period is invalid");
    if (msgs.length === 0) throw sdkErrors.invalidRequest.wrap("msgs should not be empty");
  });
  assertAuthority(options, message.authority);
  const { name, period, msgs } = message;
  const schedule = create(ScheduleSchema, { name, period, msgs });
  wrapped("failed to add schedule", () => addSchedule(context, schedule));
  return {};
}

function remove(options: CronOptions, context: Context, message: MsgRemoveSchedule) {
  wrapped("failed to validate MsgRemoveSchedule", () => {
    assertAddress(options, message.authority);
    if (message.name === "") throw sdkErrors.invalidRequest.wrap("name is invalid");
  });
  assertAuthority(options, message.authority);
  removeSchedule(context, message.name);
  return {};
}

function updateParams(options: CronOptions, context: Context, message: MsgUpdateParams) {
  const { params } = message;
  if (params === undefined) throw sdkErrors.invalidRequest.wrap("params are missing");
  wrapped("failed to validate MsgUpdateParams", () => {
    assertAddress(options, message.authority);
    wrapped("params validation failed", () => validateParams(options.addresses, params));
  });
  assertAuthority(options, message.authority);
  setParams(context, params);
  return {};
}

function assertAddress({ addresses }: CronOptions, text: string): void {
  wrapped("authority is invalid", () => fromBech32(addresses.prefix, text));
}

function assertAuthority({ authority }: CronOptions, got: string): void {
  if (got === authority) return;
  throw sdkErrors.unauthorized.wrap(`invalid authority; expected ${authority}, got ${got}`);
}

function wrapped(description: string, body: () => unknown): void {
  try {
    body();
  } catch (error) {
    throw wrapError(error, description);
  }
}
