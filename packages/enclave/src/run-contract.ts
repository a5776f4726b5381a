import { sha256 } from "@tacit/crypto";
import type {
  CallFailure,
  CallGas,
  CallOutput,
  Coin,
  HostPort,
  PrivateWrite,
} from "@tacit/enclave-channel";
import { toHex, uint64BigEndian } from "@tacit/encoding";
import {
  type ContractAbi,
  type ContractAnalysis,
  type ContractCall,
  type ContractCallResult,
  callWithGasReport,
  type EntryPoint,
  type GasReport,
} from "@tacit/vm";
import type { Block } from "./block.ts";
import { contractFailure } from "./call-failure.ts";
import { createQuerier } from "./chain-query.ts";
import { contractCryptoAt } from "./contract-crypto.ts";
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
import {
  channelVersionOutput,
  encryptError,
  encryptResponse,
  type OutputContext,
} from "./message/encrypt-output.ts";
import { type ContractInput, innerMessageKey } from "./message/input.ts";
import { type OutputShape, type PlainOutput, parseOutput } from "./message/output.ts";
import { callTree, expectReply, signReply } from "./message/reply.ts";
import { loadCode, type Session } from "./session.ts";
import { EncryptedStorage } from "./state/contract-storage.ts";
import { askHost } from "./state/proved-reads.ts";
import { encodeSalt } from "./state/record-format.ts";
import type { StateReader } from "./state/state-reader.ts";
import { expectChannelStep } from "./system-message.ts";
import { framed } from "./transaction/callback.ts";

/** The export that runs, by the contract's interface. */
export interface Entry {
  readonly v1: EntryPoint;
  readonly v010: EntryPoint;
}

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
  readonly entry: Entry;
  readonly keys: ContractKeys;
  readonly input: ContractInput;
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
  const { messageKey } = run.input;
  const sealReport = (gas: CallGas) =>
    report && messageKey && sealGasReport(messageKey, run.entry.v1, env, report, gas);
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
  const context = outputContext(session, run, place, analysis);
  const output = parseOutputOf(result.output, shapeOf(run.entry.v1));
  const outcome = encryptOutput(context, analysis.abi, output);
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
  const entryPoint = isV1 ? run.entry.v1 : run.entry.v010;
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
      messageKey: run.input.messageKey ?? innerMessageKey(session.ring, innerNonce(run)),
      depth: 1,
      isPadded: session.network.padding !== "none",
      addresses: session.addresses,
      nested: session.nested,
      onGas: (gasUsed) => {
        queryGas.used += gasUsed;
      },
    }),
    addresses: session.addresses,
    crypto: contractCryptoAt(env.timeNs),
  };
  if (!session.network.contractDebug) {
    return { result: session.engine.call(run.codeHash, load, call) };
  }
  const debugged = { ...call, debug: logTo(run.host) };
  return callWithGasReport(session.engine, run.codeHash, load, debugged);
}

/** One for each call, so that equal questions of different calls look different. */
function innerNonce({ block, contract }: ContractRun): Uint8Array {
  const { height, counter, transaction } = block;
  const txHash = transaction?.hash ?? new Uint8Array(0);
  return sha256(framed(uint64BigEndian(height), uint64BigEndian(counter.count), txHash, contract));
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
  return { failure: contractFailure(result.error), gas: gasOf(run, result.gasUsed, queryGas) };
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
function parseOutputOf(bytes: Uint8Array, shape: OutputShape): PlainOutput | CallError {
  try {
    return parseOutput(bytes, shape);
  } catch (error) {
    if (error instanceof CallError) return error;
    throw error;
  }
}

function shapeOf(entryPoint: EntryPoint): OutputShape {
  if (entryPoint === "ibc_channel_open") return "ibc_open";
  if (entryPoint === "ibc_packet_receive") return "ibc_receive";
  return entryPoint.startsWith("ibc_") ? "ibc_basic" : "plain";
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
    if (output.kind === "channel_version") {
      return { output: channelVersionOutput(context, output.version) };
    }
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
  { hasIbcEntryPoints }: ContractAnalysis,
): OutputContext {
  const { ring, overlay, callbacks, addresses, network } = session;
  const { contract, input, block } = run;
  const txHash = block.transaction?.hash ?? new Uint8Array(0);
  const { messageKey, replyParams } = input;
  const tree = callTree(messageKey, txHash);
  return {
    messageKey,
    replyParams,
    contract,
    codeHash: toHex(run.codeHash),
    hasIbcEntryPoints,
    place,
    callbacks,
    addresses,
    padding: network.padding,
    onReplyExpected: (from, id) => expectReply(overlay, { from, contract, tree, id }, replyParams),
    onModuleMessage: (message) => expectChannelStep(session, contract, message),
    signReply: (messageId, result) =>
      signReply(ring, { height: block.height, txHash }, messageId, result),
  };
}
