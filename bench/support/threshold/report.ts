/** Measuring an operation of milliseconds, and a line that sets ours beside others'. */
import { spread } from "../statistics.ts";

export interface ThresholdOptions {
  readonly tiny: boolean;
  readonly log: (line: string) => void;
}

/** Milliseconds of each of several runs, after one that is not counted. */
export function timesOf(runs: number, run: () => unknown): number[] {
  run();
  return Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
}

/** `what: label median (low to high) ms, …`, every figure divided by `parts`. */
export function report(
  { log }: ThresholdOptions,
  what: string,
  measured: readonly (readonly [label: string, times: readonly number[], parts?: number])[],
): void {
  const figures = measured.map(([label, times, parts = 1]) => {
    const each = times.map((time) => time / parts);
    return `${label} ${spread(each, 2)}`;
  });
  log(`  ${what}, ms: ${figures.join("; ")}`);
}
