/** Gas between the meter of a context and the enclave (privacy protocol section 8.3). */
import type { CallGas } from "@tacit/enclave-channel";
import { type Context, gasRemaining, isOutOfGas, OutOfGasError } from "@tacit/sdk";
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
