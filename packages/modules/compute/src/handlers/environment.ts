import type { ContractCalls } from "../contract-calls.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { ComputeCollaborators, ComputeOptions } from "../expected.ts";

/** What every handler works with. */
export interface HandlerEnvironment {
  readonly options: ComputeOptions;
  readonly collaborators: ComputeCollaborators;
  readonly calls: ContractCalls;
  readonly dispatcher: Dispatcher;
}
