import type { Authorization, Coin } from "@tacit/enclave-channel";
import { equalBytes } from "@tacit/encoding";
import { admitTransaction, type Block } from "./block.ts";
import { CallError } from "./errors.ts";
import { HEADER_BYTES } from "./message/input.ts";
import type { Session } from "./session.ts";
import { type CallbackClaim, instantiateTarget } from "./transaction/callback.ts";
import type { SignedCoin, SignedMessage } from "./transaction/signed-messages.ts";

/** What a message asks for, as far as its authorization must cover it (privacy protocol section 4.1). */
export type AuthorizedMessage =
  | {
      readonly kind: "instantiate";
      readonly sender: Uint8Array;
      readonly codeId: bigint;
      readonly label: string;
      readonly message: Uint8Array;
      readonly funds: readonly Coin[];
      readonly admin: Uint8Array;
    }
  | {
      readonly kind: "execute";
      readonly sender: Uint8Array;
      readonly contract: Uint8Array;
      readonly message: Uint8Array;
      readonly funds: readonly Coin[];
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
      readonly newAdmin: Uint8Array;
    };

/** How the message that passed is to be read: a plain one is taken from contracts in plaintext mode only. */
export type AuthorizedForm = "sealed" | "plain";

/**
 * Passes if the sender signed the transaction under way and this very message is in it, or a
 * contract made the message.
 * @throws {CallError} `enclave/bad_signature`. @throws {Refusal} `enclave/replayed`.
 */
export function authorize(
  session: Session,
  block: Block,
  message: AuthorizedMessage,
  authorization: Authorization,
): AuthorizedForm {
  if (authorization.kind === "callback") {
    const { signature } = authorization;
    if (session.callbacks.accept(toClaim(message, "sealed"), signature)) return "sealed";
    if (session.callbacks.accept(toClaim(message, "plain"), signature)) return "plain";
    throw new CallError("enclave/bad_signature");
  }
  const { transaction } = block;
  if (transaction === undefined) throw new CallError("enclave/bad_signature");
  if (!transaction.authorize(message.sender, (signed) => isSame(signed, message))) {
    throw new CallError("enclave/bad_signature");
  }
  admitTransaction(block, transaction);
  return "sealed";
}

function isSame(signed: SignedMessage, message: AuthorizedMessage): boolean {
  if (signed.kind === "instantiate" && message.kind === "instantiate") {
    return (
      signed.codeId === message.codeId &&
      signed.label === message.label &&
      equalBytes(signed.message, message.message) &&
      equalBytes(signed.admin, message.admin) &&
      isSameFunds(signed.funds, message.funds)
    );
  }
  if (signed.kind === "instantiate" || message.kind === "instantiate") return false;
  if (!equalBytes(signed.contract, message.contract)) return false;
  if (signed.kind === "execute" && message.kind === "execute") {
    return equalBytes(signed.message, message.message) && isSameFunds(signed.funds, message.funds);
  }
  if (signed.kind === "migrate" && message.kind === "migrate") {
    return signed.codeId === message.codeId && equalBytes(signed.message, message.message);
  }
  if (signed.kind === "update_admin" && message.kind === "update_admin") {
    return equalBytes(signed.newAdmin, message.newAdmin);
  }
  return false;
}

/** In order. Coins that tokens of contracts stand for are left out before money moves (section 11.4). */
function isSameFunds(signed: readonly SignedCoin[], funds: readonly Coin[]): boolean {
  const native = signed.filter(({ denom }) => !denom.startsWith("cw20:"));
  return (
    native.length === funds.length &&
    native.every(
      ({ denom, amount }, index) =>
        denom === funds[index]!.denom && amount === funds[index]!.amount,
    )
  );
}

const NOTHING = new Uint8Array(0);

function toClaim(message: AuthorizedMessage, form: AuthorizedForm): CallbackClaim {
  const { kind, sender } = message;
  const isPlain = form === "plain";
  const signedPart = (wire: Uint8Array) => (isPlain ? wire : wire.subarray(HEADER_BYTES));
  switch (message.kind) {
    case "instantiate": {
      const target = instantiateTarget(message.codeId, message.label);
      const { admin, funds } = message;
      return { kind, sender, target, message: signedPart(message.message), isPlain, funds, admin };
    }
    case "execute": {
      const { contract: target, funds } = message;
      const signed = signedPart(message.message);
      return { kind, sender, target, message: signed, isPlain, funds, admin: NOTHING };
    }
    case "migrate": {
      const { contract: target } = message;
      const signed = signedPart(message.message);
      return { kind, sender, target, message: signed, isPlain, funds: [], admin: NOTHING };
    }
    case "update_admin": {
      const { contract: target, newAdmin: admin } = message;
      return { kind, sender, target, message: NOTHING, isPlain, funds: [], admin };
    }
  }
}
