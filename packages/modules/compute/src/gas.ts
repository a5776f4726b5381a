/** Gas between the meter of a context and the enclave (privacy protocol section 8.3). */
import type { CallGas } from "@tacit/enclave-channel";
import { type Context, gasRemaining, isOutOfGas, OutOfGasError } from "@tacit/sdk";
import { contractKeyRecordKey, privateStoreName } from "./keys.ts";
import { CALL_GAS_MAX, INSTANCE_COST } from "./limits.ts";

export function chargeInstance(context: Context, what: string): void {
  context.gasMeter.consume(INSTANCE_COST, what);
}

/** SDK gas that a call may use: what is left, at most {@link CALL_GAS_MAX}. */
export function gasForCall(context: Context): bigint {
  const remaining = gasRemaining(context.gasMeter);
  return remaining < CALL_GAS_MAX ? remaining : CALL_GAS_MAX;
}

/**
 * Charges a call: its reads and writes of state, then its instructions.
 * @throws {OutOfGasError} also if exactly everything is used up.
 */
export function chargeCall(context: Context, gas: CallGas): void {
  context.gasMeter.consume(gas.storage, "contract storage");
  chargeCompute(context, gas.compute);
}

export function chargeCompute(context: Context, compute: bigint): void {
  context.gasMeter.consume(compute, "wasm contract");
  if (isOutOfGas(context.gasMeter)) throw new OutOfGasError("Wasmer function execution");
}

/**
 * Reads that the network's keeper makes of records which the enclave has here, or which are not
 * kept at all: charged on the lengths that they have there, and not made.
 */
function chargeRead(context: Context, keyBytes: number, valueBytes: number): void {
  const { readCostFlat, readCostPerByte } = context.kvGas;
  const amount = readCostFlat + readCostPerByte * BigInt(keyBytes + valueBytes);
  context.gasMeter.consume(amount, "read of a record that is elsewhere");
}

function chargeWrite(context: Context, keyBytes: number, valueBytes: number): void {
  const { writeCostFlat, writeCostPerByte } = context.kvGas;
  const amount = writeCostFlat + writeCostPerByte * BigInt(keyBytes + valueBytes);
  context.gasMeter.consume(amount, "write of a record that is elsewhere");
}

/** `ff ‖ u64LE height`, and 32 bytes of random: read before every call in a block. */
const RANDOM_KEY_BYTES = 9;
const RANDOM_BYTES = 32;

export function chargeRandom(context: Context): void {
  chargeRead(context, RANDOM_KEY_BYTES, RANDOM_BYTES);
}

/** ContractKey as the network stores it: the first key alone, and with those of a migration. */
const FIRST_KEY_BYTES = 66;
const MIGRATED_KEY_BYTES = 166;

/** Of the enclave's own record, which has the first key twice. */
const OWN_FIRST_KEY_BYTES = 132;

/** @param contract 20 or 32 bytes. */
export function chargeContractKeyRead(context: Context, contract: Uint8Array): void {
  const key = contractKeyRecordKey(contract);
  const own = context.freeKvStore(privateStoreName).get(key)?.length ?? OWN_FIRST_KEY_BYTES;
  const isFirst = own <= OWN_FIRST_KEY_BYTES;
  chargeRead(context, key.length, isFirst ? FIRST_KEY_BYTES : MIGRATED_KEY_BYTES);
}

/** A look for a record under its encrypted name. @param nameBytes as the asker says it. */
export function chargeRawRead(context: Context, contract: Uint8Array, nameBytes: number): void {
  chargeRead(context, 1 + contract.length + nameBytes, 0);
}

export function chargeContractKeyWrite(context: Context, kind: "instantiate" | "migrate"): void {
  const valueBytes = kind === "migrate" ? MIGRATED_KEY_BYTES : FIRST_KEY_BYTES;
  chargeWrite(context, CONTRACT_KEY_KEY_BYTES, valueBytes);
}

/** `06 ‖ address` of 20 bytes, which every contract made here has. */
const CONTRACT_KEY_KEY_BYTES = 21;

/** The proof of the admin, in the contract's record there: a field of 32 bytes. */
const ADMIN_PROOF_FIELD_BYTES = 34n;

export function chargeAdminProof(context: Context, access: "read" | "write"): void {
  const { readCostPerByte, writeCostPerByte } = context.kvGas;
  const price = access === "read" ? readCostPerByte : writeCostPerByte;
  context.gasMeter.consume(price * ADMIN_PROOF_FIELD_BYTES, "proof of the admin");
}
