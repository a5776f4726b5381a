/** Bounds of consensus parameters (CometBFT v0.38 `types/params.go`). */

/** Bytes of a block; -1 in the parameters stands for it. */
export const BLOCK_BYTES_MAX = 104_857_600n;
/** Key types a network may allow its validators. */
export const PUB_KEY_TYPES: ReadonlySet<string> = new Set(["ed25519", "secp256k1"]);
