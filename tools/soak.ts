/**
 * What takes hours: the crash run with as many points, or the fuzzer with as many modules, as
 * wanted. A failure prints the seed that repeats it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCrashes } from "../e2e/support/crashes.ts";
import { runContractMutations } from "../packages/app/test/bad-input/contracts.ts";
import { startEnclaveProcess } from "../packages/app/test/bad-input/enclave-process.ts";
import {
  runSignedMutations,
  runTransactionMutations,
} from "../packages/app/test/bad-input/transactions.ts";
import { runSeed, SimulationFailure } from "../packages/testkit/src/index.ts";
import { deviation, measureBias } from "../packages/threshold/test/dkg-bias.ts";
import {
  measureTiming,
  T_CERTAIN,
  T_SUSPECT,
  timedPaths,
} from "../packages/threshold/test/timing.ts";
import { runFuzz } from "../packages/vm/test/fuzz.ts";

const USAGE = `usage: npm run soak -- [--seed N] [--points N]
       npm run soak -- fuzz [--seed N] [--rounds N]
       npm run soak -- bad-input [--seed N] [--rounds N]
       npm run soak -- simulation [--seed N] [--blocks M] [--seeds K]
       npm run soak -- dkg-bias [--rounds N]
       npm run soak -- timing [WORD] [--seed N] [--samples N]

Kills the node and its enclave at seeded steps of seeded blocks while transfers go on, restarts
them, and compares with a twin that executes the same blocks undisturbed.

fuzz: puts changed modules to the contract engine's checks, and runs those that pass both
instrumented and plain; a module that shows a difference is written to the temporary folder.

bad-input: puts changed transactions, changed messages and changed contracts to a whole chain, each
with a documented result, next to transactions that must not suffer from them.

simulation: a chain from a random genesis, with random messages of every kind, time jumps, missed
and double votes; after each block the invariants of its modules are checked. Of four seeds two
also go on from their own exports.

dkg-bias: generates keys of which the last dealer wants one bit to be 0 and may step back; prints how
often it was, and how often it would have been without the protection (some 80 ms a round).

timing: compares, for each thing that threshold cryptography computes with a secret and each backend,
the time for one secret with that for random ones (Welch's t-test). Above 10 the two differ, above
4.5 another seed should tell. One secret is like any other, another has 64 bits: what depends on a
number's size shows there. Fails where the documents say that time tells nothing of ordinary secrets.
With a word only what has it in its name or backend. Wants a quiet machine.

  --seed N     which points, modules, changes or chain (default: from the clock)
  --points N   how many (default 250; about 4 seconds each)
  --rounds N   how many modules or changes (default 1000000; about a millisecond each)
  --blocks M   how long a simulated chain gets (default 2000; about 40 ms each)
  --seeds K    how many chains, of seeds N, N+1, … (default 1)
  --samples N  runs of each thing in each comparison (default 5000; up to 10 milliseconds each)

example: npm run soak -- --seed 7 --points 1000`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: `${Date.now() % 2 ** 32}` },
    points: { type: "string", default: "250" },
    rounds: { type: "string", default: "1000000" },
    blocks: { type: "string", default: "2000" },
    seeds: { type: "string", default: "1" },
    samples: { type: "string", default: "5000" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else if (positionals[0] === "fuzz")
  fuzz(wholeNumber(values.seed, "--seed"), wholeNumber(values.rounds, "--rounds"));
else if (positionals[0] === "bad-input")
  await badInput(wholeNumber(values.seed, "--seed"), wholeNumber(values.rounds, "--rounds"));
else if (positionals[0] === "simulation")
  simulate(
    wholeNumber(values.seed, "--seed"),
    wholeNumber(values.blocks, "--blocks"),
    wholeNumber(values.seeds, "--seeds"),
  );
else if (positionals[0] === "dkg-bias") dkgBias(wholeNumber(values.rounds, "--rounds"));
else if (positionals[0] === "timing")
  await timing(
    positionals[1] ?? "",
    wholeNumber(values.seed, "--seed"),
    wholeNumber(values.samples, "--samples"),
  );
else await soak(wholeNumber(values.seed, "--seed"), wholeNumber(values.points, "--points"));

/** Fails beyond four standard deviations: once in 16,000 tries of an unbiased key. */
function dkgBias(rounds: number): void {
  const { ours, feldman } = measureBias(rounds);
  console.log(
    `bit 0 in ${ours} of ${rounds} keys, ${deviation(ours, rounds).toFixed(2)} deviations`,
  );
  console.log(`Joint-Feldman: ${feldman}, ${deviation(feldman, rounds).toFixed(2)} deviations`);
  if (deviation(ours, rounds) > 4) process.exitCode = 1;
}

async function timing(word: string, seed: number, samples: number): Promise<void> {
  console.log(`seed ${seed}, ${samples} samples each`);
  console.log("|t| of an ordinary secret, of one of 64 bits, against random ones");
  for (const path of await timedPaths()) {
    if (![path.name, path.backend].some((text) => text.includes(word))) continue;
    const { medianMs, ordinary, short } = measureTiming(path, { samples, seed });
    const largest = Math.max(ordinary, short);
    const verdict =
      largest > T_CERTAIN
        ? "depends on the secret"
        : largest > T_SUSPECT
          ? "unclear"
          : "no difference";
    const figures = `${medianMs.toFixed(3)} ms, |t| ${ordinary.toFixed(1)}, ${short.toFixed(1)}`;
    console.log(`${path.name}, ${path.backend}: ${figures}: ${verdict}`);
    if (ordinary > T_CERTAIN && path.isClaimed) process.exitCode = 1;
  }
  if (process.exitCode === 1) {
    console.error(`repeat with: npm run soak -- timing --seed ${seed} --samples ${samples}`);
  }
}

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

function fuzz(seed: number, rounds: number): void {
  console.log(`seed ${seed}, ${rounds} modules`);
  const report = runFuzz({ seed, rounds }, ({ round, wasm, reason }) => {
    const file = join(tmpdir(), `tacit-find-${seed}-${round}.wasm`);
    writeFileSync(file, wasm);
    console.error(`round ${round}: ${reason}\n${file}`);
    process.exitCode = 1;
  });
  console.log(JSON.stringify(report, undefined, 2));
  if (process.exitCode === 1)
    console.error(`repeat with: npm run soak -- fuzz --seed ${seed} --rounds ${rounds}`);
}

/** In chains of 10,000 changes, so that none grows too large; each has a seed of its own. */
async function badInput(firstSeed: number, rounds: number): Promise<void> {
  const count = 10_000;
  for (let seed = firstSeed, done = 0; done < rounds; seed++, done += 3 * count) {
    console.log(`seed ${seed}`);
    const { enclave, stop } = startEnclaveProcess();
    try {
      console.log(JSON.stringify(await runTransactionMutations({ count, seed })));
      console.log(JSON.stringify(await runSignedMutations({ count, seed })));
      console.log(JSON.stringify(await runContractMutations({ count, seed }, { enclave })));
    } catch (error) {
      console.error(error);
      console.error(`repeat with: npm run soak -- bad-input --seed ${seed} --rounds ${3 * count}`);
      process.exitCode = 1;
      return;
    } finally {
      await stop();
    }
  }
}

/** Stops at the first seed that fails; its message has the command that repeats it. */
function simulate(firstSeed: number, blocks: number, seeds: number): void {
  const artifact = join(import.meta.dirname, "../contracts/artifacts/counter.wasm");
  const wasm = new Uint8Array(readFileSync(artifact));
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const begun = performance.now();
    try {
      const { tallies, ...report } = runSeed({ seed, blocks, wasm });
      const seconds = Math.round((performance.now() - begun) / 1_000);
      console.log(JSON.stringify({ ...report, seconds }));
      for (const [typeUrl, { ok, refused }] of [...tallies].sort()) {
        console.log(`  ${typeUrl}: ${ok} taken, ${refused} refused`);
      }
    } catch (error) {
      console.error(error instanceof SimulationFailure ? error.message : error);
      process.exitCode = 1;
      return;
    }
  }
}

function wholeNumber(text: string, flag: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) {
    console.error(`${flag} takes a whole number, not "${text}"\n\n${USAGE}`);
    process.exit(2);
  }
  return Number(text);
}
