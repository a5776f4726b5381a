/** A network's rules without its enclave: for genesis, exports and tools. */
import type { EnclaveClient } from "@tacit/enclave-channel";
import type { BlobStore } from "@tacit/store";
import { type Composition, composeNetwork } from "./composition.ts";
import { AppError } from "./errors.ts";
import type { NetworkDefinition } from "./networks/network.ts";

/** Whoever calls a contract here made a mistake, and hears of it. */
const noEnclave: EnclaveClient = {
  call: ({ kind }) => {
    const reason = "there is no enclave here";
    throw new AppError({ code: "app/enclave_refused", request: kind, reason });
  },
  notify: () => {},
  close: () => {},
};

const noBlobs: BlobStore = { get: () => undefined, put: () => {} };

/** @param blobs where contract code is; none by default. */
export function composeOffline(
  network: NetworkDefinition,
  blobs: BlobStore = noBlobs,
): Composition {
  return composeNetwork({ network, enclave: noEnclave, blobs });
}
