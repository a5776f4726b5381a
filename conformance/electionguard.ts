/** Records of ElectionGuard's Kotlin library, wherever they are; without them records of our own. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { verifyElectionGuard } from "../packages/threshold/src/voting/electionguard/index.ts";
import { serialise } from "../packages/threshold/test/electionguard-election.ts";
import { Recorder } from "../packages/threshold/test/electionguard-recorder.ts";
import type { Checks, Part, PartOptions } from "./part.ts";

export const electionGuardPart: Part = {
  name: "electionguard",
  about: "ElectionGuard 2.0.0 by a record, all verifications (--vectors: the record's directory)",
  prepare: () => "ready",
  run,
};

async function run(checks: Checks, { vectors }: PartOptions): Promise<void> {
  if (vectors !== undefined) {
    await checks.check(`${vectors} verifies`, () => verifyDirectory(vectors));
    return;
  }
  for (const isChaining of [false, true]) {
    const record = new Recorder({ isChaining }).record();
    const read = (path: string) => serialise(record.get(path) ?? null);
    const claim = `our own record, codes ${isChaining ? "" : "not "}chained, verifies`;
    await checks.check(claim, () => verifyElectionGuard({ paths: record.keys(), read }));
  }
}

function verifyDirectory(directory: string): void {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      relative(directory, join(parentPath, name)).replaceAll(sep, "/"),
    );
  const read = (path: string) => readFileSync(join(directory, path));
  const { scope, contests, ballots } = verifyElectionGuard({ paths, read }, (verified, all) => {
    process.stderr.write(`\r  ${verified} of ${all} ballots${verified === all ? "\n" : ""}`);
  });
  console.log(`           ${scope}: ${ballots.length} ballots, ${contests.length} contests`);
}
