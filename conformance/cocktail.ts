/** C2SP's vectors for COCKTAIL-DKG, wherever they are; without them sessions of our own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  COCKTAIL_SUITES,
  listCocktail,
  recordCocktail,
  walkCocktailFile,
} from "../packages/threshold/test/cocktail-walker.ts";
import type { Checks, Part, PartOptions } from "./part.ts";

const recordings = join(import.meta.dirname, "../vectors/cocktail");

export const cocktailPart: Part = {
  name: "cocktail",
  about: "COCKTAIL-DKG by vectors, each value made again (--vectors: C2SP's, cocktail-dkg)",
  prepare: () => "ready",
  run,
};

async function run(checks: Checks, { isRecording, vectors }: PartOptions): Promise<void> {
  if (isRecording) record();
  const directory = vectors ?? recordings;
  for (const file of listCocktail(directory)) {
    const { suite, sessions, run: walk } = walkCocktailFile(directory, file);
    if (walk === undefined) checks.skip(file, `the suite ${suite} is not here`);
    else await checks.check(`${file}: ${sessions} sessions, byte for byte`, walk);
  }
}

function record(): void {
  mkdirSync(recordings, { recursive: true });
  for (const suite of COCKTAIL_SUITES) {
    const [, group = ""] = /^COCKTAIL\(([^,]+),/.exec(suite.id) ?? [];
    const path = join(recordings, `${group.toLowerCase().replace("-", "")}.json`);
    writeFileSync(path, `${JSON.stringify(recordCocktail(suite), null, 1)}\n`);
  }
}
