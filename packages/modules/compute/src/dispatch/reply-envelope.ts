/**
 * A callee's answer to a contract that asked for a reply: what the enclave signed travels with
 * the data inside the response, until the dispatcher takes it out again (section 9.3).
 */

import type { CallOutput, ReplyProof } from "@tacit/enclave-channel";
import { decodeMessage, toBase64 } from "@tacit/encoding";
import {
  MsgExecuteContractResponseSchema,
  MsgInstantiateContractResponseSchema,
  MsgMigrateContractResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type AnyValue, PlainError, utf8Bytes } from "@tacit/sdk";
import { isObject, type JsonObject, JsonShapeError, parseJson, readBytes } from "../json.ts";

export interface ReplyEnvelope {
  readonly proof: ReplyProof;
  readonly data: Uint8Array | undefined;
}

/** A call's data as its response carries it: in an envelope if somebody waits for a reply. */
export function outputData(output: CallOutput): Uint8Array | undefined {
  if (output.replyProof === undefined) return output.data;
  return encodeReplyEnvelope({ proof: output.replyProof, data: output.data });
}

export function encodeReplyEnvelope({ proof, data }: ReplyEnvelope): Uint8Array {
  const json = {
    internal_reply_enclave_sig: toBase64(proof.enclaveSignature),
    internal_msg_id: toBase64(proof.messageId),
    ...(data === undefined || data.length === 0 ? {} : { data: toBase64(data) }),
  };
  return utf8Bytes(JSON.stringify(json));
}

const responseData: Readonly<Record<string, (value: Uint8Array) => Uint8Array>> = {
  "/secret.compute.v1beta1.MsgExecuteContractResponse": (value) =>
    decodeMessage(MsgExecuteContractResponseSchema, value).data,
  "/secret.compute.v1beta1.MsgInstantiateContractResponse": (value) =>
    decodeMessage(MsgInstantiateContractResponseSchema, value).data,
  "/secret.compute.v1beta1.MsgMigrateContractResponse": (value) =>
    decodeMessage(MsgMigrateContractResponseSchema, value).data,
};

/** @throws {PlainError} if the callee made no envelope, as changes of admins do not. */
export function decodeReplyEnvelope(response: AnyValue | undefined): ReplyEnvelope {
  const data = response && responseData[response.typeUrl]?.(response.value);
  const envelope = data === undefined ? undefined : readEnvelope(data);
  if (envelope === undefined) throw missingProof();
  return envelope;
}

export function missingProof(): PlainError {
  return new PlainError(
    "when sending a reply both InternaReplyEnclaveSig and InternalMsgId are expected to be initialized",
  );
}

function readEnvelope(data: Uint8Array): ReplyEnvelope | undefined {
  try {
    const json = parseJson(data);
    if (!isObject(json)) return undefined;
    return fromJson(json);
  } catch (error) {
    if (error instanceof JsonShapeError) return undefined;
    throw error;
  }
}

function fromJson(json: JsonObject): ReplyEnvelope | undefined {
  const enclaveSignature = readBytes(json, "internal_reply_enclave_sig");
  const messageId = readBytes(json, "internal_msg_id");
  if (enclaveSignature.length === 0 || messageId.length === 0) return undefined;
  const data = readBytes(json, "data");
  return { proof: { enclaveSignature, messageId }, data: data.length === 0 ? undefined : data };
}
