import { ProtocolError } from "@tacit/encoding/errors";
import { INITIAL_PAGES_UPLOAD_MAX } from "./limits.ts";
import type { MemoryMistake, VmFailure } from "./types.ts";

/** A refused module, or a contract call that failed; see `VmFailure` for the codes. */
export class VmError extends ProtocolError<VmFailure> {
  constructor(failure: VmFailure, options?: ErrorOptions) {
    super(failure, vmFailureSentence(failure), options);
  }
}

/**
 * One sentence a code; the same on every machine, so that it may reach a transaction's log.
 * Where the network has a text of its own (section 8.4 of the privacy protocol), it is that one.
 */
const SENTENCES: { readonly [code in Exclude<VmFailure["code"], CodeWithOwnText>]: string } = {
  "vm/invalid_wasm": "tried to load invalid wasm code",
  "vm/limit_exceeded": "the module exceeds a limit",
  "vm/floating_point": "found floating point operation in module code",
  "vm/unsupported_feature": "the module uses a feature beyond WebAssembly 1.0 and sign extension",
  "vm/start_function": "the module has a start function",
  "vm/memory_limits": "failed to initialize wasm memory",
  "vm/import_unknown": "the module imports a function that contracts are not given",
  "vm/import_signature": "the module imports a function with a signature that it does not have",
  "vm/export_missing": "the module does not export a function that is needed",
  "vm/out_of_gas": "execution ran out of gas",
  "vm/stack_overflow": "the contract has run out of space on the stack",
  "vm/memory_access": "the contract tried to access memory out of bounds",
  "vm/region": "failed to read memory",
  "vm/region_too_long": "the contract handed an import more than it takes",
  "vm/allocation": "failed to allocate memory",
  "vm/panic": "the contract panicked",
  "vm/division_by_zero": "the contract tried to divide by zero",
  "vm/table_access": "the contract tried to access a nonexistent resource",
  "vm/signature_mismatch":
    "the contract tried to call a function but expected an incorrect function signature",
  "vm/write_in_query": "contract tried to write to storage during a query",
  "vm/query_depth": "depth of nested contract calls exceeded",
  "vm/host_import": "calling a function in the contract failed for an unexpected reason",
};

type CodeWithOwnText = "vm/memory_declaration" | "vm/feature_unavailable";

const MEMORY_MISTAKES: { readonly [mistake in MemoryMistake]: string } = {
  missing: "doesn't have a memory section",
  minimum: `memory's minimum must not exceed ${INITIAL_PAGES_UPLOAD_MAX} pages.`,
  maximum: "memory's maximum must be unset. The host will set it for you.",
};

const STATIC_VALIDATION = "Error during static Wasm validation: Wasm contract";

/** The stable sentence of a failure, with what it names. */
export function vmFailureSentence(failure: VmFailure): string {
  if (failure.code === "vm/memory_declaration") {
    return `${STATIC_VALIDATION} ${MEMORY_MISTAKES[failure.mistake]}`;
  }
  if (failure.code === "vm/feature_unavailable") {
    return `${STATIC_VALIDATION} requires unsupported features: {"${failure.feature}"}`;
  }
  const details = Object.entries(failure)
    .filter(([key]) => key !== "code")
    .map(([key, value]) => `${key} ${String(value)}`);
  const sentence = SENTENCES[failure.code];
  return details.length === 0 ? sentence : `${sentence}: ${details.join(", ")}`;
}

/** Throws the refusal of a module that is not well-formed. */
export function invalidWasm(reason: string, offset: number): never {
  throw new VmError({ code: "vm/invalid_wasm", reason: `${reason} at byte ${offset}` });
}

/** Throws the refusal of a module that is too large in some respect. */
export function limitExceeded(limit: string, value: number): never {
  throw new VmError({ code: "vm/limit_exceeded", limit, value });
}
