/** Evidence of misbehaviour as clients send it to `broadcast_evidence`. */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type Evidence,
  EvidenceSchema,
  type LightClientAttackEvidenceSchema,
} from "@tacit/encoding/proto/tendermint/types/evidence";
import type {
  BlockIDSchema,
  CommitSchema,
  HeaderSchema,
  SignedMsgType,
  VoteSchema,
} from "@tacit/encoding/proto/tendermint/types/types";
import type {
  BlockIDFlag,
  ValidatorSchema,
} from "@tacit/encoding/proto/tendermint/types/validator";
import { DUPLICATE_VOTE, LIGHT_CLIENT_ATTACK } from "./evidence-json.ts";
import { JsonFields } from "./json-fields.ts";
import { invalidParams } from "./rpc-error.ts";

/** @throws {RpcError} `rpc/invalid_params`. */
export function evidenceFromJson(json: unknown): Evidence {
  const tagged = new JsonFields(json, "evidence");
  const type = tagged.text("type");
  const value = tagged.object("value");
  switch (type) {
    case DUPLICATE_VOTE:
      return create(EvidenceSchema, {
        sum: { case: "duplicateVoteEvidence", value: duplicateVote(value) },
      });
    case LIGHT_CLIENT_ATTACK:
      return create(EvidenceSchema, {
        sum: { case: "lightClientAttackEvidence", value: lightClientAttack(value) },
      });
    default:
      return invalidParams("error converting params to arguments: evidence.type: unknown");
  }
}

function duplicateVote(fields: JsonFields) {
  return {
    ...(fields.has("vote_a") && { voteA: vote(fields.object("vote_a")) }),
    ...(fields.has("vote_b") && { voteB: vote(fields.object("vote_b")) }),
    totalVotingPower: fields.int64("TotalVotingPower"),
    validatorPower: fields.int64("ValidatorPower"),
    timestamp: fields.time("Timestamp"),
  };
}

function vote(fields: JsonFields): MessageInitShape<typeof VoteSchema> {
  return {
    type: fields.uint31("type") as SignedMsgType,
    height: fields.int64("height"),
    round: fields.uint31("round"),
    blockId: blockId(fields.object("block_id")),
    timestamp: fields.time("timestamp"),
    validatorAddress: fields.hex("validator_address"),
    validatorIndex: fields.uint31("validator_index"),
    signature: fields.base64("signature"),
    extension: fields.base64("extension"),
    extensionSignature: fields.base64("extension_signature"),
  };
}

function blockId(fields: JsonFields): MessageInitShape<typeof BlockIDSchema> {
  const parts = fields.object("parts");
  return {
    hash: fields.hex("hash"),
    partSetHeader: { total: parts.uint31("total"), hash: parts.hex("hash") },
  };
}

function lightClientAttack(
  fields: JsonFields,
): MessageInitShape<typeof LightClientAttackEvidenceSchema> {
  const block = fields.object("ConflictingBlock");
  const signed = block.object("signed_header");
  const set = block.object("validator_set");
  return {
    conflictingBlock: {
      signedHeader: {
        header: header(signed.object("header")),
        commit: commit(signed.object("commit")),
      },
      validatorSet: {
        validators: set.list("validators").map(validator),
        proposer: validator(set.object("proposer")),
      },
    },
    commonHeight: fields.int64("CommonHeight"),
    byzantineValidators: fields.list("ByzantineValidators").map(validator),
    totalVotingPower: fields.int64("TotalVotingPower"),
    timestamp: fields.time("Timestamp"),
  };
}

function header(fields: JsonFields): MessageInitShape<typeof HeaderSchema> {
  const version = fields.object("version");
  return {
    version: { block: version.int64("block"), app: version.int64("app") },
    chainId: fields.text("chain_id"),
    height: fields.int64("height"),
    time: fields.time("time"),
    lastBlockId: blockId(fields.object("last_block_id")),
    lastCommitHash: fields.hex("last_commit_hash"),
    dataHash: fields.hex("data_hash"),
    validatorsHash: fields.hex("validators_hash"),
    nextValidatorsHash: fields.hex("next_validators_hash"),
    consensusHash: fields.hex("consensus_hash"),
    appHash: fields.hex("app_hash"),
    lastResultsHash: fields.hex("last_results_hash"),
    evidenceHash: fields.hex("evidence_hash"),
    proposerAddress: fields.hex("proposer_address"),
  };
}

function commit(fields: JsonFields): MessageInitShape<typeof CommitSchema> {
  return {
    height: fields.int64("height"),
    round: fields.uint31("round"),
    blockId: blockId(fields.object("block_id")),
    signatures: fields.list("signatures").map((signature) => ({
      blockIdFlag: signature.uint31("block_id_flag") as BlockIDFlag,
      validatorAddress: signature.hex("validator_address"),
      timestamp: signature.time("timestamp"),
      signature: signature.base64("signature"),
    })),
  };
}

function validator(fields: JsonFields): MessageInitShape<typeof ValidatorSchema> {
  return {
    address: fields.hex("address"),
    pubKey: { sum: { case: "ed25519", value: fields.object("pub_key").base64("value") } },
    votingPower: fields.int64("voting_power"),
    proposerPriority: fields.int64("proposer_priority"),
  };
}
