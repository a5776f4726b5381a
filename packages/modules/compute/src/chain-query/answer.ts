/** Answers what contracts ask the chain (privacy protocol section 3.1). */
import { toBase64 } from "@tacit/encoding";
import { type Context, createGasMeter, OutOfGasError } from "@tacit/sdk";
import type { ContractCalls } from "../contract-calls.ts";
import type { ComputeCollaborators, ComputeOptions } from "../expected.ts";
import { type JsonObject, JsonShapeError, parseJson, readVariant } from "../json.ts";
import { CHAIN_ANSWER_BYTES_MAX, INVALID_REQUEST_GAS, QUERY_DEPTH_MAX } from "../limits.ts";
import { queryBank } from "./bank.ts";
import { queryMint, queryRewards } from "./economy.ts";
import {
  answerJson,
  contractFailureJson,
  queryFailure,
  SystemQueryError,
  systemFailureJson,
  unsupported,
} from "./errors.ts";
import { queryGov } from "./gov.ts";
import { queryIbc } from "./ibc.ts";
import { queryStaking } from "./staking.ts";
import { queryStargate } from "./stargate.ts";
import { queryWasm } from "./wasm.ts";

export interface ChainQuery {
  /** JSON of the contract's request; smart queries encrypted. */
  readonly request: Uint8Array;
  /** SDK gas. */
  readonly gasLimit: bigint;
  /** Of the new query; a client's own query is 1. */
  readonly depth: number;
}

export interface ChainQueryAnswer {
  /** JSON: `{"Ok":{"Ok":<base64>}}`, `{"Ok":{"Err":<StdError>}}` or `{"Err":<SystemError>}`. */
  readonly answer: Uint8Array;
  /** Already charged to the asking context. */
  readonly gasUsed: bigint;
  readonly outOfGas: boolean;
}

export interface QueryEnvironment {
  readonly context: Context;
  /** The contract that asks. */
  readonly caller: Uint8Array;
  readonly options: ComputeOptions;
  readonly collaborators: ComputeCollaborators;
  readonly calls: ContractCalls;
}

/** Kinds that run on a meter of their own; the others charge the asking one directly. */
const meteredKinds: ReadonlySet<string> = new Set(["bank", "custom", "staking", "wasm"]);

/** @throws only what must stop the node; everything else is an answer. */
export function answerChainQuery(env: QueryEnvironment, query: ChainQuery): ChainQueryAnswer {
  const asking = env.context.gasMeter;
  const before = asking.consumed;
  const attempt = tryAnswer(env, query);
  const gasUsed = asking.consumed - before;
  return { answer: attempt.answer, gasUsed, outOfGas: attempt.outOfGas };
}

interface Attempt {
  readonly answer: Uint8Array;
  readonly outOfGas: boolean;
}

function tryAnswer(env: QueryEnvironment, query: ChainQuery): Attempt {
  const { context } = env;
  if (query.depth > QUERY_DEPTH_MAX) {
    const answer = systemFailureJson({ exceeded_recursion_limit: {} });
    return { answer, outOfGas: false };
  }
  const request = parseRequest(query.request);
  if (request === undefined) return refuseRequest(context, query.request);
  if (!meteredKinds.has(request.kind)) return attempt(() => ask(env, request, query.depth));
  const child = createGasMeter(query.gasLimit);
  const inner = { ...env, context: context.withGasMeter(child) };
  const answered = attempt(() => ask(inner, request, query.depth));
  const isPaid = tryConsume(context, child.consumed, "contract sub-query");
  return { answer: answered.answer, outOfGas: answered.outOfGas || !isPaid };
}

interface ParsedRequest {
  readonly kind: string;
  readonly content: JsonObject;
}

function parseRequest(bytes: Uint8Array): ParsedRequest | undefined {
  try {
    const [kind, content] = readVariant(parseJson(bytes), "");
    return { kind, content };
  } catch (error) {
    if (error instanceof JsonShapeError) return undefined;
    throw error;
  }
}

function refuseRequest(context: Context, request: Uint8Array): Attempt {
  const isPaid = tryConsume(context, INVALID_REQUEST_GAS, "invalid request");
  const answer = systemFailureJson({
    invalid_request: { error: "Parsing query request", request: toBase64(request) },
  });
  return { answer, outOfGas: !isPaid };
}

function ask(env: QueryEnvironment, request: ParsedRequest, depth: number): Uint8Array {
  switch (request.kind) {
    case "bank":
      return queryBank(env, request.content);
    case "staking":
      return queryStaking(env, request.content);
    case "wasm":
      return queryWasm(env, request.content, depth);
    case "stargate":
      return queryStargate(env, request.content);
    case "custom":
      throw unsupported("custom");
    case "dist":
      return queryRewards(env, request.content);
    case "mint":
      return queryMint(env, request.content);
    case "gov":
      return queryGov(env, request.content);
    case "ibc":
      return queryIbc(env, request.content);
    default:
      throw new SystemQueryError({ unknown: {} });
  }
}

function attempt(body: () => Uint8Array): Attempt {
  try {
    const answer = answerJson(body());
    if (answer.length <= CHAIN_ANSWER_BYTES_MAX) return { answer, outOfGas: false };
    return { answer: contractFailureJson("query response is too large"), outOfGas: false };
  } catch (error) {
    if (error instanceof SystemQueryError) {
      return { answer: systemFailureJson(error.system), outOfGas: false };
    }
    if (error instanceof JsonShapeError) {
      const answer = systemFailureJson(unsupported(`field ${error.path}`).system);
      return { answer, outOfGas: false };
    }
    if (error instanceof OutOfGasError) return { answer: new Uint8Array(), outOfGas: true };
    const text = queryFailure(error);
    if (text === undefined) throw error;
    return { answer: contractFailureJson(text), outOfGas: false };
  }
}

/** @returns whether the gas was there; the meter counts it either way. */
function tryConsume(context: Context, amount: bigint, location: string): boolean {
  try {
    context.gasMeter.consume(amount, location);
    return true;
  } catch (error) {
    if (error instanceof OutOfGasError) return false;
    throw error;
  }
}
