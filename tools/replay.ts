/** `npm run replay -- DIRECTORY`: a chain that the Cosmos SDK recorded, replayed on our modules. */

import { readRecording } from "../packages/app/test/recording.ts";
import { replayRecording, toText } from "../packages/app/test/replay.ts";

const usage = `npm run replay -- DIRECTORY [--most N]

Replays a recorded chain (genesis.json and blocks.jsonl, as vectors/sdk-golden/README.md says) on the
modules here, and prints where results, gas, events, validator updates or store roots differ.
Ends with 0 if nothing does. --most N differences are shown, 20 if not said.

  npm run replay -- vectors/sdk-golden
  npm run replay -- vectors/sdk-random --most 3`;

const shownCharacters = 1_500;

function main(args: readonly string[]): number {
  const [directory] = args;
  const mostAt = args.indexOf("--most");
  const most = mostAt < 0 ? 20 : Number(args[mostAt + 1]);
  if (directory === undefined || directory.startsWith("-") || !Number.isInteger(most)) {
    console.log(usage);
    return args.includes("--help") ? 0 : 2;
  }
  const recording = readRecording(directory);
  let count = 0;
  for (const { differences } of replayRecording(recording)) {
    for (const { height, what, ours, recorded } of differences) {
      count += 1;
      console.log(`height ${height}: ${what}`);
      console.log(`  ours     ${toText(ours).slice(0, shownCharacters)}`);
      console.log(`  recorded ${toText(recorded).slice(0, shownCharacters)}`);
      if (count === most) {
        console.log(`stopped at ${most} differences`);
        return 1;
      }
    }
  }
  console.log(`${recording.blocks.length} blocks, ${count} differences`);
  return count === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
