import { contractAddress } from "@tacit/crypto";
import type {
  CallFailure,
  CallGas,
  CallOutput,
  ContractRequest,
  EnclaveAnswer,
  EnclaveRequest,
  HostPort,
  PrivateWrite,
  SystemEntryPoint,
} from "@tacit/enclave-channel";
import { equalBytes } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import { type AuthorizedForm, authorize } from "./authorize.ts";
import type { Block } from "./block.ts";
import { failureOf } from "./call-failure.ts";
import { CallError, Refusal } from "./errors.ts";
import { StorageMeter, toCallGas } from "./gas.ts";
import type { ContractKeys } from "./keys/key-ring.ts";
import {
  assertCodeHash,
  CODE_HASH_CHARACTERS,
  type ContractInput,
  decryptInput,
  plainInput,
} from "./message/input.ts";
import { openReply } from "./message/reply.ts";
import { type Entry, type FinishedRun, runContract } from "./run-contract.ts";
import type { Session } from "./session.ts";
import {
  assertAdmin,
  readContractKeys,
  readKeysBeforeMigration,
  writeAdminProof,
  writeContractKeys,
} from "./state/contract-records.ts";
import { applyWrites } from "./state/contract-storage.ts";
import { contractKeyRecordKey } from "./state/record-format.ts";
import { createStateReader, type StateReader } from "./state/state-reader.ts";
import { openSystemMessage } from "./system-message.ts";

/** Everything a call needs before the contract runs. */
interface Prepared {
  readonly entry: Entry;
  readonly keys: ContractKeys;
  readonly input: ContractInput;
  /** Records to write besides the contract's own, if the call goes well. */
  readonly writes: readonly PrivateWrite[];
  /** Canonical; empty where the protocol blanks it. */
  readonly sender: Uint8Array;
}

/** Runs a message to a contract in the block under way. @throws {Refusal} for claims of the host that do not hold. */
export function callContract(
  session: Session,
  request: ContractRequest,
  host: HostPort,
): EnclaveAnswer {
  const block = requireBlock(session);
  assertSizes(request);
  const reader = readerOf(session, block, host);
  const meter = new StorageMeter(session.network.kvGas, request.gasLimit);
  try {
    const prepared = prepare(session, block, reader, request);
    const run = runContract(session, {
      block,
      host,
      reader,
      meter,
      contract: request.contract,
      codeHash: request.codeHash,
      funds: request.funds,
      gasLimit: request.gasLimit,
      txIndex: request.txIndex,
      isExecuteType: request.kind !== "instantiate" && request.kind !== "migrate",
      reportsInWasmUnits: reportsInWasmUnits(request),
      ...prepared,
    });
    return finish(session, run, prepared.writes);
  } catch (error) {
    const { failure, gas } = failureOf(error, { gasLimit: request.gasLimit });
    return callAnswer({ failure }, gas, []);
  }
}

/** As the network's calls of these kinds do (privacy protocol section 8.3). */
function reportsInWasmUnits(request: ContractRequest): boolean {
  const { kind } = request;
  if (kind === "system") return request.entryPoint.startsWith("hook_");
  return kind === "execute" || kind === "migrate";
}

function finish(
  session: Session,
  run: FinishedRun,
  otherWrites: readonly PrivateWrite[],
): EnclaveAnswer {
  const { gas, gasReport } = run;
  if ("failure" in run) return callAnswer({ failure: run.failure }, gas, [], gasReport);
  const writes = [...otherWrites, ...run.writes];
  applyWrites(session.overlay, writes);
  return callAnswer({ ok: run.output }, gas, writes, gasReport);
}

function callAnswer(
  result: { readonly ok: CallOutput } | { readonly failure: CallFailure },
  gas: CallGas,
  writes: readonly PrivateWrite[],
  gasReport?: Uint8Array,
): EnclaveAnswer {
  return { kind: "call", result, gas, writes, gasReport };
}

/** @throws {CallError}. @throws {Refusal}. */
function prepare(
  session: Session,
  block: Block,
  reader: StateReader,
  request: ContractRequest,
): Prepared {
  switch (request.kind) {
    case "instantiate":
      return prepareInstantiate(session, block, reader, request);
    case "execute":
      return prepareExecute(session, block, reader, request);
    case "migrate":
      return prepareMigrate(session, block, reader, request);
    case "reply":
      return prepareReply(session, block, reader, request);
    case "system":
      return prepareSystem(session, block, reader, request);
  }
}

type RequestOf<Kind extends ContractRequest["kind"]> = Extract<ContractRequest, { kind: Kind }>;

function prepareInstantiate(
  session: Session,
  block: Block,
  reader: StateReader,
  request: RequestOf<"instantiate">,
): Prepared {
  const { ring } = session;
  const { contract, codeHash, sender, admin, codeId, instanceId } = request;
  const address = contractAddress({ codeId, instanceId, creator: sender });
  const isNew = reader.get(contractKeyRecordKey(contract)) === null;
  if (!isNew || !equalBytes(address, contract)) throw new Refusal("enclave/bad_request");
  const form = authorize(session, block, request, request.authorization);
  const input = openMessage(session, request, form);
  const key = ring.createContractKey({ contract, codeHash }, sender, block.height);
  const keys = { original: key, current: key, proof: new Uint8Array(0) };
  return {
    entry: { v1: "instantiate", v010: "init" },
    keys,
    input,
    writes: [writeContractKeys(contract, keys), writeAdminProof(ring, contract, { admin, keys })],
    sender,
  };
}

function prepareExecute(
  session: Session,
  block: Block,
  reader: StateReader,
  request: RequestOf<"execute">,
): Prepared {
  const keys = readContractKeys(session.ring, reader, request);
  const form = authorize(session, block, request, request.authorization);
  return {
    entry: { v1: "execute", v010: "handle" },
    keys,
    input: openMessage(session, request, form),
    writes: [],
    sender: request.sender,
  };
}

/**
 * A plain message comes from a contract in plaintext mode, and names its code only if it
 * instantiates. On the network, what cannot be decrypted is taken for plain JSON, and then nobody
 * has signed it in that form: the text says so.
 */
function openMessage(
  session: Session,
  request: RequestOf<"execute" | "instantiate">,
  form: AuthorizedForm,
): ContractInput {
  const { kind, message, codeHash } = request;
  if (form === "plain") {
    if (kind === "execute") return plainInput(message);
    assertCodeHash(message, codeHash);
    return plainInput(message.subarray(CODE_HASH_CHARACTERS));
  }
  try {
    return decryptInput(session.ring, message, codeHash);
  } catch (error) {
    const isPlain = error instanceof CallError && error.code === "enclave/cannot_decrypt";
    throw isPlain ? new CallError("enclave/bad_signature", { cause: error }) : error;
  }
}

/** State stays under the original key; the current one follows code and admin (privacy protocol section 5). */
function prepareMigrate(
  session: Session,
  block: Block,
  reader: StateReader,
  request: RequestOf<"migrate">,
): Prepared {
  const { ring } = session;
  const { contract, codeHash, sender, admin } = request;
  const old = readKeysBeforeMigration(reader, contract);
  assertIsAdmin(session, reader, { contract, sender, admin, keys: old });
  authorize(session, block, request, request.authorization);
  const input = decryptInput(ring, request.message, codeHash);
  const { original } = old;
  const identity = { contract, codeHash };
  const current = ring.createContractKey(identity, sender, block.height, original);
  const proof = ring.contractKeyProof(identity, { original, current });
  const keys = { original, current, proof };
  return {
    entry: { v1: "migrate", v010: "migrate" },
    keys,
    input,
    writes: [writeContractKeys(contract, keys)],
    sender,
  };
}

function prepareReply(
  session: Session,
  block: Block,
  reader: StateReader,
  request: RequestOf<"reply">,
): Prepared {
  const { ring, overlay } = session;
  const { contract, codeHash, authorization, originalMessage, reply } = request;
  if (authorization.kind !== "callback") throw new Refusal("enclave/bad_request");
  const keys = readContractKeys(ring, reader, request);
  const input = openReply({
    ring,
    overlay,
    place: { height: block.height, txHash: block.transaction?.hash ?? new Uint8Array(0) },
    contract,
    codeHash,
    originalMessage,
    reply,
    signature: authorization.signature,
    isPadded: session.network.padding !== "none",
  });
  return {
    entry: { v1: "reply", v010: "reply" },
    keys,
    input,
    writes: [],
    sender: NOBODY,
  };
}

/** The sender of what nobody signed: contracts see an empty text (privacy protocol section 2.2). */
const NOBODY = new Uint8Array(0);

function prepareSystem(
  session: Session,
  block: Block,
  reader: StateReader,
  request: RequestOf<"system">,
): Prepared {
  const keys = readContractKeys(session.ring, reader, request);
  const input = openSystemMessage(session, block, request);
  return { entry: systemEntry(request.entryPoint), keys, input, writes: [], sender: NOBODY };
}

/** Contracts of v0.10 have one entry point for all of it. */
function systemEntry(name: SystemEntryPoint): Entry {
  switch (name) {
    case "hook_execute":
      return { v1: "execute", v010: "handle" };
    case "hook_ack":
    case "hook_timeout":
      return { v1: "sudo", v010: "handle" };
    default:
      return { v1: name, v010: name };
  }
}

/** Only a sub-message or the admin's own signature changes who the admin is. @throws {CallError}. @throws {Refusal}. */
export function updateAdmin(
  session: Session,
  request: Extract<EnclaveRequest, { kind: "update_admin" }>,
  host: HostPort,
): EnclaveAnswer {
  const block = requireBlock(session);
  const reader = readerOf(session, block, host);
  const { contract, sender, admin, newAdmin } = request;
  try {
    const keys = readContractKeys(session.ring, reader, request);
    assertIsAdmin(session, reader, { contract, sender, admin, keys });
    authorize(session, block, request, request.authorization);
    const writes = [writeAdminProof(session.ring, contract, { admin: newAdmin, keys })];
    applyWrites(session.overlay, writes);
    const output: CallOutput = {
      data: undefined,
      messages: [],
      attributes: [],
      events: [],
      abi: "v1",
      hasIbcEntryPoints: false,
      replyProof: undefined,
    };
    return callAnswer({ ok: output }, NO_GAS, writes);
  } catch (error) {
    const { failure } = failureOf(error, { gasLimit: 0n });
    return callAnswer({ failure }, NO_GAS, []);
  }
}

const NO_GAS = toCallGas({ wasm: 0n, storage: 0n, queries: 0n, reportsInWasmUnits: true });

function assertIsAdmin(
  session: Session,
  reader: StateReader,
  claim: {
    readonly contract: Uint8Array;
    readonly sender: Uint8Array;
    readonly admin: Uint8Array;
    readonly keys: ContractKeys;
  },
): void {
  const { contract, sender, admin, keys } = claim;
  assertAdmin(session.ring, reader, contract, { admin, keys });
  if (admin.length === 0 || !equalBytes(sender, admin)) throw new CallError("enclave/wrong_admin");
}

function requireBlock(session: Session): Block {
  if (session.block === undefined) throw new Refusal("enclave/no_block");
  return session.block;
}

function readerOf(session: Session, block: Block, host: HostPort): StateReader {
  const { overlay, cache } = session;
  return createStateReader({ overlay, cache, proved: block.proved, host });
}

/** Addresses have 20 bytes, or 32 where modules make them. @throws {Refusal} `enclave/bad_request`. */
function assertSizes(request: ContractRequest): void {
  const isAddress = ({ length }: Uint8Array) => length === 20 || length === 32;
  if (!isAddress(request.contract)) throw new Refusal("enclave/bad_request");
  const mayBeEmpty = request.kind === "reply" || request.kind === "system";
  if (!isAddress(request.sender) && !mayBeEmpty) throw new Refusal("enclave/bad_request");
  invariant(request.codeHash.length === 32, "the codec has checked the code hash");
}
