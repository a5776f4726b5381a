import { type CallFailure, type CallGas, ChannelError } from "@tacit/enclave-channel";
import { InvariantError, ProtocolError } from "@tacit/encoding/errors";
import { VmError, type VmFailure } from "@tacit/vm";
import { CALL_FAILURES, CallError, Refusal, toCallFailure } from "./errors.ts";
import { exhaustedGas, OutOfGas, toCallGas } from "./gas.ts";

const NOTHING_USED: CallGas = toCallGas({
  wasm: 0n,
  storage: 0n,
  queries: 0n,
  reportsInWasmUnits: true,
});

export interface FailedCall {
  readonly failure: CallFailure;
  readonly gas: CallGas;
}

/** A contract that failed on its own. One that lacks the entry point is told so in the network's words. */
export function contractFailure(failure: VmFailure): CallFailure {
  const { code } = failure;
  const isMissing = code === "vm/export_missing";
  const text = isMissing ? CALL_FAILURES["enclave/unsupported"] : new VmError(failure).message;
  return { kind: "enclave", code, text };
}

/**
 * What a thrown error means for the block.
 *
 * What the sender or the contract did wrong becomes part of it. Everything that could differ
 * between nodes (a lying host, a broken channel, an invariant, the engine's own limits) is thrown
 * on and ends as a refusal. What is left are faults of ours that every node has: the call fails
 * and half of its gas is gone, as after a panic of Secret's enclave.
 *
 * @throws {Refusal}, {ChannelError}, {InvariantError}, RangeError.
 */
export function failureOf(error: unknown, call: { readonly gasLimit: bigint }): FailedCall {
  if (error instanceof CallError) return { failure: toCallFailure(error), gas: NOTHING_USED };
  if (error instanceof OutOfGas) {
    return { failure: { kind: "out_of_gas" }, gas: exhaustedGas(call.gasLimit) };
  }
  if (error instanceof VmError) {
    return { failure: contractFailure(error.failure), gas: NOTHING_USED };
  }
  const differsBetweenNodes =
    error instanceof Refusal ||
    error instanceof ChannelError ||
    error instanceof InvariantError ||
    error instanceof RangeError;
  if (differsBetweenNodes) throw error;
  const code = error instanceof ProtocolError ? "enclave/unsupported" : "enclave/panic";
  const gas = { compute: call.gasLimit / 2n + 1n, storage: 0n };
  return { failure: toCallFailure(new CallError(code, { cause: error })), gas };
}
