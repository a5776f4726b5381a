/** Takes a stored block through FinalizeBlock and Commit, in the order that survives a crash. */
import { encodeValidators } from "@tacit/light";
import type { Application, FinalizeBlockRequest, FinalizeBlockResponse } from "@tacit/sdk";
import { ConsensusError } from "../errors.ts";
import { decodeEvidence, misbehaviorOf } from "../evidence/messages.ts";
import type { ChainStore, CommittedBlock } from "./chain-store.ts";
import type { Mempool } from "./mempool.ts";
import { pruneBelow } from "./prune.ts";
import type { OnStep } from "./steps.ts";
import { advanceTip, lastCommitInfo, type Tip } from "./tip.ts";

export interface Executor {
  readonly store: ChainStore;
  readonly app: Application;
  readonly mempool: Pick<Mempool, "lock" | "update" | "unlock">;
  readonly onStep: OnStep;
}

export interface ExecutedBlock {
  readonly committed: CommittedBlock;
  readonly result: FinalizeBlockResponse;
  readonly tip: Tip;
}

/**
 * Executes and finishes `committed`, which is already stored.
 * @throws {ConsensusError} `consensus/bad_app_response`, `consensus/bad_validator_update`,
 *   `consensus/bad_param_update`; whatever the application throws.
 */
export async function executeBlock(
  tip: Tip,
  committed: CommittedBlock,
  executor: Executor,
): Promise<ExecutedBlock> {
  const { store, mempool, onStep } = executor;
  const { txs } = committed.block;
  // Locked before FinalizeBlock and not only for Commit, as CometBFT does: an application of one
  // thread may hold back a CheckTx that comes between the two, and would be waited for here.
  await mempool.lock();
  try {
    const { result, next, retainHeight } = await finalizeAndCommit(tip, committed, executor);
    const rechecked = mempool.update(txs, result.txResults);
    await Promise.all([store.saveState(next.change, committed.block, result), rechecked]);
    const { height } = committed.block.header;
    await onStep("after_index", height);
    // The last block is what the next one builds on, whatever the application says.
    await pruneBelow(store, retainHeight < height ? retainHeight : height);
    return { committed, result, tip: next.tip };
  } catch (error) {
    mempool.unlock();
    throw error;
  }
}

async function finalizeAndCommit(
  tip: Tip,
  committed: CommittedBlock,
  { store, app, onStep }: Executor,
) {
  const { height } = committed.block.header;
  await onStep("before_finalize", height);
  const result = await finalizeBlock(app, finalizeRequest(tip, committed));
  await onStep("after_finalize", height);
  await store.saveResult(height, result);
  await onStep("after_save_results", height);
  const next = advanceTip(tip, committed, result);
  await onStep("before_commit", height);
  const { retainHeight } = await app.commit();
  await onStep("after_commit", height);
  return { result, next, retainHeight };
}

/** What the application is asked for `committed`, the block after `tip`. */
export function finalizeRequest(
  tip: Pick<Tip, "commit" | "lastValidators" | "validators">,
  { block, blockId, commit }: CommittedBlock,
): FinalizeBlockRequest {
  const { header, txs } = block;
  return {
    txs,
    decidedLastCommit: lastCommitInfo(tip),
    misbehavior: block.evidence.flatMap((bytes) => misbehaviorOf(decodeEvidence(bytes))),
    hash: blockId.hash,
    height: header.height,
    time: header.time,
    nextValidatorsHash: header.nextValidatorsHash,
    proposerAddress: header.proposerAddress,
    header,
    commit,
    validators: encodeValidators(tip.validators.validators),
  };
}

/** @throws {ConsensusError} `consensus/bad_app_response`. */
export async function finalizeBlock(
  app: Application,
  request: FinalizeBlockRequest,
): Promise<FinalizeBlockResponse> {
  const result = await app.finalizeBlock(request);
  if (result.txResults.length !== request.txs.length) {
    throw new ConsensusError({ code: "consensus/bad_app_response", height: request.height });
  }
  return result;
}
