/** The table in ARCHITECTURE.md is the rule about imports between packages; manifests obey it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

interface Manifest {
  readonly name: string;
  readonly directory: string;
  readonly dependencies: readonly string[];
}

function readManifests(): Manifest[] {
  const directories = ["packages", "packages/modules"].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "modules")
      .map((entry) => join(parent, entry.name)),
  );
  return directories.map((directory) => {
    const json = JSON.parse(readFileSync(join(root, directory, "package.json"), "utf8"));
    const dependencies = Object.keys(json.dependencies ?? {})
      .filter((name) => name.startsWith("@tacit/"))
      .map((name) => name.slice("@tacit/".length));
    return { name: json.name.slice("@tacit/".length), directory, dependencies };
  });
}

/** Rows of the layer table: package pattern → names it may import. */
function readTable(): { readonly name: string; readonly mayImport: (name: string) => boolean }[] {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => cells.length === 6);
  const names = (cell: string) =>
    [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
  const moduleRow = rows.find((cells) => cells[1] === "`module-*`");
  return rows.flatMap((cells) => {
    const rule = cells[4] as string;
    const except = rule.startsWith("all of the above but") ? names(rule) : [];
    const allowed = rule.startsWith("as above")
      ? [...names(moduleRow?.[4] ?? ""), ...names(rule)]
      : names(rule);
    const mayImport = (name: string) =>
      rule === "all" ||
      (rule.startsWith("all of the above but") ? !except.includes(name) : allowed.includes(name));
    return names(cells[1] as string).map((name) => ({ name, mayImport }));
  });
}

const manifests = readManifests();
const table = readTable();
const rowOf = (name: string) =>
  table.find((row) => row.name === name) ??
  (name.startsWith("module-") ? table.find((row) => row.name === "module-*") : undefined);

describe("layers", () => {
  it.each(manifests.map((manifest) => [manifest.name, manifest] as const))(
    "%s has a row in ARCHITECTURE.md and imports only what the row allows",
    (name, manifest) => {
      const row = rowOf(name);
      expect(row, `no row for ${name}`).toBeDefined();
      const forbidden = manifest.dependencies.filter((dependency) => !row?.mayImport(dependency));
      expect(forbidden).toEqual([]);
    },
  );

  it("keeps the test kit out of what runs", () => {
    const users = manifests.filter(({ dependencies }) => dependencies.includes("testkit"));
    expect(users.map(({ name }) => name)).toEqual([]);
  });

  it("has no cycle between packages", () => {
    const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]));
    const visiting = new Set<string>();
    const done = new Set<string>();
    const visit = (name: string): void => {
      if (done.has(name)) return;
      expect(visiting.has(name), `cycle through ${name}`).toBe(false);
      visiting.add(name);
      for (const dependency of byName.get(name)?.dependencies ?? []) visit(dependency);
      done.add(name);
    };
    for (const { name } of manifests) visit(name);
    expect(done.size).toBe(manifests.length);
  });

  it("keeps what is inside the trust boundary away from the rest of the house", () => {
    const outside = /^(store|sdk|app|api|consensus|cli|module-.*)$/;
    const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]));
    const reachable = new Set<string>();
    const visit = (name: string): void => {
      if (reachable.has(name)) return;
      reachable.add(name);
      for (const dependency of byName.get(name)?.dependencies ?? []) visit(dependency);
    };
    visit("enclave");
    expect([...reachable].filter((name) => outside.test(name))).toEqual([]);
  });
});
