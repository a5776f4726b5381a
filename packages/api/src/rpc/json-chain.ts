/** Blocks, headers, commits and validators in CometBFT's JSON. */
import { toBase64, toHex } from "@tacit/encoding";
import type { BlockId, Commit, CommitSignature, Header, Timestamp, Validator } from "@tacit/light";
import type { ConsensusParams } from "@tacit/sdk";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/** Hashes and addresses: upper-case hex. */
export function hexToJson(bytes: Uint8Array): string {
  return toHex(bytes).toUpperCase();
}

/** Bytes that may be missing: base64, or null when empty, as Go writes a nil slice. */
export function bytesToJson(bytes: Uint8Array): string | null {
  return bytes.length === 0 ? null : toBase64(bytes);
}

const ZERO_TIME_SECONDS = -62_135_596_800n;

/** RFC 3339 in UTC, up to nine fraction digits without trailing zeros. */
export function timeToJson({ seconds, nanos }: Timestamp): string {
  if (seconds === ZERO_TIME_SECONDS && nanos === 0) return "0001-01-01T00:00:00Z";
  const whole = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19);
  const fraction = `${nanos}`.padStart(9, "0").replace(/0+$/, "");
  return fraction === "" ? `${whole}Z` : `${whole}.${fraction}Z`;
}

export function blockIdToJson({ hash, parts }: BlockId): Json {
  return { hash: hexToJson(hash), parts: { total: parts.total, hash: hexToJson(parts.hash) } };
}

export function headerToJson(header: Header): Json {
  const { version } = header;
  const app = version.app === 0n ? {} : { app: `${version.app}` };
  return {
    version: { block: `${version.block}`, ...app },
    chain_id: header.chainId,
    height: `${header.height}`,
    time: timeToJson(header.time),
    last_block_id: blockIdToJson(header.lastBlockId),
    last_commit_hash: hexToJson(header.lastCommitHash),
    data_hash: hexToJson(header.dataHash),
    validators_hash: hexToJson(header.validatorsHash),
    next_validators_hash: hexToJson(header.nextValidatorsHash),
    consensus_hash: hexToJson(header.consensusHash),
    app_hash: hexToJson(header.appHash),
    last_results_hash: hexToJson(header.lastResultsHash),
    evidence_hash: hexToJson(header.evidenceHash),
    proposer_address: hexToJson(header.proposerAddress),
  };
}

export function commitToJson(commit: Commit): Json {
  return {
    height: `${commit.height}`,
    round: commit.round,
    block_id: blockIdToJson(commit.blockId),
    signatures: commit.signatures.map(signatureToJson),
  };
}

function signatureToJson(signature: CommitSignature): Json {
  return {
    block_id_flag: signature.blockIdFlag,
    validator_address: hexToJson(signature.validatorAddress),
    timestamp: timeToJson(signature.timestamp),
    signature: bytesToJson(signature.signature),
  };
}

export function publicKeyToJson(publicKey: Uint8Array): Json {
  return { type: "tendermint/PubKeyEd25519", value: toBase64(publicKey) };
}

export function validatorToJson(validator: Validator): Json {
  return {
    address: hexToJson(validator.address),
    pub_key: publicKeyToJson(validator.publicKey),
    voting_power: `${validator.power}`,
    proposer_priority: `${validator.proposerPriority}`,
  };
}

export function consensusParamsToJson(params: ConsensusParams): Json {
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
