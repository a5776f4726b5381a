import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGES = ["crypto", "encoding", "light", "vm", "enclave-channel", "enclave"];

/** Everything from outside that runs inside the trust boundary. A new line here needs a decision record. */
const DEPENDENCIES = {
  "@bufbuild/protobuf": "2.17.0",
  "@phala/dcap-qvl": "0.3.9",
  "@noble/curves": "2.4.0",
  "@noble/hashes": "2.4.0",
  "@scure/base": "2.4.0",
  secp256k1: "5.0.2",
};

function sources(name: string): string[] {
  return readdirSync(join(root, name, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/generated/"));
}

describe("the trust boundary", () => {
  it("has these dependencies and no others, in these versions", () => {
    const found: Record<string, string> = {};
    for (const name of PACKAGES) {
      const manifest = JSON.parse(readFileSync(join(root, name, "package.json"), "utf8")) as {
        dependencies: Record<string, string>;
      };
      for (const [dependency, version] of Object.entries(manifest.dependencies)) {
        if (!dependency.startsWith("@tacit/")) found[dependency] = version;
      }
    }
    expect(found).toEqual(DEPENDENCIES);
  });

  it("imports nothing from store, sdk, modules, app or api, and opens no socket", () => {
    const foreign = PACKAGES.flatMap(sources).filter((path) =>
      /from "(@tacit\/(store|sdk|module-|app|api|consensus|cli)|node:(net|http|https|tls|dgram))/.test(
        readFileSync(path, "utf8"),
      ),
    );
    expect(foreign).toEqual([]);
  });

  it("stays small enough to be read", () => {
    const lines = PACKAGES.map((name) =>
      sources(name).reduce((sum, path) => sum + readFileSync(path, "utf8").split("\n").length, 0),
    );
    const total = lines.reduce((sum, each) => sum + each, 0);
    const parts = PACKAGES.map((name, index) => `${name} ${lines[index]}`).join(", ");
    console.log(`inside the trust boundary: ${total} lines (${parts})`);
    expect(total).toBeLessThan(20_000);
  });
});
