/** What is inside the trust boundary stays small enough to read, and its dependencies are known. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const PACKAGES = ["enclave", "enclave-channel", "vm", "light", "crypto", "encoding"];
/** Lines of code that one person reads in a day, with comments and blank lines left out. */
const LINES_MAX = 14_000;
/** Everything that runs inside the enclave and is not ours. */
const DEPENDENCIES = {
  "@bufbuild/protobuf": "2.17.0",
  "@noble/ciphers": "2.4.0",
  "@noble/curves": "2.4.0",
  "@noble/hashes": "2.4.0",
  "@scure/base": "2.4.0",
  secp256k1: "5.0.2",
};

it("has exactly the dependencies listed here, at exact versions", () => {
  const found = Object.assign(
    {},
    ...PACKAGES.map((name) => {
      const { dependencies = {} } = JSON.parse(
        readFileSync(join(root, "packages", name, "package.json"), "utf8"),
      );
      return Object.fromEntries(
        Object.entries(dependencies).filter(([key]) => !key.startsWith("@tacit/")),
      );
    }),
  );
  expect(found).toEqual(DEPENDENCIES);
});

it(`has at most ${LINES_MAX} lines of code`, () => {
  const sizes = PACKAGES.map(
    (name) => [name, linesOf(join(root, "packages", name, "src"))] as const,
  );
  console.log(
    `lines of code inside the enclave: ${sizes.map(([name, lines]) => `${name} ${lines}`).join(", ")}`,
  );
  expect(sizes.reduce((sum, [, lines]) => sum + lines, 0)).toBeLessThanOrEqual(LINES_MAX);
});

function linesOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/generated/"))
    .map((path) => readFileSync(path, "utf8").split("\n").filter(isCode).length)
    .reduce((sum, lines) => sum + lines, 0);
}

function isCode(line: string): boolean {
  return !/^\s*($|\/\/|\/\*|\*)/.test(line);
}
