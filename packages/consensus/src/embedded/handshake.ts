/**
 * Brings application and block store to the same height when a node starts (CometBFT's
 * handshake). The block store may be one block ahead of the state, and the application anywhere
 * up to the block store.
 */
import { sha256 } from "@tacit/crypto";
import { equalBytes } from "@tacit/encoding";
import { EMPTY_COMMIT, resultsHash } from "@tacit/light";
import type { Application, InitChainResponse } from "@tacit/sdk";
import { ConsensusError } from "../errors.ts";
import { type GenesisDocument, genesisToJson } from "../node/genesis.ts";
import { type ChainStore, stored } from "./chain-store.ts";
import { type Executor, executeBlock, finalizeBlock, finalizeRequest } from "./execute.ts";
import type { ChainState } from "./records.ts";
import { encodeJson } from "./records.ts";
import { advanceTip, loadTip, type Tip } from "./tip.ts";
import { createValidatorSet, nextValidatorSet } from "./validator-set.ts";

/**
 * @returns the tip on which the next block builds.
 * @throws {ConsensusError} `consensus/genesis_changed`, `consensus/app_ahead`,
 *   `consensus/app_too_far_behind`, `consensus/app_hash_mismatch`, `consensus/store_damaged`.
 */
export async function handshake(genesis: GenesisDocument, executor: Executor): Promise<Tip> {
  const { store, app } = executor;
  const genesisHash = checkGenesis(store, genesis);
  const info = await app.info();
  let appHash = info.lastBlockAppHash;
  if (info.lastBlockHeight === 0n) {
    appHash = await initChain(executor, genesis, genesisHash);
  }
  const state = store.state();
  if (state === undefined) {
    throw new ConsensusError({
      code: "consensus/app_ahead",
      app: info.lastBlockHeight,
      store: store.height(),
    });
  }
  const heights = { app: info.lastBlockHeight, store: store.height(), state: state.height };
  checkHeights(heights, genesis.initialHeight);
  const settled = heights.app > heights.state ? heights.state : heights.app;
  const caughtUp = await replay(executor, genesis, { from: settled, to: heights.state });
  if (heights.app <= heights.state) checkHash(caughtUp ?? appHash, state.appHash, heights.state);
  const tip = loadTip(store, genesis, state);
  if (heights.store === heights.state) return tip;
  return heights.app === heights.store
    ? finishFromResults(executor, tip, appHash)
    : finishBlock(executor, tip);
}

function checkGenesis(store: ChainStore, genesis: GenesisDocument): Uint8Array {
  const hash = sha256(encodeJson(genesisToJson(genesis)));
  const known = store.genesisHash();
  if (known !== undefined && !equalBytes(known, hash)) {
    throw new ConsensusError({ code: "consensus/genesis_changed", path: genesis.chainId });
  }
  return hash;
}

function checkHeights(
  heights: { readonly app: bigint; readonly store: bigint; readonly state: bigint },
  initialHeight: bigint,
): void {
  const { app, store, state } = heights;
  const next = state === 0n ? initialHeight : state + 1n;
  if (store !== state && store !== next) {
    const what = `blocks end at ${store}, the state is at ${state}`;
    throw new ConsensusError({ code: "consensus/store_damaged", what });
  }
  if (app > store) throw new ConsensusError({ code: "consensus/app_ahead", app, store });
}

/** Starts the application's state; and the chain's, unless it was stored before. */
async function initChain(
  { store, app }: Executor,
  genesis: GenesisDocument,
  genesisHash: Uint8Array,
): Promise<Uint8Array> {
  const response = await app.initChain({
    time: genesis.genesisTime,
    chainId: genesis.chainId,
    consensusParams: genesis.consensusParams,
    validators: genesis.validators,
    appStateBytes: encodeJson(genesis.appState),
    initialHeight: genesis.initialHeight,
  });
  const appHash = response.appHash.length > 0 ? response.appHash : genesis.appHash;
  const known = store.state();
  if (known === undefined) await saveGenesis(store, genesis, { response, appHash, genesisHash });
  return appHash;
}

async function saveGenesis(
  store: ChainStore,
  genesis: GenesisDocument,
  made: {
    readonly response: InitChainResponse;
    readonly appHash: Uint8Array;
    readonly genesisHash: Uint8Array;
  },
): Promise<void> {
  const { response, appHash, genesisHash } = made;
  const isDerived = response.validators.length > 0;
  const updates = isDerived ? response.validators : genesis.validators;
  const validators = createValidatorSet(updates);
  const { initialHeight } = genesis;
  const state: ChainState = { height: 0n, appHash, lastResultsHash: resultsHash([]) };
  const params = response.consensusParams ?? genesis.consensusParams;
  await store.saveGenesis(genesisHash, {
    state,
    validators: [
      [initialHeight, validators],
      [initialHeight + 1n, nextValidatorSet(validators, [])],
    ],
    params: [initialHeight, params],
  });
}

/** Runs the finished blocks that the application lacks. @returns its hash after the last of them. */
async function replay(
  { store, app }: Executor,
  genesis: GenesisDocument,
  range: { readonly from: bigint; readonly to: bigint },
): Promise<Uint8Array | undefined> {
  let appHash: Uint8Array | undefined;
  const first = range.from === 0n ? genesis.initialHeight : range.from + 1n;
  const base = store.base();
  if (first <= range.to && first < base) {
    throw new ConsensusError({ code: "consensus/app_too_far_behind", app: range.from, base });
  }
  for (let height = first; height <= range.to; height++) {
    appHash = await replayBlock(store, app, height, genesis.initialHeight);
  }
  return appHash;
}

async function replayBlock(
  store: ChainStore,
  app: Application,
  height: bigint,
  initialHeight: bigint,
): Promise<Uint8Array> {
  const committed = stored(store.block(height), `block ${height}`);
  const isFirst = height === initialHeight;
  const validators = stored(store.validators(height), `validators at ${height}`);
  const before = isFirst
    ? { commit: EMPTY_COMMIT, lastValidators: undefined, validators }
    : {
        validators,
        commit: committed.block.lastCommit,
        lastValidators: stored(store.validators(height - 1n), `validators at ${height - 1n}`),
      };
  const result = await finalizeBlock(app, finalizeRequest(before, committed));
  const recorded = stored(store.result(height), `result ${height}`);
  checkHash(result.appHash, recorded.appHash, height);
  await app.commit();
  return result.appHash;
}

/** The block was stored but not committed by the application: it is executed. */
async function finishBlock(executor: Executor, tip: Tip): Promise<Tip> {
  const height = executor.store.height();
  const committed = stored(executor.store.block(height), `block ${height}`);
  return (await executeBlock(tip, committed, executor)).tip;
}

/** The application has committed the block: the state follows from the stored results. */
async function finishFromResults(
  { store, onStep }: Executor,
  tip: Tip,
  appHash: Uint8Array,
): Promise<Tip> {
  const height = store.height();
  const committed = stored(store.block(height), `block ${height}`);
  const result = stored(store.result(height), `result ${height}`);
  checkHash(appHash, result.appHash, height);
  const next = advanceTip(tip, committed, result);
  await store.saveState(next.change, committed.block, result);
  await onStep("after_index", height);
  return next.tip;
}

function checkHash(found: Uint8Array, recorded: Uint8Array, height: bigint): void {
  if (equalBytes(found, recorded)) return;
  throw new ConsensusError({ code: "consensus/app_hash_mismatch", height });
}
