import type { Secret } from "@tacit/crypto";
import { EnclaveEngine } from "./engine.ts";
import { measureEnclave } from "./measurement.ts";
import { LocalVault } from "./vault.ts";

export { EnclaveEngine } from "./engine.ts";

/** An enclave in this thread, for tests: any number of engines that share one vault. */
export interface Enclave {
  createEngine(): EnclaveEngine;
}

/**
 * @param sealingKey 32 bytes.
 * @param randomBytes what the seeds of a new network are drawn from; a test that repeats a chain
 *   byte by byte brings its own.
 */
export function createEnclave(options: {
  readonly sealingKey: Secret;
  readonly randomBytes?: (count: number) => Uint8Array;
}): Enclave {
  const vault = new LocalVault(options.sealingKey, measureEnclave, options.randomBytes);
  return { createEngine: () => new EnclaveEngine({ vault }) };
}
