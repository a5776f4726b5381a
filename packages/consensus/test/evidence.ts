/** Evidence against validators whose keys a test has. */
import { create } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { type Ed25519PrivateKey, sha256 } from "@tacit/crypto";
import { decodeMessage, equalBytes } from "@tacit/encoding";
import {
  type DuplicateVoteEvidence,
  DuplicateVoteEvidenceSchema,
  type Evidence,
  EvidenceSchema,
} from "@tacit/encoding/proto/tendermint/types/evidence";
import {
  CommitSchema,
  HeaderSchema,
  type Vote,
  VoteSchema,
} from "@tacit/encoding/proto/tendermint/types/types";
import {
  BLOCK_ID_FLAG_COMMIT,
  type BlockId,
  type Commit,
  commitSignBytes,
  encodeCommit,
  encodeHeader,
  type Header,
  headerHash,
  PRECOMMIT,
  type Timestamp,
  totalPower,
  type ValidatorSet,
  validatorAddress,
  voteSignBytes,
} from "@tacit/light";
import { strangerKey, validatorKey } from "./node.ts";

/** Genesis of a network in which the second never signs. */
export const twoValidators = {
  validators: [
    { keyType: "ed25519" as const, publicKey: validatorKey.publicKey(), power: 10n, name: "one" },
    { keyType: "ed25519" as const, publicKey: strangerKey.publicKey(), power: 3n, name: "two" },
  ],
};

export interface Witness {
  readonly chainId: string;
  readonly height: bigint;
  /** Of the block at `height`. */
  readonly time: Timestamp;
  readonly validators: ValidatorSet;
}

export interface DoubleVote {
  readonly key: Ed25519PrivateKey;
  /** A precommit unless given. */
  readonly type?: 1 | 2;
  readonly round?: number;
}

/** Any block; `seed` makes others, those of larger seeds come later in order. */
export function someBlockId(seed: number): BlockId {
  return {
    hash: new Uint8Array(32).fill(seed),
    parts: { total: 1, hash: sha256(Uint8Array.of(seed)) },
  };
}

export function signedVote(
  { chainId, height, time }: Witness,
  { key, type = PRECOMMIT, round = 0 }: DoubleVote,
  blockId: BlockId,
): Vote {
  const signature = key.sign(
    voteSignBytes(chainId, { type, height, round, blockId, timestamp: time }),
  );
  return create(VoteSchema, {
    type,
    height,
    round,
    blockId: {
      hash: blockId.hash,
      partSetHeader: { total: blockId.parts.total, hash: blockId.parts.hash },
    },
    timestamp: { ...time },
    validatorAddress: validatorAddress(key.publicKey()),
    signature,
  });
}

/** One validator's votes for two blocks. `change` may spoil it. */
export function doubleVote(
  witness: Witness,
  vote: DoubleVote,
  change: Partial<DuplicateVoteEvidence> = {},
): Evidence {
  const { validators } = witness.validators;
  const address = validatorAddress(vote.key.publicKey());
  const signer = validators.find((one) => equalBytes(one.address, address));
  const value = create(DuplicateVoteEvidenceSchema, {
    voteA: signedVote(witness, vote, someBlockId(1)),
    voteB: signedVote(witness, vote, someBlockId(2)),
    totalVotingPower: totalPower(validators),
    validatorPower: signer?.power ?? 0n,
    timestamp: create(TimestampSchema, { ...witness.time }),
    ...change,
  });
  return create(EvidenceSchema, { sum: { case: "duplicateVoteEvidence", value } });
}

/** A header that one validator alone signed, as an attack on light clients. */
export function attackBy(
  key: Ed25519PrivateKey,
  header: Header,
  common: Witness,
  accused = common.validators.validators,
): Evidence {
  const blockId = { hash: headerHash(header), parts: someBlockId(3).parts };
  const entry = {
    blockIdFlag: BLOCK_ID_FLAG_COMMIT as 2,
    validatorAddress: validatorAddress(key.publicKey()),
    timestamp: header.time,
    signature: new Uint8Array(),
  };
  const unsigned: Commit = { height: header.height, round: 0, blockId, signatures: [entry] };
  const signature = key.sign(commitSignBytes(common.chainId, unsigned, 0));
  const commit = { ...unsigned, signatures: [{ ...entry, signature }] };
  const wire = (validator: (typeof accused)[number]) => ({
    address: validator.address,
    pubKey: { sum: { case: "ed25519" as const, value: validator.publicKey } },
    votingPower: validator.power,
    proposerPriority: validator.proposerPriority,
  });
  const { validators, proposer } = common.validators;
  return create(EvidenceSchema, {
    sum: {
      case: "lightClientAttackEvidence",
      value: {
        conflictingBlock: {
          signedHeader: {
            header: decodeMessage(HeaderSchema, encodeHeader(header)),
            commit: decodeMessage(CommitSchema, encodeCommit(commit)),
          },
          validatorSet: { validators: validators.map(wire), proposer: wire(proposer) },
        },
        commonHeight: common.height,
        byzantineValidators: accused.map(wire),
        totalVotingPower: totalPower(validators),
        timestamp: { ...common.time },
      },
    },
  });
}
