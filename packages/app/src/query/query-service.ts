/** Everything that can be asked of committed state. Runs in any thread that has a reader. */
import {
  createContext,
  createGasMeter,
  type GasMeter,
  grpcCodes,
  type Logger,
  type QueryRequest,
  type QueryResponse,
  sdkErrors,
  type TxOutcome,
  utf8Bytes,
} from "@tacit/sdk";
import type { MultiStoreView } from "@tacit/store";
import type { Composition } from "../composition.ts";
import { limits } from "../limits.ts";
import { failure, grpcFailure, heightFailure, success } from "./responses.ts";
import { type Simulate, simulateJson, simulateMethod } from "./simulate.ts";
import { queryStore } from "./store-query.ts";
import { blockAt, type VersionReader, versionFor, withView } from "./versions.ts";

export interface QueryServiceOptions {
  readonly composition: Composition;
  readonly reader: VersionReader;
  /** What `/app/version` answers. */
  readonly version: string;
  readonly logger: Logger;
}

/** `/package.Service/Method` */
const methodShape = /^\/([\w.]+\.\w+)\/(\w+)$/;

const simulatePath = "/cosmos.tx.v1beta1.Service/Simulate";

export class QueryService {
  readonly #options: QueryServiceOptions;

  constructor(options: QueryServiceOptions) {
    this.#options = options;
  }

  /** Never throws: whatever goes wrong is the answer. */
  query(request: QueryRequest): QueryResponse {
    if (request.data.length > limits.queryBytes) {
      return failure(sdkErrors.invalidRequest.wrap("query is too large"), request.height);
    }
    const isMethod =
      request.path === simulatePath ||
      this.#options.composition.queries.handler(request.path) !== undefined;
    try {
      return isMethod ? this.#method(request) : this.#path(request);
    } catch (error) {
      this.#log(error, request.path);
      if (isMethod) return heightFailure(error, request);
      const answer = failure(error, request.height);
      const method = methodShape.exec(request.path);
      if (method === null) return answer;
      const message = `unknown method ${method[2]} for service ${method[1]}`;
      return { ...answer, grpcStatus: { code: grpcCodes.unimplemented, message } };
    }
  }

  #method(request: QueryRequest): QueryResponse {
    const { reader } = this.#options;
    return withView(versionFor(reader, request), (view) => {
      const gasMeter = createGasMeter(limits.queryGas);
      try {
        const value =
          request.path === simulatePath
            ? simulateMethod(request.data, this.#simulator(view))
            : this.#handle(request, view, gasMeter);
        return success(view.version, value, { gasUsed: gasMeter.consumed });
      } catch (error) {
        this.#log(error, request.path);
        return { ...grpcFailure(error, request), gasUsed: gasMeter.consumed };
      }
    });
  }

  #handle(request: QueryRequest, view: MultiStoreView, gasMeter: GasMeter): Uint8Array {
    const { composition, reader } = this.#options;
    const handler = composition.queries.handler(request.path)!;
    const context = createContext({
      mode: "query",
      block: blockAt(reader, composition.network.chainId, view.version),
      stores: view,
      kvGas: composition.network.kvGas,
      gasMeter,
      logger: this.#options.logger,
    });
    return handler.handle(context, request.data);
  }

  #path(request: QueryRequest): QueryResponse {
    const { composition, reader, version } = this.#options;
    const [first = "", ...rest] = request.path.replace(/^\//, "").split("/");
    switch (first) {
      case "":
        throw sdkErrors.unknownRequest.wrap("no query path provided");
      case "store":
        return queryStore(reader, rest, request);
      case "p2p":
        return success(0n, new Uint8Array());
      case "app":
        if (rest[0] === "version") {
          return success(request.height, utf8Bytes(version), { codespace: "sdk" });
        }
        if (rest[0] === "simulate") {
          const newest = versionFor(reader, { height: 0n, prove: false });
          return withView(newest, (view) => {
            const simulate = this.#simulator(view);
            const value = simulateJson(request.data, simulate, composition.types);
            return success(request.height, value, { codespace: "sdk" });
          });
        }
        throw sdkErrors.unknownRequest.wrap(
          rest.length === 0
            ? "expected second parameter to be either 'simulate' or 'version', neither was present"
            : `unknown query: [${[first, ...rest].join(" ")}]`,
        );
      default:
        throw sdkErrors.unknownRequest.wrap("unknown query path");
    }
  }

  #simulator(view: MultiStoreView): Simulate {
    const { composition, reader, logger } = this.#options;
    return (tx): TxOutcome => {
      let context = createContext({
        mode: "simulate",
        block: blockAt(reader, composition.network.chainId, view.version),
        stores: view.branch(),
        kvGas: composition.network.kvGas,
        logger,
      });
      const consensusParams = composition.consensusParams.get(context);
      context = context.with({ consensusParams });
      return composition.runner.run("simulate", context, tx);
    };
  }

  #log(error: unknown, path: string): void {
    this.#options.logger.debug({ path, error: (error as Error).name }, "query failed");
  }
}
