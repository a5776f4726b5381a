import type {
  CallFailure,
  CallGas,
  CallOutput,
  Coin,
  HostPort,
  PrivateWrite,
} from "@tacit/enclave-channel";
import { toHex } from "@tacit/encoding";
import {
  type ContractAbi,
  type ContractCall,
  type ContractCallResult,
  callWithGasReport,
  type EntryPoint,
  type GasReport,
  VmError,
} from "@tacit/vm";
import type { Block } from "./block.ts";
import { createQuerier } from "./chain-query.ts";
import { contractCrypto } from "./contract-crypto.ts";
import { type CallEnvironment, envV1, envV010, infoV1 } from "./env.ts";
import { CallError, toCallFailure } from "./errors.ts";
import {
  exhaustedGas,
  type StorageMeter,
  toCallGas,
  wasmGasLimit,
  wasmGasWithOutput,
} from "./gas.ts";
import { sealGasReport } from "./gas-report.ts";
import type { ContractKeys } from "./keys/key-ring.ts";
import { encryptError, encryptResponse, type OutputContext } from "./message/encrypt-output.ts";
import type { DecryptedInput } from "./message/input.ts";
import { type PlainOutput, parseOutput } from "./message/output.ts";
import { expectReply, signReply } from "./message/reply.ts";
import { loadCode, type Session } from "./session.ts";
import { EncryptedStorage } from "./state/contract-storage.ts";
import { askHost } from "./state/proved-reads.ts";
import { encodeSalt } from "./state/record-format.ts";
import type { StateReader } from "./state/state-reader.ts";

/** A message to a contract that may run: checked, decrypted, with its keys. */
export interface ContractRun {
  readonly block: Block;
  readonly host: HostPort;
  readonly reader: StateReader;
  readonly meter: StorageMeter;
  readonly contract: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly funds: readonly Coin[];
  /** SDK gas. */
  readonly gasLimit: bigint;
  readonly txIndex: number | undefined;
  readonly entryPoint: { readonly v1: EntryPoint; readonly v010: EntryPoint };
  readonly keys: ContractKeys;
  readonly input: DecryptedInput;
  readonly sender: Uint8Array;
  /** Gas for written bytes is given back (privacy protocol section 12.9). */
  readonly isExecuteType: boolean;
  readonly reportsInWasmUnits: boolean;
}

export type FinishedRun =
  | (CommonOfRun & { readonly output: CallOutput; readonly writes: readonly PrivateWrite[] })
  | (CommonOfRun & { readonly failure: CallFailure });

interface CommonOfRun {
  readonly gas: CallGas;
  /** For the author of the message, sealed; see `gas-report.ts`. */
  readonly gasReport: Uint8Array | undefined;
}

/** SDK gas that the host charged for queries of the run. */
interface QueryGas {
  used: bigint;
}

/** Runs a contract and encrypts what it answers. Nothing of a failed run remains. @throws {OutOfGas}, {CallError}, {Refusal}. */
export function runContract(session: Session, run: ContractRun): FinishedRun {
  const analysis = session.engine.analyze(run.codeHash, () => loadCode(run.host, run.codeHash));
  const isV1 = analysis.abi === "v1";
  const env = environmentOf(session, run, analysis.requiredFeatures.includes("random"));
  const counter = run.block.counter;
  counter.next();
  const storage = new EncryptedStorage({
    contract: run.contract,
    keys: session.ring.stateKeys(run.keys.original),
    reader: run.reader,
    meter: run.meter,
    isReadOnly: false,
    isPadded: session.network.padding !== "none",
  });
  const queryGas: QueryGas = { used: 0n };
  const { result, report } = enter(session, run, { env, isV1, storage, queryGas });
  const sealReport = (gas: CallGas) => report && sealGasReport(run, env, report, gas);
  if (!result.ok) {
    const failed = failedRun(run, result, queryGas);
    return { ...failed, gasReport: sealReport(failed.gas) };
  }
  const salt = encodeSalt(run.block.timeNs, { height: counter.height, count: counter.count });
  const writes = storage.flush(salt);
  const wasm = wasmGasWithOutput(result, run.gasLimit);
  const givenBack = run.isExecuteType ? result.writeGas : 0n;
  const gas = gasOf(run, wasm - givenBack, queryGas);
  const place = { height: counter.height, counter: counter.count };
  const context = outputContext(session, run, place);
  const outcome = encryptOutput(context, analysis.abi, parseOutputOf(result.output));
  const gasReport = sealReport(gas);
  return "failure" in outcome
    ? { ...outcome, gas, gasReport }
    : { ...outcome, gas, writes, gasReport };
}

function enter(
  session: Session,
  run: ContractRun,
  parts: {
    readonly env: CallEnvironment;
    readonly isV1: boolean;
    readonly storage: EncryptedStorage;
    readonly queryGas: QueryGas;
  },
): { readonly result: ContractCallResult; readonly report?: GasReport } {
  const { env, isV1, storage, queryGas } = parts;
  const entryPoint = isV1 ? run.entryPoint.v1 : run.entryPoint.v010;
  const hasInfo = entryPoint === "instantiate" || entryPoint === "execute";
  const { message } = run.input;
  const envBytes = isV1 ? envV1(env) : envV010(env);
  const load = () => loadCode(run.host, run.codeHash);
  const call: ContractCall = {
    entryPoint,
    args: hasInfo ? [envBytes, infoV1(env), message] : [envBytes, message],
    gasLimit: wasmGasLimit(run.gasLimit),
    storage,
    querier: createQuerier({
      host: run.host,
      messageKey: run.input,
      depth: 1,
      isPadded: session.network.padding !== "none",
      addresses: session.addresses,
      nested: session.nested,
      onGas: (gasUsed) => {
        queryGas.used += gasUsed;
      },
    }),
    addresses: session.addresses,
    crypto: contractCrypto,
  };
  if (!session.network.contractDebug) {
    return { result: session.engine.call(run.codeHash, load, call) };
  }
  const debugged = { ...call, debug: logTo(run.host) };
  return callWithGasReport(session.engine, run.codeHash, load, debugged);
}

/** Only where the network allows contracts to speak to the node's log. */
function logTo(host: HostPort): (text: string) => void {
  return (text) => {
    askHost(host, { kind: "log", level: "debug", text });
  };
}

function environmentOf(session: Session, run: ContractRun, wantsRandom: boolean): CallEnvironment {
  const { ring, network, addresses } = session;
  const { block, keys, txIndex } = run;
  const human = (address: Uint8Array) => {
    const text = addresses.humanize(address);
    return "ok" in text ? text.ok : "";
  };
  const { transaction } = block;
  return {
    height: block.height,
    timeNs: block.timeNs,
    chainId: network.chainId,
    contract: human(run.contract),
    codeHash: run.codeHash,
    transaction:
      txIndex === undefined || transaction === undefined
        ? undefined
        : { index: txIndex, hash: transaction.hash },
    random: wantsRandom
      ? ring.callRandom(block.random, block.height, keys.current, block.counter.forRandom())
      : undefined,
    sender: run.sender.length === 0 ? "" : human(run.sender),
    funds: run.funds,
  };
}

function failedRun(
  run: ContractRun,
  result: Extract<ContractCallResult, { ok: false }>,
  queryGas: QueryGas,
): { readonly failure: CallFailure; readonly gas: CallGas } {
  if (result.error.code === "vm/out_of_gas") {
    return { failure: { kind: "out_of_gas" }, gas: exhaustedGas(run.gasLimit) };
  }
  const { message } = new VmError(result.error);
  const failure: CallFailure = { kind: "enclave", code: result.error.code, text: message };
  return { failure, gas: gasOf(run, result.gasUsed, queryGas) };
}

function gasOf(run: ContractRun, wasm: bigint, queryGas: QueryGas): CallGas {
  return toCallGas({
    wasm,
    storage: run.meter.used,
    queries: queryGas.used,
    reportsInWasmUnits: run.reportsInWasmUnits,
  });
}

/** A contract that writes nonsense has failed, with the gas it has used. */
function parseOutputOf(bytes: Uint8Array): PlainOutput | CallError {
  try {
    return parseOutput(bytes);
  } catch (error) {
    if (error instanceof CallError) return error;
    throw error;
  }
}

function encryptOutput(
  context: OutputContext,
  abi: ContractAbi,
  output: PlainOutput | CallError,
): { readonly output: CallOutput } | { readonly failure: CallFailure } {
  if (output instanceof CallError) return { failure: toCallFailure(output) };
  try {
    if (output.kind === "error") return { failure: encryptError(context, abi, output.error) };
    if (output.kind === "query") throw new CallError("enclave/bad_output");
    return { output: encryptResponse(context, output) };
  } catch (error) {
    if (error instanceof CallError) return { failure: toCallFailure(error) };
    throw error;
  }
}

function outputContext(
  session: Session,
  run: ContractRun,
  place: OutputContext["place"],
): OutputContext {
  const { ring, overlay, callbacks, addresses, network } = session;
  const { contract, input, block } = run;
  const txHash = block.transaction?.hash ?? new Uint8Array(0);
  const { replyParams } = input;
  return {
    messageKey: input,
    replyParams,
    contract,
    codeHash: toHex(run.codeHash),
    place,
    callbacks,
    addresses,
    padding: network.padding,
    onReplyExpected: (from, id) =>
      expectReply(overlay, { from, contract, header: input.header, id }, replyParams),
    signReply: (messageId, result) =>
      signReply(ring, { height: block.height, txHash }, messageId, result),
  };
}
