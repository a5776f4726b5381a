/** Consensus parameters: CometBFT's defaults, their updates, and their JSON form. */
import type { ConsensusParams } from "@tacit/sdk";
import { ConsensusError } from "../errors.ts";
import { BLOCK_BYTES_DEFAULT, BLOCK_BYTES_MAX } from "../limits.ts";

export const DEFAULT_CONSENSUS_PARAMS: ConsensusParams = {
  block: { maxBytes: BLOCK_BYTES_DEFAULT, maxGas: -1n },
  evidence: {
    maxAgeNumBlocks: 100_000n,
    maxAgeDurationNs: 48n * 3_600n * 1_000_000_000n,
    maxBytes: 1_048_576n,
  },
  validator: { pubKeyTypes: ["ed25519"] },
  version: { app: 0n },
  abci: { voteExtensionsEnableHeight: 0n },
};

/** @throws {ConsensusError} `consensus/bad_param_update` as types.ConsensusParams.ValidateBasic. */
export function assertConsensusParams(params: ConsensusParams): void {
  const { block, evidence, validator } = params;
  const refuse = (field: string): never => {
    throw new ConsensusError({ code: "consensus/bad_param_update", field });
  };
  if (block.maxBytes === 0n || block.maxBytes < -1n) refuse("block.max_bytes");
  if (block.maxBytes > BLOCK_BYTES_MAX) refuse("block.max_bytes");
  if (block.maxGas < -1n) refuse("block.max_gas");
  if (evidence.maxAgeNumBlocks <= 0n) refuse("evidence.max_age_num_blocks");
  if (evidence.maxAgeDurationNs <= 0n) refuse("evidence.max_age_duration");
  const blockBytes = blockBytesLimit(params);
  if (evidence.maxBytes < 0n || evidence.maxBytes > blockBytes) refuse("evidence.max_bytes");
  if (!validator.pubKeyTypes.includes("ed25519")) refuse("validator.pub_key_types");
}

/** Bytes of a block; `max_bytes` -1 stands for the absolute maximum. */
export function blockBytesLimit(params: ConsensusParams): bigint {
  return params.block.maxBytes === -1n ? BLOCK_BYTES_MAX : params.block.maxBytes;
}

/** As in genesis files and RPC answers: 64-bit numbers are text, the duration nanoseconds. */
export interface ConsensusParamsJson {
  readonly block: { readonly max_bytes: string; readonly max_gas: string };
  readonly evidence: {
    readonly max_age_num_blocks: string;
    readonly max_age_duration: string;
    readonly max_bytes: string;
  };
  readonly validator: { readonly pub_key_types: readonly string[] };
  readonly version: { readonly app: string };
  readonly abci: { readonly vote_extensions_enable_height: string };
}

export function consensusParamsToJson(params: ConsensusParams): ConsensusParamsJson {
  const { block, evidence, validator, version, abci } = params;
  return {
    block: { max_bytes: `${block.maxBytes}`, max_gas: `${block.maxGas}` },
    evidence: {
      max_age_num_blocks: `${evidence.maxAgeNumBlocks}`,
      max_age_duration: `${evidence.maxAgeDurationNs}`,
      max_bytes: `${evidence.maxBytes}`,
    },
    validator: { pub_key_types: validator.pubKeyTypes },
    version: { app: `${version.app}` },
    abci: { vote_extensions_enable_height: `${abci.voteExtensionsEnableHeight}` },
  };
}
