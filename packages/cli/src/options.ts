/** Flags that several commands share, and how they become settings. */
import type { Command } from "commander";
import { CLIENT_SETTINGS, type ClientSettings, environment } from "./config.ts";
import { flagOf, readSettings, type Setting, type SettingSchema } from "./settings.ts";

/** Adds one flag for every setting of a schema. */
export function addSettings(command: Command, schema: SettingSchema): Command {
  for (const [name, setting] of Object.entries(schema)) {
    command.option(flagText(name, setting), helpText(setting));
  }
  return command;
}

/** Adds the flags that every command talking to a node has. */
export function addClientSettings(
  command: Command,
  names: readonly (keyof typeof CLIENT_SETTINGS)[] = ["home", "rest", "output"],
): Command {
  for (const name of names) {
    const setting = CLIENT_SETTINGS[name];
    command.option(flagText(name, setting), helpText(setting));
  }
  return command;
}

/** @throws {CliError} `cli/setting`. */
export function clientSettings(flags: Readonly<Record<string, unknown>>): ClientSettings {
  return readSettings(CLIENT_SETTINGS, flags, environment);
}

function flagText(name: string, setting: Setting): string {
  const flag = `--${flagOf(name)}`;
  switch (setting.type) {
    case "switch":
      return flag;
    case "integer":
      return `${flag} <number>`;
    case "choice":
      return `${flag} <${setting.choices.join("|")}>`;
    case "text":
      return `${flag} <${name === "rest" || name === "node" ? "url" : "text"}>`;
  }
}

function helpText(setting: Setting): string {
  const unit =
    setting.type === "integer" && !setting.unit.startsWith("(") ? ` ${setting.unit}` : "";
  const fallback = setting.type === "switch" ? "" : ` (default: ${setting.default}${unit})`;
  const variable = setting.env === undefined ? "" : ` [${setting.env}]`;
  return `${setting.sentence}${fallback}${variable}`;
}

/** Examples below a command's help. */
export function examples(command: Command, lines: readonly string[]): Command {
  const text = lines.map((line) => `  $ ${line}`).join("\n");
  return command.addHelpText("after", `\nExamples:\n${text}\n`);
}
