/** MsgUpdateAdmin and MsgClearAdmin. */
import type {
  MsgClearAdmin,
  MsgUpdateAdmin,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type Context, sdkErrors } from "@tacit/sdk";
import { getInstance, setContractInfo } from "../contracts.ts";
import { messageEvent, updateAdminEvent } from "../events.ts";
import { chargeInstance } from "../gas.ts";
import { consumeAuthorizedAdmin, getAuthorizedAdmin } from "../governance.ts";
import { checkTextAddress } from "../validation.ts";
import { authorizationOf } from "./authorization.ts";
import type { HandlerEnvironment } from "./environment.ts";

export function updateAdmin(
  env: HandlerEnvironment,
  context: Context,
  message: MsgUpdateAdmin,
): Record<string, never> {
  checkTextAddress(env.options.addresses, message.newAdmin, "new admin");
  return changeAdmin(env, context, message, message.newAdmin);
}

export function clearAdmin(
  env: HandlerEnvironment,
  context: Context,
  message: MsgClearAdmin,
): Record<string, never> {
  return changeAdmin(env, context, message, "");
}

/** @throws {SdkError} `sdk/4` unless the sender is the admin and governance, if asked, agrees. */
function changeAdmin(
  env: HandlerEnvironment,
  context: Context,
  message: MsgUpdateAdmin | MsgClearAdmin,
  newAdmin: string,
): Record<string, never> {
  const { addresses } = env.options;
  const sender = checkTextAddress(addresses, message.sender, "sender");
  const contract = checkTextAddress(addresses, message.contract, "contract");
  context.events.emit(messageEvent(message.sender));
  chargeInstance(context, "Loading CosmWasm module: update-contract-admin");
  const { contract: info, code } = getInstance(context, contract);
  if (info.admin !== message.sender) {
    throw sdkErrors.unauthorized.wrap("caller is not the admin");
  }
  if (info.requireGovernance) assertAuthorized(context, message.contract, newAdmin);
  env.calls.updateAdmin(context, {
    contract,
    codeHash: code.codeHash,
    sender,
    admin: addresses.toBytes(info.admin),
    newAdmin: newAdmin === "" ? new Uint8Array() : addresses.toBytes(newAdmin),
    authorization: authorizationOf(context, env, {
      sender,
      callbackSig: message.callbackSig,
    }),
  });
  setContractInfo(context, contract, { ...info, admin: newAdmin });
  if (info.requireGovernance) consumeAuthorizedAdmin(context, message.contract);
  context.events.emit(updateAdminEvent(message.contract, newAdmin));
  return {};
}

function assertAuthorized(context: Context, contract: string, newAdmin: string): void {
  const allowed = getAuthorizedAdmin(context, contract);
  if (allowed === undefined) {
    throw sdkErrors.unauthorized.wrap("requires governance approval for admin change");
  }
  if (allowed !== newAdmin) {
    throw sdkErrors.unauthorized.wrap(
      `admin mismatch: governance authorized '${allowed}', attempting '${newAdmin}'`,
    );
  }
}
