/** A worker that answers queries on committed state, beside the blocks. */
import { workerData } from "node:worker_threads";
import { connectEnclave } from "@tacit/enclave-channel";
import { invariant } from "@tacit/encoding/errors";
import { type MultiStoreReader, openMultiStoreReader } from "@tacit/store";
import { composeNetwork } from "../composition.ts";
import { QueryService } from "../query/query-service.ts";
import type { VersionReader } from "../query/versions.ts";
import type { QueryThreadData, QueryThreadMethods } from "./messages.ts";
import { QueryEnclave } from "./query-enclave.ts";
import { QueryWatch } from "./query-watch.ts";
import { portLogger, serve } from "./serve.ts";

serve(() => {
  const { network, store, channel, version, queryGas, watch } = workerData as QueryThreadData;
  const logger = portLogger();
  const enclave = new QueryEnclave(
    (mayWait) => connectEnclave(channel, mayWait),
    new QueryWatch(watch),
  );
  const stored = openMultiStoreReader({ directory: store.directory });
  const reader = versionReader(stored);
  const composition = composeNetwork({
    network,
    enclave,
    queryGas,
    blobs: {
      get: reader.blobs.get,
      put: () => invariant(false, "queries change nothing"),
    },
  });
  const service = new QueryService({ composition, reader, version, logger });
  const methods: QueryThreadMethods = {
    query: async (request) => service.query(request),
    disconnect: async () => enclave.disconnect(),
    connect: async () => {
      enclave.call({ kind: "info" }, { handle: () => ({ kind: "failed" }) });
    },
    close: async () => {
      enclave.close();
      await stored.close();
    },
  };
  return { methods };
});

function versionReader(stored: MultiStoreReader): VersionReader {
  return {
    lastVersion: () => stored.lastCommitId().version,
    atVersion: (version) => stored.atVersion(version),
    blobs: { get: (key) => stored.blob(key) },
  };
}
