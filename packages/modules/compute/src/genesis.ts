/** Genesis of codes, sequences and parameters (`app_state.compute`). */
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
import { type Context, type JsonValue, uint64BigEndian } from "@tacit/sdk";
import { codes, contracts, getCodeInfo, peekId, setCodeInfo } from "./contracts.ts";
import { computeErrors } from "./errors.ts";
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
 * @throws {SdkError} `compute/8` for contracts: their state is the enclave's, and it takes none in
 *   yet; `compute/13`, `compute/14`, `compute/15` for codes and sequences that do not fit.
 */
export function initGenesis(env: HandlerEnvironment, context: Context, json: JsonValue): undefined {
  const state = fromClientJson(GenesisStateSchema, json, { types });
  if (state.contracts.length > 0) {
    throw computeErrors.invalidGenesis.wrap("contracts cannot be imported yet");
  }
  for (const code of state.codes) importCode(env, context, code);
  for (const sequence of state.sequences) importSequence(context, sequence);
  const highest = state.codes.reduce((max, { codeId }) => (codeId > max ? codeId : max), 0n);
  if (peekId(context, lastCodeIdKey) <= highest) {
    throw computeErrors.invalid.wrap(`seq lastCodeId must be greater ${highest}`);
  }
  setParams(context, state.params ?? defaultParams());
}

/** @throws {SdkError} `compute/8` if there are contracts, which would be lost. */
export function exportGenesis(env: HandlerEnvironment, context: Context): JsonValue {
  for (const _ of contracts(context)) {
    throw computeErrors.invalidGenesis.wrap("contracts cannot be exported yet");
  }
  const state = create(GenesisStateSchema, {
    codes: [...codes(context)].map(([codeId, info]) => exportCode(env, codeId, info)),
    sequences: [lastCodeIdKey, lastInstanceIdKey].map((idKey) =>
      create(SequenceSchema, { idKey, value: peekId(context, idKey) }),
    ),
    params: getParams(context),
  });
  return toJson(state);
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
