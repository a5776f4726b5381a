/**
 * Contracts in genesis: what the chain knows of them, and their encrypted records, which only an
 * enclave with the same seeds can use.
 *
 * The form is the network's. It has no place for histories, so that they stand beside its messages.
 */
import { create } from "@bufbuild/protobuf";
import {
  decodeMessage,
  EncodingError,
  encodeMessage,
  fromClientJson,
  toClientJson,
} from "@tacit/encoding";
import {
  type Contract,
  ContractSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/genesis";
import {
  type ContractCodeHistoryEntry,
  ContractCodeHistoryEntrySchema,
  ContractCodeHistoryOperationType,
  type ContractInfo,
  ContractInfoSchema,
  type ContractKey,
  ContractKeySchema,
  type Model,
} from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import type { AddressCodec, Context, JsonValue } from "@tacit/sdk";
import {
  appendHistory,
  contracts,
  currentPosition,
  getAddressByLabel,
  getCodeInfo,
  getContractInfo,
  getHistory,
  removeFromCodeIndex,
  setContractInfo,
  setLabel,
} from "./contracts.ts";
import { computeErrors } from "./errors.ts";
import {
  contractStatePrefix,
  enclaveAdminKey,
  enclaveKeyKey,
  prefixRange,
  privateStoreName,
} from "./keys.ts";

const types = { getMessage: () => undefined };

/** All contracts, in the order of their addresses. @throws {SdkError} `compute/9` for one without keys. */
export function exportContracts(context: Context): Contract[] {
  return [...contracts(context)].map(([address, info]) => {
    const store = context.freeKvStore(privateStoreName);
    const key = store.get(enclaveKeyKey(address));
    if (key === undefined) throw computeErrors.notFound.wrap("contract key");
    const adminProof = store.get(enclaveAdminKey(address)) ?? new Uint8Array();
    return create(ContractSchema, {
      contractAddress: address,
      contractInfo: { ...info, adminProof, created: undefined },
      contractState: exportState(context, address),
      contractCustomInfo: { enclaveKey: decodeMessage(ContractKeySchema, key), label: info.label },
    });
  });
}

function exportState(context: Context, address: Uint8Array): Pick<Model, "Key" | "Value">[] {
  const prefix = contractStatePrefix(address);
  const records = context.freeKvStore(privateStoreName).iterator(...prefixRange(prefix));
  return [...records].map(([key, value]) => ({ Key: key.slice(prefix.length), Value: value }));
}

/** Entries by contract, in bech32. */
export function exportHistories(context: Context, addresses: AddressCodec): JsonValue {
  return [...contracts(context)].map(([address]) => ({
    contract_address: addresses.toText(address),
    entries: getHistory(context, address).map((entry) =>
      toClientJson(ContractCodeHistoryEntrySchema, entry, types),
    ),
  }));
}

export type Histories = ReadonlyMap<string, readonly ContractCodeHistoryEntry[]>;

/** @throws {SdkError} `compute/8` for JSON of another form. */
export function readHistories(json: JsonValue | undefined): Histories {
  const histories = new Map<string, readonly ContractCodeHistoryEntry[]>();
  if (json !== undefined && !Array.isArray(json)) throw invalid("histories are no list");
  for (const item of json ?? []) {
    const { contract_address: contract, entries } = (item ?? {}) as Record<string, JsonValue>;
    if (typeof contract !== "string" || !Array.isArray(entries)) throw invalid("a history");
    histories.set(contract, entries.map(readEntry));
  }
  return histories;
}

function readEntry(json: JsonValue): ContractCodeHistoryEntry {
  try {
    return fromClientJson(ContractCodeHistoryEntrySchema, json, { types });
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw invalid(`an entry of a history: ${error.message}`);
  }
}

/**
 * Takes a contract over. Without a history it gets one that begins here.
 * @throws {SdkError} `compute/8`, `compute/9` for an unknown code, `compute/14` for a second
 *   contract of one address or label, or a second record of one key.
 */
export function importContract(
  context: Context,
  addresses: AddressCodec,
  entry: Contract,
  histories: Histories,
): void {
  const { contractAddress: address, contractInfo: info, contractCustomInfo: custom } = entry;
  const name = addresses.toText(address);
  const key = custom?.enclaveKey;
  if (info === undefined || key === undefined) throw invalid(`contract ${name} without info`);
  if (getCodeInfo(context, info.codeId) === undefined) {
    throw computeErrors.notFound.wrap(`code id: ${info.codeId}`);
  }
  if (getContractInfo(context, address) !== undefined) {
    throw computeErrors.duplicate.wrap(`contract: ${name}`);
  }
  if (getAddressByLabel(context, info.label) !== undefined) {
    throw computeErrors.duplicate.wrap(`label: ${info.label}`);
  }
  importRecords(context, { address, key, adminProof: info.adminProof, state: entry.contractState });
  const history = histories.get(name) ?? [beginning(context, info)];
  for (const each of history) {
    removeFromCodeIndex(context, address);
    appendHistory(context, address, each);
  }
  const created = histories.has(name) ? history[0]?.updated : undefined;
  const fields = { ...info, adminProof: new Uint8Array(), created };
  setContractInfo(context, address, create(ContractInfoSchema, fields));
  setLabel(context, info.label, address);
}

function beginning(context: Context, { codeId }: ContractInfo): ContractCodeHistoryEntry {
  return create(ContractCodeHistoryEntrySchema, {
    operation: ContractCodeHistoryOperationType.GENESIS,
    codeId,
    updated: currentPosition(context),
  });
}

function importRecords(
  context: Context,
  records: {
    readonly address: Uint8Array;
    readonly key: ContractKey;
    readonly adminProof: Uint8Array;
    readonly state: readonly Model[];
  },
): void {
  const { address, key, adminProof, state } = records;
  const store = context.freeKvStore(privateStoreName);
  store.set(enclaveKeyKey(address), encodeMessage(ContractKeySchema, key));
  store.set(enclaveAdminKey(address), adminProof);
  const prefix = contractStatePrefix(address);
  for (const { Key, Value } of state) {
    const whole = new Uint8Array([...prefix, ...Key]);
    if (store.has(whole)) throw computeErrors.duplicate.wrap("key of a record");
    store.set(whole, Value);
  }
}

function invalid(what: string) {
  return computeErrors.invalidGenesis.wrap(what);
}
