/** House rules that no other tool holds. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(root, path)));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const isGenerated = (path: string) => path.includes("/generated/");
const sources = tracked.filter((path) => path.endsWith(".ts") && !isGenerated(path));
const shipped = sources.filter(
  (path) => path.startsWith("packages/") && !path.endsWith(".test.ts") && !path.includes("/test/"),
);

describe("tidy", () => {
  it("keeps every source file within 500 lines, data tables apart", () => {
    const long = sources.filter((path) => {
      const text = read(path);
      return text.split("\n").length > 501 && !text.startsWith("// Data table");
    });
    expect(long).toEqual([]);
  });

  it("throws only typed errors in shipped code", () => {
    const bare = shipped.filter((path) => /throw new Error\(/.test(read(path)));
    expect(bare).toEqual([]);
  });

  it("leaves no TODO without an issue number", () => {
    const stray = sources.filter(
      (path) =>
        path !== "tools/tidy.test.ts" && /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/.test(read(path)),
    );
    expect(stray).toEqual([]);
  });

  it("names no registry host in any text file", () => {
    const hosts = new RegExp(["registry\\.npmjs", "artifactory", "registry\\.yarnpkg"].join("|"));
    const named = tracked.filter(
      (path) =>
        /\.(ts|js|json|md|toml|lock|ya?ml)$|\/run$|npmrc$/.test(path) &&
        path !== "tools/tidy.test.ts" &&
        hosts.test(read(path)),
    );
    expect(named).toEqual([]);
  });

  it("reads no clock, random source, timer or environment below consensus and api", () => {
    const pure = /^packages\/(encoding|crypto|light|vm|store|sdk|modules\/[^/]+)\//;
    const impure =
      /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|process\.env|toLocale\w+|performance\.now)\b/;
    const offenders = shipped.filter(
      (path) => pure.test(path) && impure.test(stripComments(read(path))),
    );
    expect(offenders).toEqual([]);
  });

  it("names no network's prefix, coin or gas table in the rules of a chain", () => {
    const rules = /^packages\/(light|store|vm|enclave|modules\/[^/]+|sdk|app)\/src\//;
    // The last one is the magic of a record, not an address.
    const definitions =
      /^packages\/(app\/src\/networks\/|sdk\/src\/(gas|index)\.ts|enclave\/src\/state\/record-format\.ts)/;
    const named =
      /"(secret|cosmos)(valoper|valcons)?"|"(secret|cosmos)1|"uscrt"|\b(secret|upstream)KvGas\b/;
    const offenders = shipped.filter(
      (path) =>
        rules.test(path) && !definitions.test(path) && named.test(stripComments(read(path))),
    );
    expect(offenders).toEqual([]);
  });

  it("links only to files that exist", () => {
    const broken = tracked
      .filter(
        (path) =>
          path.endsWith(".md") && !path.startsWith("proto/vendor/") && !path.startsWith("vectors/"),
      )
      .flatMap((path) =>
        [...read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
          .map((match) => match[1] as string)
          .filter((target) => !/^[a-z]+:/.test(target))
          .filter((target) => !existsSync(join(root, normalize(join(dirname(path), target)))))
          .map((target) => `${path} → ${target}`),
      );
    expect(broken).toEqual([]);
  });
});

function stripComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}
