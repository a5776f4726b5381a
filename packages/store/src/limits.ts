/** Longest key, as the SDK's store (types.MaxKeyLength). */
export const KEY_BYTES_MAX = 128_000;

/** Longest value, as the SDK's store (types.MaxValueLength). */
export const VALUE_BYTES_MAX = 2_147_483_647;

/** Longest key that the flat index holds as it is, store number included; LMDB ends at 1,978. */
export const FLAT_KEY_BYTES_MAX = 1_900;

/** Values up to this size are in the flat index too; longer ones only in their leaf. */
export const FLAT_VALUE_BYTES_MAX = 512;

/** Longest key of a blob. */
export const BLOB_KEY_BYTES_MAX = 1_000;

/** Memory for tree nodes kept between commits, unless the opener says otherwise. */
export const NODE_CACHE_BYTES = 256 * 2 ** 20;

/** Memory for values read from the flat index, unless the opener says otherwise. */
export const VALUE_CACHE_BYTES = 64 * 2 ** 20;

/** Memory for nodes in a reader beside the writer, unless the opener says otherwise. */
export const READER_CACHE_BYTES = 32 * 2 ** 20;

/** Versions pruned in one commit at most, so that turning pruning on does not stop a block. */
export const PRUNED_VERSIONS_PER_COMMIT = 4;
