/**
 * Prints the documents that are made from the sources: `docs/config.md`, and the table in
 * `docs/compatibility.md`.
 *
 * `node tools/docs.ts` writes them, `--check` only compares. A test runs the comparison.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CLIENT_SETTINGS,
  PASSPHRASE_VARIABLE,
  START_SETTINGS,
} from "../packages/cli/src/config.ts";
import { flagOf, type Setting, type SettingSchema } from "../packages/cli/src/settings.ts";
import { withTable } from "./compatibility-table.ts";

const root = join(import.meta.dirname, "..");

/** Path from the root → text. */
export function documents(): ReadonlyMap<string, string> {
  const compatibility = "docs/compatibility.md";
  return new Map([
    ["docs/config.md", configDocument()],
    [compatibility, withTable(readFileSync(join(root, compatibility), "utf8"))],
  ]);
}

function configDocument(): string {
  return [
    "# Settings",
    "",
    "Made by `node tools/docs.ts` from `packages/cli/src/config.ts`. A flag wins over its environment",
    "variable, and that over the default.",
    "",
    "## `tacit start`",
    "",
    ...tableOf(START_SETTINGS),
    "",
    "## Commands that talk to a node",
    "",
    ...tableOf(CLIENT_SETTINGS),
    "",
    `Keys that sign ask for their passphrase, or take it from \`--passphrase-file\` or \`${PASSPHRASE_VARIABLE}\`.`,
    "`NO_COLOR` turns colours off; they are only used on a terminal.",
    "",
  ].join("\n");
}

function tableOf(schema: SettingSchema): string[] {
  const rows = Object.entries(schema).map(
    ([name, setting]) =>
      `| \`--${flagOf(name)}\` | ${setting.sentence} | ${defaultOf(name, setting)} | ${boundsOf(setting)} | ${setting.env ? `\`${setting.env}\`` : ""} |`,
  );
  return ["| flag | what it does | default | form | variable |", "|---|---|---|---|---|", ...rows];
}

function defaultOf(name: string, setting: Setting): string {
  if (setting.type === "switch") return "off";
  if (name === "queryThreads") return "cores − 1, 1 to 4";
  return `\`${setting.default}\``;
}

function boundsOf(setting: Setting): string {
  switch (setting.type) {
    case "integer":
      return `${setting.min} to ${setting.max} ${setting.unit}`;
    case "choice":
      return setting.choices.join(", ");
    case "text":
      return setting.form;
    case "switch":
      return "switch";
  }
}

if (import.meta.main) {
  const isCheck = process.argv.includes("--check");
  for (const [path, text] of documents()) {
    const file = join(root, path);
    const isSame = existsSync(file) && readFileSync(file, "utf8") === text;
    if (isSame) continue;
    if (isCheck) {
      console.error(`${path} is not what the sources say; run: node tools/docs.ts`);
      process.exitCode = 1;
    } else {
      writeFileSync(file, text);
      console.log(`wrote ${path}`);
    }
  }
}
