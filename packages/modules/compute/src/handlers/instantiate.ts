/** MsgInstantiateContract: a new contract at an address of its own. */
import { create } from "@bufbuild/protobuf";
import { contractAddress } from "@tacit/crypto";
import { coinsFromWire } from "@tacit/encoding";
import type { MsgInstantiateContract } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  ContractCodeHistoryEntrySchema,
  ContractCodeHistoryOperationType,
  ContractInfoSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { type AddressCodec, type Context, wrapError } from "@tacit/sdk";
import {
  appendHistory,
  contractPort,
  currentPosition,
  getAddressByLabel,
  getCodeInfo,
  setContractInfo,
  setLabel,
  takeId,
} from "../contracts.ts";
import { computeErrors } from "../errors.ts";
import { instantiateEvent, messageEvent } from "../events.ts";
import { chargeInstance } from "../gas.ts";
import { lastInstanceIdKey } from "../keys.ts";
import { authorizationOf } from "./authorization.ts";
import type { HandlerEnvironment } from "./environment.ts";
import { followUp } from "./follow-up.ts";
import { sendFunds, toChannelCoins } from "./funds.ts";

interface NewInstance {
  readonly address: Uint8Array;
  readonly instanceId: bigint;
}

export function instantiateContract(
  env: HandlerEnvironment,
  context: Context,
  message: MsgInstantiateContract,
): { readonly address: string; readonly data: Uint8Array } {
  const { addresses } = env.options;
  const admin = parseAdmin(addresses, message.admin);
  chargeInstance(context, "Loading CosmWasm module: init");
  const authorization = authorizationOf(context, env, message);
  const instance = openAccount(env, context, message);
  const code = getCodeInfo(context, message.codeId);
  if (code === undefined) throw computeErrors.notFound.wrap("code");
  const output = env.calls.call(
    context,
    {
      kind: "instantiate",
      contract: instance.address,
      codeHash: code.codeHash,
      sender: message.sender,
      funds: toChannelCoins(coinsFromWire(message.initFunds)),
      message: message.initMsg,
      authorization,
      codeId: message.codeId,
      instanceId: instance.instanceId,
      label: message.label,
      admin,
    },
    computeErrors.instantiateFailed,
  );
  const address = addresses.toText(instance.address);
  if (output.abi === "v1") context.events.emit(instantiateEvent(address, message.codeId));
  const ibcPortId = output.hasIbcEntryPoints ? contractPort(address) : "";
  recordInstance(context, message, { address: instance.address, ibcPortId });
  const data = followUp(env, context, { ...instance, message: message.initMsg, output });
  const sender = addresses.toText(message.sender);
  context.events.emit(messageEvent(sender, ["contract_address", address]));
  return { address, data: data ?? new Uint8Array() };
}

function parseAdmin(addresses: AddressCodec, admin: string): Uint8Array {
  if (admin === "") return new Uint8Array();
  try {
    return addresses.toBytes(admin);
  } catch (error) {
    throw wrapError(error, "admin");
  }
}

/** Takes an address, checks that it and the label are free, and moves the funds there. */
function openAccount(
  env: HandlerEnvironment,
  context: Context,
  message: MsgInstantiateContract,
): NewInstance {
  const { accounts, bank } = env.collaborators;
  const { label, codeId, sender } = message;
  if (getAddressByLabel(context, label) !== undefined) {
    throw computeErrors.accountExists.wrap(label);
  }
  const instanceId = takeId(context, lastInstanceIdKey);
  const address = contractAddress({ codeId, instanceId, creator: sender });
  if (accounts.getAccount(context, address) !== undefined) {
    throw computeErrors.accountExists.wrap(env.options.addresses.toText(address));
  }
  const coins = coinsFromWire(message.initFunds);
  if (coins.length > 0) sendFunds(context, bank, { from: sender, to: address, coins });
  else accounts.createAccount(context, address);
  return { address, instanceId };
}

/** Before sub-messages run, which may already call the new contract. */
function recordInstance(
  context: Context,
  message: MsgInstantiateContract,
  { address, ibcPortId }: { readonly address: Uint8Array; readonly ibcPortId: string },
): void {
  const { codeId, label, admin, sender } = message;
  const created = currentPosition(context);
  const history = create(ContractCodeHistoryEntrySchema, {
    operation: ContractCodeHistoryOperationType.INIT,
    codeId,
    updated: created,
    msg: message.initMsg,
  });
  appendHistory(context, address, history);
  const fields = { codeId, creator: sender, label, created, admin, ibcPortId };
  const info = create(ContractInfoSchema, fields);
  setContractInfo(context, address, info);
  setLabel(context, label, address);
}
