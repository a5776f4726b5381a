/** One step of a proof as CometBFT's `ProofOp`: `data` is a protobuf ICS-23 CommitmentProof. */
export interface ProofOp {
  readonly type: "ics23:iavl" | "ics23:simple";
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}
