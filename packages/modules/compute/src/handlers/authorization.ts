/** How a message to a contract proves where it comes from (section 4.1). */
import type { Authorization } from "@tacit/enclave-channel";
import { equalBytes } from "@tacit/encoding";
import type { AddressCodec, Context } from "@tacit/sdk";
import { computeErrors } from "../errors.ts";

/**
 * A callback signature if there is one; otherwise the sender must have signed the transaction.
 * @throws {SdkError} `compute/16` for messages made by other modules, which nobody signed.
 */
export function authorizationOf(
  context: Context,
  addresses: AddressCodec,
  message: { readonly sender: Uint8Array; readonly callbackSig: Uint8Array },
): Authorization {
  const { sender, callbackSig } = message;
  if (callbackSig.length > 0) return { kind: "callback", signature: callbackSig };
  const signers = context.scope?.signers ?? [];
  if (context.mode === "simulate" || signers.some(({ address }) => equalBytes(address, sender))) {
    return { kind: "signed" };
  }
  const names = signers.map(({ address }) => addresses.toText(address)).join(" ");
  throw computeErrors.signatureFailed.wrap(
    `[Compute] Message sender: ${addresses.toText(sender)} is not found in the tx signer ` +
      `set: [${names}], callback signature not provided`,
  );
}
