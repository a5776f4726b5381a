/**
 * Bounds on what a contract may be. All of them are part of consensus: they decide which uploads
 * are accepted. Those of V8 are higher, so that V8's own limits never decide.
 */

/** Bytes of a module after decompression; the enclave's limit in Secret Network. */
export const MODULE_BYTES_MAX = 3 * 1024 * 1024;
export const TYPES_MAX = 4_096;
export const IMPORTS_MAX = 64;
export const FUNCTIONS_MAX = 32_768;
export const GLOBALS_MAX = 4_096;
export const EXPORTS_MAX = 1_024;
export const NAME_BYTES_MAX = 512;
export const ELEMENT_SEGMENTS_MAX = 4_096;
export const DATA_SEGMENTS_MAX = 16_384;
/** Entries of the one table. Instantiation time grows with it. */
export const TABLE_ENTRIES_MAX = 16_384;
export const PARAMS_MAX = 100;
/** Parameters and locals of one function. V8 stops at 50,000; up to five more are injected. */
export const LOCALS_MAX = 49_500;
/**
 * Locals of a function that cost nothing at its entry; each one beyond counts as an instruction,
 * because a baseline compiler clears them all. Real contracts stay below 100. Secret Network
 * charges none.
 */
export const LOCALS_UNCHARGED_MAX = 1_024;
/** Instrumenting can make a body seven times as long; V8 stops at 7.6 million bytes. */
export const BODY_BYTES_MAX = 512 * 1024;
/** Blocks inside one another in one function. */
export const NESTING_MAX = 2_048;
/**
 * Work of a compiler at joins of control flow, over all functions: each block, arm, end and
 * branch target, times the values that a function may hold there. Baseline compilers copy them,
 * at about 5 ns each. Contracts of 2 MB were seen at 1.5 million.
 */
export const JOIN_WORK_MAX = 16 * 1024 * 1024;
export const BR_TABLE_TARGETS_MAX = 16_384;

/** Pages of 64 KiB at upload and in the engine; privacy protocol, section 8.1. */
export const INITIAL_PAGES_UPLOAD_MAX = 512;
export const INITIAL_PAGES_ENGINE_MAX = 192;
/** The maximum that instrumentation declares: 12 MiB. */
export const MEMORY_PAGES_MAX = 192;

/**
 * What imports accept, so that a call's price covers the work. Secret Network has no such limits;
 * these are far beyond what contracts use.
 */
export const DB_KEY_BYTES_MAX = 64 * 1024;
export const QUERY_BYTES_MAX = 2 * 1024 * 1024;
export const CRYPTO_MESSAGE_BYTES_MAX = 128 * 1024;
export const ADDRESS_BYTES_MAX = 1_024;
export const DCAP_BYTES_MAX = 256 * 1024;
/** A list of messages, signatures or keys in one region, and how many they may be. */
export const SECTION_LIST_BYTES_MAX = 2 * 1024 * 1024;
export const SECTIONS_MAX = 1_024;
export const DEBUG_BYTES_MAX = 16 * 1024;

/**
 * Wasm stack of one call, in slots of eight bytes. Every active function costs its parameters
 * (twice: the caller pushes them, the callee keeps them), locals, greatest operand height, the
 * operations whose results an optimiser may keep alive across a call (every second one at most: it
 * takes another to compute such a value again), and `STACK_FRAME_SLOTS`.
 */
export const STACK_SLOTS_MAX = 131_072;
/**
 * Native stack of a thread that runs contracts, for `resourceLimits.stackSizeMb`: with less, V8's
 * own limit could be met first, which the engine treats as a bug and not as a result.
 */
export const ENGINE_STACK_MB = 32;
/** Return address, frame pointer, instance, feedback, and what a call spills. */
export const STACK_FRAME_SLOTS = 12;
/** JavaScript frames between an import and the `allocate` that it calls. */
export const STACK_HOST_FRAME_SLOTS = 1_024;
/** A function that calls nothing is checked by its callers, unless its frame is larger. */
export const STACK_LEAF_SLOTS_MAX = 256;

/**
 * Memory below a module's lowest data in which contracts keep their stack; a call that writes
 * further down has all of the memory cleared after it. Transfers of a token use 5 KiB.
 */
export const STACK_BYTES_USUAL = 32 * 1024;

/** Kept states of a code after its first allocation, one for each length of a first argument. */
export const START_STATES_MAX = 64;
/** Memory that an allocation may change for its state to be kept; contracts change some 12 KiB. */
export const START_STATE_BYTES_MAX = 256 * 1024;
export const START_STATES_SEEN_MAX = 1_024;
/** Idle instances of one code; more than one are in use only where queries come back to it. */
export const IDLE_INSTANCES_MAX = 2;
/** Codes with more mutable globals than this are instantiated anew for each call. */
export const SAVED_GLOBALS_MAX = 64;

/** Contract calls nested in one another by queries; section 3.1 of the privacy protocol. */
export const CALL_DEPTH_MAX = 16;

/** Functions that a gas report names, the dearest, and characters of each name. */
export const FUNCTIONS_REPORTED_MAX = 12;
export const NAME_REPORTED_MAX = 80;
