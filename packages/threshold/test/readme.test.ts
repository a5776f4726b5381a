/** Every TypeScript example of the README and of docs/threshold runs as it stands. */
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const docs = join(root, "../../docs/threshold");
const pages = [join(root, "README.md"), ...readdirSync(docs).map((name) => join(docs, name))];
const examples = pages.flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map((match, i) => ({
    name: `${basename(page)}, example ${i + 1}`,
    code: match[1] as string,
  })),
);
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, string>;
};

/** The package's own names stand for its files; the rest an example may not import. */
function resolve(code: string): string {
  return code.replaceAll(
    /from "@tacit\/threshold(\/[a-z0-9]+)?"/g,
    (_all, subpath: string | undefined) => {
      const file = manifest.exports[subpath === undefined ? "." : `.${subpath}`];
      expect(file, subpath).toBeDefined();
      return `from ${JSON.stringify(pathToFileURL(join(root, file as string)).href)}`;
    },
  );
}

describe("examples in the documents", () => {
  it("are there", () => {
    expect(examples.length).toBeGreaterThan(1);
  });

  it.each(examples)("$name runs", async ({ code }) => {
    const script = stripTypeScriptTypes(resolve(code));
    await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(script)}`);
  });
});
