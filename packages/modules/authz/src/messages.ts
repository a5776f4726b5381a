/** Messages of `authz` and what they do. */
import {
  MsgExecResponseSchema,
  MsgExecSchema,
  type MsgGrant,
  MsgGrantResponseSchema,
  MsgGrantSchema,
  type MsgRevoke,
  MsgRevokeResponseSchema,
  MsgRevokeSchema,
} from "@tacit/encoding/proto/cosmos/authz/v1beta1/tx";
import { type Context, type MessageRouter, messageRoute, sdkErrors } from "@tacit/sdk";
import { authzErrors } from "./errors.ts";
import { exec } from "./exec.ts";
import type { AuthzKeeper } from "./keeper.ts";
import type { Pair } from "./keys.ts";

export function registerMessages(messages: MessageRouter, keeper: AuthzKeeper): void {
  const { addresses } = keeper.options.accounts;
  messages.register(
    messageRoute({
      schema: MsgGrantSchema,
      response: MsgGrantResponseSchema,
      signers: (message) => [addresses.toBytes(message.granter)],
      handle: (context, message) => grant(context, message, keeper),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgRevokeSchema,
      response: MsgRevokeResponseSchema,
      signers: (message) => [addresses.toBytes(message.granter)],
      handle: (context, message) => revoke(context, message, keeper),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgExecSchema,
      response: MsgExecResponseSchema,
      signers: (message) => [addresses.toBytes(message.grantee)],
      handle: (context, message) => exec(context, message, keeper),
    }),
  );
}

function grant(context: Context, message: MsgGrant, keeper: AuthzKeeper) {
  const pair = pairOf(message, keeper);
  const authorization = keeper.read(message.grant?.authorization);
  authorization.validate();
  const { accounts, bank, messages } = keeper.options;
  if (accounts.getAccount(context, pair.grantee) === undefined) {
    if (bank.isBlocked(pair.grantee)) throw bank.blockedError(message.grantee);
    accounts.createAccount(context, pair.grantee);
  }
  const typeUrl = authorization.typeUrl();
  if (messages.route(typeUrl) === undefined) {
    throw sdkErrors.invalidType.wrap(`${typeUrl} doesn't exist.`);
  }
  keeper.saveGrant(context, pair, authorization, message.grant?.expiration);
  return {};
}

function revoke(context: Context, message: MsgRevoke, keeper: AuthzKeeper) {
  const pair = pairOf(message, keeper);
  if (message.msgTypeUrl === "") throw sdkErrors.invalidRequest.wrap("missing msg method name");
  keeper.deleteGrant(context, pair, message.msgTypeUrl);
  return {};
}

function pairOf(
  message: { readonly granter: string; readonly grantee: string },
  keeper: AuthzKeeper,
): Pair {
  if (message.grantee.toLowerCase() === message.granter.toLowerCase()) {
    throw authzErrors.granteeIsGranter.make();
  }
  const read = (text: string, who: string) => {
    try {
      return keeper.options.accounts.addresses.toBytes(text);
    } catch (error) {
      throw sdkErrors.invalidAddress.wrap(`invalid ${who} address: ${(error as Error).message}`);
    }
  };
  const grantee = read(message.grantee, "grantee");
  return { grantee, granter: read(message.granter, "granter") };
}
