/** ABCI results in CometBFT's JSON. */
import { toBase64 } from "@tacit/encoding";
import type {
  AbciEvent,
  ExecTxResult,
  FinalizeBlockResponse,
  InfoResponse,
  QueryResponse,
  ValidatorUpdate,
} from "@tacit/sdk";
import type { IndexedTx } from "../chain-data.ts";
import { bytesToJson, consensusParamsToJson, hexToJson, type Json } from "./json-chain.ts";

export function eventToJson({ type, attributes }: AbciEvent): Json {
  return {
    type,
    attributes: attributes.map(({ key, value, index }) => ({ key, value, index })),
  };
}

export function execTxResultToJson(result: ExecTxResult): Json {
  return {
    code: result.code,
    data: bytesToJson(result.data),
    log: result.log,
    info: result.info,
    gas_wanted: `${result.gasWanted}`,
    gas_used: `${result.gasUsed}`,
    events: result.events.map(eventToJson),
    codespace: result.codespace,
  };
}

/** What `tx_result` holds when a transaction did not get into a block. */
export const NO_TX_RESULT: Json = {
  code: 0,
  data: null,
  log: "",
  info: "",
  gas_wanted: "0",
  gas_used: "0",
  events: [],
  codespace: "",
};

export function indexedTxToJson(tx: IndexedTx, proof?: Json): Json {
  return {
    hash: hexToJson(tx.hash),
    height: `${tx.height}`,
    index: tx.index,
    tx_result: execTxResultToJson(tx.result),
    tx: toBase64(tx.tx),
    ...(proof !== undefined && { proof }),
  };
}

/** abci.TxResult of the `Tx` event: plain Go JSON, which leaves zero values out. */
export function txEventToJson({ height, index, tx, result }: IndexedTx): Json {
  return {
    TxResult: {
      height: `${height}`,
      ...(index > 0 && { index }),
      tx: toBase64(tx),
      result: withoutZeros(execTxResultToJson(result)),
    },
  };
}

function withoutZeros(json: Json): Json {
  const isZero = (value: Json) =>
    value === null || value === 0 || value === "" || value === "0" || isEmptyList(value);
  const entries = Object.entries(json as Record<string, Json>);
  return Object.fromEntries(entries.filter(([, value]) => !isZero(value)));
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

export function blockResultsToJson(height: bigint, result: FinalizeBlockResponse): Json {
  const { txResults, events, validatorUpdates, consensusParamUpdates, appHash } = result;
  return {
    height: `${height}`,
    txs_results: txResults.length === 0 ? null : txResults.map(execTxResultToJson),
    finalize_block_events: events.map(eventToJson),
    validator_updates:
      validatorUpdates.length === 0 ? null : validatorUpdates.map(validatorUpdateToJson),
    consensus_param_updates:
      consensusParamUpdates === undefined ? null : consensusParamsToJson(consensusParamUpdates),
    app_hash: bytesToJson(appHash),
  };
}

/** abci.ResponseFinalizeBlock of the `NewBlock` event. */
export function finalizeBlockToJson(result: FinalizeBlockResponse): Json {
  const { txResults, events, validatorUpdates, consensusParamUpdates, appHash } = result;
  return {
    events: events.map(eventToJson),
    tx_results: txResults.map(execTxResultToJson),
    validator_updates: validatorUpdates.map(validatorUpdateToJson),
    ...(consensusParamUpdates !== undefined && {
      consensus_param_updates: consensusParamsToJson(consensusParamUpdates),
    }),
    app_hash: bytesToJson(appHash),
  };
}

function validatorUpdateToJson({ keyType, publicKey, power }: ValidatorUpdate): Json {
  const isEd25519 = keyType === "ed25519";
  const type = `tendermint.crypto.PublicKey_${isEd25519 ? "Ed25519" : "Secp256K1"}`;
  const value = { [keyType]: toBase64(publicKey) };
  return { pub_key: { Sum: { type, value } }, ...(power > 0n && { power: `${power}` }) };
}

export function queryResponseToJson(response: QueryResponse): Json {
  const ops = response.proofOps?.map(({ type, key, data }) => ({
    type,
    key: toBase64(key),
    data: toBase64(data),
  }));
  return {
    code: response.code,
    log: response.log,
    info: response.info,
    index: `${response.index}`,
    key: bytesToJson(response.key),
    value: bytesToJson(response.value),
    proofOps: ops === undefined ? null : { ops },
    height: `${response.height}`,
    codespace: response.codespace,
  };
}

export function infoResponseToJson(info: InfoResponse): Json {
  const { data, version, appVersion, lastBlockHeight, lastBlockAppHash } = info;
  return {
    data,
    version,
    ...(appVersion > 0n && { app_version: `${appVersion}` }),
    ...(lastBlockHeight > 0n && {
      last_block_height: `${lastBlockHeight}`,
      last_block_app_hash: toBase64(lastBlockAppHash),
    }),
  };
}
