/**
 * Of the enclave's flags the one that shows in time: V8 checks the bounds of each access to a memory,
 * and reserves no 8 GiB of addresses for it. A peer's libraries do not load under the others.
 */
export const ENCLAVE_FLAGS: readonly string[] = ["--disable-wasm-trap-handler"];
