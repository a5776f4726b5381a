/** Whether a network can begin from a genesis, and where it is wrong if not. */
import type { JsonValue } from "@tacit/encoding";
import { ProtocolError } from "@tacit/encoding/errors";
import type { Timestamp } from "@tacit/light";
import { type ConsensusParams, createContext, emptyBlockInfo } from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import type { Composition } from "../composition.ts";
import { knownModules } from "../module-orders.ts";
import { storeNames } from "../store-names.ts";
import { checkAccounts } from "./check-accounts.ts";
import { checkBank } from "./check-bank.ts";
import { checkGov } from "./check-gov.ts";
import { checkGrants } from "./check-grants.ts";
import { checkDistribution, checkSlashing } from "./check-records.ts";
import { checkStaking } from "./check-staking.ts";
import { type CheckEnvironment, createEnvironment } from "./environment.ts";
import { type GenesisProblem, Problems } from "./problems.ts";

export interface GenesisToValidate {
  readonly appState: unknown;
  readonly time: Timestamp;
  readonly initialHeight: bigint;
  readonly consensusParams: ConsensusParams;
}

/** What a caller may show while a large genesis is looked at. */
export type OnProgress = (step: string) => void;

export interface ValidationOptions {
  readonly onProgress?: OnProgress;
  /**
   * Also hands every part to its module, on a state in memory: finds everything, and takes as
   * long as the first start.
   */
  readonly takeOver?: boolean;
}

/**
 * All problems, at most {@link Problems.max}, in the order of the checks; empty if the network can
 * begin from it.
 */
export function validateGenesis(
  composition: Composition,
  genesis: GenesisToValidate,
  { onProgress = () => {}, takeOver = false }: ValidationOptions = {},
): readonly GenesisProblem[] {
  const problems = new Problems();
  const state = objectOf(genesis.appState, problems);
  if (state === undefined) return problems.found;
  const env = createEnvironment(composition, state, problems);
  checkModules(env);
  const run = <T>(step: string, body: () => T): T => {
    onProgress(step);
    return body();
  };
  run("accounts", () => checkAccounts(env));
  const balances = run("balances", () => checkBank(env));
  const staking = run("validators and delegations", () => checkStaking(env, balances));
  run("rewards", () => checkDistribution(env, balances, staking));
  run("signatures", () => checkSlashing(env));
  run("proposals", () => checkGov(env, balances));
  run("grants", () => checkGrants(env));
  if (takeOver && problems.found.length === 0) {
    run("modules", () => takeOverState(env, genesis));
  }
  return problems.found;
}

function objectOf(value: unknown, problems: Problems): CheckEnvironment["state"] | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as CheckEnvironment["state"];
  }
  const hint = "It is an object with a part for each module.";
  problems.add("genesis/shape", "app_state", "is no object", hint);
  return undefined;
}

function checkModules({ state, problems }: CheckEnvironment): void {
  for (const name of Object.keys(state)) {
    if (knownModules.has(name)) continue;
    problems.add(
      "genesis/unknown_module",
      `app_state.${name}`,
      `this network has no module ${name}`,
      "Take the part out; what it holds would be lost.",
    );
  }
}

/** Uploaded code is the enclave's to check, which is not there: a chain with any is checked at its start. */
function withoutCode(state: CheckEnvironment["state"]): CheckEnvironment["state"] {
  const { compute, ...others } = state;
  const { codes } = (compute ?? {}) as { readonly codes?: readonly JsonValue[] };
  return (codes ?? []).length === 0 ? state : others;
}

/** Each module's own checks, on a state that is thrown away. */
function takeOverState(
  { composition, state, problems }: CheckEnvironment,
  { time, initialHeight, consensusParams }: GenesisToValidate,
): void {
  const { network, modules } = composition;
  const context = createContext({
    mode: "genesis",
    stores: createMemoryMultiStore(storeNames).branch(),
    kvGas: network.kvGas,
    block: {
      ...emptyBlockInfo,
      chainId: network.chainId,
      time,
      height: initialHeight > 1n ? initialHeight : 0n,
    },
  });
  composition.consensusParams.set(context, consensusParams);
  let at = "";
  try {
    const validators = modules.initGenesis(context, withoutCode(state), (name) => {
      at = `.${name}`;
    });
    if (validators.length > 0) return;
    problems.add(
      "genesis/limit",
      "app_state.staking.validators",
      "nobody would sign the first block: no validator has voting power",
      "Add a bonded validator, or genesis transactions with `tacit genesis collect-gentxs`.",
    );
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const hint = "Correct this module's part.";
    problems.add("genesis/refused", `app_state${at}`, error.message, hint);
  }
}
