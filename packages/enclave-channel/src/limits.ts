/** Bounds of everything that crosses the channel. Both sides refuse more. */

/** Longest frame: an upload (2 MiB, and the transaction that carries it) with room. */
export const FRAME_BYTES_MAX = 24 * 1024 * 1024;

/** Longest byte string in a message; transactions and code are the long ones. */
export const BYTES_MAX = 16 * 1024 * 1024;

/** Longest text: names, denominations, attribute values, error texts. */
export const TEXT_BYTES_MAX = 4 * 1024 * 1024;

/** Most entries of a list: notices, coins, events, attributes, writes. */
export const LIST_ENTRIES_MAX = 65_536;

/** Contract queries nest at most 10 deep (protocol section 3.1); each level is two frames. */
export const NESTING_MAX = 16;

/**
 * Longest frame that announces a transaction: what fits even into the smallest pipe that Linux makes, so that
 * writing it never waits for the enclave to read. Longer transactions are not announced.
 */
export const ANNOUNCEMENT_BYTES_MAX = 4096;

/** How long a client waits for the enclave to open its end, or to come back after its death. */
export const CONNECT_TIMEOUT_MS = 20_000;
