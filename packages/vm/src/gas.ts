/**
 * Wasm gas: 1,000 units are one unit of SDK gas. Every number here is consensus-critical.
 *
 * @see privacy protocol, sections 7.2 and 8.2
 */

/** Every instruction, charged when the sequence that contains it is entered. */
export const GAS_INSTRUCTION = 2;
/** Each page of a `memory.grow`, on top of the instruction and whether or not it succeeds. */
export const GAS_MEMORY_PAGE = 8_192;
/** Wasm gas in one unit of SDK gas. */
export const GAS_MULTIPLIER = 1_000;

/** What imports cost, in wasm gas. */
export const GAS_IMPORT = {
  dbRead: 1_000,
  dbWrite: 2_000,
  /** Each byte of a written value; given back after calls of the execute type. */
  dbWriteByte: 5_000,
  address: 8_192,
  secp256k1Verify: 98_304,
  secp256k1RecoverPubkey: 98_304,
  ed25519Verify: 73_728,
  ed25519BatchVerify: 5_000,
  ed25519BatchVerifyEach: 70_000,
  secp256k1Sign: 100_000,
  ed25519Sign: 75_000,
  checkGas: 8_192,
  gasEvaporateMin: 8_000,
  dcapQuoteVerify: 100_000,
  /** More for each after a call's first, which its instance pays: verifying takes as long as millions of instructions. */
  dcapQuoteVerifyAgain: 10_000_000,
} as const;

/** Greatest gas limit of a call that the counter can hold exactly. */
export const GAS_LIMIT_MAX = BigInt(Number.MAX_SAFE_INTEGER);
