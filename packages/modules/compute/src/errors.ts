/** Codespace `compute` (privacy protocol section 11.6). */
import { registerError } from "@tacit/sdk";

export const computeErrors = {
  instantiateFailed: registerError("compute", 2, "instantiate contract failed"),
  executeFailed: registerError("compute", 3, "execute contract failed"),
  queryFailed: registerError("compute", 4, "query contract failed"),
  migrateFailed: registerError("compute", 5, "migrate contract failed"),
  accountExists: registerError("compute", 6, "contract account already exists"),
  gasLimit: registerError("compute", 7, "insufficient gas"),
  invalidGenesis: registerError("compute", 8, "invalid genesis"),
  notFound: registerError("compute", 9, "not found"),
  invalidMessage: registerError("compute", 10, "invalid CosmosMsg from the contract"),
  empty: registerError("compute", 11, "empty"),
  limit: registerError("compute", 12, "exceeds limit"),
  invalid: registerError("compute", 13, "invalid"),
  duplicate: registerError("compute", 14, "duplicate"),
  createFailed: registerError("compute", 15, "create contract failed"),
  signatureFailed: registerError("compute", 16, "parse signature failed"),
  unsupportedForContract: registerError("compute", 17, "unsupported for this contract"),
  unknownMessage: registerError("compute", 18, "unknown message from the contract"),
  replyFailed: registerError("compute", 19, "reply to contract failed"),
  invalidEvent: registerError("compute", 21, "invalid event"),
  callDepthExceeded: registerError("compute", 30, "max call depth exceeded"),
  contractTooLarge: registerError("compute", 31, "max contract size exceeded"),
} as const;
