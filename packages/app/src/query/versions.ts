/** Committed versions for queries, with what is known of their blocks. */
import { decodeTimestamp, encodeTimestamp, type Timestamp, ZERO_TIME } from "@tacit/light";
import { type BlockInfo, emptyBlockInfo, sdkErrors } from "@tacit/sdk";
import type { BlobStore, MultiStoreView } from "@tacit/store";

/** Where committed versions come from: the writer itself or a reader in another thread. */
export interface VersionReader {
  /** 0 before the first commit. */
  lastVersion(): bigint;
  /** @throws {StoreError} `store/version_unknown`. */
  atVersion(version: bigint): MultiStoreView;
  readonly blobs: Pick<BlobStore, "get">;
}

const timeKey = (height: bigint) => `app/time/${height}`;

/** Keeps a block's time with its version; written in the block's own commit. */
export function rememberTime(blobs: BlobStore, height: bigint, time: Timestamp): void {
  blobs.put(timeKey(height), encodeTimestamp(time));
}

/** What queries and checks see of the block at `height`. */
export function blockAt(reader: VersionReader, chainId: string, height: bigint): BlockInfo {
  const bytes = reader.blobs.get(timeKey(height));
  const time = bytes === undefined || bytes.length === 0 ? ZERO_TIME : decodeTimestamp(bytes);
  return { ...emptyBlockInfo, chainId, height, time };
}

/**
 * The version that a request means: `height`, or the last for 0.
 * @throws {SdkError} `sdk/26` for the future, `sdk/18` for what is pruned or cannot be proved.
 */
export function versionFor(
  reader: VersionReader,
  request: { readonly height: bigint; readonly prove: boolean },
): MultiStoreView {
  const last = reader.lastVersion();
  if (request.height < 0n) {
    throw sdkErrors.invalidRequest.wrap(
      "cannot query with height < 0; please provide a valid height",
    );
  }
  if (last === 0n) {
    throw sdkErrors.invalidHeight.wrap("tacit is not ready; please wait for first block");
  }
  if (request.height > last) {
    throw sdkErrors.invalidHeight.wrap(
      "cannot query with height in the future; please provide a valid height",
    );
  }
  const height = request.height === 0n ? last : request.height;
  if (height <= 1n && request.prove) throw unprovable();
  try {
    return reader.atVersion(height);
  } catch {
    throw sdkErrors.invalidRequest.wrap(
      `failed to load state at height ${height}; version does not exist (latest height: ${last})`,
    );
  }
}

/** Uses a view and lets go of it. */
export function withView<T>(view: MultiStoreView, use: (view: MultiStoreView) => T): T {
  try {
    return use(view);
  } finally {
    view.close();
  }
}

export function unprovable(): Error {
  return sdkErrors.invalidRequest.wrap(
    "cannot query with proof when height <= 1; please provide a valid height",
  );
}
