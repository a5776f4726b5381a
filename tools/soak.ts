/**
 * What takes hours: the crash run with as many points as wanted. A failure prints the seed that
 * repeats it.
 */
import { parseArgs } from "node:util";
import { runCrashes } from "../e2e/support/crashes.ts";

const USAGE = `usage: npm run soak -- [--seed N] [--points N]

Kills the node and its enclave at seeded steps of seeded blocks while transfers go on, restarts
them, and compares with a twin that executes the same blocks undisturbed.

  --seed N     which points (default: from the clock)
  --points N   how many (default 250; about 4 seconds each)

example: npm run soak -- --seed 7 --points 1000`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: `${Date.now() % 2 ** 32}` },
    points: { type: "string", default: "250" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else await soak(wholeNumber(values.seed, "--seed"), wholeNumber(values.points, "--points"));

async function soak(seed: number, points: number): Promise<void> {
  console.log(`seed ${seed}, ${points} points`);
  const begun = performance.now();
  try {
    const report = await runCrashes({ seed, points, log: (line) => console.log(line) });
    const isEqual = JSON.stringify(report.crashed) === JSON.stringify(report.twin);
    console.log(
      JSON.stringify(
        { ...report, isEqual, seconds: Math.round((performance.now() - begun) / 1_000) },
        undefined,
        2,
      ),
    );
    if (!isEqual) throw new RangeError("the twin has another state");
  } catch (error) {
    console.error(error);
    console.error(`repeat with: npm run soak -- --seed ${seed} --points ${points}`);
    process.exitCode = 1;
  }
}

function wholeNumber(text: string, flag: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) {
    console.error(`${flag} takes a whole number, not "${text}"\n\n${USAGE}`);
    process.exit(2);
  }
  return Number(text);
}
