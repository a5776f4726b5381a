/** Bounds of this module. */
export const limits = {
  /** Parsed public keys kept; an entry is about 400 bytes. */
  cachedKeys: 20_000,
  /** Longer keys (large multisigs) are parsed anew each time. */
  cachedKeyBytes: 512,
  /** Signatures found valid before, by CheckTx; an entry is about 200 bytes. */
  verifiedSignatures: 20_000,
  multisigDepth: 8,
  multisigMembers: 256,
} as const;
