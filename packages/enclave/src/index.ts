import type { Secret } from "@tacit/crypto";
import { EnclaveEngine } from "./engine.ts";
import { measureEnclave } from "./measurement.ts";
import { LocalVault } from "./vault.ts";

export { EnclaveEngine } from "./engine.ts";

/** An enclave in this thread, for tests: any number of engines that share one vault. */
export interface Enclave {
  createEngine(): EnclaveEngine;
}

/** @param sealingKey 32 bytes. */
export function createEnclave(options: { readonly sealingKey: Secret }): Enclave {
  const vault = new LocalVault(options.sealingKey, measureEnclave);
  return { createEngine: () => new EnclaveEngine({ vault }) };
}
