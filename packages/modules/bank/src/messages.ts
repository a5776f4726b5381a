/** Messages of `bank` and what they do. */
import {
  addCoins,
  type Coins,
  coinsFromWire,
  equalCoins,
  isDenom,
  NO_COINS,
  type WireCoin,
} from "@tacit/encoding";
import {
  type MsgMultiSend,
  MsgMultiSendResponseSchema,
  MsgMultiSendSchema,
  type MsgSend,
  MsgSendResponseSchema,
  MsgSendSchema,
  type MsgSetSendEnabled,
  MsgSetSendEnabledResponseSchema,
  MsgSetSendEnabledSchema,
  type MsgUpdateParams,
  MsgUpdateParamsResponseSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { type Context, type MessageRouter, messageRoute, PlainError, sdkErrors } from "@tacit/sdk";
import { assertPositiveCoins } from "./coins.ts";
import { bankErrors } from "./errors.ts";
import type { BankKeeper } from "./keeper.ts";
import { defaultParams } from "./params.ts";

export function registerMessages(messages: MessageRouter, keeper: BankKeeper): void {
  const { addresses } = keeper.options.accounts;
  const toBytes = (text: string) => addresses.toBytes(text);
  messages.register(
    messageRoute({
      schema: MsgSendSchema,
      response: MsgSendResponseSchema,
      signers: (message) => [toBytes(message.fromAddress)],
      handle: (context, message) => send(context, message, keeper),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgMultiSendSchema,
      response: MsgMultiSendResponseSchema,
      signers: (message) => message.inputs.map(({ address }) => toBytes(address)),
      handle: (context, message) => multiSend(context, message, keeper),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgSetSendEnabledSchema,
      response: MsgSetSendEnabledResponseSchema,
      signers: (message) => [toBytes(message.authority)],
      handle: (context, message) => setSendEnabled(context, message, keeper),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgUpdateParamsSchema,
      response: MsgUpdateParamsResponseSchema,
      signers: (message) => [toBytes(message.authority)],
      handle: (context, message) => updateParams(context, message, keeper),
    }),
  );
}

function send(context: Context, message: MsgSend, keeper: BankKeeper) {
  const from = addressOf(keeper, message.fromAddress, "invalid from address");
  const to = addressOf(keeper, message.toAddress, "invalid to address");
  const coins = assertPositiveCoins(coinsFromWire(message.amount));
  keeper.assertSendEnabled(context, coins);
  if (keeper.isBlocked(to)) throw keeper.blockedError(message.toAddress);
  keeper.sendCoins(context, from, to, coins);
  return {};
}

function multiSend(context: Context, message: MsgMultiSend, keeper: BankKeeper) {
  const [input, ...more] = message.inputs;
  if (input === undefined) throw bankErrors.noInputs.make();
  if (more.length > 0) throw bankErrors.multipleSenders.make();
  if (message.outputs.length === 0) throw bankErrors.noOutputs.make();
  const from = side(keeper, input, "input");
  const outputs = message.outputs.map((output) => side(keeper, output, "output"));
  const sum = outputs.reduce((total, { coins }) => addCoins(total, coins), NO_COINS);
  if (!equalCoins(from.coins, sum)) throw bankErrors.inputOutputMismatch.make();
  keeper.assertSendEnabled(context, from.coins);
  for (const { text, to } of outputs) if (keeper.isBlocked(to)) throw keeper.blockedError(text);
  keeper.sendToMany(context, from.to, from.coins, outputs);
  return {};
}

function side(
  keeper: BankKeeper,
  part: { readonly address: string; readonly coins: readonly WireCoin[] },
  name: "input" | "output",
): { readonly text: string; readonly to: Uint8Array; readonly coins: Coins } {
  const to = addressOf(keeper, part.address, `invalid ${name} address`);
  return { text: part.address, to, coins: assertPositiveCoins(coinsFromWire(part.coins)) };
}

function addressOf(keeper: BankKeeper, text: string, what: string): Uint8Array {
  try {
    return keeper.options.accounts.addresses.toBytes(text);
  } catch (error) {
    throw sdkErrors.invalidAddress.wrap(`${what}: ${(error as Error).message}`);
  }
}

function assertAuthority(keeper: BankKeeper, got: string): void {
  const expected = keeper.options.accounts.addresses.toText(keeper.options.authority);
  if (got === expected) return;
  throw bankErrors.wrongAuthority.wrap(`invalid authority; expected ${expected}, got ${got}`);
}

function setSendEnabled(context: Context, message: MsgSetSendEnabled, keeper: BankKeeper) {
  assertAuthority(keeper, message.authority);
  const seen = new Set<string>();
  for (const { denom } of message.sendEnabled) {
    if (seen.has(denom)) {
      throw sdkErrors.invalidRequest.wrap(`duplicate denom entries found for "${denom}"`);
    }
    seen.add(denom);
    if (!isDenom(denom)) {
      throw sdkErrors.invalidRequest.wrap(
        `invalid SendEnabled denom "${denom}": invalid denom: ${denom}`,
      );
    }
  }
  for (const denom of message.useDefaultFor) {
    if (!isDenom(denom)) {
      throw sdkErrors.invalidRequest.wrap(
        `invalid UseDefaultFor denom "${denom}": invalid denom: ${denom}`,
      );
    }
  }
  for (const { denom, enabled } of message.sendEnabled) {
    keeper.setSendEnabled(context, denom, enabled);
  }
  for (const denom of message.useDefaultFor) keeper.deleteSendEnabled(context, denom);
  return {};
}

function updateParams(context: Context, message: MsgUpdateParams, keeper: BankKeeper) {
  assertAuthority(keeper, message.authority);
  const params = message.params ?? { ...defaultParams, defaultSendEnabled: false };
  if (params.sendEnabled.length > 0) {
    throw new PlainError("use of send_enabled in params is no longer supported");
  }
  keeper.setParams(context, params);
  return {};
}
