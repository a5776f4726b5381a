import type { CallFailure } from "@tacit/enclave-channel";
import { ProtocolError } from "@tacit/encoding/errors";

/**
 * A call that fails for what its sender or its contract did: part of the block, the same on every
 * node. The texts are the network's own (privacy protocol section 8.4).
 */
export const CALL_FAILURES = {
  "enclave/bad_signature": "failed to verify transaction signature",
  "enclave/wrong_code_hash": "failed to validate transaction",
  "enclave/cannot_decrypt": "failed to decrypt data",
  "enclave/unknown_contract": "failed to authenticate secret contract",
  "enclave/bad_output": "failed to deserialize data",
  "enclave/wrong_admin": "failed to validate transaction",
  "enclave/unsupported": "calling a function in the contract failed for an unexpected reason",
  "enclave/query_depth": "depth of nested contract calls exceeded",
  "enclave/panic": "calling a function in the contract failed for an unexpected reason",
} as const;

export type CallFailureCode = keyof typeof CALL_FAILURES;

export class CallError extends ProtocolError<{ readonly code: CallFailureCode }> {
  constructor(code: CallFailureCode, options?: ErrorOptions) {
    super({ code }, CALL_FAILURES[code], options);
  }
}

/** As the chain records it. */
export function toCallFailure(error: CallError): CallFailure {
  return { kind: "enclave", code: error.code, text: error.message };
}

/**
 * A request that an honest host would not make, or a claim that does not hold. The answer is
 * `refused`; nothing of it reaches the block.
 */
export const REFUSALS = {
  "enclave/not_started": "the enclave has not been started",
  "enclave/started": "the enclave is running under other parameters",
  "enclave/no_block": "there is no block under way",
  "enclave/no_transaction": "there is no transaction under way",
  "enclave/foreign_transaction": "the transaction is not the one that the block has at this place",
  "enclave/unbalanced": "a branch was closed that was not open",
  "enclave/bad_request": "the request has fields of a wrong size",
  "enclave/height_rewound": "a later block has already run",
  "enclave/other_block": "another block of this height has already run",
  "enclave/bad_header": "the header does not belong to the block",
  "enclave/bad_commit": "the block is not signed by the validators that follow from the last one",
  "enclave/bad_root": "the root of the private store is not under the state root",
  "enclave/bad_proof": "a record's proof does not hold",
  "enclave/corrupt_record": "a proved record does not decrypt",
  "enclave/bad_code": "the code does not have the hash it was asked for",
  "enclave/host_failed": "the host could not serve a request",
  "enclave/replayed": "the message or its authorization has already been used",
  "enclave/bad_sealed_state": "the sealed state does not belong to this enclave",
  "enclave/other_network": "the sealed state belongs to another network",
  "enclave/internal": "the enclave stopped the call because of a fault of its own",
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export class Refusal extends ProtocolError<{ readonly code: RefusalCode }> {
  constructor(code: RefusalCode, options?: ErrorOptions) {
    super({ code }, REFUSALS[code], options);
  }
}

/** Undefined where what was read is not what it should be. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
