/** Codespace `evidence` (Cosmos SDK's x/evidence v0.1.1). */
import { registerError } from "@tacit/sdk";

export const evidenceErrors = {
  invalidEvidence: registerError("evidence", 3, "invalid evidence"),
  exists: registerError("evidence", 5, "evidence already exists"),
} as const;
