/** Records of codes and contracts: what the chain knows of a contract, none of it secret. */
import { create } from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type AbsoluteTxPosition,
  AbsoluteTxPositionSchema,
  type CodeInfo,
  CodeInfoSchema,
  type ContractCodeHistoryEntry,
  ContractCodeHistoryEntrySchema,
  type ContractInfo,
  ContractInfoSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { type Context, readUint64BigEndian, uint64BigEndian } from "@tacit/sdk";
import { computeErrors } from "./errors.ts";
import { chargeAdminProof } from "./gas.ts";
import {
  addressOfByCodeKey,
  addressOfContractKey,
  byCodeKey,
  byCodePrefixOf,
  codeIdOfKey,
  codeKey,
  codeRange,
  computeStoreName,
  contractKey,
  contractRange,
  historyKey,
  historyPrefixOf,
  labelKey,
  positionOfHistoryKey,
  prefixRange,
} from "./keys.ts";

export function getCodeInfo(context: Context, codeId: bigint): CodeInfo | undefined {
  const bytes = context.kvStore(computeStoreName).get(codeKey(codeId));
  return bytes === undefined ? undefined : decodeMessage(CodeInfoSchema, bytes);
}

export function setCodeInfo(context: Context, codeId: bigint, info: CodeInfo): void {
  context.kvStore(computeStoreName).set(codeKey(codeId), encodeMessage(CodeInfoSchema, info));
}

/** All codes in the order of their ids. */
export function* codes(context: Context): Iterable<readonly [codeId: bigint, info: CodeInfo]> {
  for (const [key, value] of context.kvStore(computeStoreName).iterator(...codeRange)) {
    yield [codeIdOfKey(key), decodeMessage(CodeInfoSchema, value)];
  }
}

export function getContractInfo(context: Context, address: Uint8Array): ContractInfo | undefined {
  const bytes = context.kvStore(computeStoreName).get(contractKey(address));
  if (bytes === undefined) return undefined;
  chargeAdminProof(context, "read");
  return decodeMessage(ContractInfoSchema, bytes);
}

export function setContractInfo(context: Context, address: Uint8Array, info: ContractInfo): void {
  chargeAdminProof(context, "write");
  context
    .kvStore(computeStoreName)
    .set(contractKey(address), encodeMessage(ContractInfoSchema, info));
}

/** All contracts in the order of their addresses. */
export function* contracts(
  context: Context,
): Iterable<readonly [address: Uint8Array, info: ContractInfo]> {
  for (const [key, value] of context.kvStore(computeStoreName).iterator(...contractRange)) {
    yield [addressOfContractKey(key), decodeMessage(ContractInfoSchema, value)];
  }
}

/** Contracts that run a code, in the order in which they came to it. */
export function* contractsOfCode(
  context: Context,
  codeId: bigint,
): Iterable<readonly [address: Uint8Array, info: ContractInfo]> {
  const range = prefixRange(byCodePrefixOf(codeId));
  for (const [key] of context.kvStore(computeStoreName).iterator(...range)) {
    const address = addressOfByCodeKey(key);
    const info = getContractInfo(context, address);
    if (info !== undefined) yield [address, info];
  }
}

/** Port of a contract that speaks to other chains. @param contract bech32. */
export function contractPort(contract: string): string {
  return `wasm.${contract}`;
}

export interface Instance {
  readonly contract: ContractInfo;
  readonly code: CodeInfo;
}

/** A contract with the code it runs. @throws {SdkError} `compute/9`. */
export function getInstance(context: Context, address: Uint8Array): Instance {
  const contract = getContractInfo(context, address);
  if (contract === undefined) throw computeErrors.notFound.wrap("contract");
  const code = getCodeInfo(context, contract.codeId);
  if (code === undefined) throw computeErrors.notFound.wrap("contract info");
  return { contract, code };
}

export function getAddressByLabel(context: Context, label: string): Uint8Array | undefined {
  return context.kvStore(computeStoreName).get(labelKey(label));
}

export function setLabel(context: Context, label: string, address: Uint8Array): void {
  context.kvStore(computeStoreName).set(labelKey(label), address);
}

/** Height, and the gas that the block's transactions before this one used. */
export function currentPosition(context: Context): AbsoluteTxPosition {
  return create(AbsoluteTxPositionSchema, {
    blockHeight: context.height,
    txIndex: context.blockGasMeter.consumed,
  });
}

/** Entries in the order they were made. */
export function getHistory(context: Context, address: Uint8Array): ContractCodeHistoryEntry[] {
  const range = prefixRange(historyPrefixOf(address));
  const entries: ContractCodeHistoryEntry[] = [];
  for (const [, value] of context.kvStore(computeStoreName).iterator(...range)) {
    entries.push(decodeMessage(ContractCodeHistoryEntrySchema, value));
  }
  return entries;
}

/** The newest entry with its position, which starts at 1. */
export function getLastHistoryEntry(
  context: Context,
  address: Uint8Array,
): { readonly position: bigint; readonly entry: ContractCodeHistoryEntry } | undefined {
  const range = prefixRange(historyPrefixOf(address));
  for (const [key, value] of context.kvStore(computeStoreName).reverseIterator(...range)) {
    const entry = decodeMessage(ContractCodeHistoryEntrySchema, value);
    return { position: positionOfHistoryKey(key), entry };
  }
  return undefined;
}

/** Adds an entry to the history and to the index of contracts by code. */
export function appendHistory(
  context: Context,
  address: Uint8Array,
  entry: ContractCodeHistoryEntry,
): void {
  const position = (getLastHistoryEntry(context, address)?.position ?? 0n) + 1n;
  const store = context.kvStore(computeStoreName);
  store.set(historyKey(address, position), encodeMessage(ContractCodeHistoryEntrySchema, entry));
  store.set(byCodeKey(entry.codeId, positionOf(entry), address), new Uint8Array());
}

/** Takes a contract out of the index of its last code, before a migration is appended. */
export function removeFromCodeIndex(context: Context, address: Uint8Array): void {
  const last = getLastHistoryEntry(context, address);
  if (last === undefined) return;
  const key = byCodeKey(last.entry.codeId, positionOf(last.entry), address);
  context.kvStore(computeStoreName).delete(key);
}

function positionOf(entry: ContractCodeHistoryEntry): AbsoluteTxPosition {
  return entry.updated ?? create(AbsoluteTxPositionSchema);
}

/** The number the next {@link takeId} gives; 1 at first. */
export function peekId(context: Context, key: Uint8Array): bigint {
  const bytes = context.kvStore(computeStoreName).get(key);
  return bytes === undefined ? 1n : readUint64BigEndian(bytes);
}

/** Uses up the next number of a sequence. */
export function takeId(context: Context, key: Uint8Array): bigint {
  const id = peekId(context, key);
  context.kvStore(computeStoreName).set(key, uint64BigEndian(id + 1n));
  return id;
}
