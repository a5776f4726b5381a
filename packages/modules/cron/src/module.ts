/** The module as the frame sees it, and what proposers ask of it. */
import { create } from "@bufbuild/protobuf";
import { fromClientJson, type Types, toClientJson } from "@tacit/encoding";
import { type GenesisState, GenesisStateSchema } from "@tacit/encoding/proto/secret/cron/genesis";
import type { Context, JsonValue, Module } from "@tacit/sdk";
import { dueMessages, markDue } from "./due.ts";
import type { CronAccountKeeper } from "./expected.ts";
import { addSchedule, getParams, schedules, setParams } from "./keeper.ts";
import { type CronOptions, registerMessages } from "./messages.ts";
import { defaultParams, validateParams } from "./params.ts";
import { registerQueries } from "./queries.ts";
import { cronSender, signScheduled } from "./transactions.ts";

export interface CronCollaborators {
  readonly accounts: CronAccountKeeper;
  /** X25519 key of the network that messages are encrypted to. */
  readonly ioPublicKey: (context: Context) => Uint8Array;
}

export interface CronModule extends Module {
  /**
   * The transactions that schedules want at the front of the block at `height`, on the state
   * before it. Empty before the first block.
   */
  scheduledTxs(context: Context, height: bigint): readonly Uint8Array[];
}

/** No Any stands in this genesis. */
const noTypes: Types = { getMessage: () => undefined };

export function createCronModule(
  options: CronOptions,
  collaborators: CronCollaborators,
): CronModule {
  return {
    name: "cron",
    register: ({ messages, queries }) => {
      registerMessages(messages, options);
      registerQueries(queries);
    },
    endBlock: (context) => {
      markDue(context);
      const { accounts } = collaborators;
      const sender = accounts.getAccount(context, cronSender);
      if (sender === undefined) accounts.createAccount(context, cronSender);
      return undefined;
    },
    defaultGenesis: () => toJson(create(GenesisStateSchema, { params: defaultParams() })),
    initGenesis: (context, json) => initGenesis(options, context, json),
    exportGenesis: (context) =>
      toJson(
        create(GenesisStateSchema, {
          params: getParams(context),
          scheduleList: [...schedules(context)],
        }),
      ),
    scheduledTxs: (context, height) => scheduledTxs(options, collaborators, context, height),
  };
}

/**
 * Periods count from here, as upstream: `last_execute_height` of genesis is not taken over.
 * @throws {PlainError} for wrong parameters, or a name that is there twice.
 */
function initGenesis({ addresses }: CronOptions, context: Context, json: JsonValue): undefined {
  const state = fromClientJson(GenesisStateSchema, json, { types: noTypes });
  const params = state.params ?? defaultParams();
  validateParams(addresses, params);
  for (const schedule of state.scheduleList) addSchedule(context, schedule);
  setParams(context, params);
}

function scheduledTxs(
  { addresses }: CronOptions,
  { accounts, ioPublicKey }: CronCollaborators,
  context: Context,
  height: bigint,
): readonly Uint8Array[] {
  const messages = dueMessages(context, addresses, height);
  const sender = accounts.getAccount(context, cronSender);
  if (messages.length === 0 || sender === undefined) return [];
  return signScheduled(messages, {
    addresses,
    chainId: context.chainId,
    height,
    accountNumber: sender.accountNumber,
    sequence: sender.sequence,
    ioPublicKey: ioPublicKey(context),
  });
}

function toJson(state: GenesisState): JsonValue {
  return toClientJson(GenesisStateSchema, state, noTypes);
}
