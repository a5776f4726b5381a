/** How a message to a contract proves where it comes from (section 4.1). */
import type { Authorization } from "@tacit/enclave-channel";
import { equalBytes } from "@tacit/encoding";
import type { Context } from "@tacit/sdk";
import { computeErrors } from "../errors.ts";
import type { HandlerEnvironment } from "./environment.ts";

/**
 * A callback signature if there is one; otherwise the sender must have signed the transaction.
 * @throws {SdkError} `compute/16` for messages made by other modules, which nobody signed.
 */
export function authorizationOf(
  context: Context,
  env: HandlerEnvironment,
  message: { readonly sender: Uint8Array; readonly callbackSig: Uint8Array },
): Authorization {
  const { sender, callbackSig } = message;
  const { addresses } = env.options;
  if (callbackSig.length > 0) return { kind: "callback", signature: callbackSig };
  const signers = context.scope?.signers ?? [];
  if (context.mode === "simulate" || signers.some(({ address }) => equalBytes(address, sender))) {
    // The enclave has the account from the ante handlers; the network's keeper reads it, for gas.
    env.collaborators.accounts.getAccount(context, sender);
    return { kind: "signed" };
  }
  const names = signers.map(({ address }) => addresses.toText(address)).join(" ");
  throw computeErrors.signatureFailed.wrap(
    `[Compute] Message sender: ${addresses.toText(sender)} is not found in the tx signer ` +
      `set: [${names}], callback signature not provided`,
  );
}
