/** A statement about state that must hold after every block. */
import type { Composition } from "@tacit/app";
import type { Context } from "@tacit/sdk";
import type { StateReader } from "../state.ts";

export interface Invariant {
  /** `module/what`, as the SDK names its own. */
  readonly name: string;
  /** Every way in which it does not hold, for people. */
  broken(checked: Checked): Iterable<string>;
}

export interface Checked {
  readonly state: StateReader;
  /** Writes are never kept. */
  readonly context: Context;
  readonly composition: Composition;
  readonly bondDenom: string;
}
