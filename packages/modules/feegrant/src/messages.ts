/** Messages of `feegrant` and what they do. */
import {
  type MsgGrantAllowance,
  MsgGrantAllowanceResponseSchema,
  MsgGrantAllowanceSchema,
  MsgPruneAllowancesResponseSchema,
  MsgPruneAllowancesSchema,
  type MsgRevokeAllowance,
  MsgRevokeAllowanceResponseSchema,
  MsgRevokeAllowanceSchema,
} from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/tx";
import {
  type Context,
  createEvent,
  type MessageRouter,
  messageRoute,
  PanicError,
  sdkErrors,
} from "@tacit/sdk";
import { decodeAllowance, validateAllowance } from "./allowance.ts";
import { alreadyExists, type FeeGrantKeeper } from "./keeper.ts";
import { prunedPerMessageMax } from "./limits.ts";

export function registerMessages(messages: MessageRouter, keeper: FeeGrantKeeper): void {
  const { addresses } = keeper.options.accounts;
  messages.register(
    messageRoute({
      schema: MsgGrantAllowanceSchema,
      response: MsgGrantAllowanceResponseSchema,
      signers: (message) => [addresses.toBytes(message.granter)],
      handle: (context, message) => grant(context, message, keeper),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgRevokeAllowanceSchema,
      response: MsgRevokeAllowanceResponseSchema,
      signers: (message) => [addresses.toBytes(message.granter)],
      handle: (context, message) => revoke(context, message, keeper),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgPruneAllowancesSchema,
      response: MsgPruneAllowancesResponseSchema,
      signers: (message) => [addresses.toBytes(message.pruner)],
      handle: (context, message) => {
        keeper.removeExpired(context, prunedPerMessageMax);
        context.events.emit(createEvent("prune_feegrant", ["pruner", message.pruner]));
        return {};
      },
    }),
  );
}

function grant(context: Context, message: MsgGrantAllowance, keeper: FeeGrantKeeper) {
  if (message.grantee.toLowerCase() === message.granter.toLowerCase()) {
    throw sdkErrors.invalidAddress.wrap("cannot self-grant fee authorization");
  }
  const { addresses } = keeper.options.accounts;
  const grantee = addresses.toBytes(message.grantee);
  const granter = addresses.toBytes(message.granter);
  if (keeper.findAllowance(context, granter, grantee) !== undefined) throw alreadyExists();
  if (message.allowance === undefined) {
    throw new PanicError("runtime error: invalid memory address or nil pointer dereference");
  }
  const allowance = decodeAllowance(message.allowance);
  validateAllowance(allowance);
  keeper.grantAllowance(context, granter, grantee, allowance);
  return {};
}

function revoke(context: Context, message: MsgRevokeAllowance, keeper: FeeGrantKeeper) {
  if (message.grantee === message.granter) {
    throw sdkErrors.invalidAddress.wrap("addresses must be different");
  }
  const { addresses } = keeper.options.accounts;
  const grantee = addresses.toBytes(message.grantee);
  const granter = addresses.toBytes(message.granter);
  keeper.revokeAllowance(context, granter, grantee);
  return {};
}
