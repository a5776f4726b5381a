/** A call of the enclave as nodes without one are told of it. */
import type { CallOutput, EnclaveAnswer, PrivateWrite } from "@tacit/enclave-channel";
import { equalBytes, toBase64 } from "@tacit/encoding";
import { utf8Bytes } from "@tacit/sdk";
import { failureText } from "../call-error.ts";
import { contractStatePrefix, privateStoreName } from "../keys.ts";
import type { Trace } from "./block-records.ts";

type CallAnswer = Extract<EnclaveAnswer, { readonly kind: "call" }>;

/**
 * Everything in it is encrypted already, or stands in the transaction's public result. Gas is one
 * number: that of the records alone would tell the lengths of all that the call has read.
 */
export function traceOf(contract: Uint8Array, { result, gas, writes }: CallAnswer): Trace {
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
