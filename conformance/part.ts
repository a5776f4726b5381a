/** What a part of `npm run conformance` is: one other implementation, spoken to as it is. */
import { spawnSync } from "node:child_process";

export interface PartOptions {
  /** How often what is drawn at random is drawn anew. */
  readonly rounds: number;
  readonly seed: number;
  /** Whether the part writes the recording that `npm test` replays, if it has one. */
  readonly isRecording: boolean;
  /** A directory of published vectors, which are not kept here. */
  readonly vectors?: string;
}

export interface Part {
  readonly name: string;
  /** A sentence for the usage text. */
  readonly about: string;
  /**
   * Makes the other implementation ready. `{ missing }` names what cannot be had on this machine:
   * the part is then left out and counts as skipped. What is there and does not work is a failure,
   * so it throws.
   */
  prepare(): Readiness;
  run(checks: Checks, options: PartOptions): Promise<void>;
}

export type Readiness = { readonly missing: string } | "ready";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts claims and prints each as it is settled. */
export class Checks {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  get counts(): Counts {
    return { passed: this.#passed, failed: this.#failed, skipped: this.#skipped };
  }

  /** The claim holds if `proof` returns; its result, or undefined if it threw. */
  async check<T>(claim: string, proof: () => T | Promise<T>): Promise<T | undefined> {
    try {
      const result = await proof();
      this.#passed++;
      console.log(`  passed   ${claim}`);
      return result;
    } catch (error) {
      this.fail(claim, error);
      return undefined;
    }
  }

  fail(claim: string, error: unknown): void {
    this.#failed++;
    console.log(`  failed   ${claim}`);
    console.log(error);
  }

  skip(claim: string, reason: string): void {
    this.#skipped++;
    console.log(`  skipped  ${claim}: ${reason}`);
  }
}

export function countsText({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Whether a command can be started at all. */
export function hasCommand(name: string): boolean {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined;
}
