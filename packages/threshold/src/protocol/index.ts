export {
  BurnVault,
  type MonotonicCounter,
  VAULT_ENTRIES_MAX,
  type VaultEntry,
  type VaultParts,
  type VaultStorage,
} from "./burn-vault.ts";
export { ByteReader, ByteWriter } from "./codec.ts";
export { createIdentities, type Identities } from "./identities.ts";
export type { Fault, FaultKind, Outgoing, Party, Step } from "./party.ts";
export { createSeededRandom } from "./random.ts";
