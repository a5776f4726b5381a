/** Every TypeScript example of the README runs as it stands. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map((match, i) => ({
  name: `example ${i + 1}`,
  code: match[1] as string,
}));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, string>;
};

/** The package's own names stand for its files; the rest an example may not import. */
function resolve(code: string): string {
  return code.replaceAll(
    /from "@tacit\/threshold(\/[a-z0-9/-]+)?"/g,
    (_all, subpath: string | undefined) => {
      const file = manifest.exports[subpath === undefined ? "." : `.${subpath}`];
      expect(file, subpath).toBeDefined();
      return `from ${JSON.stringify(pathToFileURL(join(root, file as string)).href)}`;
    },
  );
}

describe("examples of the README", () => {
  it("are there", () => {
    expect(examples.length).toBeGreaterThan(1);
  });

  it.each(examples)("$name runs", async ({ code }) => {
    const script = stripTypeScriptTypes(resolve(code));
    await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(script)}`);
  });
});
