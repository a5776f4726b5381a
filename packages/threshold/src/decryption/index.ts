export {
  CIPHERTEXTS_MAX,
  combinePartials,
  type DecryptionRequest,
  type PartialDecryption,
  type PartialVerdicts,
  type PublicShares,
  partialBytes,
  partialDecrypt,
  verifyDecryption,
  verifyPartial,
  verifyPartials,
} from "./partial.ts";
export {
  combineTdh2,
  encryptTdh2,
  MESSAGE_BYTES_MAX,
  partialDecryptTdh2,
  verifyPartialTdh2,
  verifyTdh2,
} from "./tdh2.ts";
