/** The module as the frame sees it: messages, queries, genesis. */
import type { Module } from "@tacit/sdk";
import { ContractCalls } from "./contract-calls.ts";
import { Dispatcher } from "./dispatch/dispatcher.ts";
import type { ComputeCollaborators, ComputeOptions } from "./expected.ts";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import type { HandlerEnvironment } from "./handlers/environment.ts";
import { replyToContract } from "./handlers/reply.ts";
import { IbcContracts } from "./ibc-contracts.ts";
import { registerMessages } from "./messages.ts";
import { createQueries, queryService } from "./queries.ts";

export interface ComputeModule extends Module {
  /** What modules of IBC tell contracts. */
  readonly ibc: IbcContracts;
}

/**
 * Contracts without their plaintext: codes, instances, admins, and the way of messages between
 * contracts. What contracts do and keep is the enclave's.
 */
export function createComputeModule(
  options: ComputeOptions,
  collaborators: ComputeCollaborators,
): ComputeModule {
  const env = createEnvironment(options, collaborators);
  return {
    name: "compute",
    ibc: new IbcContracts(env),
    register: ({ messages, queries }) => {
      registerMessages(env, messages);
      const { addresses } = options;
      const { codes, records } = collaborators;
      const services = { addresses, codes, records, calls: env.calls, queryGas: options.queryGas };
      queries.register(queryService, createQueries(services));
    },
    defaultGenesis,
    initGenesis: (context, state) => initGenesis(env, context, state),
    exportGenesis: (context) => exportGenesis(env, context),
  };
}

function createEnvironment(
  options: ComputeOptions,
  collaborators: ComputeCollaborators,
): HandlerEnvironment {
  const calls = new ContractCalls(options, collaborators);
  const dispatcher = new Dispatcher(options, {
    messages: collaborators.messages,
    types: collaborators.types,
    reply: (context, call) => replyToContract(env, context, call),
  });
  const env: HandlerEnvironment = { options, collaborators, calls, dispatcher };
  return env;
}
