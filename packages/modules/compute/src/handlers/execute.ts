/** MsgExecuteContract, and what other modules execute in its manner. */
import type { Authorization, SystemEntryPoint } from "@tacit/enclave-channel";
import { type Coin, coinsFromWire } from "@tacit/encoding";
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
  const { sender, contract, msg } = message;
  const address = addresses.toText(contract);
  context.events.emit(messageEvent(addresses.toText(sender), ["contract_address", address]));
  const funds = coinsFromWire(message.sentFunds);
  const call = { payer: sender, contract, message: msg, funds };
  const data = runExecute(env, context, call, () => ({
    kind: "execute",
    sender,
    authorization: authorizationOf(context, env, message),
  }));
  return { data };
}

/** A message for `execute`, or for `sudo` where a hook says so. */
export interface ExecuteCall {
  /** Whose coins go to the contract. */
  readonly payer: Uint8Array;
  readonly contract: Uint8Array;
  readonly message: Uint8Array;
  readonly funds: readonly Coin[];
}

type Caller = { readonly sender: Uint8Array; readonly authorization: Authorization } & (
  | { readonly kind: "execute" }
  | { readonly kind: "system"; readonly entryPoint: SystemEntryPoint }
);

/**
 * @param caller asked once the instance is paid for.
 * @returns the contract's data, empty if there is none.
 */
export function runExecute(
  env: HandlerEnvironment,
  context: Context,
  call: ExecuteCall,
  caller: () => Caller,
): Uint8Array {
  const { payer, contract, message } = call;
  chargeInstance(context, "Loading Compute module: execute");
  const calling = caller();
  const { code } = getInstance(context, contract);
  const coins = nativeCoins(call.funds);
  if (coins.length > 0) {
    sendFunds(context, env.collaborators.bank, { from: payer, to: contract, coins });
  }
  const output = env.calls.call(
    context,
    {
      ...calling,
      contract,
      codeHash: code.codeHash,
      funds: toChannelCoins(coins),
      message,
    },
    computeErrors.executeFailed,
  );
  const address = env.options.addresses.toText(contract);
  if (output.abi === "v1") context.events.emit(contractEvent("execute", address));
  return followUp(env, context, { address: contract, message, output }) ?? new Uint8Array();
}
