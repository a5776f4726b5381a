/** Most participants of one session; the standard's own bound is what four bytes hold. */
export const PARTICIPANTS_MAX = 1024;

/** Most bytes of one encrypted share with its payload: the standard's recommended floor. */
export const CIPHERTEXT_BYTES_MAX = 65_536;

/** Most bytes of a session's context, and of an extension. */
export const CONTEXT_BYTES_MAX = 65_536;
