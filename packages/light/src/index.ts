export {
  dataHash,
  dataHashOf,
  decodeBlock,
  encodeBlock,
  evidenceHash,
  partSetHeader,
} from "./block.ts";
export {
  ABSENT_SIGNATURE,
  BLOCK_ID_FLAG_ABSENT,
  BLOCK_ID_FLAG_COMMIT,
  BLOCK_ID_FLAG_NIL,
  commitHash,
  commitSignBytes,
  decodeCommit,
  EMPTY_COMMIT,
  encodeCommit,
  PRECOMMIT,
  PREVOTE,
  type SignedVote,
  voteSignBytes,
} from "./commit.ts";
export { LightError, type LightFailure } from "./errors.ts";
export {
  decodeBlockId,
  decodeHeader,
  decodeTimestamp,
  encodeBlockId,
  encodeHeader,
  encodeTimestamp,
  headerHash,
  NO_BLOCK_ID,
  nanosToTimestamp,
  timestampToNanos,
  ZERO_TIME,
} from "./header.ts";
export {
  type CommitmentProof,
  decodeCommitmentProof,
  type ExistenceProof,
  type InnerOp,
  type LeafOp,
  type NonExistenceProof,
} from "./ics23/proof.ts";
export { iavlSpec, type TreeSpec, tendermintSpec } from "./ics23/spec.ts";
export {
  type MembershipClaim,
  type ProofOpsClaim,
  verifyMembership,
  verifyNonMembership,
  verifyProofOps,
} from "./ics23/verify.ts";
export {
  READ_ABSENT_AFTER,
  READ_ABSENT_BEFORE,
  READ_ABSENT_BETWEEN,
  READ_ABSENT_EMPTY,
  READ_PRESENT,
  ReadProofWriter,
} from "./read-proof-format.ts";
export { type ReadClaim, ReadVerifier, verifyRead } from "./read-verifier.ts";
export { consensusParamsHash, type DeterministicResult, resultsHash } from "./results.ts";
export { encodeStoreProof, storeLeaf, verifyStoreRoot } from "./store-root.ts";
export type {
  Block,
  BlockId,
  BlockIdFlag,
  Commit,
  CommitSignature,
  Header,
  Timestamp,
  Validator,
  ValidatorSet,
} from "./types.ts";
export {
  decodeValidators,
  encodeValidators,
  sortValidators,
  totalPower,
  validatorAddress,
  validatorSetHash,
} from "./validators.ts";
export {
  type CommitClaim,
  type SignatureCheck,
  type SignedHeader,
  verifyCommit,
  verifyNextHeader,
  verifySignedHeader,
} from "./verify-commit.ts";
