/** Bounds of records of ElectionGuard. What is beyond is refused before anything is computed. */

export const FILE_BYTES_MAX = 64 * 1024 * 1024;
export const FILES_MAX = 10_000_000;
export const GUARDIANS_MAX = 255;
export const CONTESTS_MAX = 1_000;
export const SELECTIONS_MAX = 1_000;
/** Selections that a contest allows: each is a branch of its proof. */
export const VOTES_ALLOWED_MAX = 255;
/** Of ids and of every other text that a record's file names things by. */
export const NAME_CHARS_MAX = 1_024;
/** Blocks of 32 bytes of a contest's data: one more than votes allowed, for a writer of the library. */
export const CONTEST_DATA_BYTES_MAX = 64 * 1024;
