/** MsgExecuteContract */
import type { MsgExecuteContract } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import type { Context } from "@tacit/sdk";
import { getInstance } from "../contracts.ts";
import { computeErrors } from "../errors.ts";
import { contractEvent, messageEvent } from "../events.ts";
import { chargeInstance } from "../gas.ts";
import { authorizationOf } from "./authorization.ts";
import type { HandlerEnvironment } from "./environment.ts";
import { followUp } from "./follow-up.ts";
import { nativeCoins, sendFunds, toChannelCoins } from "./funds.ts";

/** @throws {ContractCallError} `compute/3`, what its sub-messages throw, {OutOfGasError}. */
export function executeContract(
  env: HandlerEnvironment,
  context: Context,
  message: MsgExecuteContract,
): { readonly data: Uint8Array } {
  const { addresses } = env.options;
  const address = addresses.toText(message.contract);
  const sender = addresses.toText(message.sender);
  context.events.emit(messageEvent(sender, ["contract_address", address]));
  chargeInstance(context, "Loading Compute module: execute");
  const authorization = authorizationOf(context, addresses, message);
  const { code } = getInstance(context, message.contract);
  const coins = nativeCoins(message.sentFunds);
  if (coins.length > 0) {
    const transfer = { from: message.sender, to: message.contract, coins };
    sendFunds(context, env.collaborators.bank, transfer);
  }
  const output = env.calls.call(
    context,
    {
      kind: "execute",
      contract: message.contract,
      codeHash: code.codeHash,
      sender: message.sender,
      funds: toChannelCoins(coins),
      message: message.msg,
      authorization,
    },
    computeErrors.executeFailed,
  );
  if (output.abi === "v1") context.events.emit(contractEvent("execute", address));
  const call = { address: message.contract, message: message.msg, output };
  return { data: followUp(env, context, call) ?? new Uint8Array() };
}
