/** Measuring an operation of milliseconds, and a line that sets ours beside others'. */
import { median, spread } from "../statistics.ts";

export interface ThresholdOptions {
  readonly tiny: boolean;
  readonly log: (line: string) => void;
  /** What was aimed at, filled as it is measured. */
  readonly aims: Aim[];
}

export interface Aim {
  readonly what: string;
  /** Milliseconds. */
  readonly aim: number;
  readonly figure: number;
}

/** Milliseconds of this thread's processor time, which other processes do not stretch. */
export function threadMs(run: () => unknown): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** Some systems count a thread's time in steps of four milliseconds: what is measured is longer. */
const MEASURED_MS_MIN = 80;

/**
 * {@link threadMs} of each of several runs, after two that are not counted. A run that is quick is
 * done as often as it takes to measure it, and its mean is given.
 */
export function timesOf(runs: number, run: () => unknown): number[] {
  const once = () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  };
  const estimate = Math.min(once(), runs === 1 ? Number.POSITIVE_INFINITY : once());
  const repeats = runs === 1 ? 1 : Math.ceil(MEASURED_MS_MIN / Math.max(estimate, 0.01));
  return Array.from(
    { length: runs },
    () =>
      threadMs(() => {
        for (let i = 0; i < repeats; i++) run();
      }) / repeats,
  );
}

/**
 * `what: label median (low to high) ms, …`, every figure divided by `parts`.
 *
 * @param aim milliseconds that the first figure is to stay below.
 */
export function report(
  { log, aims }: ThresholdOptions,
  what: string,
  measured: readonly (readonly [label: string, times: readonly number[], parts?: number])[],
  aim?: number,
): void {
  const figures = measured.map(([label, times, parts = 1]) => {
    const each = times.map((time) => time / parts);
    return `${label} ${spread(each, 2)}`;
  });
  const [first] = measured;
  let verdict = "";
  if (aim !== undefined && first !== undefined) {
    const [, times, parts = 1] = first;
    const figure = median(times) / parts;
    aims.push({ what, aim, figure });
    verdict = `; aim ${Number(aim.toFixed(2))}: ${figure <= aim ? "met" : "MISSED"}`;
  }
  log(`  ${what}, ms: ${figures.join("; ")}${verdict}`);
}

/** One line of all aims. */
export function reportAims({ log, aims }: ThresholdOptions): void {
  const missed = aims.filter(({ aim, figure }) => figure > aim);
  const list = missed.map(
    ({ what, aim, figure }) => `${what} ${figure.toFixed(2)} (${aim.toFixed(2)})`,
  );
  log(`  aims: ${aims.length - missed.length} met, ${missed.length} missed`);
  if (missed.length > 0) log(`  missed: ${list.join("; ")}`);
}
