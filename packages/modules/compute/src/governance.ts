/** What governance allowed for one migration or one change of admin; used up by it. */
import {
  type Context,
  readUint64BigEndian,
  uint64BigEndian,
  utf8Bytes,
  utf8Text,
} from "@tacit/sdk";
import { authorizedAdminKey, authorizedMigrationKey, computeStoreName } from "./keys.ts";

/** The code a contract may migrate to. @param contract bech32. */
export function getAuthorizedMigration(context: Context, contract: string): bigint | undefined {
  const bytes = context.kvStore(computeStoreName).get(authorizedMigrationKey(contract));
  return bytes === undefined ? undefined : readUint64BigEndian(bytes);
}

export function setAuthorizedMigration(context: Context, contract: string, codeId: bigint): void {
  const key = authorizedMigrationKey(contract);
  context.kvStore(computeStoreName).set(key, uint64BigEndian(codeId));
}

export function consumeAuthorizedMigration(context: Context, contract: string): void {
  context.kvStore(computeStoreName).delete(authorizedMigrationKey(contract));
}

/** The next admin; empty text allows to have none. @param contract bech32. */
export function getAuthorizedAdmin(context: Context, contract: string): string | undefined {
  const store = context.kvStore(computeStoreName);
  const key = authorizedAdminKey(contract);
  if (!store.has(key)) return undefined;
  return utf8Text(store.get(key) ?? new Uint8Array());
}

export function setAuthorizedAdmin(context: Context, contract: string, admin: string): void {
  context.kvStore(computeStoreName).set(authorizedAdminKey(contract), utf8Bytes(admin));
}

export function consumeAuthorizedAdmin(context: Context, contract: string): void {
  context.kvStore(computeStoreName).delete(authorizedAdminKey(contract));
}
