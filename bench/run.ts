/**
 * Runs the benchmarks one at a time, each in a process of its own, so that none warms the next up or
 * leaves it garbage, and prints the machine and the commit with them.
 * `npm run bench`, `npm run bench -- store vm`, `npm run bench -- --tiny`, `npm run bench -- --full chain`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

/** What each `*.bench.ts` exports. */
export interface Benchmark {
  readonly name: string;
  /** Node's, where what is measured runs under others than the default ones. */
  readonly nodeFlags?: readonly string[];
  run(options: {
    readonly tiny: boolean;
    /** The sizes that take minutes. */
    readonly full?: boolean;
    readonly log: (line: string) => void;
  }): Promise<void>;
}

const directory = import.meta.dirname;

/** Asks for the one benchmark that is named, in this very process. */
const HERE = "--here";

export async function loadBenchmarks(): Promise<Benchmark[]> {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith(".bench.ts"))
    .sort();
  return Promise.all(files.map((file) => import(join(directory, file)) as Promise<Benchmark>));
}

async function main(args: readonly string[]): Promise<void> {
  const tiny = args.includes("--tiny");
  const full = args.includes("--full");
  const wanted = args.filter((arg) => !arg.startsWith("--"));
  const benchmarks = await loadBenchmarks();
  const known = benchmarks.map((benchmark) => benchmark.name);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (args.includes("--help") || unknown.length > 0) {
    if (unknown.length > 0) console.error(`unknown benchmark: ${unknown.join(", ")}`);
    console.log(
      `usage: npm run bench -- [--tiny | --full] [name…]\nbenchmarks: ${known.join(", ")}`,
    );
    process.exitCode = unknown.length > 0 ? 1 : 0;
    return;
  }
  if (args.includes(HERE)) {
    for (const benchmark of benchmarks.filter(({ name }) => wanted.includes(name))) {
      await benchmark.run({ tiny, full, log: (line) => console.log(line) });
    }
    return;
  }
  const commit = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], {
    encoding: "utf8",
  }).trim();
  const processors = cpus();
  console.log(
    `machine: ${processors.length} × ${processors[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}, commit ${commit}`,
  );
  for (const benchmark of benchmarks) {
    if (wanted.length > 0 && !wanted.includes(benchmark.name)) continue;
    const flags = benchmark.nodeFlags ?? [];
    console.log(`\n== ${[benchmark.name, ...flags].join(" ")}`);
    const options = args.filter((arg) => arg.startsWith("--"));
    const command = [...flags, import.meta.filename, HERE, ...options, benchmark.name];
    const { status } = spawnSync(process.execPath, command, { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
