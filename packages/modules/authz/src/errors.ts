/** Failures with codes of codespace `authz`. */
import { registerError } from "@tacit/sdk";

export const authzErrors = {
  noAuthorization: registerError("authz", 2, "authorization not found"),
  invalidExpiration: registerError(
    "authz",
    3,
    "expiration time of authorization should be more than current time",
  ),
  unknownType: registerError("authz", 4, "unknown authorization type"),
  noGrantKey: registerError("authz", 5, "grant key not found"),
  expired: registerError("authz", 6, "authorization expired"),
  granteeIsGranter: registerError("authz", 7, "grantee and granter should be different"),
  signersNumber: registerError(
    "authz",
    9,
    "authorization can be given to msg with only one signer",
  ),
  negativeMaxTokens: registerError("authz", 12, "max tokens should be positive"),
  /** Bank's, for a receiver that stands twice in a send authorization. */
  duplicateEntry: registerError("bank", 8, "duplicate entry"),
} as const;
