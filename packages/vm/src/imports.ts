import type { ImportName } from "./abi.ts";
import { canonicalizeV1, canonicalizeV010, humanize, validate } from "./address-imports.ts";
import {
  dcapQuoteVerify,
  ed25519BatchVerify,
  ed25519Sign,
  ed25519Verify,
  secp256k1RecoverPubkey,
  secp256k1Sign,
  secp256k1Verify,
} from "./crypto-imports.ts";
import { VmError } from "./errors.ts";
import { GAS_IMPORT, GAS_MULTIPLIER } from "./gas.ts";
import type { ContractInstance } from "./instance.ts";
import { DB_KEY_BYTES_MAX, DEBUG_BYTES_MAX, QUERY_BYTES_MAX } from "./limits.ts";

/**
 * An import's work: pointers are unsigned. Each charges before it works, in the order of the
 * network's engine, because a contract that fails in between pays what was charged so far.
 *
 * @throws {VmError} ends the contract's call.
 */
export type ImportFunction = (
  instance: ContractInstance,
  ...args: number[]
) => number | bigint | undefined;

/** Every function of module `env`; privacy protocol, section 7.2. */
export const IMPORT_FUNCTIONS: Readonly<Record<ImportName, ImportFunction>> = {
  db_read: dbRead,
  db_write: dbWrite,
  db_remove: dbRemove,
  db_scan: () => notLinked("db_scan"),
  db_next: () => notLinked("db_next"),
  canonicalize_address: canonicalizeV010,
  humanize_address: humanize,
  addr_canonicalize: canonicalizeV1,
  addr_humanize: humanize,
  addr_validate: validate,
  query_chain: queryChain,
  secp256k1_verify: secp256k1Verify,
  secp256k1_recover_pubkey: secp256k1RecoverPubkey,
  ed25519_verify: ed25519Verify,
  ed25519_batch_verify: ed25519BatchVerify,
  secp256k1_sign: secp256k1Sign,
  ed25519_sign: ed25519Sign,
  dcap_quote_verify: dcapQuoteVerify,
  check_gas: checkGas,
  gas_evaporate: gasEvaporate,
  debug: debugPrint,
  debug_print: debugPrint,
};

function dbRead(instance: ContractInstance, key: number): number {
  instance.charge(GAS_IMPORT.dbRead);
  const value = instance.call.storage.read(instance.memory.readRegion(key, DB_KEY_BYTES_MAX));
  return value === undefined ? 0 : instance.allocate(value);
}

/** The storage refuses in queries before anything is charged, so it is asked in that order. */
function dbWrite(instance: ContractInstance, key: number, value: number): undefined {
  const { storage } = instance.call;
  if (storage.isReadOnly) writeInQuery();
  instance.charge(GAS_IMPORT.dbWrite);
  const keyBytes = instance.memory.readRegion(key, DB_KEY_BYTES_MAX);
  const writeGas = GAS_IMPORT.dbWriteByte * instance.memory.regionLength(value);
  instance.charge(writeGas);
  instance.writeGas += writeGas;
  storage.write(keyBytes, instance.memory.readRegion(value));
}

function dbRemove(instance: ContractInstance, key: number): undefined {
  const { storage } = instance.call;
  if (storage.isReadOnly) writeInQuery();
  storage.remove(instance.memory.readRegion(key, DB_KEY_BYTES_MAX));
}

function writeInQuery(): never {
  throw new VmError({ code: "vm/write_in_query" });
}

/** Iterators pass the upload check but have no function behind them on the network. */
function notLinked(name: ImportName): never {
  throw new VmError({ code: "vm/host_import", name, reason: "iterators are not provided" });
}

function queryChain(instance: ContractInstance, request: number): number {
  const { querier } = instance.call;
  const bytes = instance.memory.readRegion(request, QUERY_BYTES_MAX);
  return instance.allocate(querier.query(bytes, BigInt(instance.gasLeft)));
}

/** SDK gas of this call so far. */
function checkGas(instance: ContractInstance): bigint {
  instance.charge(GAS_IMPORT.checkGas);
  const used = Number(instance.call.gasLimit) - instance.gasLeft;
  return BigInt(Math.floor(used / GAS_MULTIPLIER));
}

function gasEvaporate(instance: ContractInstance, sdkGas: number): number {
  instance.charge(Math.max(sdkGas * GAS_MULTIPLIER, GAS_IMPORT.gasEvaporateMin));
  return 0;
}

/** Does not even look at the pointer unless somebody listens, as in production on the network. */
function debugPrint(instance: ContractInstance, text: number): undefined {
  const { debug } = instance.call;
  debug?.(new TextDecoder().decode(instance.memory.readRegionStart(text, DEBUG_BYTES_MAX)));
}
