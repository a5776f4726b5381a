import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { concat, sha256 } from "@tacit/crypto";
import { ENCLAVE_NODE_FLAGS } from "@tacit/enclave-channel";
import { utf8 } from "./bytes.ts";

/** Packages of which the enclave consists; `encoding` with what is generated in it. */
const PACKAGES = ["crypto", "encoding", "light", "vm", "enclave-channel", "enclave"];

/**
 * The enclave's measurement, 32 bytes: SHA-256 over each source file of its packages (name and
 * SHA-256), each package's manifest with the exact versions of its dependencies, the version of
 * Node and the flags. Two nodes with equal measurements run the same code.
 *
 * Simulated: the program measures itself, so a changed program could say anything. Hardware
 * measures from outside.
 */
export function measureEnclave(): Uint8Array {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const files = PACKAGES.flatMap((name) => [
    join(name, "package.json"),
    ...sourceFiles(root, join(name, "src")),
  ]);
  const lines = files
    .toSorted()
    .map((path) => concat(utf8(`${path}\0`), sha256(readFileSync(join(root, path)))));
  const platform = utf8(`${process.version}\0${ENCLAVE_NODE_FLAGS.join("\0")}\0`);
  return sha256(concat(platform, ...lines));
}

function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}
