/** A call of the enclave as nodes without one are told of it. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type CallOutput,
  type LoggedAnswer,
  type PrivateWrite,
  readAnswerLog,
} from "@tacit/enclave-channel";
import { equalBytes, invariant, toBase64 } from "@tacit/encoding";
import type { ExecutionTraceDataSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import type { BlockRecord } from "@tacit/encoding/proto/tacit/compute/v1/record";
import { utf8Bytes } from "@tacit/sdk";
import { failureText } from "../call-error.ts";
import { contractStatePrefix, privateStoreName } from "../keys.ts";

type Trace = Omit<MessageInitShape<typeof ExecutionTraceDataSchema>, "$typeName">;

/** Of all calls of a block, numbered from 1. */
export function tracesOf({ calls }: BlockRecord): Trace[] {
  return readAnswerLog(calls).map((call, index) => ({
    index: BigInt(index + 1),
    ...traceOf(call),
  }));
}

/**
 * Everything in it is encrypted already, or stands in the transaction's public result. Gas is one
 * number: that of the records alone would tell the lengths of all that the call has read.
 */
function traceOf({ contract, answer }: LoggedAnswer): Trace {
  if (answer.kind === "refused") return { hasError: true, errorMsg: answer.text };
  invariant(answer.kind === "call", "a call's answer or a refusal is kept of it");
  const { result, gas, writes } = answer;
  const prefix = contractStatePrefix(contract);
  const isRecord = ({ key }: PrivateWrite) => equalBytes(key.subarray(0, prefix.length), prefix);
  const common = {
    gasUsed: gas.compute + gas.storage,
    ops: writes.filter(isRecord).map((write) => operation(write, prefix.length)),
    crossOps: writes
      .filter((write) => !isRecord(write))
      .map((write) => ({ storeKey: privateStoreName, ...operation(write, 0) })),
  };
  if ("ok" in result) return { ...common, result: utf8Bytes(JSON.stringify(toJson(result.ok))) };
  return { ...common, hasError: true, errorMsg: failureText(result.failure) };
}

function operation({ key, value }: PrivateWrite, prefixBytes: number) {
  const isDelete = value === undefined;
  return { isDelete, key: key.subarray(prefixBytes), value: value ?? new Uint8Array() };
}

/** Without what the enclave signed for itself: who only follows has nothing to prove with it. */
function toJson(output: CallOutput): unknown {
  const bytes = (value: Uint8Array | undefined) => (value === undefined ? null : toBase64(value));
  return {
    abi: output.abi,
    data: bytes(output.data),
    messages: output.messages.map((message) => ({
      id: `${message.id}`,
      msg: bytes(message.message),
      gas_limit: message.gasLimit === undefined ? null : `${message.gasLimit}`,
      reply_on: message.replyOn,
      was_msg_encrypted: message.wasMessageEncrypted,
      finalize_tx: message.finalizeTx,
    })),
    attributes: output.attributes,
    events: output.events,
    has_ibc_entry_points: output.hasIbcEntryPoints,
  };
}
