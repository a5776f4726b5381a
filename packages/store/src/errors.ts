import { ProtocolError } from "@tacit/encoding/errors";

/** Everything outside can do wrong to a store, by code. */
export type StoreFailure =
  /** The version is pruned, not committed yet, or was never there. */
  | { readonly code: "store/version_unknown"; readonly version: bigint }
  /** A view was used after its version was pruned. */
  | { readonly code: "store/pruned" }
  /** No store of this name was mounted. */
  | { readonly code: "store/store_unknown"; readonly store: string }
  /** Another process (or another handle of this one) has the directory open for writing. */
  | { readonly code: "store/locked"; readonly directory: string }
  /** The directory was written by a release with another layout. */
  | { readonly code: "store/format_unknown"; readonly found: number; readonly supported: number }
  /** The directory holds stores that the program no longer mounts; dropping them needs an upgrade. */
  | { readonly code: "store/stores_missing"; readonly stores: readonly string[] }
  /** A read-only opener found no database. */
  | { readonly code: "store/not_found"; readonly directory: string }
  /** Keys have 1 to `KEY_BYTES_MAX` bytes, values at most `VALUE_BYTES_MAX`. */
  | { readonly code: "store/bad_key"; readonly lengthBytes: number }
  | { readonly code: "store/value_too_long"; readonly lengthBytes: number }
  /** A write to a committed version. */
  | { readonly code: "store/read_only" }
  /** A record on disk does not decode. */
  | { readonly code: "store/corrupt"; readonly what: string };

export class StoreError extends ProtocolError<StoreFailure> {}
