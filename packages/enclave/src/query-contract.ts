import type { EnclaveAnswer, EnclaveRequest, HostPort } from "@tacit/enclave-channel";
import { equalBytes, toBase64 } from "@tacit/encoding";
import type { ContractCallResult } from "@tacit/vm";
import { utf8 } from "./bytes.ts";
import { contractFailure, failureOf } from "./call-failure.ts";
import { createQuerier } from "./chain-query.ts";
import { contractCryptoAt } from "./contract-crypto.ts";
import { envV1 } from "./env.ts";
import { CallError, Refusal, toCallFailure } from "./errors.ts";
import { exhaustedGas, StorageMeter, toCallGas, wasmGasLimit, wasmGasWithOutput } from "./gas.ts";
import { errorText } from "./json.ts";
import { QUERY_DEPTH_MAX } from "./limits.ts";
import { type DecryptedInput, decryptInput, MESSAGE_AD } from "./message/input.ts";
import { parseOutput } from "./message/output.ts";
import { ANSWER_BLOCK_BYTES, pad, padJsonBase64, padWithSpaces } from "./message/padding.ts";
import { loadCode, type Session } from "./session.ts";
import { readContractKeys } from "./state/contract-records.ts";
import { EncryptedStorage } from "./state/contract-storage.ts";
import type { StateReader } from "./state/state-reader.ts";

export type QueryRequest = Extract<EnclaveRequest, { kind: "query" }>;

/** `block.random` of queries: one zero byte (privacy protocol section 3). */
const QUERY_RANDOM = Uint8Array.of(0);

/** Asks a contract; nothing is written and no message counted. @throws {Refusal}. */
export function queryContract(
  session: Session,
  request: QueryRequest,
  host: HostPort,
  reader: StateReader,
): EnclaveAnswer {
  const { gasLimit } = request;
  const meter = new StorageMeter(session.network.kvGas, gasLimit);
  try {
    if (request.depth > QUERY_DEPTH_MAX) throw new CallError("enclave/query_depth");
    const answer = runQuery(session, request, { host, reader, meter });
    rememberAnswer(session, request, answer);
    return answer;
  } catch (error) {
    const { failure, gas } = failureOf(error, { gasLimit });
    return { kind: "query", result: { failure }, gas };
  }
}

/** The host may bring only this back to the contract that asked. */
function rememberAnswer(session: Session, request: QueryRequest, answer: EnclaveAnswer): void {
  const question = session.nested.at(-1);
  if (question === undefined || answer.kind !== "query" || !("ok" in answer.result)) return;
  /** An address that only the host can read leaves the message, which no two questions share. */
  const { contract, message } = question;
  const isContract = contract.length === 0 || equalBytes(contract, request.contract);
  if (isContract && equalBytes(message, request.message)) question.answer = answer.result.ok;
}

interface QueryParts {
  readonly host: HostPort;
  readonly reader: StateReader;
  readonly meter: StorageMeter;
}

function runQuery(session: Session, request: QueryRequest, parts: QueryParts): EnclaveAnswer {
  const { host, reader, meter } = parts;
  const { contract, codeHash } = request;
  const keys = readContractKeys(session.ring, reader, { contract, codeHash });
  const input = decryptInput(session.ring, request.message, codeHash);
  const load = () => loadCode(host, codeHash);
  const { abi } = session.engine.analyze(codeHash, load);
  const isPadded = session.network.padding !== "none";
  let queryGas = 0n;
  const result = session.engine.call(codeHash, load, {
    entryPoint: "query",
    args: abi === "v1" ? [queryEnv(session, request), input.message] : [input.message],
    gasLimit: wasmGasLimit(request.gasLimit),
    storage: new EncryptedStorage({
      contract,
      keys: session.ring.stateKeys(keys.original),
      reader,
      meter,
      isReadOnly: true,
      isPadded,
    }),
    querier: createQuerier({
      host,
      messageKey: input.messageKey,
      depth: request.depth,
      isPadded,
      addresses: session.addresses,
      nested: session.nested,
      onGas: (gasUsed) => {
        queryGas += gasUsed;
      },
    }),
    addresses: session.addresses,
    crypto: contractCryptoAt(request.timeNs),
  });
  const sealer = answerSealer(session, input);
  return toAnswer(request, sealer, result, { storage: meter.used, queries: queryGas });
}

function queryEnv(session: Session, request: QueryRequest): Uint8Array {
  const address = session.addresses.humanize(request.contract);
  return envV1({
    height: request.height,
    timeNs: request.timeNs,
    chainId: session.network.chainId,
    contract: "ok" in address ? address.ok : "",
    codeHash: request.codeHash,
    transaction: undefined,
    random: QUERY_RANDOM,
    sender: "",
    funds: [],
  });
}

function toAnswer(
  request: QueryRequest,
  sealer: AnswerSealer,
  result: ContractCallResult,
  outside: { readonly storage: bigint; readonly queries: bigint },
): EnclaveAnswer {
  const wasm = result.ok ? wasmGasWithOutput(result, request.gasLimit) : result.gasUsed;
  const gas = toCallGas({ wasm, reportsInWasmUnits: true, ...outside });
  if (!result.ok) {
    if (result.error.code === "vm/out_of_gas") {
      const exhausted = exhaustedGas(request.gasLimit);
      return { kind: "query", result: { failure: { kind: "out_of_gas" } }, gas: exhausted };
    }
    return { kind: "query", result: { failure: contractFailure(result.error) }, gas };
  }
  try {
    return { kind: "query", result: encryptAnswer(sealer, result.output), gas };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return { kind: "query", result: { failure: toCallFailure(error) }, gas };
  }
}

type QueryResult = Extract<EnclaveAnswer, { kind: "query" }>["result"];

/** Seals what a query came to, at the length of a bucket where the network pads. */
interface AnswerSealer {
  /** @param base64 the contract's answer. */
  result(base64: string): Uint8Array;
  error(text: string): Uint8Array;
}

/** A contract that asked gets its padding removed by the enclave; a client must not mind it. */
function answerSealer(session: Session, input: DecryptedInput): AnswerSealer {
  const { padding } = session.network;
  const seal = (plaintext: Uint8Array) => input.messageKey.key.seal(plaintext, MESSAGE_AD);
  if (padding === "none")
    return { result: (text) => seal(utf8(text)), error: (text) => seal(utf8(text)) };
  if (session.nested.length > 0) {
    const sealPadded = (text: string) => seal(pad(utf8(text), ANSWER_BLOCK_BYTES));
    return { result: sealPadded, error: sealPadded };
  }
  return {
    result: (base64) => seal(utf8(padJsonBase64(base64))),
    error: (text) =>
      seal(padding === "all" ? padWithSpaces(utf8(text), ANSWER_BLOCK_BYTES) : utf8(text)),
  };
}

/** @throws {CallError} `enclave/bad_output`. */
function encryptAnswer(sealer: AnswerSealer, bytes: Uint8Array): QueryResult {
  const output = parseOutput(bytes);
  if (output.kind === "query") return { ok: sealer.result(output.result) };
  if (output.kind !== "error") throw new CallError("enclave/bad_output");
  const encrypted = toBase64(sealer.error(errorText(output.error)));
  return { failure: { kind: "contract", encrypted, replyProof: undefined } };
}

/** A query's own state must be that of the query or call it is nested in. @throws {Refusal} `enclave/bad_request`. */
export function assertSameView(outer: Uint8Array | undefined, inner: Uint8Array | undefined): void {
  const isSame =
    outer === undefined || inner === undefined ? outer === inner : equalBytes(outer, inner);
  if (!isSame) throw new Refusal("enclave/bad_request");
}
