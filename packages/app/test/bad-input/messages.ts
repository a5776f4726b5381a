/** Messages to contracts as any program could write them. */
import { sha256 } from "@tacit/crypto";
import { encodeMessage, fromAccountAddress } from "@tacit/encoding";
import {
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
  MsgStoreCodeSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import type { AnyValue } from "@tacit/sdk";
import { probe } from "../probe-chain.ts";
import type { Signer } from "./signer.ts";

export interface ExecuteFields {
  readonly msg: Uint8Array;
  readonly contract: string;
  readonly callbackSig?: Uint8Array;
}

export function executeMessage(by: Signer, fields: ExecuteFields): AnyValue {
  const { msg, contract, callbackSig = new Uint8Array(0) } = fields;
  const value = encodeMessage(MsgExecuteContractSchema, {
    sender: by.account.address,
    contract: fromAccountAddress(contract),
    msg,
    callbackSig,
  });
  return { typeUrl: "/secret.compute.v1beta1.MsgExecuteContract", value };
}

let labels = 0;

export function instantiateMessage(by: Signer, initMsg: Uint8Array, codeId = 1n): AnyValue {
  labels += 1;
  const sender = by.account.address;
  const label = `bad input ${labels}`;
  const value = encodeMessage(MsgInstantiateContractSchema, { sender, codeId, initMsg, label });
  return { typeUrl: "/secret.compute.v1beta1.MsgInstantiateContract", value };
}

export function storeMessage(by: Signer, wasmByteCode: Uint8Array): AnyValue {
  const sender = by.account.address;
  const value = encodeMessage(MsgStoreCodeSchema, { sender, wasmByteCode });
  return { typeUrl: "/secret.compute.v1beta1.MsgStoreCode", value };
}

/** For the probe: it succeeds and does nothing. */
export function goodInput(by: Signer): Uint8Array {
  return by.encrypt(sha256(probe.wasm), '{"run":{"steps":[]}}');
}

/** A copy with one bit of the byte at `at` changed; negative counts from the end. */
export function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const index = at < 0 ? bytes.length + at : at;
  changed[index] = (changed[index] as number) ^ 1;
  return changed;
}
