/** Makes the next block and the commit that this node's validator signs for it. */
import type { Ed25519PrivateKey } from "@tacit/crypto";
import { equalBytes } from "@tacit/encoding";
import {
  ABSENT_SIGNATURE,
  BLOCK_ID_FLAG_COMMIT,
  type Block,
  type Commit,
  type CommitSignature,
  commitHash,
  consensusParamsHash,
  dataHash,
  encodeBlock,
  evidenceHash,
  type Header,
  headerHash,
  nanosToTimestamp,
  partSetHeader,
  type Timestamp,
  timestampToNanos,
  validatorAddress,
  validatorSetHash,
  voteSignBytes,
} from "@tacit/light";
import type { Application } from "@tacit/sdk";
import { type Clock, laterOf } from "../clock.ts";
import { ConsensusError } from "../errors.ts";
import { decodeEvidence, misbehaviorOf } from "../evidence/messages.ts";
import type { EvidencePool } from "../evidence/pool.ts";
import {
  BLOCK_OVERHEAD_BYTES,
  COMMIT_OVERHEAD_BYTES,
  COMMIT_SIGNATURE_BYTES_MAX,
  HEADER_BYTES_MAX,
} from "../limits.ts";
import type { CommittedBlock } from "./chain-store.ts";
import { type Mempool, protoBytes } from "./mempool.ts";
import { blockBytesLimit } from "./params.ts";
import { lastCommitInfo, nextBlockTime, nextHeight, type Tip } from "./tip.ts";

/** version.BlockProtocol of CometBFT v0.38. */
const BLOCK_PROTOCOL = 11n;
/** A vote is at least this much later than its block (BFT time). */
const VOTE_DELAY_NANOS = 1_000_000n;

export interface Proposer {
  readonly app: Application;
  readonly mempool: Mempool;
  readonly evidence: Pick<EvidencePool, "reap">;
  readonly key: Ed25519PrivateKey;
  readonly clock: Clock;
}

/**
 * The block after `tip`, prepared and accepted by the application, with its commit.
 * @throws {ConsensusError} `consensus/not_a_validator`, `consensus/proposal_too_large`,
 *   `consensus/proposal_rejected`.
 */
export async function proposeBlock(tip: Tip, proposer: Proposer): Promise<CommittedBlock> {
  const height = nextHeight(tip);
  const time = nextBlockTime(tip);
  const proposerAddress = validatorAddress(proposer.key.publicKey());
  const reaped = proposer.evidence.reap(tip);
  const { evidence } = reaped;
  const common = {
    misbehavior: evidence.flatMap((bytes) => misbehaviorOf(decodeEvidence(bytes))),
    height,
    time,
    nextValidatorsHash: validatorSetHash(tip.nextValidators.validators),
    proposerAddress,
  };
  const commitInfo = lastCommitInfo(tip);
  const request = { ...common, localLastCommit: commitInfo };
  const txs = await prepareTxs(tip, proposer, request, reaped.sizeBytes);
  const header = makeHeader(tip, { ...common, txs, evidence });
  const block: Block = { header, txs, evidence, lastCommit: tip.commit };
  const hash = headerHash(header);
  const answer = { ...common, txs, hash, proposedLastCommit: commitInfo };
  if (!(await proposer.app.processProposal(answer)).accept) {
    throw new ConsensusError({ code: "consensus/proposal_rejected", height });
  }
  const bytes = encodeBlock(block);
  const blockId = { hash, parts: partSetHeader(bytes) };
  const commit = signCommit(tip, { height, blockId, time }, proposer);
  return { block, blockId, sizeBytes: bytes.length, commit };
}

/** Bytes that the transactions of a block may take (types.MaxDataBytes, without evidence). */
export function dataBytesMax(blockBytes: bigint, signatures: number): bigint {
  const commitBytes = COMMIT_OVERHEAD_BYTES + COMMIT_SIGNATURE_BYTES_MAX * BigInt(signatures);
  return blockBytes - BLOCK_OVERHEAD_BYTES - HEADER_BYTES_MAX - commitBytes;
}

async function prepareTxs(
  tip: Tip,
  { app, mempool }: Proposer,
  request: Omit<Parameters<Application["prepareProposal"]>[0], "maxTxBytes" | "txs">,
  evidenceBytes: bigint,
): Promise<readonly Uint8Array[]> {
  const blockBytes = blockBytesLimit(tip.params);
  const maxTxBytes = dataBytesMax(blockBytes - evidenceBytes, tip.commit.signatures.length);
  const gasMax = tip.params.block.maxGas;
  const pending = mempool.reap({ bytesMax: maxTxBytes, gasMax });
  const { txs } = await app.prepareProposal({ ...request, maxTxBytes, txs: pending });
  const bytes = txs.reduce((total, tx) => total + protoBytes(tx), 0n);
  if (bytes > maxTxBytes) {
    throw new ConsensusError({ code: "consensus/proposal_too_large", height: request.height });
  }
  return txs;
}

function makeHeader(
  tip: Tip,
  block: {
    readonly height: bigint;
    readonly time: Timestamp;
    readonly txs: readonly Uint8Array[];
    readonly evidence: readonly Uint8Array[];
    readonly nextValidatorsHash: Uint8Array;
    readonly proposerAddress: Uint8Array;
  },
): Header {
  return {
    version: { block: BLOCK_PROTOCOL, app: tip.params.version.app },
    chainId: tip.chainId,
    height: block.height,
    time: block.time,
    lastBlockId: tip.blockId,
    lastCommitHash: commitHash(tip.commit),
    dataHash: dataHash(block.txs),
    validatorsHash: validatorSetHash(tip.validators.validators),
    nextValidatorsHash: block.nextValidatorsHash,
    consensusHash: consensusParamsHash(tip.params.block),
    appHash: tip.appHash,
    lastResultsHash: tip.lastResultsHash,
    evidenceHash: evidenceHash(block.evidence),
    proposerAddress: block.proposerAddress,
  };
}

/** This node's precommit; the other validators of the set are absent. */
function signCommit(
  tip: Tip,
  block: { readonly height: bigint; readonly blockId: Commit["blockId"]; readonly time: Timestamp },
  { key, clock }: Proposer,
): Commit {
  const { height, blockId } = block;
  const address = validatorAddress(key.publicKey());
  const earliest = nanosToTimestamp(timestampToNanos(block.time) + VOTE_DELAY_NANOS);
  const timestamp = laterOf(clock.now(), earliest);
  let signed = 0;
  const signatures = tip.validators.validators.map((validator): CommitSignature => {
    if (!equalBytes(validator.address, address)) return ABSENT_SIGNATURE;
    signed += 1;
    const message = voteSignBytes(tip.chainId, { height, round: 0, blockId, timestamp });
    return {
      blockIdFlag: BLOCK_ID_FLAG_COMMIT,
      validatorAddress: address,
      timestamp,
      signature: key.sign(message),
    };
  });
  if (signed === 0) throw new ConsensusError({ code: "consensus/not_a_validator", height });
  return { height, round: 0, blockId, signatures };
}
