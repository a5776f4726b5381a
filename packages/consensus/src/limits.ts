/** Bounds of the embedded engine. Those of CometBFT v0.38 name their source. */

/** Transactions waiting for a block; secretd's default (`mempool.size`). */
export const MEMPOOL_TXS_MAX = 10_000;
/** Their bytes together. CometBFT allows 1 GiB, spread over a network; this is one process. */
export const MEMPOOL_BYTES_MAX = 256 * 1024 * 1024;
/**
 * One transaction. CometBFT's default is 1 MiB, which a contract upload of this chain's allowed
 * size (2 MiB and more before compression) would not pass.
 */
export const TX_BYTES_MAX = 8 * 1024 * 1024;
/** Hashes remembered as seen (`mempool.cache_size`). */
export const TX_CACHE_SIZE = 20_000;
/** Calls of CheckTx at once: a block waits for no more of them than these. */
export const CHECKS_UNDER_WAY_MAX = 16;
/** CometBFT's default `block.max_bytes`, and what -1 stands for (types.MaxBlockSizeBytes). */
export const BLOCK_BYTES_DEFAULT = 22_020_096n;
export const BLOCK_BYTES_MAX = 104_857_600n;

/** types.MaxHeaderBytes, MaxOverheadForBlock, MaxCommitOverheadBytes, MaxCommitSigBytes. */
export const HEADER_BYTES_MAX = 626n;
export const BLOCK_OVERHEAD_BYTES = 11n;
export const COMMIT_OVERHEAD_BYTES = 94n;
export const COMMIT_SIGNATURE_BYTES_MAX = 109n + 2n;

/** types.MaxTotalVotingPower: MaxInt64 / 8. */
export const VOTING_POWER_TOTAL_MAX = (2n ** 63n - 1n) / 8n;
/** types.PriorityWindowSizeFactor. */
export const PRIORITY_WINDOW_FACTOR = 2n;

/** Blocks that are forgotten after one new block, at most. */
export const PRUNED_BLOCKS_MAX = 20;

/** Pieces of evidence that wait for a block. */
export const EVIDENCE_PENDING_MAX = 1_000;
/** Old pieces of evidence that are forgotten after one block, at most. */
export const EVIDENCE_PRUNED_MAX = 20;
/** Bytes of a signature (types.MaxSignatureSize). */
export const SIGNATURE_BYTES_MAX = 64;

/** Characters of a query; CometBFT's maxQueryLength. */
export const QUERY_CHARACTERS_MAX = 512;
/** Index entries that one search may visit, so that a broad query cannot hold up the node. */
export const SEARCH_SCAN_MAX = 1_000_000;
/** Visits after which a search lets other work run: some milliseconds' worth. */
export const SEARCH_SLICE = 1_024;
/** Events that are read to check CONTAINS; beyond, the values of its attribute are walked instead. */
export const SEARCH_CHECKED_MAX = 10_000;
/** Bytes of transactions and results on one page; a page of uploads is larger than it looks. */
export const SEARCH_PAGE_BYTES_MAX = 64 * 1024 * 1024;
/** Searches under way at once; more are refused. */
export const SEARCHES_MAX = 32;
/** Digits of an attribute that are still compared as a number. */
export const NUMBER_DIGITS_MAX = 128;
/**
 * Events of a chunk of the index. A value that many have takes a bit for each, so 1 KiB, which a
 * database page still holds; a larger document has a larger chunk.
 */
export const CHUNK_EVENTS = 8_192;
/** Bytes of `type.attribute` plus value that the index keeps as such; longer ones are hashed. */
export const INDEX_KEY_BYTES_MAX = 1_024;

/** Genesis documents on disk. */
export const GENESIS_BYTES_MAX = 512 * 1024 * 1024;
/** types.MaxChainIDLen. */
export const CHAIN_ID_BYTES_MAX = 50;
