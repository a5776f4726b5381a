/** Serves what the enclave asks for while it runs a contract. */
import type { HostAnswer, HostHandler, HostRequest } from "@tacit/enclave-channel";
import type { Context } from "@tacit/sdk";
import type { ChainQuery, ChainQueryAnswer } from "./chain-query/answer.ts";
import type { CodeStore, PrivateView } from "./expected.ts";

interface HostServices {
  readonly context: Context;
  readonly codes: CodeStore;
  /** Absent before the first commit: there is nothing to read then. */
  readonly view: PrivateView | undefined;
  chainQuery(query: ChainQuery): ChainQueryAnswer;
}

const logBytesMax = 10_000;

export function createHostHandler(services: HostServices): HostHandler {
  return { handle: (request) => answer(services, request) };
}

function answer(services: HostServices, request: HostRequest): HostAnswer {
  switch (request.kind) {
    case "read_private": {
      const { view } = services;
      if (view === undefined) {
        return { kind: "private", value: undefined, proof: new Uint8Array() };
      }
      return { kind: "private", ...view.read(request.key) };
    }
    case "load_code":
      return { kind: "code", code: services.codes.get(request.codeHash) };
    case "chain_query":
      return { kind: "chain_query", ...services.chainQuery(request) };
    case "log":
      services.context.logger[request.level](
        { module: "enclave" },
        request.text.slice(0, logBytesMax),
      );
      return { kind: "logged" };
  }
}
