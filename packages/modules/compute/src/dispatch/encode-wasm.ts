/** `wasm{execute, instantiate, migrate, update_admin, clear_admin}` as messages of this module. */
import { encodeMessage } from "@tacit/encoding";
import {
  MsgClearAdminSchema,
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
  MsgMigrateContractSchema,
  MsgUpdateAdminSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type AddressCodec, type AnyValue, sdkErrors } from "@tacit/sdk";
import { computeErrors } from "../errors.ts";
import { type JsonObject, readBytes, readOptionalString, readString, readUint64 } from "../json.ts";
import type { EncodeInput } from "./encode.ts";
import { readCoins } from "./sub-message.ts";

export function encodeWasm(input: EncodeInput): readonly AnyValue[] {
  const { fields, variant } = input.message;
  switch (variant) {
    case "execute":
      return [encodeExecute(input, fields)];
    case "instantiate":
      return [encodeInstantiate(input, fields)];
    case "migrate":
      return [encodeMigrate(input, fields)];
    case "update_admin":
      return [encodeUpdateAdmin(input, fields)];
    case "clear_admin":
      return [encodeClearAdmin(input, fields)];
    default:
      throw computeErrors.invalidMessage.wrap("Unknown variant of Wasm");
  }
}

/** `code_hash` in messages of v1, `callback_code_hash` in those of v0.10. */
function codeHashOf(fields: JsonObject): string {
  return (
    readOptionalString(fields, "callback_code_hash") ??
    readOptionalString(fields, "code_hash") ??
    ""
  );
}

function protoCoins(fields: JsonObject): { denom: string; amount: string }[] {
  return readCoins(fields, "send").map(({ denom, amount }) => ({
    denom,
    amount: amount.toString(),
  }));
}

function signatureOf(input: EncodeInput): Uint8Array {
  return input.callbackSignature ?? new Uint8Array();
}

function encodeExecute(input: EncodeInput, fields: JsonObject): AnyValue {
  const text = readString(fields, "contract_addr");
  const contract = parseOrInvalid(input.addresses, text);
  const value = encodeMessage(MsgExecuteContractSchema, {
    sender: input.sender,
    contract,
    callbackCodeHash: codeHashOf(fields),
    msg: readBytes(fields, "msg"),
    sentFunds: protoCoins(fields),
    callbackSig: signatureOf(input),
  });
  return { typeUrl: "/secret.compute.v1beta1.MsgExecuteContract", value };
}

function encodeInstantiate(input: EncodeInput, fields: JsonObject): AnyValue {
  const value = encodeMessage(MsgInstantiateContractSchema, {
    sender: input.sender,
    codeId: readUint64(fields, "code_id"),
    label: readString(fields, "label"),
    callbackCodeHash: codeHashOf(fields),
    initMsg: readBytes(fields, "msg"),
    initFunds: protoCoins(fields),
    callbackSig: signatureOf(input),
    admin: readOptionalString(fields, "admin") ?? "",
  });
  return { typeUrl: "/secret.compute.v1beta1.MsgInstantiateContract", value };
}

function encodeMigrate(input: EncodeInput, fields: JsonObject): AnyValue {
  const value = encodeMessage(MsgMigrateContractSchema, {
    sender: input.addresses.toText(input.sender),
    contract: readString(fields, "contract_addr"),
    codeId: readUint64(fields, "code_id"),
    msg: readBytes(fields, "msg"),
    callbackSig: signatureOf(input),
    callbackCodeHash: codeHashOf(fields),
  });
  return { typeUrl: "/secret.compute.v1beta1.MsgMigrateContract", value };
}

function encodeUpdateAdmin(input: EncodeInput, fields: JsonObject): AnyValue {
  const value = encodeMessage(MsgUpdateAdminSchema, {
    sender: input.addresses.toText(input.sender),
    contract: readString(fields, "contract_addr"),
    newAdmin: readString(fields, "admin"),
    callbackSig: signatureOf(input),
  });
  return { typeUrl: "/secret.compute.v1beta1.MsgUpdateAdmin", value };
}

function encodeClearAdmin(input: EncodeInput, fields: JsonObject): AnyValue {
  const value = encodeMessage(MsgClearAdminSchema, {
    sender: input.addresses.toText(input.sender),
    contract: readString(fields, "contract_addr"),
    callbackSig: signatureOf(input),
  });
  return { typeUrl: "/secret.compute.v1beta1.MsgClearAdmin", value };
}

function parseOrInvalid(addresses: AddressCodec, text: string): Uint8Array {
  try {
    return addresses.toBytes(text);
  } catch {
    throw sdkErrors.invalidAddress.wrap(text);
  }
}
