/** Calls into the enclave: what they may cost, what they write, how they fail. */
import type {
  CallOutput,
  CodeReport,
  ContractRequest,
  EnclaveAnswer,
  EnclaveRequest,
  PrivateWrite,
  SeedPublicKeys,
} from "@tacit/enclave-channel";
import { InvariantError, invariant, toBase64 } from "@tacit/encoding";
import { type Context, type ErrorKind, PlainError } from "@tacit/sdk";
import { visibleTxIndex } from "./call-depth.ts";
import { ContractCallError, failureText } from "./call-error.ts";
import { answerChainQuery } from "./chain-query/answer.ts";
import { getInstance } from "./contracts.ts";
import { computeErrors } from "./errors.ts";
import type { ComputeCollaborators, ComputeOptions } from "./expected.ts";
import {
  chargeCall,
  chargeCompute,
  chargeContractKeyRead,
  chargeContractKeyWrite,
  chargeInstance,
  chargeRandom,
  gasForCall,
} from "./gas.ts";
import { createHostHandler } from "./host-handler.ts";
import { privateStoreName } from "./keys.ts";

type WithoutLimits<Request> = Request extends unknown
  ? Omit<Request, "gasLimit" | "txIndex">
  : never;

/** A contract request before gas and position are known. */
export type CallRequest = WithoutLimits<ContractRequest>;

export interface QueryCall {
  readonly contract: Uint8Array;
  /** `nonce32 ‖ publicKey32 ‖ ciphertext`. */
  readonly message: Uint8Array;
  /** 1 for a client's query. */
  readonly depth: number;
}

export class ContractCalls {
  readonly #options: ComputeOptions;
  readonly #deps: ComputeCollaborators;

  constructor(options: ComputeOptions, collaborators: ComputeCollaborators) {
    this.#options = options;
    this.#deps = collaborators;
  }

  /**
   * Runs a contract with the gas left, charges it and keeps what it wrote.
   * @throws {ContractCallError} of `kind`; {OutOfGasError} if the call used up the meter.
   */
  call(
    context: Context,
    request: CallRequest,
    kind: ErrorKind,
    options: { readonly chargesComputeTwice?: boolean } = {},
  ): CallOutput {
    assertCanRun(context, kind);
    this.#chargeRecords(context, request);
    const answer = this.#ask(context, {
      ...request,
      gasLimit: gasForCall(context),
      txIndex: visibleTxIndex(context),
    });
    this.#deps.records.answered({ contract: request.contract, answer });
    if (answer.kind === "refused") throw chargeRefused(context, kind, answer);
    invariant(answer.kind === "call", "the enclave answers a call with its outcome");
    if (answer.gasReport !== undefined) noteGasReport(context, answer.gasReport);
    chargeCall(context, answer.gas);
    if ("failure" in answer.result) throw new ContractCallError(kind, answer.result.failure);
    keepWrites(context, answer.writes);
    const { kind: made } = request;
    if (made === "instantiate" || made === "migrate") chargeContractKeyWrite(context, made);
    if (options.chargesComputeTwice) chargeCompute(context, answer.gas.compute);
    return answer.result.ok;
  }

  /**
   * Asks a contract; the answer is encrypted to whoever encrypted the question.
   * @throws {ContractCallError} `compute/4`, {SdkError} `compute/9`, {OutOfGasError}.
   */
  query(context: Context, { contract, message, depth }: QueryCall): Uint8Array {
    chargeInstance(context, "Loading CosmWasm module: query");
    const { code } = getInstance(context, contract);
    chargeContractKeyRead(context, contract);
    const view = context.mode === "query" ? this.#deps.privateView(context) : undefined;
    const answer = this.#ask(context, {
      kind: "query",
      contract,
      codeHash: code.codeHash,
      message,
      gasLimit: gasForCall(context),
      depth,
      height: context.height,
      timeNs: context.timeNs,
      view: view && {
        appHash: view.appHash,
        privateRoot: view.privateRoot,
        privateRootProof: view.privateRootProof,
      },
    });
    if (answer.kind === "refused") {
      throw chargeRefused(context, computeErrors.queryFailed, answer);
    }
    invariant(answer.kind === "query", "the enclave answers a query with its outcome");
    chargeCall(context, answer.gas);
    if ("failure" in answer.result) {
      throw new ContractCallError(computeErrors.queryFailed, answer.result.failure);
    }
    return answer.result.ok;
  }

  /**
   * Replaces the admin that the enclave will believe; an empty address leaves none. No contract
   * runs, so nothing is charged but the instance.
   * @throws {PlainError} with the enclave's sentence.
   */
  updateAdmin(
    context: Context,
    request: Omit<Extract<EnclaveRequest, { kind: "update_admin" }>, "kind">,
  ): void {
    assertCanRun(context, undefined);
    chargeContractKeyRead(context, request.contract);
    const answer = this.#ask(context, { kind: "update_admin", ...request });
    invariant(answer.kind === "call", "the enclave answers a change of admin with its outcome");
    this.#deps.records.answered({ contract: request.contract, answer });
    if ("failure" in answer.result) {
      const { failure } = answer.result;
      throw new PlainError(failureText(failure));
    }
    keepWrites(context, answer.writes);
  }

  /** Static checks of code. @throws {SdkError} `compute/15` with the reason. */
  checkCode(context: Context, code: Uint8Array): CodeReport {
    const answer = this.#ask(context, { kind: "check_code", code });
    invariant(answer.kind === "code", "the enclave answers a check of code with its outcome");
    const { result } = answer;
    const failure = "failure" in result ? result.failure.text : undefined;
    if (context.mode === "finalize") this.#deps.records.created(code, failure);
    if ("failure" in result) throw computeErrors.createFailed.wrap(result.failure.text);
    return result.ok;
  }

  /** Of every seed of the network, the genesis seed's first. */
  publicKeys(context: Context): readonly SeedPublicKeys[] {
    const answer = this.#ask(context, { kind: "info" });
    invariant(answer.kind === "info", "the enclave answers what it is");
    return answer.info.publicKeys;
  }

  /** What the network's keeper reads before it calls its enclave. */
  #chargeRecords(context: Context, request: CallRequest): void {
    const signer = context.scope?.signers[0];
    if (request.kind === "system" && signer !== undefined) {
      this.#deps.accounts.getAccount(context, signer.address);
    }
    if (request.kind !== "instantiate") chargeContractKeyRead(context, request.contract);
    chargeRandom(context);
  }

  #ask(context: Context, request: EnclaveRequest): EnclaveAnswer {
    const caller = "contract" in request ? request.contract : new Uint8Array();
    const handler = createHostHandler({
      context,
      codes: this.#deps.codes,
      view: this.#deps.privateView(context),
      chainQuery: (query) =>
        answerChainQuery(
          { context, caller, options: this.#options, collaborators: this.#deps, calls: this },
          query,
        ),
    });
    const answer = this.#deps.enclave.call(request, handler);
    if (answer.kind === "refused" && !isContractsFault(answer.code)) {
      throw new InvariantError(`the enclave refused ${request.kind}: ${answer.text}`);
    }
    return answer;
  }
}

/** Refusals for which a contract is to blame; every node's enclave gives them. */
function isContractsFault(code: string): boolean {
  return code === "channel/too_large" || code === "channel/too_deep";
}

/** An answer that does not fit the channel costs all that the call was given. */
function chargeRefused(
  context: Context,
  kind: ErrorKind,
  refusal: { readonly code: string; readonly text: string },
): ContractCallError {
  chargeCall(context, { storage: 0n, compute: gasForCall(context) });
  return new ContractCallError(kind, { kind: "enclave", code: refusal.code, text: refusal.text });
}

/** In the result's `info`, where only the author of the message can read it. */
function noteGasReport({ scope }: Context, sealed: Uint8Array): void {
  scope?.notes.push(`gas_report ${toBase64(sealed)}`);
}

/** The enclave's writes, its alone and already paid for. */
function keepWrites(context: Context, writes: readonly PrivateWrite[]): void {
  const store = context.freeKvStore(privateStoreName);
  for (const { key, value } of writes) {
    if (value === undefined) store.delete(key);
    else store.set(key, value);
  }
}

/**
 * Simulations carry no signature that the enclave could verify (section 2.6), and CheckTx runs
 * no messages; neither crosses into the enclave.
 */
function assertCanRun(context: Context, kind: ErrorKind | undefined): void {
  if (context.mode === "finalize") return;
  const text = "failed to verify transaction signature";
  if (kind === undefined)
    throw new PlainError(failureText({ kind: "enclave", code: "simulation", text }));
  throw new ContractCallError(kind, { kind: "enclave", code: "simulation", text });
}
