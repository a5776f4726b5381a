/** The genesis document: the file every node of a network starts from. */
import { readFileSync, statSync } from "node:fs";
import { fromBase64, fromHex, toBase64, toHex } from "@tacit/encoding";
import { nanosToTimestamp, type Timestamp, validatorAddress } from "@tacit/light";
import type { ConsensusParams, ValidatorUpdate } from "@tacit/sdk";
import {
  assertConsensusParams,
  consensusParamsToJson,
  DEFAULT_CONSENSUS_PARAMS,
} from "../embedded/params.ts";
import { ConsensusError } from "../errors.ts";
import { CHAIN_ID_BYTES_MAX, GENESIS_BYTES_MAX } from "../limits.ts";
import { parseTime } from "../query/time.ts";
import { writeNewFile } from "./new-file.ts";
import { formatTime } from "./time.ts";

export interface GenesisValidator extends ValidatorUpdate {
  readonly name: string;
}

export interface GenesisDocument {
  readonly genesisTime: Timestamp;
  readonly chainId: string;
  readonly initialHeight: bigint;
  readonly consensusParams: ConsensusParams;
  /** Empty when the application derives the set from its own state. */
  readonly validators: readonly GenesisValidator[];
  readonly appHash: Uint8Array;
  /** A JSON value; 64-bit numbers in it are text. */
  readonly appState: unknown;
}

/** The document as CometBFT writes and serves it: a JSON value. */
export function genesisToJson(genesis: GenesisDocument): unknown {
  return {
    genesis_time: formatTime(genesis.genesisTime),
    chain_id: genesis.chainId,
    initial_height: `${genesis.initialHeight}`,
    consensus_params: consensusParamsToJson(genesis.consensusParams),
    ...(genesis.validators.length > 0 && { validators: genesis.validators.map(validatorToJson) }),
    app_hash: toHex(genesis.appHash).toUpperCase(),
    app_state: genesis.appState,
  };
}

/** @throws {ConsensusError} `consensus/bad_genesis` naming the field. */
export function genesisFromJson(json: unknown): GenesisDocument {
  const root = recordOf(json, "document");
  const chainId = textOf(root.chain_id, "chain_id");
  if (chainId === "" || Buffer.byteLength(chainId) > CHAIN_ID_BYTES_MAX) refuse("chain_id");
  const nanos = parseTime(textOf(root.genesis_time, "genesis_time"));
  if (nanos === undefined) refuse("genesis_time");
  const initialHeight = integerOf(root.initial_height ?? "1", "initial_height");
  if (initialHeight < 0n) refuse("initial_height");
  // Genesis files of the SDK hold both in a part of their own.
  const consensus = recordOf(root.consensus ?? {}, "consensus");
  const validators = root.validators ?? consensus.validators ?? [];
  if (!Array.isArray(validators)) refuse("validators");
  return {
    genesisTime: nanosToTimestamp(nanos),
    chainId,
    initialHeight: initialHeight === 0n ? 1n : initialHeight,
    consensusParams: paramsOf(root.consensus_params ?? consensus.params),
    validators: validators.map(validatorOf),
    appHash: fromHex(textOf(root.app_hash ?? "", "app_hash")),
    appState: root.app_state ?? {},
  };
}

/** @throws {ConsensusError} `consensus/bad_genesis`. */
export function readGenesis(path: string): GenesisDocument {
  if (statSync(path).size > GENESIS_BYTES_MAX) refuse("size");
  const text = readFileSync(path, "utf8");
  try {
    return genesisFromJson(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) refuse("JSON");
    throw error;
  }
}

/** @throws the system's `EEXIST`: a genesis document is never replaced. */
export function writeGenesis(path: string, genesis: GenesisDocument): void {
  writeNewFile(path, `${JSON.stringify(genesisToJson(genesis), undefined, 2)}\n`, 0o644);
}

function validatorToJson({ publicKey, power, name }: GenesisValidator): unknown {
  return {
    address: toHex(validatorAddress(publicKey)).toUpperCase(),
    pub_key: { type: "tendermint/PubKeyEd25519", value: toBase64(publicKey) },
    power: `${power}`,
    name,
  };
}

function validatorOf(json: unknown, index: number): GenesisValidator {
  const field = `validators[${index}]`;
  const record = recordOf(json, field);
  const key = recordOf(record.pub_key, `${field}.pub_key`);
  if (key.type !== "tendermint/PubKeyEd25519") refuse(`${field}.pub_key.type`);
  const publicKey = fromBase64(textOf(key.value, `${field}.pub_key.value`));
  const power = integerOf(record.power, `${field}.power`);
  if (publicKey.length !== 32) refuse(`${field}.pub_key.value`);
  if (power <= 0n) refuse(`${field}.power`);
  return { keyType: "ed25519", publicKey, power, name: textOf(record.name ?? "", field) };
}

function paramsOf(json: unknown): ConsensusParams {
  if (json === undefined || json === null) return DEFAULT_CONSENSUS_PARAMS;
  const root = recordOf(json, "consensus_params");
  const section = (name: string) => recordOf(root[name] ?? {}, `consensus_params.${name}`);
  const defaults = DEFAULT_CONSENSUS_PARAMS;
  const number = (name: string, field: string, otherwise: bigint) =>
    integerOf(section(name)[field] ?? `${otherwise}`, `consensus_params.${name}.${field}`);
  const keyTypes = section("validator").pub_key_types ?? defaults.validator.pubKeyTypes;
  if (!Array.isArray(keyTypes)) refuse("consensus_params.validator.pub_key_types");
  const params: ConsensusParams = {
    block: {
      maxBytes: number("block", "max_bytes", defaults.block.maxBytes),
      maxGas: number("block", "max_gas", defaults.block.maxGas),
    },
    evidence: {
      maxAgeNumBlocks: number("evidence", "max_age_num_blocks", defaults.evidence.maxAgeNumBlocks),
      maxAgeDurationNs: number("evidence", "max_age_duration", defaults.evidence.maxAgeDurationNs),
      maxBytes: number("evidence", "max_bytes", defaults.evidence.maxBytes),
    },
    validator: { pubKeyTypes: keyTypes.map((type) => textOf(type, "pub_key_types")) },
    version: { app: number("version", "app", 0n) },
    abci: { voteExtensionsEnableHeight: number("abci", "vote_extensions_enable_height", 0n) },
  };
  assertConsensusParams(params);
  return params;
}

function recordOf(json: unknown, field: string): Record<string, unknown> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) refuse(field);
  return json as Record<string, unknown>;
}

function textOf(json: unknown, field: string): string {
  if (typeof json !== "string") refuse(field);
  return json;
}

function integerOf(json: unknown, field: string): bigint {
  const text = typeof json === "number" ? `${json}` : textOf(json, field);
  if (!/^-?[0-9]{1,19}$/.test(text)) refuse(field);
  return BigInt(text);
}

function refuse(field: string): never {
  throw new ConsensusError({ code: "consensus/bad_genesis", field });
}
