/** MsgMigrateContract: another code for a contract, its state kept. */
import { create } from "@bufbuild/protobuf";
import { invariant, ProtocolError } from "@tacit/encoding";
import type { MsgMigrateContract } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  type CodeInfo,
  ContractCodeHistoryEntrySchema,
  ContractCodeHistoryOperationType,
  type ContractInfo,
} from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { type Context, OutOfGasError, sdkErrors } from "@tacit/sdk";
import {
  appendHistory,
  contractPort,
  currentPosition,
  getCodeInfo,
  getInstance,
  type Instance,
  removeFromCodeIndex,
  setContractInfo,
} from "../contracts.ts";
import { computeErrors } from "../errors.ts";
import { messageEvent, migrateEvent } from "../events.ts";
import { chargeInstance } from "../gas.ts";
import { consumeAuthorizedMigration, getAuthorizedMigration } from "../governance.ts";
import { checkTextAddress } from "../validation.ts";
import { authorizationOf } from "./authorization.ts";
import type { HandlerEnvironment } from "./environment.ts";
import { followUp } from "./follow-up.ts";

/** @throws {SdkError} `compute/5` if the sender may not, {ContractCallError} `compute/5`. */
export function migrateContract(
  env: HandlerEnvironment,
  context: Context,
  message: MsgMigrateContract,
): { readonly data: Uint8Array } {
  const { addresses } = env.options;
  const sender = checkTextAddress(addresses, message.sender, "sender");
  const contract = checkTextAddress(addresses, message.contract, "contract");
  context.events.emit(messageEvent(message.sender));
  chargeInstance(context, "Loading CosmWasm module: migrate");
  const authorization = authorizationOf(context, env, {
    sender,
    callbackSig: message.callbackSig,
  });
  const { contract: info } = knownContract(context, contract);
  const newCode = knownCode(context, message.codeId);
  assertKeepsIbc(env, context, info, newCode);
  assertMayMigrate(context, message, info);
  const output = env.calls.call(
    context,
    {
      kind: "migrate",
      contract,
      codeHash: newCode.codeHash,
      sender,
      funds: [],
      message: message.msg,
      authorization,
      codeId: message.codeId,
      admin: info.admin === "" ? new Uint8Array() : addresses.toBytes(info.admin),
    },
    computeErrors.migrateFailed,
  );
  const ibcPortId = output.hasIbcEntryPoints ? contractPort(message.contract) : info.ibcPortId;
  recordMigration(context, { message, contract, info: { ...info, ibcPortId } });
  context.events.emit(migrateEvent(message.contract, message.codeId));
  const call = { address: contract, message: message.msg, output };
  return { data: followUp(env, context, call) ?? new Uint8Array() };
}

function knownContract(context: Context, contract: Uint8Array): Instance {
  try {
    return getInstance(context, contract);
  } catch (error) {
    if (!(error instanceof ProtocolError) || error instanceof OutOfGasError) throw error;
    throw sdkErrors.invalidRequest.wrap(`unknown contract: ${error.message}`);
  }
}

function knownCode(context: Context, codeId: bigint): CodeInfo {
  const code = getCodeInfo(context, codeId);
  if (code !== undefined) return code;
  throw sdkErrors.invalidRequest.wrap(
    `unknown code: failed to get code info for code id ${codeId}`,
  );
}

/** Who has channels must be able to hear of them. @throws {SdkError} `compute/5` */
function assertKeepsIbc(
  env: HandlerEnvironment,
  context: Context,
  info: ContractInfo,
  newCode: CodeInfo,
): void {
  if (info.ibcPortId === "") return;
  const code = env.collaborators.codes.get(newCode.codeHash);
  invariant(code !== undefined, "the bytes of every known code are stored");
  if (env.calls.checkCode(context, code).hasIbcEntryPoints) return;
  throw computeErrors.migrateFailed.wrap("requires ibc callbacks");
}

function assertMayMigrate(context: Context, message: MsgMigrateContract, info: ContractInfo): void {
  const refuse = (why: string) => computeErrors.migrateFailed.wrap(why);
  if (info.admin !== "" && info.admin !== message.sender) {
    throw refuse("requires migrate from admin");
  }
  if (info.admin === "" && !info.requireGovernance) throw refuse("contract is not upgradable");
  if (!info.requireGovernance) return;
  const allowed = getAuthorizedMigration(context, message.contract);
  if (allowed === undefined) throw refuse("requires governance approval for migration");
  if (allowed !== message.codeId) throw refuse("mismatch code id for migration");
}

function recordMigration(
  context: Context,
  migration: {
    readonly message: MsgMigrateContract;
    readonly contract: Uint8Array;
    readonly info: ContractInfo;
  },
): void {
  const { message, contract, info } = migration;
  removeFromCodeIndex(context, contract);
  const entry = create(ContractCodeHistoryEntrySchema, {
    operation: ContractCodeHistoryOperationType.MIGRATE,
    codeId: message.codeId,
    updated: currentPosition(context),
    msg: message.msg,
  });
  appendHistory(context, contract, entry);
  setContractInfo(context, contract, { ...info, codeId: message.codeId });
  if (info.requireGovernance) consumeAuthorizedMigration(context, message.contract);
}
