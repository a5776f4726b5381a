/** `cosmos.base.node.v1beta1.Service`: how this node is configured and where it stands. */
import { Service } from "@tacit/encoding/proto/cosmos/base/node/v1beta1/query";
import type { ChainData } from "../chain-data.ts";
import { localMethods, type ServiceMethod } from "./method.ts";

export interface NodeConfig {
  /** Such as "0.012500000000000000uscrt". */
  readonly minimumGasPrice: string;
  /** Versions of the state kept; "0" is all. */
  readonly pruningKeepRecent: string;
  /** Blocks between prunings. */
  readonly pruningInterval: string;
}

export function nodeServiceMethods(chain: ChainData, config: NodeConfig): ServiceMethod[] {
  return localMethods(
    Service,
    {
      config: () => ({ ...config }),
      status: () => {
        const status = chain.status();
        const header = status.latestBlock;
        return {
          earliestStoreHeight: status.earliestHeight,
          height: status.latestHeight,
          ...(header === undefined
            ? {}
            : { timestamp: { seconds: header.time.seconds, nanos: header.time.nanos } }),
          appHash: status.latestAppHash,
          validatorHash: header?.nextValidatorsHash ?? new Uint8Array(),
        };
      },
    },
    () => chain.status().latestHeight,
  );
}
