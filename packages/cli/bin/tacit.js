#!/usr/bin/env node
// The entry of the `tacit` command. Plain JavaScript that old versions of Node can read: it makes
// sure of Node 24, which runs the TypeScript sources as they are, before anything else is loaded.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
  const cache = join(projectRoot(), "node_modules", ".cache", "tacit", "compile");
  process.env.NODE_COMPILE_CACHE ??= cache;
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const { main } = await import("../src/main.ts");
  await main(process.argv.slice(2));
} else {
  runUnderNewerNode();
}

function runUnderNewerNode() {
  const node = installedNode();
  if (node === undefined) {
    console.error(
      [
        `tacit needs Node ${NEEDED} or newer, and this is ${process.versions.node}.`,
        "Run `npm ci` in the project: it brings its own Node. Then run tacit again,",
        "or `npx tacit`, or `npm start`.",
      ].join("\n"),
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  // Ctrl-C reaches the child by itself; this process only waits for it to end.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
}

/** Node as the npm package `node` installs it. */
function installedNode() {
  try {
    const manifest = module.createRequire(import.meta.url).resolve("node/package.json");
    const binary = join(dirname(manifest), "bin", "node");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** The folder whose node_modules holds this package. */
function projectRoot() {
  let folder = here;
  while (!existsSync(join(folder, "package-lock.json")) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}
