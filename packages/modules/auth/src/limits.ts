/** Bounds of this module. */
export const limits = {
  /** Parsed public keys kept; an entry is about 400 bytes. */
  cachedKeys: 20_000,
  /** Of a key's bytes, how many take part in its cache key; longer keys are not cached apart. */
  cachedKeyBytes: 4_096,
  multisigDepth: 8,
  multisigMembers: 256,
} as const;
