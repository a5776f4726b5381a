import type { HostPort } from "@tacit/enclave-channel";
import { toKey } from "../bytes.ts";
import type { Known, Overlay } from "./overlay.ts";
import type { ProvedReads } from "./proved-reads.ts";
import type { RecordCache } from "./record-cache.ts";

/** Where one call reads records: the block's own writes, what is remembered of the state below, and the host. */
export interface StateReader {
  /** @throws {Refusal} `enclave/bad_proof`, `enclave/host_failed`. */
  get(key: Uint8Array): Known;
}

/** @param overlay absent for queries of a committed state. */
export function createStateReader(parts: {
  readonly overlay: Overlay | undefined;
  readonly cache: RecordCache;
  readonly proved: ProvedReads;
  readonly host: HostPort;
}): StateReader {
  const { overlay, cache, proved, host } = parts;
  return {
    get(key) {
      const name = toKey(key);
      /** Undefined is "not known", null is "known to be absent". */
      let known = overlay?.get(name);
      if (known === undefined) known = cache.get(name);
      if (known !== undefined) return known;
      const read = proved.read(host, key);
      cache.set(name, read);
      return read;
    },
  };
}
