/** Genesis of codes, contracts, sequences and parameters (`app_state.compute`). */
import { create } from "@bufbuild/protobuf";
import { equalBytes, fromClientJson, toClientJson, toHex } from "@tacit/encoding";
import {
  type Code,
  CodeSchema,
  type GenesisState,
  GenesisStateSchema,
  type Sequence,
  SequenceSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/genesis";
import type { CodeInfo } from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { type Context, type JsonValue, uint64BigEndian, utf8Text } from "@tacit/sdk";
import { codes, getCodeInfo, peekId, setCodeInfo } from "./contracts.ts";
import { computeErrors } from "./errors.ts";
import {
  exportContracts,
  exportHistories,
  importContract,
  readHistories,
} from "./genesis-contracts.ts";
import type { HandlerEnvironment } from "./handlers/environment.ts";
import { computeStoreName, lastCodeIdKey, lastInstanceIdKey } from "./keys.ts";
import { defaultParams, getParams, setParams } from "./params.ts";
import { uncompress } from "./uncompress.ts";

/** Nothing in this genesis is an Any. */
const types = { getMessage: () => undefined };

export function defaultGenesis(): JsonValue {
  return toJson(create(GenesisStateSchema, { params: defaultParams() }));
}

/**
 * Contracts work again only where the enclave has the seeds under which their records are
 * encrypted, and from the second block on: before, there is no state root to prove them.
 * @throws {SdkError} `compute/8`, `compute/9`, `compute/13`, `compute/14`, `compute/15` for what does not fit.
 */
export function initGenesis(env: HandlerEnvironment, context: Context, json: JsonValue): undefined {
  const { contract_histories: histories, ...known } = json as { [field: string]: JsonValue };
  const state = fromClientJson(GenesisStateSchema, known, { types });
  for (const code of state.codes) importCode(env, context, code);
  const { addresses } = env.options;
  const entries = readHistories(histories);
  for (const contract of state.contracts) importContract(context, addresses, contract, entries);
  for (const sequence of state.sequences) importSequence(context, sequence);
  const highest = state.codes.reduce((max, { codeId }) => (codeId > max ? codeId : max), 0n);
  assertBeyond(context, lastCodeIdKey, highest);
  assertBeyond(context, lastInstanceIdKey, BigInt(state.contracts.length));
  setParams(context, state.params ?? defaultParams());
}

function assertBeyond(context: Context, sequence: Uint8Array, highest: bigint): void {
  if (peekId(context, sequence) > highest) return;
  const name = utf8Text(sequence.subarray(1));
  throw computeErrors.invalid.wrap(`seq ${name} must be greater ${highest}`);
}

export function exportGenesis(env: HandlerEnvironment, context: Context): JsonValue {
  const state = create(GenesisStateSchema, {
    codes: [...codes(context)].map(([codeId, info]) => exportCode(env, codeId, info)),
    contracts: exportContracts(context),
    sequences: [lastCodeIdKey, lastInstanceIdKey].map((idKey) =>
      create(SequenceSchema, { idKey, value: peekId(context, idKey) }),
    ),
    params: getParams(context),
  });
  const known = toJson(state) as { readonly [field: string]: JsonValue };
  return { ...known, contract_histories: exportHistories(context, env.options.addresses) };
}

function importCode(env: HandlerEnvironment, context: Context, entry: Code): void {
  const info = entry.codeInfo;
  if (info === undefined) throw computeErrors.invalid.wrap(`code ${entry.codeId} without info`);
  const unpacked = uncompress(entry.codeBytes);
  if (unpacked.kind !== "code") throw computeErrors.limit.wrap(`code ${entry.codeId}`);
  const { codeHash } = env.calls.checkCode(context, unpacked.code);
  if (!equalBytes(codeHash, info.codeHash)) {
    throw computeErrors.invalid.wrap(`code hashes not same: ${toHex(codeHash)}`);
  }
  if (getCodeInfo(context, entry.codeId) !== undefined) {
    throw computeErrors.duplicate.wrap(`duplicate code: ${entry.codeId}`);
  }
  setCodeInfo(context, entry.codeId, info);
  env.collaborators.codes.put(codeHash, unpacked.code);
}

function importSequence(context: Context, { idKey, value }: Sequence): void {
  const isKnown = [lastCodeIdKey, lastInstanceIdKey].some((key) => equalBytes(key, idKey));
  if (!isKnown) throw computeErrors.invalid.wrap(`sequence ${toHex(idKey)}`);
  const store = context.kvStore(computeStoreName);
  if (store.has(idKey)) throw computeErrors.duplicate.wrap(`autoincrement id: ${toHex(idKey)}`);
  store.set(idKey, uint64BigEndian(value));
}

function exportCode(env: HandlerEnvironment, codeId: bigint, info: CodeInfo): Code {
  const codeBytes = env.collaborators.codes.get(info.codeHash);
  if (codeBytes === undefined) throw computeErrors.notFound.wrap(`bytes of code ${codeId}`);
  return create(CodeSchema, { codeId, codeInfo: info, codeBytes });
}

function toJson(state: GenesisState): JsonValue {
  return toClientJson(GenesisStateSchema, state, types);
}
