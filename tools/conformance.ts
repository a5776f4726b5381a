/**
 * Live conversations with other implementations. `npm test` replays those that were recorded; here
 * both sides answer anew. CI runs this after `npm test`.
 */
import { parseArgs } from "node:util";
import { beleniosPart } from "../conformance/belenios.ts";
import { bip445Part } from "../conformance/bip445.ts";
import { cocktailPart } from "../conformance/cocktail.ts";
import { electionGuardPart } from "../conformance/electionguard.ts";
import { frostPart } from "../conformance/frost.ts";
import {
  Checks,
  type Counts,
  countsText,
  type Part,
  type PartOptions,
} from "../conformance/part.ts";

const PARTS: readonly Part[] = [
  frostPart,
  cocktailPart,
  bip445Part,
  beleniosPart,
  electionGuardPart,
];

const USAGE = `usage: npm run conformance -- [PART…] [--rounds N] [--seed N] [--record]
       npm run conformance -- PART --vectors DIRECTORY

Speaks with other implementations, each a part; without a name all of them.

${PARTS.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join("\n")}

  --rounds N   how often what is drawn at random is drawn anew (default 3)
  --seed N     of the other side's first draw (default 1)
  --record     writes the recordings that npm test replays
  --vectors    a directory of a standard's published vectors, for a part that walks those; without
               it the part walks recordings of our own

A part whose other side cannot be had on this machine is left out and counts as skipped. The last
line is "N passed, N failed" and, if there are any, ", N skipped".

example: npm run conformance -- frost --rounds 20`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    record: { type: "boolean", default: false },
    vectors: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else {
  await run(chosenParts(), {
    rounds: wholeNumber(values.rounds, "--rounds"),
    seed: wholeNumber(values.seed, "--seed"),
    isRecording: values.record,
    ...(values.vectors === undefined ? {} : { vectors: values.vectors }),
  });
}

async function run(parts: readonly Part[], options: PartOptions): Promise<void> {
  const all: Counts[] = [];
  for (const part of parts) {
    console.log(`${part.name}: ${part.about}`);
    const checks = new Checks();
    await converse(part, checks, options);
    console.log(`${part.name}: ${countsText(checks.counts)}\n`);
    all.push(checks.counts);
  }
  const sum = (name: keyof Counts) => all.reduce((total, counts) => total + counts[name], 0);
  const total = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
  console.log(countsText(total));
  if (total.failed > 0) process.exitCode = 1;
}

async function converse(part: Part, checks: Checks, options: PartOptions): Promise<void> {
  try {
    const readiness = part.prepare();
    if (readiness !== "ready") checks.skip("the whole part", readiness.missing);
    else await part.run(checks, options);
    const { passed, failed, skipped } = checks.counts;
    if (passed + failed + skipped === 0) throw new RangeError("nothing was checked");
  } catch (error) {
    checks.fail("the part comes to its end", error);
  }
}

function chosenParts(): readonly Part[] {
  const unknown = positionals.find((name) => PARTS.every((part) => part.name !== name));
  if (unknown !== undefined) refuse(`no part is called "${unknown}"`);
  return positionals.length === 0 ? PARTS : PARTS.filter(({ name }) => positionals.includes(name));
}

function wholeNumber(text: string, flag: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) refuse(`${flag} takes a whole number, not "${text}"`);
  return Number(text);
}

function refuse(reason: string): never {
  console.error(`${reason}\n\n${USAGE}`);
  process.exit(2);
}
