/**
 * The enclave's process. Its main thread holds the vault and starts one engine thread for each
 * channel; it ends with the host, which it hears on standard input.
 */
import { enableCompileCache } from "node:module";
import { readArguments } from "./arguments.ts";

const options = readArguments({
  argv: process.argv.slice(2),
  execArgv: process.execArgv,
  env: process.env,
});
/** Speeds up the start. The cache is the host's; with hardware attestation it must not be used. */
if (options.cacheDirectory !== undefined) enableCompileCache(options.cacheDirectory);
const { runEnclave } = await import("./process.ts");
await runEnclave(options);
