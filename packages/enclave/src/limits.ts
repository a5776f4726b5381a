/** Bounds of what the enclave works on and remembers. */

/** Shortest encrypted input: nonce, public key, tag and something behind it (privacy protocol section 2.1). */
export const ENCRYPTED_INPUT_BYTES_MIN = 82;

/** Longest message to a contract (section 8.1). */
export const MESSAGE_BYTES_MAX = 2_048_000;

/** Messages nest at most 100 deep, so an input carries at most as many reply sections. */
export const REPLY_SECTIONS_MAX = 128;

/** A query from this depth on is answered `exceeded_recursion_limit` (section 3.1). */
export const QUERY_DEPTH_MAX = 10;

/** Cap of one call (section 8.3): 10^10 wasm gas. */
export const WASM_GAS_MAX = 10_000_000_000n;

/** Wasm gas per SDK gas (section 8.3). */
export const GAS_MULTIPLIER = 1000n;

/** Longest answer of a contract, and most messages, attributes and events in it. The channel's bounds leave room for what encryption adds. */
export const OUTPUT_BYTES_MAX = 2 * 1024 * 1024;
export const OUTPUT_ENTRIES_MAX = 16_384;

/**
 * What the network does for nothing, and what of it stays free here. Beyond, a contract pays, so
 * that no call works long for little gas; contracts of real use stay below.
 */
/** Bytes of a name that is removed; then one unit a byte. */
export const FREE_NAME_BYTES = 256;
/** Bytes of a value that the call has read before; then one unit a byte. */
export const FREE_REREAD_BYTES = 1024;
/** Bytes of an answer; then {@link OUTPUT_WASM_GAS_PER_BYTE} of wasm gas a byte. */
export const FREE_OUTPUT_BYTES = 16 * 1024;
/** As much as instructions of the same duration. */
export const OUTPUT_WASM_GAS_PER_BYTE = 60n;

/** Nesting of cache contexts in the host's state machine: one for each call and some of its own. */
export const BRANCHES_MAX = 512;

/** Bytes of records, keys included, that an engine remembers across blocks. */
export const RECORD_CACHE_BYTES_MAX = 256 * 1024 * 1024;

/** What one record costs in the cache beyond its own bytes. */
export const RECORD_OVERHEAD_BYTES = 160;

/** Contracts whose derived keys are remembered. */
export const CONTRACT_KEYS_MAX = 4096;

/** Shared secrets with clients that are remembered: an agreement costs as much as ten decryptions. */
export const SHARED_SECRETS_MAX = 16_384;

/** Inner nodes remembered by one proof verifier. */
export const PROVED_NODES_MAX = 200_000;

/** State roots for which queries keep records apart. */
export const QUERY_VIEWS_MAX = 4;

/** Compiled code kept by each engine thread. */
export const CODE_CACHE_BYTES_MAX = 64 * 1024 * 1024;

/** Members of a multisig account, nested ones included. */
export const MULTISIG_MEMBERS_MAX = 128;
