/** What the main thread loads while the first engine thread is already loading. */
import { measureEnclave } from "./measurement.ts";
import { readSealingKey } from "./sealing-key-file.ts";
import { LocalVault } from "./vault.ts";

export { serveVault } from "./vault-port.ts";

/** @throws {StartError} if the sealing key cannot be used. */
export function openVault(sealingKeyFile: string): LocalVault {
  return new LocalVault(readSealingKey(sealingKeyFile), measureEnclave);
}
