/** Evidence of misbehaviour in CometBFT's JSON, which names types and mixes two styles of fields. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type DuplicateVoteEvidence,
  type Evidence,
  EvidenceSchema,
  type LightClientAttackEvidence,
} from "@tacit/encoding/proto/tendermint/types/evidence";
import {
  type BlockID,
  CommitSchema,
  HeaderSchema,
  type Vote,
} from "@tacit/encoding/proto/tendermint/types/types";
import type { Validator } from "@tacit/encoding/proto/tendermint/types/validator";
import { decodeCommit, decodeHeader, ZERO_TIME } from "@tacit/light";
import {
  blockIdToJson,
  bytesToJson,
  commitToJson,
  headerToJson,
  hexToJson,
  type Json,
  publicKeyToJson,
  timeToJson,
} from "./json-chain.ts";

export const DUPLICATE_VOTE = "tendermint/DuplicateVoteEvidence";
export const LIGHT_CLIENT_ATTACK = "tendermint/LightClientAttackEvidence";

const empty = new Uint8Array();

/** @param bytes protobuf Evidence, as a block has it. */
export function evidenceToJson(bytes: Uint8Array): Json {
  const { sum }: Evidence = decodeMessage(EvidenceSchema, bytes);
  if (sum.case === "duplicateVoteEvidence") {
    return { type: DUPLICATE_VOTE, value: duplicateVoteToJson(sum.value) };
  }
  if (sum.case === "lightClientAttackEvidence") {
    return { type: LIGHT_CLIENT_ATTACK, value: attackToJson(sum.value) };
  }
  return null;
}

function duplicateVoteToJson(evidence: DuplicateVoteEvidence): Json {
  return {
    vote_a: voteToJson(evidence.voteA),
    vote_b: voteToJson(evidence.voteB),
    TotalVotingPower: `${evidence.totalVotingPower}`,
    ValidatorPower: `${evidence.validatorPower}`,
    Timestamp: timeToJson(evidence.timestamp ?? ZERO_TIME),
  };
}

function voteToJson(vote: Vote | undefined): Json {
  if (vote === undefined) return null;
  return {
    type: vote.type,
    height: `${vote.height}`,
    round: vote.round,
    block_id: wireBlockIdToJson(vote.blockId),
    timestamp: timeToJson(vote.timestamp ?? ZERO_TIME),
    validator_address: hexToJson(vote.validatorAddress),
    validator_index: vote.validatorIndex,
    signature: bytesToJson(vote.signature),
    extension: bytesToJson(vote.extension),
    extension_signature: bytesToJson(vote.extensionSignature),
  };
}

function wireBlockIdToJson(id: BlockID | undefined): Json {
  const { total = 0, hash = empty } = id?.partSetHeader ?? {};
  return blockIdToJson({ hash: id?.hash ?? empty, parts: { total, hash } });
}

function attackToJson(evidence: LightClientAttackEvidence): Json {
  const { signedHeader, validatorSet } = evidence.conflictingBlock ?? {};
  const { header, commit } = signedHeader ?? {};
  return {
    ConflictingBlock: {
      signed_header: {
        header: header ? headerToJson(decodeHeader(encodeMessage(HeaderSchema, header))) : null,
        commit: commit ? commitToJson(decodeCommit(encodeMessage(CommitSchema, commit))) : null,
      },
      validator_set: {
        validators: (validatorSet?.validators ?? []).map(wireValidatorToJson),
        proposer: validatorSet?.proposer ? wireValidatorToJson(validatorSet.proposer) : null,
      },
    },
    CommonHeight: `${evidence.commonHeight}`,
    ByzantineValidators: evidence.byzantineValidators.map(wireValidatorToJson),
    TotalVotingPower: `${evidence.totalVotingPower}`,
    Timestamp: timeToJson(evidence.timestamp ?? ZERO_TIME),
  };
}

function wireValidatorToJson(validator: Validator): Json {
  const { pubKey } = validator;
  return {
    address: hexToJson(validator.address),
    pub_key: pubKey?.sum.case === "ed25519" ? publicKeyToJson(pubKey.sum.value) : null,
    voting_power: `${validator.votingPower}`,
    proposer_priority: `${validator.proposerPriority}`,
  };
}
