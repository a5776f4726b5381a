/** The state of a chain as a genesis that it, or another, can begin from. */
import type { Timestamp } from "@tacit/light";
import {
  type BlockInfo,
  type ConsensusParams,
  type Context,
  createContext,
  type JsonValue,
} from "@tacit/sdk";
import type { MultiStoreReader, MultiStoreView } from "@tacit/store";
import type { Composition } from "./composition.ts";
import { AppError } from "./errors.ts";
import type { NetworkDefinition } from "./networks/network.ts";
import { composeOffline } from "./offline.ts";
import { blockAt } from "./query/versions.ts";

export interface ExportOptions {
  /** Pays everything out and begins at height 1 with nothing of the past but stakes. */
  readonly forZeroHeight?: boolean;
  /**
   * With `forZeroHeight`: operators (bech32) that are not jailed; all others are. Empty jails
   * nobody more.
   */
  readonly jailAllowedAddresses?: readonly string[];
}

export interface ExportedState {
  readonly appState: { readonly [module: string]: JsonValue };
  /** The first height of a chain that begins from it. */
  readonly initialHeight: bigint;
  /** Of the exported block: what comes after is later. */
  readonly time: Timestamp;
  readonly consensusParams: ConsensusParams;
  /** Who signs the first block, by ascending operator. */
  readonly validators: readonly ExportedValidator[];
}

export interface ExportedValidator {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly power: bigint;
  readonly name: string;
}

/**
 * @param view a committed version; nothing in it changes.
 * @throws {AppError} `app/export` for an operator that is none; failures of modules that hold what
 *   they cannot export.
 */
export function exportState(
  composition: Composition,
  { view, block }: { readonly view: MultiStoreView; readonly block: BlockInfo },
  options: ExportOptions = {},
): ExportedState {
  const { network, consensusParams: params, modules, stake } = composition;
  const context = createContext({
    mode: "query",
    block,
    stores: view.branch(),
    kvGas: network.kvGas,
  });
  const consensusParams = params.get(context);
  if (consensusParams === undefined) {
    throw new AppError({ code: "app/export", reason: "there are no consensus parameters" });
  }
  const isZero = options.forZeroHeight === true;
  if (isZero) prepareForZeroHeight(composition, context, options.jailAllowedAddresses ?? []);
  return {
    appState: modules.exportGenesis(context),
    initialHeight: isZero ? 1n : block.height + 1n,
    time: block.time,
    consensusParams,
    validators: stake.staking.lastValidators(context).map((validator) => ({
      publicKey: stake.staking.consensusPublicKey(validator),
      power: stake.staking.powerOf(validator),
      name: validator.description?.moniker ?? "",
    })),
  };
}

/**
 * The same of what a node has stored.
 * @param height 0 for the last.
 * @throws {StoreError} `store/version_unknown`; {AppError} `app/export` before the first block.
 */
export function exportCommitted(
  network: NetworkDefinition,
  reader: MultiStoreReader,
  options: ExportOptions & { readonly height: bigint },
): ExportedState {
  const last = reader.lastCommitId().version;
  if (last === 0n) throw new AppError({ code: "app/export", reason: "there is no block yet" });
  const height = options.height === 0n ? last : options.height;
  const blobs = { get: (key: string) => reader.blob(key), put: () => {} };
  const view = reader.atVersion(height);
  try {
    const versions = {
      lastVersion: () => last,
      atVersion: (version: bigint) => reader.atVersion(version),
      blobs,
    };
    const block = blockAt(versions, network.chainId, height);
    return exportState(composeOffline(network, blobs), { view, block }, options);
  } finally {
    view.close();
  }
}

function prepareForZeroHeight(
  { stake }: Composition,
  context: Context,
  jailAllowedAddresses: readonly string[],
): void {
  for (const operator of jailAllowedAddresses) assertOperator(stake.staking, operator);
  stake.distribution.prepareForZeroHeight(context);
  stake.staking.prepareForZeroHeight(context, jailAllowedAddresses);
  stake.slashing.resetStartHeights(context);
}

function assertOperator({ operators }: Composition["stake"]["staking"], text: string): void {
  try {
    operators.toBytes(text);
  } catch (cause) {
    const reason = `${text} is no address of a validator (${operators.prefix}1…)`;
    throw new AppError({ code: "app/export", reason }, { cause });
  }
}
