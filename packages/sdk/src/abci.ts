/**
 * ABCI 2.0 (CometBFT v0.38) as plain values: the one interface between consensus and the state
 * machine. All values survive a structured clone, so a driver and the application may live in
 * different threads.
 */
import type { Commit, Header, Timestamp } from "@tacit/light";

export interface EventAttribute {
  readonly key: string;
  readonly value: string;
  /** Whether indexers should index it. */
  readonly index: boolean;
}

export interface AbciEvent {
  readonly type: string;
  readonly attributes: readonly EventAttribute[];
}

export interface ExecTxResult {
  /** 0 is success; otherwise the code of the error within `codespace`. */
  readonly code: number;
  /** Protobuf TxMsgData on success. */
  readonly data: Uint8Array;
  readonly log: string;
  readonly info: string;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
  readonly events: readonly AbciEvent[];
  readonly codespace: string;
}

export type CheckTxResponse = ExecTxResult;

export interface ValidatorUpdate {
  readonly keyType: "ed25519" | "secp256k1";
  readonly publicKey: Uint8Array;
  /** 0 removes the validator. */
  readonly power: bigint;
}

export interface ConsensusParams {
  readonly block: { readonly maxBytes: bigint; readonly maxGas: bigint };
  readonly evidence: {
    readonly maxAgeNumBlocks: bigint;
    readonly maxAgeDurationNs: bigint;
    readonly maxBytes: bigint;
  };
  readonly validator: { readonly pubKeyTypes: readonly string[] };
  readonly version: { readonly app: bigint };
  readonly abci: { readonly voteExtensionsEnableHeight: bigint };
}

export interface VoteInfo {
  readonly address: Uint8Array;
  readonly power: bigint;
  readonly blockIdFlag: 1 | 2 | 3;
}

export interface CommitInfo {
  readonly round: number;
  readonly votes: readonly VoteInfo[];
}

export interface Misbehavior {
  readonly type: "duplicate_vote" | "light_client_attack";
  readonly validator: { readonly address: Uint8Array; readonly power: bigint };
  readonly height: bigint;
  readonly time: Timestamp;
  readonly totalVotingPower: bigint;
}

export interface InfoResponse {
  readonly data: string;
  readonly version: string;
  readonly appVersion: bigint;
  /** Last committed height; 0 before the first commit. */
  readonly lastBlockHeight: bigint;
  readonly lastBlockAppHash: Uint8Array;
}

export interface InitChainRequest {
  readonly time: Timestamp;
  readonly chainId: string;
  readonly consensusParams: ConsensusParams;
  readonly validators: readonly ValidatorUpdate[];
  /** The genesis document's app_state, as JSON text bytes. */
  readonly appStateBytes: Uint8Array;
  readonly initialHeight: bigint;
}

export interface InitChainResponse {
  readonly consensusParams: ConsensusParams | undefined;
  readonly validators: readonly ValidatorUpdate[];
  readonly appHash: Uint8Array;
}

export interface QueryRequest {
  /** `/pkg.Service/Method`, `/store/<name>/key`, `/store/<name>/subspace`, `/app/simulate`, `/app/version`. */
  readonly path: string;
  readonly data: Uint8Array;
  /** 0 is the last committed height. */
  readonly height: bigint;
  readonly prove: boolean;
  /** Who asks, such as an address of the network: clients share the node's threads fairly. No part of the question. */
  readonly client?: string | undefined;
}

export interface ProofOp {
  readonly type: string;
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

export interface QueryResponse {
  readonly code: number;
  readonly log: string;
  readonly info: string;
  readonly index: bigint;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly proofOps: readonly ProofOp[] | undefined;
  readonly height: bigint;
  readonly codespace: string;
  /**
   * Status of gRPC for `/pkg.Service/Method` paths: what a native gRPC or REST server answers.
   * Absent on success.
   */
  readonly grpcStatus?: { readonly code: number; readonly message: string };
  /** SDK gas that answering took, for the node's own accounts; clients do not see it. */
  readonly gasUsed?: bigint;
}

export interface PrepareProposalRequest {
  readonly maxTxBytes: bigint;
  readonly txs: readonly Uint8Array[];
  readonly localLastCommit: CommitInfo;
  readonly misbehavior: readonly Misbehavior[];
  readonly height: bigint;
  readonly time: Timestamp;
  readonly nextValidatorsHash: Uint8Array;
  readonly proposerAddress: Uint8Array;
}

export interface ProcessProposalRequest {
  readonly txs: readonly Uint8Array[];
  readonly proposedLastCommit: CommitInfo;
  readonly misbehavior: readonly Misbehavior[];
  readonly hash: Uint8Array;
  readonly height: bigint;
  readonly time: Timestamp;
  readonly nextValidatorsHash: Uint8Array;
  readonly proposerAddress: Uint8Array;
}

export interface FinalizeBlockRequest {
  readonly txs: readonly Uint8Array[];
  readonly decidedLastCommit: CommitInfo;
  readonly misbehavior: readonly Misbehavior[];
  /** Hash of the block's header. */
  readonly hash: Uint8Array;
  readonly height: bigint;
  readonly time: Timestamp;
  readonly nextValidatorsHash: Uint8Array;
  readonly proposerAddress: Uint8Array;
  /**
   * The block's own header and a commit for it, which the enclave verifies before any of the
   * block's messages runs. Not part of ABCI; the driver fetches or makes them. Absent only when
   * blocks recorded elsewhere are replayed without an enclave.
   */
  readonly header?: Header;
  readonly commit?: Commit;
  /** Who signed `commit`, in the order of sets: protobuf SimpleValidators, `encodeValidators` of `light`. */
  readonly validators?: Uint8Array;
}

export interface FinalizeBlockResponse {
  readonly events: readonly AbciEvent[];
  /** One a transaction, in order, always. */
  readonly txResults: readonly ExecTxResult[];
  readonly validatorUpdates: readonly ValidatorUpdate[];
  readonly consensusParamUpdates: ConsensusParams | undefined;
  readonly appHash: Uint8Array;
}

export interface Snapshot {
  readonly height: bigint;
  readonly format: number;
  readonly chunks: number;
  readonly hash: Uint8Array;
  readonly metadata: Uint8Array;
}

/** The state machine as consensus sees it. State reaches disk in `commit`, never before. */
export interface Application {
  info(): Promise<InfoResponse>;
  initChain(request: InitChainRequest): Promise<InitChainResponse>;
  query(request: QueryRequest): Promise<QueryResponse>;
  checkTx(request: {
    readonly tx: Uint8Array;
    readonly recheck: boolean;
  }): Promise<CheckTxResponse>;
  prepareProposal(
    request: PrepareProposalRequest,
  ): Promise<{ readonly txs: readonly Uint8Array[] }>;
  processProposal(request: ProcessProposalRequest): Promise<{ readonly accept: boolean }>;
  finalizeBlock(request: FinalizeBlockRequest): Promise<FinalizeBlockResponse>;
  /** @returns the lowest height consensus must keep; 0 keeps everything. */
  commit(): Promise<{ readonly retainHeight: bigint }>;
}
