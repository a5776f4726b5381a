/** A validator that signed two votes at once (CometBFT v0.38, evidence/verify.go). */
import { ed25519Verify } from "@tacit/crypto";
import { compareBytes, concatBytes, encodeMessage, equalBytes } from "@tacit/encoding";
import type { DuplicateVoteEvidence } from "@tacit/encoding/proto/tendermint/types/evidence";
import { PartSetHeaderSchema, type Vote } from "@tacit/encoding/proto/tendermint/types/types";
import {
  type BlockId,
  PRECOMMIT,
  PREVOTE,
  totalPower,
  type ValidatorSet,
  voteSignBytes,
  ZERO_TIME,
} from "@tacit/light";
import { SIGNATURE_BYTES_MAX } from "../limits.ts";
import { malformed, refusal } from "./messages.ts";

const HASH_BYTES = 32;
const ADDRESS_BYTES = 20;

interface Context {
  readonly chainId: string;
  /** Of the height at which the votes were signed. */
  readonly validators: ValidatorSet;
}

/** Both votes of evidence that is well formed: for the smaller block id first. */
interface Votes {
  readonly a: Vote;
  readonly b: Vote;
}

/** What can be said without knowing the chain. @throws {EvidenceError} `evidence/malformed`. */
function assertDuplicateVote({ voteA: a, voteB: b }: DuplicateVoteEvidence): Votes {
  if (a === undefined || b === undefined) throw malformed("one of the votes is missing");
  assertVote(a);
  assertVote(b);
  const order = compareBlockIds(blockIdOf(a), blockIdOf(b));
  if (order > 0) throw malformed("duplicate votes in invalid order");
  return { a, b };
}

/**
 * Passes if one validator of the set signed both votes, and they contradict.
 * @throws {EvidenceError} `evidence/malformed`, `evidence/not_a_validator`,
 *   `evidence/no_contradiction`, `evidence/wrong_power`, `evidence/bad_signature`.
 */
export function verifyDuplicateVote(evidence: DuplicateVoteEvidence, context: Context): void {
  const { a, b } = assertDuplicateVote(evidence);
  const { validators } = context.validators;
  const signer = validators.find(({ address }) => equalBytes(address, a.validatorAddress));
  if (signer === undefined) {
    throw refusal("evidence/not_a_validator", `not in the set of height ${a.height}`);
  }
  assertContradiction(a, b);
  if (signer.power !== evidence.validatorPower) {
    throw refusal("evidence/wrong_power", `${evidence.validatorPower}, not ${signer.power}`);
  }
  const total = totalPower(validators);
  if (total !== evidence.totalVotingPower) {
    throw refusal("evidence/wrong_power", `${evidence.totalVotingPower} in total, not ${total}`);
  }
  for (const [name, vote] of [
    ["vote A", a],
    ["vote B", b],
  ] as const) {
    const message = voteSignBytes(context.chainId, signedPart(vote));
    if (!ed25519Verify(message, vote.signature, signer.publicKey)) {
      throw refusal("evidence/bad_signature", `that of ${name}`);
    }
  }
}

function assertContradiction(a: Vote, b: Vote): void {
  if (a.height !== b.height || a.round !== b.round || a.type !== b.type) {
    throw refusal(
      "evidence/no_contradiction",
      "height, round and type of the votes must be the same",
    );
  }
  if (!equalBytes(a.validatorAddress, b.validatorAddress)) {
    throw refusal("evidence/no_contradiction", "two validators signed");
  }
  if (compareBlockIds(blockIdOf(a), blockIdOf(b)) === 0) {
    throw refusal("evidence/no_contradiction", "the votes are for the same block");
  }
}

function assertVote(vote: Vote): void {
  const { hash, parts } = blockIdOf(vote);
  const isNil = hash.length === 0 && parts.total === 0 && parts.hash.length === 0;
  const isComplete =
    hash.length === HASH_BYTES && parts.total > 0 && parts.hash.length === HASH_BYTES;
  const isExtended = vote.extension.length > 0 || vote.extensionSignature.length > 0;
  if (vote.type !== PREVOTE && vote.type !== PRECOMMIT) throw malformed("it is no vote");
  if (vote.height <= 0n || vote.round < 0 || vote.validatorIndex < 0) {
    throw malformed("a vote's numbers are below zero");
  }
  if (!isNil && !isComplete) throw malformed("a vote is for half a block id");
  if (vote.validatorAddress.length !== ADDRESS_BYTES) throw malformed("a voter has no address");
  if (vote.signature.length === 0) throw malformed("a vote is not signed");
  if (vote.signature.length > SIGNATURE_BYTES_MAX) throw malformed("a signature is too long");
  if (isExtended && (isNil || vote.type !== PRECOMMIT)) {
    throw malformed("only precommits for a block are extended");
  }
  if (vote.extensionSignature.length > SIGNATURE_BYTES_MAX) {
    throw malformed("a signature is too long");
  }
  if (vote.extension.length > 0 && vote.extensionSignature.length === 0) {
    throw malformed("an extension is not signed");
  }
}

function signedPart(vote: Vote) {
  return {
    type: vote.type === PREVOTE ? PREVOTE : PRECOMMIT,
    height: vote.height,
    round: vote.round,
    blockId: blockIdOf(vote),
    timestamp: vote.timestamp ?? ZERO_TIME,
  } as const;
}

function blockIdOf({ blockId }: Vote): BlockId {
  const empty = new Uint8Array();
  const { total = 0, hash = empty } = blockId?.partSetHeader ?? {};
  return { hash: blockId?.hash ?? empty, parts: { total, hash } };
}

function compareBlockIds(a: BlockId, b: BlockId): number {
  return compareBytes(keyOf(a), keyOf(b));
}

/** CometBFT's `BlockID.Key`: hash, then the protobuf of the parts. */
function keyOf({ hash, parts }: BlockId): Uint8Array {
  return concatBytes(hash, encodeMessage(PartSetHeaderSchema, parts));
}
