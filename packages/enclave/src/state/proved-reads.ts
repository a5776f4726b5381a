import { ChannelError, type HostPort } from "@tacit/enclave-channel";
import { ReadVerifier, verifyStoreRoot } from "@tacit/light";
import { Refusal } from "../errors.ts";
import { PROVED_NODES_MAX } from "../limits.ts";
import type { Known } from "./overlay.ts";

export const PRIVATE_STORE = "private";

/** A state as the host names it, by its root and the root of the private store under it. */
export interface StateView {
  readonly appHash: Uint8Array;
  readonly privateRoot: Uint8Array;
  readonly privateRootProof: Uint8Array;
}

/** @throws {Refusal} `enclave/bad_root`. */
export function assertRoot(view: StateView): void {
  const { appHash, privateRoot, privateRootProof } = view;
  const claim = { appHash, store: PRIVATE_STORE, storeRoot: privateRoot, proof: privateRootProof };
  if (!verifyStoreRoot(claim)) throw new Refusal("enclave/bad_root");
}

/** Reads records of the private store from the host and believes none without its proof. */
export interface ProvedReads {
  /** @throws {Refusal} `enclave/bad_proof`, `enclave/host_failed`. */
  read(host: HostPort, key: Uint8Array): Known;
}

/** Reads of the state under `root`. @param root of the private store, already verified. */
export function createProvedReads(root: Uint8Array): ProvedReads {
  const verifier = new ReadVerifier(root, PROVED_NODES_MAX);
  return {
    read(host, key) {
      const answer = askHost(host, { kind: "read_private", key });
      if (answer.kind !== "private") throw new Refusal("enclave/host_failed");
      const { value, proof } = answer;
      if (!verifier.verify(key, value, proof)) throw new Refusal("enclave/bad_proof");
      return value ?? null;
    },
  };
}

/** The state before the first block: nothing is in it, and nobody has to say so. */
export const EMPTY_STATE: ProvedReads = { read: () => null };

/** @throws {Refusal} `enclave/host_failed`. */
export function askHost(
  host: HostPort,
  request: Parameters<HostPort["ask"]>[0],
): ReturnType<HostPort["ask"]> {
  try {
    return host.ask(request);
  } catch (cause) {
    if (cause instanceof ChannelError && cause.code === "channel/malformed") {
      throw new Refusal("enclave/host_failed", { cause });
    }
    throw cause;
  }
}
