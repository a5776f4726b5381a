/** Longest key, as the SDK's store (types.MaxKeyLength). */
export const KEY_BYTES_MAX = 128_000;

/** Longest value, as the SDK's store (types.MaxValueLength). */
export const VALUE_BYTES_MAX = 2_147_483_647;

/** Values up to this size stay in memory with their leaf; longer ones are read when asked for. */
export const LEAF_VALUE_BYTES_MAX = 1_024;

/** Nodes with longer keys have a page of their own, so that pages stay below 64 KiB. */
export const PAGE_KEY_BYTES_MAX = 1_024;

/** Longest key of a blob. */
export const BLOB_KEY_BYTES_MAX = 1_000;

/** Memory for tree nodes kept between commits, unless the opener says otherwise. */
export const NODE_CACHE_BYTES = 256 * 2 ** 20;

/** Memory for nodes in a reader beside the writer, unless the opener says otherwise. */
export const READER_CACHE_BYTES = 32 * 2 ** 20;

/** Commit records a reader keeps in memory. */
export const READER_RECORDS_MAX = 64;

/** Versions that one commit forgets at most, so that turning pruning on does not stop a block. */
export const VERSIONS_PRUNED_PER_COMMIT = 100;

/** Nodes that a commit may remove for pruning, however few it adds. */
export const NODES_PRUNED_PER_COMMIT_MIN = 8_192;
