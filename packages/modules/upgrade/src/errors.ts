/** Failures with codes of codespace `upgrade`, and the one that stops the node. */
import { ProtocolError } from "@tacit/encoding/errors";
import { registerError } from "@tacit/sdk";

export const upgradeErrors = {
  noModuleVersion: registerError("upgrade", 2, "module version not found"),
  invalidSigner: registerError(
    "upgrade",
    6,
    "expected authority account as only signer for proposal message",
  ),
} as const;

/** This software must not run the block: it is too old, or too new. */
export class UpgradeHalt extends ProtocolError<{
  readonly code: "upgrade/needed" | "upgrade/too_early" | "upgrade/handler_missing";
  readonly name: string;
}> {}
