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
