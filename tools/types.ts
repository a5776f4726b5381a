/**
 * Type-checks the project. secretjs 1.22.1 ships a declaration that imports a source file of its
 * own, so the compiler checks that source too, by our stricter rules: what it finds inside
 * node_modules is not ours and does not count.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const compiler = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin/tsc",
);
const { stdout, status, error } = spawnSync(
  process.execPath,
  [compiler, "--noEmit", "--pretty", "false"],
  {
    cwd: join(import.meta.dirname, ".."),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  },
);
if (error !== undefined || status === null)
  throw error ?? new RangeError("the compiler was stopped");

const isForeign = (line: string) => line.startsWith("node_modules/");
const findings = stdout.split("\n").filter((line) => line !== "");
let wasForeign = false;
const ours = findings.filter((line) => {
  if (!line.startsWith(" ")) wasForeign = isForeign(line);
  return !wasForeign;
});
if (status !== 0 && findings.length === 0)
  throw new RangeError(`the compiler failed with ${status}`);
for (const line of ours) console.error(line);
console.log(ours.length === 0 ? "types: no errors" : `types: ${ours.length} lines of errors`);
process.exitCode = ours.length === 0 ? 0 : 1;
