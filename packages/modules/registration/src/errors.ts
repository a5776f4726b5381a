/** Codespace `register` (privacy protocol section 10). */
import { registerError } from "@tacit/sdk";

export const registrationErrors = {
  seedInitFailed: registerError("register", 1, "Initialize node seed failed"),
  authenticateFailed: registerError("register", 2, "Failed to authenticate node"),
  seedParams: registerError("register", 3, "Failed to validate seed parameters"),
  bootstrapFailed: registerError("register", 4, "Failed to initialize bootstrap"),
  invalidType: registerError("register", 5, "Type error"),
  invalidCertificate: registerError("register", 6, "Certificate invalid or does not exist"),
  notFound: registerError("register", 7, "not found"),
  invalid: registerError("register", 8, "invalid"),
} as const;
