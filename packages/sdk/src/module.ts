/** A module as the frame sees it, and the manager that calls all of them in the network's order. */
import { invariant } from "@tacit/encoding/errors";
import type { ValidatorUpdate } from "./abci.ts";
import type { Context } from "./context.ts";
import type { QueryRouter } from "./query-router.ts";
import type { MessageRouter } from "./router.ts";
import type { TypeRegistry } from "./types.ts";

/** JSON as parsed; genesis state in and out. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface ModuleServices {
  readonly messages: MessageRouter;
  readonly queries: QueryRouter;
  /** Types that may stand inside an Any besides messages: public keys, accounts, grants. */
  readonly types: TypeRegistry;
}

/** One module. Everything but the name is optional: a module says only what it does. */
export interface Module {
  readonly name: string;
  /** Adds the module's messages and queries. Called once, before anything else. */
  register?(services: ModuleServices): void;
  /** @returns whether consensus parameters changed. */
  preBlock?(context: Context): boolean;
  beginBlock?(context: Context): void;
  /** @returns changes of the validator set; one module at most has any. */
  endBlock?(context: Context): readonly ValidatorUpdate[] | undefined;
  defaultGenesis?(): JsonValue;
  /**
   * Takes the module's part of genesis (`app_state.<name>`).
   * @throws {PlainError} and others if it is wrong; the chain does not start then.
   */
  initGenesis?(context: Context, state: JsonValue): readonly ValidatorUpdate[] | undefined;
  exportGenesis?(context: Context): JsonValue;
}

/** Names of modules in the order each step calls them; a name without a module is passed over. */
export interface ModuleOrders {
  readonly preBlock: readonly string[];
  readonly beginBlock: readonly string[];
  readonly endBlock: readonly string[];
  readonly initGenesis: readonly string[];
  readonly exportGenesis: readonly string[];
}

export class ModuleManager {
  readonly #modules: ReadonlyMap<string, Module>;
  readonly #orders: ModuleOrders;

  /** @throws {InvariantError} if a module is missing from the order of a step it takes part in. */
  constructor(modules: readonly Module[], orders: ModuleOrders) {
    this.#modules = new Map(modules.map((module) => [module.name, module]));
    this.#orders = orders;
    for (const module of modules) {
      for (const step of Object.keys(orders) as (keyof ModuleOrders)[]) {
        invariant(
          module[step] === undefined || orders[step].includes(module.name),
          `module ${module.name} has a place in the order of ${step}`,
        );
      }
    }
  }

  register(services: ModuleServices): void {
    for (const module of this.#modules.values()) module.register?.(services);
  }

  /** @returns whether consensus parameters changed. */
  preBlock(context: Context): boolean {
    let hasChanged = false;
    for (const module of this.#inOrder("preBlock")) {
      if (module.preBlock?.(context)) hasChanged = true;
    }
    return hasChanged;
  }

  beginBlock(context: Context): void {
    for (const module of this.#inOrder("beginBlock")) module.beginBlock?.(context);
  }

  endBlock(context: Context): readonly ValidatorUpdate[] {
    let updates: readonly ValidatorUpdate[] = [];
    for (const module of this.#inOrder("endBlock")) {
      const changed = module.endBlock?.(context) ?? [];
      if (changed.length === 0) continue;
      invariant(updates.length === 0, "one module changes the validator set");
      updates = changed;
    }
    return updates;
  }

  /**
   * Hands each module its part of `state`; a module without one is passed over, as in the SDK.
   * @param onModule hears of each module before it gets its part.
   */
  initGenesis(
    context: Context,
    state: { readonly [name: string]: JsonValue },
    onModule: (name: string) => void = () => {},
  ): readonly ValidatorUpdate[] {
    let validators: readonly ValidatorUpdate[] = [];
    for (const module of this.#inOrder("initGenesis")) {
      const part = state[module.name];
      if (part === undefined) continue;
      onModule(module.name);
      const changed = module.initGenesis?.(context, part) ?? [];
      if (changed.length === 0) continue;
      invariant(validators.length === 0, "one module names the first validators");
      validators = changed;
    }
    return validators;
  }

  /** What each module has before anybody does anything. */
  defaultGenesis(): { readonly [name: string]: JsonValue } {
    const state: Record<string, JsonValue> = {};
    for (const module of this.#inOrder("initGenesis")) {
      if (module.defaultGenesis !== undefined) state[module.name] = module.defaultGenesis();
    }
    return state;
  }

  exportGenesis(context: Context): { readonly [name: string]: JsonValue } {
    const state: Record<string, JsonValue> = {};
    for (const module of this.#inOrder("exportGenesis")) {
      if (module.exportGenesis !== undefined) state[module.name] = module.exportGenesis(context);
    }
    return state;
  }

  *#inOrder(step: keyof ModuleOrders): Iterable<Module> {
    for (const name of this.#orders[step]) {
      const module = this.#modules.get(name);
      if (module !== undefined) yield module;
    }
  }
}
