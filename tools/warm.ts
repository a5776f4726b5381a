/**
 * Fills the compile cache after an installation, so that the first `npm start` is as quick as the
 * later ones: starts the whole network once on free ports, in a folder that is then removed.
 * It never fails an installation: without it the first start takes half a second longer.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const COMMAND = join(import.meta.dirname, "../packages/cli/bin/tacit.js");
const PORTS = ["rpc", "rest", "grpc", "grpc-web", "faucet"].flatMap((port) => [
  `--${port}-port`,
  "0",
]);
const LIMIT_MS = 60_000;

const home = mkdtempSync(join(tmpdir(), "tacit-warm-"));
try {
  await startOnce(join(home, "node"));
} catch (cause) {
  const why = cause instanceof Error ? cause.message : String(cause);
  console.error(
    `The compile cache was not filled (${why}); the first start takes a little longer.`,
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Modules are written to the cache when the processes end, so the node is ended as by Ctrl-C. */
async function startOnce(folder: string): Promise<void> {
  const flags = ["start", "--home", folder, "--fresh", "--json-logs", ...PORTS];
  const child = spawn(process.execPath, [COMMAND, ...flags], {
    stdio: ["ignore", "pipe", "ignore"],
    timeout: LIMIT_MS,
  });
  let ready = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.includes('"msg":"started"')) return;
    ready = true;
    child.kill("SIGINT");
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (ready) resolve();
      else reject(new RangeError(`the node ended with ${signal ?? code}`));
    });
  });
}
