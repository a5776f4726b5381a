/** The one table of methods that every server serves. */
import type { DescService } from "@bufbuild/protobuf";
import type { TypeRegistry } from "@tacit/encoding";
import { Service as NodeService } from "@tacit/encoding/proto/cosmos/base/node/v1beta1/query";
import { Service as CometBftService } from "@tacit/encoding/proto/cosmos/base/tendermint/v1beta1/query";
import { Service as TxService } from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import type { Application } from "@tacit/sdk";
import type { ChainData } from "../chain-data.ts";
import { cometBftServiceMethods, type VersionInfo } from "./cometbft-service.ts";
import type { ServiceMethod } from "./method.ts";
import { type NodeConfig, nodeServiceMethods } from "./node-service.ts";
import { queryMethods } from "./query-methods.ts";
import { reflectionMethods, reflectionServices } from "./reflection-services.ts";
import { txServiceMethods } from "./tx-service.ts";

export interface ServiceRegistryOptions {
  readonly application: Pick<Application, "query">;
  readonly chain: ChainData;
  /** The Query services of the network's modules. */
  readonly queryServices: readonly DescService[];
  /** The types that messages may hold in an Any, and the files that reflection shows. */
  readonly types: TypeRegistry;
  readonly version: VersionInfo;
  readonly node: NodeConfig;
}

export interface ServiceRegistry {
  readonly services: readonly DescService[];
  readonly methods: readonly ServiceMethod[];
  readonly types: TypeRegistry;
  readonly version: VersionInfo;
  /** @param path `/pkg.Service/Method`. */
  method(path: string): ServiceMethod | undefined;
}

export function createServiceRegistry(options: ServiceRegistryOptions): ServiceRegistry {
  const { application, chain, types } = options;
  const services = [
    ...options.queryServices,
    TxService,
    CometBftService,
    NodeService,
    ...reflectionServices,
  ];
  const methods = [
    ...options.queryServices.flatMap((service) => queryMethods(service, application)),
    ...txServiceMethods({ application, chain, types }),
    ...cometBftServiceMethods(options),
    ...nodeServiceMethods(chain, options.node),
    ...reflectionMethods({
      chainId: chain.chainId,
      types,
      services,
      currentHeight: () => chain.status().latestHeight,
    }),
  ];
  const byPath = new Map(methods.map((method) => [method.path, method]));
  return {
    services,
    methods,
    types,
    version: options.version,
    method: (path) => byPath.get(path),
  };
}
