/**
 * Runs the contract engine's thousand executions under other versions of Node and compares their
 * digest with the committed one (`npm run determinism`), which `npm test` holds this version to.
 *
 * The versions are npm packages, fetched into a temporary folder and removed again.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENGINE_STACK_MB } from "@tacit/vm";

const USAGE = `usage: npm run determinism -- [version…]

Runs the contract engine's fixed executions under each version of Node (default: 22 26) and
compares results and gas with packages/vm/test/executions.sha256.

example: npm run determinism -- 22 26.10.0`;

const VERSIONS = '["Node", process.version, "with V8", process.versions.v8].join(" ")';
const folder = join(import.meta.dirname, "..", "packages", "vm", "test");

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  const isKnown = args.every((version) => /^[0-9]+(\.[0-9]+){0,2}$/.test(version));
  if (!isKnown) {
    console.log(USAGE);
    return args.includes("--help") ? 0 : 2;
  }
  const recorded = readFileSync(join(folder, "executions.sha256"), "utf8").trim();
  const versions = args.length > 0 ? args : ["22", "26"];
  const verdicts = versions.map((version) => isEqualUnder(version, recorded));
  return verdicts.every((isEqual) => isEqual) ? 0 : 1;
}

function isEqualUnder(version: string, recorded: string): boolean {
  const prefix = mkdtempSync(join(tmpdir(), "tacit-node-"));
  try {
    const npm = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", prefix];
    const fetched = spawnSync("npm", [...npm, `node@${version}`], { encoding: "utf8" });
    if (fetched.status !== 0) {
      console.error(`node ${version}: cannot be fetched\n${fetched.stderr}`);
      return false;
    }
    const node = join(prefix, "node_modules", "node", "bin", "node");
    const name = spawnSync(node, ["--print", VERSIONS]);
    const program = [join(folder, "executions.ts"), String(ENGINE_STACK_MB)];
    const flags = ["--no-warnings"];
    const run = spawnSync(node, [...flags, ...program], { encoding: "utf8", maxBuffer: 2 ** 24 });
    const digest = run.stdout.trimEnd().split("\n").at(-1);
    const isEqual = run.status === 0 && digest === recorded;
    console.log(`${String(name.stdout).trim()}: ${isEqual ? "equal" : `DIFFERENT ${digest}`}`);
    if (run.status !== 0) console.error(run.stderr);
    return isEqual;
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}
