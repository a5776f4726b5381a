/** Bounds of elections. Verifiers refuse what is beyond, so they are part of the format. */

export const ID_BYTES_MAX = 64;
export const TEXT_BYTES_MAX = 4096;
export const QUESTIONS_MAX = 64;
export const OPTIONS_MAX = 256;
/** Of all questions together: one request for decryption holds them. */
export const CIPHERTEXTS_TOTAL_MAX = 1024;
/** Numbers of choices that a question allows: each is a branch of its proof. */
export const SUMS_MAX = 64;
export const TRUSTEES_MAX = 255;
export const CREDENTIALS_MAX = 1 << 20;
/** What a sum can come to; finding it takes at most 2^16 steps with a table of 2^16. */
export const WEIGHT_TOTAL_MAX = 1n << 32n;
