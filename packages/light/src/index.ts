export {
  READ_ABSENT_AFTER,
  READ_ABSENT_BEFORE,
  READ_ABSENT_BETWEEN,
  READ_ABSENT_EMPTY,
  READ_PRESENT,
  ReadProofWriter,
} from "./read-proof-format.ts";
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
