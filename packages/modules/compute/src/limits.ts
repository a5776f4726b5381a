/** Bounds and prices of contract calls (privacy protocol sections 8.1, 8.3, 9.4, 11.4). */

/** Bytes of code in a message, and of what gunzip may make of it. */
export const WASM_BYTES_MAX = 2 * 1024 * 1024;
/** Bytes of an encrypted message to a contract. */
export const MESSAGE_BYTES_MAX = 2_048_000;
/** Bytes; the error text says 128, as the network's does. */
export const LABEL_BYTES_MAX = 512;
/** Characters of a builder tag. */
export const BUILDER_CHARS_MAX = 128;
/** SDK gas before each call of a contract. */
export const INSTANCE_COST = 20_000n;
/** SDK gas of a call of the chain that is not run, in simulations and checks. */
export const SIMULATED_CALL_GAS = 300_000n;
/** SDK gas of one call: 10^10 wasm gas, 1000 of which are one SDK gas. */
export const CALL_GAS_MAX = 10_000_000n;
/** SDK gas of a client's smart query (`wasm.contract-query-gas-limit`). */
export const QUERY_GAS_LIMIT = 10_000_000n;
/** Nested dispatches of sub-messages in one transaction. */
export const CALL_DEPTH_MAX = 100;
/** Nested contract queries; a query from this depth on is refused. */
export const QUERY_DEPTH_MAX = 10;
/** SDK gas of a request of a contract that cannot be parsed. */
export const INVALID_REQUEST_GAS = 500n;
/**
 * What a contract may be told of its sub-message's events: UTF-16 units of keys and values, and
 * their number. More than the gas of a transaction makes; keeps a reply within a channel frame.
 */
export const REPLY_EVENT_CHARS_MAX = 4 * 1024 * 1024;
export const REPLY_EVENT_ENTRIES_MAX = 32_768;
/** Bytes of an answer to a contract's query of the chain, base64 included. */
export const CHAIN_ANSWER_BYTES_MAX = 8 * 1024 * 1024;
/** Arrays and objects within one another in JSON of contracts; the network's parser stops there. */
export const JSON_DEPTH_MAX = 127;
/** Shortest type of a contract's own event, after trimming. */
export const EVENT_TYPE_CHARS_MIN = 3;
/** Blocks whose beginnings a node remembers, 100 bytes each. */
export const BLOCK_BEGINNINGS_KEPT = 100_000n;
/** Blocks whose calls a node remembers. */
export const BLOCK_RECORDS_KEPT = 1_000n;
/** Bytes of what is remembered of one block's calls; of more nothing is. */
export const BLOCK_RECORD_BYTES_MAX = 8 * 1024 * 1024;
/** Blocks from the first to the last of one query for beginnings. */
export const BEGINNINGS_RANGE_MAX = 1_000n;
