/** A SHA-256 digest. */
export const HASH_LENGTH = 32;

/** An address of a validator. */
export const ADDRESS_LENGTH = 20;

/** Longest chain id (CometBFT, `types.MaxChainIDLen`). */
export const CHAIN_ID_BYTES_MAX = 50;

/** Longest signature (CometBFT, `types.MaxSignatureSize`). */
export const SIGNATURE_BYTES_MAX = 64;

/** Most validators a commit may count (CometBFT, `types.MaxVotesCount`). */
export const VALIDATORS_MAX = 10_000;

/** Largest block (CometBFT, `types.MaxBlockSizeBytes`). */
export const BLOCK_BYTES_MAX = 104_857_600;

/** Size of a part of a block (CometBFT, `types.BlockPartSizeBytes`). */
export const PART_BYTES = 65_536;

/** Total voting power (CometBFT, `types.MaxTotalVotingPower`). */
export const TOTAL_POWER_MAX = 2n ** 63n / 8n;

/** Longest app hash that decodes; a state machine may choose another than SHA-256. */
export const APP_HASH_BYTES_MAX = 64;
