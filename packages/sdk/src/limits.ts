/** Bounds on what arrives from outside. Above them a transaction does not parse (code 2). */
export const limits = {
  /** A block of 22 MB of the smallest messages has fewer. */
  messagesPerTx: 10_000,
  /** The chain's own limit (auth parameter) is 7; this one only bounds the work before it. */
  signaturesPerTx: 1_000,
  multisigMembers: 256,
  multisigDepth: 8,
  feeCoins: 100,
} as const;
