/** Messages of `vesting` and what they do. */
import {
  addCoins,
  type Coins,
  checkCoins,
  coinsFromWire,
  coinsToText,
  NO_COINS,
} from "@tacit/encoding";
import {
  type MsgCreatePeriodicVestingAccount,
  MsgCreatePeriodicVestingAccountResponseSchema,
  MsgCreatePeriodicVestingAccountSchema,
  type MsgCreatePermanentLockedAccount,
  MsgCreatePermanentLockedAccountResponseSchema,
  MsgCreatePermanentLockedAccountSchema,
  type MsgCreateVestingAccount,
  MsgCreateVestingAccountResponseSchema,
  MsgCreateVestingAccountSchema,
} from "@tacit/encoding/proto/cosmos/vesting/v1beta1/tx";
import { type Context, type MessageRouter, messageRoute, sdkErrors } from "@tacit/sdk";
import type { VestingAccounts, VestingBank, VestingTerms } from "./expected.ts";
import { continuous, delayed, periodic, permanentlyLocked } from "./terms.ts";

export interface VestingCollaborators {
  readonly accounts: VestingAccounts;
  readonly bank: VestingBank;
}

export function registerMessages(messages: MessageRouter, parts: VestingCollaborators): void {
  const { addresses } = parts.accounts;
  messages.register(
    messageRoute({
      schema: MsgCreateVestingAccountSchema,
      response: MsgCreateVestingAccountResponseSchema,
      signers: (message) => [addresses.toBytes(message.fromAddress)],
      handle: (context, message) => createVesting(context, message, parts),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgCreatePermanentLockedAccountSchema,
      response: MsgCreatePermanentLockedAccountResponseSchema,
      signers: (message) => [addresses.toBytes(message.fromAddress)],
      handle: (context, message) => createLocked(context, message, parts),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgCreatePeriodicVestingAccountSchema,
      response: MsgCreatePeriodicVestingAccountResponseSchema,
      signers: (message) => [addresses.toBytes(message.fromAddress)],
      handle: (context, message) => createPeriodic(context, message, parts),
    }),
  );
}

function createVesting(
  context: Context,
  message: MsgCreateVestingAccount,
  parts: VestingCollaborators,
) {
  const { from, to } = parties(message, parts);
  const coins = assertAmount(coinsFromWire(message.amount));
  if (message.endTime <= 0n) throw sdkErrors.invalidRequest.wrap("invalid end time");
  parts.bank.assertSendEnabled(context, coins);
  assertOpen(to, message.toAddress, parts);
  assertNew(context, to, message.toAddress, parts);
  const terms = message.delayed
    ? delayed(coins, message.endTime)
    : continuous(coins, context.time.seconds, message.endTime);
  return create(context, { from, to, coins, terms }, parts);
}

function createLocked(
  context: Context,
  message: MsgCreatePermanentLockedAccount,
  parts: VestingCollaborators,
) {
  const { from, to } = parties(message, parts);
  const coins = assertAmount(coinsFromWire(message.amount));
  parts.bank.assertSendEnabled(context, coins);
  assertOpen(to, message.toAddress, parts);
  assertNew(context, to, message.toAddress, parts);
  return create(context, { from, to, coins, terms: permanentlyLocked(coins) }, parts);
}

function createPeriodic(
  context: Context,
  message: MsgCreatePeriodicVestingAccount,
  parts: VestingCollaborators,
) {
  const { from, to } = parties(message, parts);
  const { startTime, vestingPeriods } = message;
  if (startTime < 1n) {
    throw sdkErrors.invalidRequest.wrap(
      `invalid start time of ${startTime}, length must be greater than 0`,
    );
  }
  let coins = NO_COINS;
  for (const [index, { length, amount }] of vestingPeriods.entries()) {
    if (length < 1n) {
      throw sdkErrors.invalidRequest.wrap(
        `invalid period length of ${length} in period ${index}, length must be greater than 0`,
      );
    }
    coins = addCoins(coins, assertAmount(coinsFromWire(amount)));
  }
  assertOpen(to, message.toAddress, parts);
  assertNew(context, to, message.toAddress, parts);
  parts.bank.assertSendEnabled(context, coins);
  const terms = periodic(coins, startTime, vestingPeriods);
  return create(context, { from, to, coins, terms }, parts);
}

function parties(
  message: { readonly fromAddress: string; readonly toAddress: string },
  { accounts }: VestingCollaborators,
) {
  const read = (text: string, which: string) => {
    try {
      return accounts.addresses.toBytes(text);
    } catch (error) {
      throw sdkErrors.invalidAddress.wrap(
        `invalid '${which}' address: ${(error as Error).message}`,
      );
    }
  };
  return { from: read(message.fromAddress, "from"), to: read(message.toAddress, "to") };
}

function assertAmount(coins: Coins): Coins {
  try {
    if (coins.length > 0) return checkCoins(coins);
  } catch {
    // Told below, in the words that clients know.
  }
  throw sdkErrors.invalidCoins.wrap(coinsToText(coins));
}

function assertOpen(to: Uint8Array, text: string, { bank }: VestingCollaborators): void {
  if (bank.isBlocked(to)) throw bank.blockedError(text);
}

function assertNew(
  context: Context,
  to: Uint8Array,
  text: string,
  { accounts }: VestingCollaborators,
): void {
  if (accounts.getAccount(context, to) === undefined) return;
  throw sdkErrors.invalidRequest.wrap(`account ${text} already exists`);
}

function create(
  context: Context,
  made: {
    readonly from: Uint8Array;
    readonly to: Uint8Array;
    readonly coins: Coins;
    readonly terms: VestingTerms;
  },
  { accounts, bank }: VestingCollaborators,
) {
  accounts.createVestingAccount(context, made.to, made.terms);
  bank.sendCoins(context, made.from, made.to, made.coins);
  return {};
}
