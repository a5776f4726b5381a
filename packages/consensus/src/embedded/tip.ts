/** Where the chain stands: what the next block builds on. */
import {
  type BlockId,
  type Commit,
  EMPTY_COMMIT,
  NO_BLOCK_ID,
  resultsHash,
  type Timestamp,
  timestampToNanos,
  type ValidatorSet,
} from "@tacit/light";
import type { CommitInfo, ConsensusParams, FinalizeBlockResponse } from "@tacit/sdk";
import type { GenesisDocument } from "../node/genesis.ts";
import { type ChainStore, type CommittedBlock, type StateChange, stored } from "./chain-store.ts";
import { assertConsensusParams } from "./params.ts";
import type { ChainState } from "./records.ts";
import { nextValidatorSet } from "./validator-set.ts";

export interface Tip {
  readonly chainId: string;
  readonly initialHeight: bigint;
  /** Of the last finished block; 0 before the first. */
  readonly height: bigint;
  readonly blockId: BlockId;
  /** Of the last block; the genesis time before the first. */
  readonly time: Timestamp;
  readonly commit: Commit;
  /** Whether the last block had transactions. */
  readonly hadTxs: boolean;
  readonly appHash: Uint8Array;
  readonly lastResultsHash: Uint8Array;
  /** Parameters and validators of the block after `height`. */
  readonly params: ConsensusParams;
  readonly validators: ValidatorSet;
  readonly nextValidators: ValidatorSet;
  /** Those of `height`, who signed `commit`; undefined before the first block. */
  readonly lastValidators: ValidatorSet | undefined;
}

export function nextHeight(tip: Tip): bigint {
  return tip.height === 0n ? tip.initialHeight : tip.height + 1n;
}

/** @throws {ConsensusError} `consensus/store_damaged`. */
export function loadTip(store: ChainStore, genesis: GenesisDocument, state: ChainState): Tip {
  const { chainId, initialHeight } = genesis;
  const next = state.height === 0n ? initialHeight : state.height + 1n;
  const base = {
    chainId,
    initialHeight,
    height: state.height,
    appHash: state.appHash,
    lastResultsHash: state.lastResultsHash,
    params: stored(store.params(next), `parameters at ${next}`),
    validators: stored(store.validators(next), `validators at ${next}`),
    nextValidators: stored(store.validators(next + 1n), `validators at ${next + 1n}`),
  };
  if (state.height === 0n) {
    const time = genesis.genesisTime;
    const nothing = { blockId: NO_BLOCK_ID, commit: EMPTY_COMMIT, hadTxs: false };
    return { ...base, ...nothing, time, lastValidators: undefined };
  }
  const last = stored(store.block(state.height), `block ${state.height}`);
  return {
    ...base,
    blockId: last.blockId,
    time: last.block.header.time,
    commit: last.commit,
    hadTxs: last.block.txs.length > 0,
    lastValidators: stored(store.validators(state.height), `validators at ${state.height}`),
  };
}

/**
 * The tip after `block`, and what of it has to be stored. Validator changes of block H hold from
 * H+2 on, parameters from H+1.
 * @throws {ConsensusError} `consensus/bad_validator_update`, `consensus/bad_param_update`.
 */
export function advanceTip(
  tip: Tip,
  { block, blockId, commit }: CommittedBlock,
  result: FinalizeBlockResponse,
): { readonly tip: Tip; readonly change: StateChange } {
  const { height, time } = block.header;
  const params = result.consensusParamUpdates ?? tip.params;
  if (result.consensusParamUpdates !== undefined) assertConsensusParams(params);
  const nextValidators = nextValidatorSet(tip.nextValidators, result.validatorUpdates);
  const state: ChainState = {
    height,
    appHash: result.appHash,
    lastResultsHash: resultsHash(result.txResults),
  };
  return {
    tip: {
      chainId: tip.chainId,
      initialHeight: tip.initialHeight,
      ...state,
      blockId,
      time,
      commit,
      hadTxs: block.txs.length > 0,
      params,
      validators: tip.nextValidators,
      nextValidators,
      lastValidators: tip.validators,
    },
    change: {
      state,
      validators: [[height + 2n, nextValidators]],
      params: result.consensusParamUpdates && [height + 1n, params],
    },
  };
}

/** Who signed the last block, as the application is told. */
export function lastCommitInfo(tip: Pick<Tip, "commit" | "lastValidators">): CommitInfo {
  const validators = tip.lastValidators?.validators ?? [];
  const votes = validators.map(({ address, power }, index) => ({
    address,
    power,
    blockIdFlag: tip.commit.signatures[index]?.blockIdFlag ?? 1,
  }));
  return { round: tip.commit.round, votes };
}

/** The time of the next block: the median of the signatures' times, weighted by power (BFT time). */
export function nextBlockTime(tip: Tip): Timestamp {
  if (tip.lastValidators === undefined) return tip.time;
  const { validators } = tip.lastValidators;
  const times = tip.commit.signatures
    .map(({ blockIdFlag, timestamp }, index) => ({
      blockIdFlag,
      timestamp,
      power: validators[index]?.power ?? 0n,
    }))
    .filter(({ blockIdFlag }) => blockIdFlag !== 1)
    .sort((a, b) => (timestampToNanos(a.timestamp) < timestampToNanos(b.timestamp) ? -1 : 1));
  let median = times.reduce((total, { power }) => total + power, 0n) / 2n;
  for (const { timestamp, power } of times) {
    if (median <= power) return timestamp;
    median -= power;
  }
  return tip.time;
}
