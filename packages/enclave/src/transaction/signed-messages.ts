import { decodeMessage, fromBech32 } from "@tacit/encoding";
import {
  MsgClearAdminSchema,
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
  MsgMigrateContractSchema,
  MsgUpdateAdminSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";

export interface SignedCoin {
  readonly denom: string;
  readonly amount: string;
}

/** What a signed message of a transaction says, as far as the enclave compares it with what it is asked to do. */
export type SignedMessage =
  | {
      readonly kind: "instantiate";
      readonly sender: Uint8Array;
      readonly codeId: bigint;
      readonly label: string;
      readonly message: Uint8Array;
      readonly funds: readonly SignedCoin[];
      /** Empty for none. */
      readonly admin: Uint8Array;
    }
  | {
      readonly kind: "execute";
      readonly sender: Uint8Array;
      readonly contract: Uint8Array;
      readonly message: Uint8Array;
      readonly funds: readonly SignedCoin[];
    }
  | {
      readonly kind: "migrate";
      readonly sender: Uint8Array;
      readonly contract: Uint8Array;
      readonly codeId: bigint;
      readonly message: Uint8Array;
    }
  | {
      readonly kind: "update_admin";
      readonly sender: Uint8Array;
      readonly contract: Uint8Array;
      /** Empty for none. */
      readonly newAdmin: Uint8Array;
    };

const PREFIX = "/secret.compute.v1beta1.Msg";

/**
 * Undefined for every other type and for a message that cannot be meant for a contract.
 * @throws {EncodingError} if the bytes are not the message that the type URL says.
 */
export function decodeSignedMessage(
  any: { readonly typeUrl: string; readonly value: Uint8Array },
  prefix: string,
): SignedMessage | undefined {
  const address = (text: string) => (text === "" ? new Uint8Array(0) : fromBech32(prefix, text));
  switch (any.typeUrl) {
    case `${PREFIX}InstantiateContract`: {
      const message = decodeMessage(MsgInstantiateContractSchema, any.value);
      const { sender, codeId, label, initMsg, initFunds } = message;
      const admin = address(message.admin);
      return {
        kind: "instantiate",
        sender,
        codeId,
        label,
        message: initMsg,
        funds: initFunds,
        admin,
      };
    }
    case `${PREFIX}ExecuteContract`: {
      const { sender, contract, msg, sentFunds } = decodeMessage(
        MsgExecuteContractSchema,
        any.value,
        { sharesBytes: true },
      );
      return { kind: "execute", sender, contract, message: msg, funds: sentFunds };
    }
    case `${PREFIX}MigrateContract`: {
      const message = decodeMessage(MsgMigrateContractSchema, any.value);
      return {
        kind: "migrate",
        sender: address(message.sender),
        contract: address(message.contract),
        codeId: message.codeId,
        message: message.msg,
      };
    }
    case `${PREFIX}UpdateAdmin`:
    case `${PREFIX}ClearAdmin`: {
      const isClear = any.typeUrl.endsWith("ClearAdmin");
      const message = isClear
        ? { ...decodeMessage(MsgClearAdminSchema, any.value), newAdmin: "" }
        : decodeMessage(MsgUpdateAdminSchema, any.value);
      return {
        kind: "update_admin",
        sender: address(message.sender),
        contract: address(message.contract),
        newAdmin: address(message.newAdmin),
      };
    }
    default:
      return undefined;
  }
}
