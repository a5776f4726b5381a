import { equalBytes } from "@tacit/encoding";
import { type Header, validatorAddress } from "@tacit/light";
import type { ChainStore } from "./chain-store.ts";
import type { Tip } from "./tip.ts";

export interface NodeIdentity {
  /** 40 lower-case hex digits. */
  readonly nodeId: string;
  readonly moniker: string;
  /** Such as `tcp://0.0.0.0:26656`; the engine itself listens nowhere. */
  readonly listenAddress: string;
}

/** Has the shape of `NodeStatus` of the api package. */
export interface NodeStatus extends NodeIdentity {
  readonly chainId: string;
  readonly latestHeight: bigint;
  readonly latestBlock: Header | undefined;
  readonly latestBlockHash: Uint8Array;
  readonly latestAppHash: Uint8Array;
  readonly earliestHeight: bigint;
  readonly earliestBlock: Header | undefined;
  readonly earliestBlockHash: Uint8Array;
  readonly earliestAppHash: Uint8Array;
  readonly catchingUp: boolean;
  readonly validator: {
    readonly address: Uint8Array;
    readonly publicKey: Uint8Array;
    readonly power: bigint;
  };
}

const NO_HASH = new Uint8Array(0);

export function statusOf(
  store: ChainStore,
  tip: Tip,
  node: { readonly identity: NodeIdentity; readonly publicKey: Uint8Array },
): NodeStatus {
  const earliestHeight = tip.height === 0n ? 0n : store.base();
  const earliest = earliestHeight === 0n ? undefined : store.record(earliestHeight);
  const latest = tip.height === 0n ? undefined : store.record(tip.height);
  const address = validatorAddress(node.publicKey);
  const validator = tip.validators.validators.find((each) => equalBytes(each.address, address));
  return {
    nodeId: node.identity.nodeId,
    moniker: node.identity.moniker,
    listenAddress: node.identity.listenAddress,
    chainId: tip.chainId,
    latestHeight: tip.height,
    latestBlock: latest?.header,
    latestBlockHash: tip.blockId.hash,
    latestAppHash: tip.appHash,
    earliestHeight,
    earliestBlock: earliest?.header,
    earliestBlockHash: earliest?.blockId.hash ?? NO_HASH,
    earliestAppHash: earliest?.header.appHash ?? NO_HASH,
    catchingUp: false,
    validator: { address, publicKey: node.publicKey, power: validator?.power ?? 0n },
  };
}
