/** Handlers of MsgUnjail and MsgUpdateParams. */
import { Dec } from "@tacit/encoding";
import {
  type MsgUnjail,
  MsgUnjailResponseSchema,
  MsgUnjailSchema,
  type MsgUpdateParams,
  MsgUpdateParamsResponseSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/cosmos/slashing/v1beta1/tx";
import {
  type AddressCodec,
  type Context,
  type MessageRouter,
  messageRoute,
  sdkErrors,
} from "@tacit/sdk";
import { slashingErrors } from "./errors.ts";
import type { SlashingKeeper } from "./keeper.ts";
import { setParams, validateParams } from "./params.ts";
import { getSigningInfo } from "./signing-info.ts";

export interface HandlerOptions {
  readonly addresses: AddressCodec;
  readonly authority: string;
  readonly keeper: SlashingKeeper;
}

export function registerMessages(messages: MessageRouter, options: HandlerOptions): void {
  messages.register(
    messageRoute({
      schema: MsgUnjailSchema,
      response: MsgUnjailResponseSchema,
      signers: (message) => [options.keeper.staking.operators.toBytes(message.validatorAddr)],
      handle: (context, message) => unjail(options, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgUpdateParamsSchema,
      response: MsgUpdateParamsResponseSchema,
      signers: (message) => [options.addresses.toBytes(message.authority)],
      handle: (context, message) => updateParams(options, context, message),
    }),
  );
}

function unjail({ keeper }: HandlerOptions, context: Context, message: MsgUnjail) {
  const { staking } = keeper;
  const operator = operatorOf(keeper, message.validatorAddr);
  const validator = staking.validator(context, operator);
  const own = staking.delegation(context, operator, operator);
  const tokens = staking.sharesWorth(validator, Dec.fromWire(own.shares)).truncateInt();
  const minimum = BigInt(validator.minSelfDelegation || "0");
  if (tokens < minimum) {
    throw slashingErrors.selfDelegationTooLow.wrap(`${tokens} less than ${minimum}`);
  }
  if (!validator.jailed) throw slashingErrors.notJailed.make();
  const address = staking.consensusAddress(validator);
  const info = getSigningInfo(context, address);
  if (info !== undefined) {
    const { seconds, nanos } = info.jailedUntil ?? { seconds: 0n, nanos: 0 };
    const isTooSoon = context.timeNs < seconds * 1_000_000_000n + BigInt(nanos);
    if (info.tombstoned || isTooSoon) throw slashingErrors.stillJailed.make();
  }
  staking.unjail(context, address);
  return {};
}

function operatorOf(keeper: SlashingKeeper, text: string): Uint8Array {
  try {
    return keeper.staking.operators.toBytes(text);
  } catch (error) {
    throw sdkErrors.invalidAddress.wrap(`validator input address: ${(error as Error).message}`);
  }
}

function updateParams({ authority }: HandlerOptions, context: Context, message: MsgUpdateParams) {
  if (message.authority !== authority) {
    throw slashingErrors.wrongAuthority.wrap(
      `invalid authority; expected ${authority}, got ${message.authority}`,
    );
  }
  if (message.params === undefined) throw sdkErrors.invalidRequest.wrap("params are missing");
  validateParams(message.params);
  setParams(context, message.params);
  return {};
}
