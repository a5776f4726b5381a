/** The kind of thing a setting is, and how its text is read and checked. */
import { CliError } from "./errors.ts";

interface SettingCommon {
  /** What it does, as one sentence. */
  readonly sentence: string;
  /** Environment variable; the command's flag wins over it. */
  readonly env?: string;
}

export interface IntegerSetting extends SettingCommon {
  readonly type: "integer";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

export interface TextSetting extends SettingCommon {
  readonly type: "text";
  readonly default: string;
  readonly pattern: RegExp;
  /** What the pattern asks for, in words. */
  readonly form: string;
}

export interface ChoiceSetting extends SettingCommon {
  readonly type: "choice";
  readonly default: string;
  readonly choices: readonly string[];
}

export interface SwitchSetting extends SettingCommon {
  readonly type: "switch";
  readonly default: false;
}

export type Setting = IntegerSetting | TextSetting | ChoiceSetting | SwitchSetting;
export type SettingSchema = Readonly<Record<string, Setting>>;

export type SettingValue<S extends Setting> = S extends IntegerSetting
  ? number
  : S extends SwitchSetting
    ? boolean
    : S extends ChoiceSetting
      ? S["choices"][number]
      : string;

export type SettingValues<Schema extends SettingSchema> = {
  readonly [Name in keyof Schema]: SettingValue<Schema[Name]>;
};

/** `blockInterval` → `block-interval`, the flag's spelling. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Values from flags, then the environment, then defaults; every one checked.
 * @param given flags by their camel-case name, as text or true.
 * @throws {CliError} `cli/setting`.
 */
export function readSettings<const Schema extends SettingSchema>(
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): SettingValues<Schema> {
  const entries = Object.entries(schema).map(([name, setting]) => {
    const flag = given[name];
    const fromEnvironment = setting.env === undefined ? undefined : environment[setting.env];
    if (flag !== undefined) return [name, parse(setting, flag, `--${flagOf(name)}`)];
    if (fromEnvironment !== undefined && fromEnvironment !== "") {
      return [name, parse(setting, fromEnvironment, `environment variable ${setting.env}`)];
    }
    return [name, setting.default];
  });
  return Object.fromEntries(entries) as SettingValues<Schema>;
}

function parse(setting: Setting, value: unknown, where: string): number | string | boolean {
  if (setting.type === "switch") return value === true || value === "1" || value === "true";
  const text = String(value);
  if (setting.type === "integer") return parseInteger(setting, text, where);
  if (setting.type === "choice" && !setting.choices.includes(text)) {
    const message = `${where} is "${text}", which is none of ${setting.choices.join(", ")}.`;
    throw new CliError("cli/setting", message, `The default is ${setting.default}.`);
  }
  if (setting.type === "text" && !setting.pattern.test(text)) {
    const message = `${where} is "${text}", which is not ${setting.form}.`;
    throw new CliError("cli/setting", message, `The default is ${setting.default}.`);
  }
  return text;
}

function parseInteger(setting: IntegerSetting, text: string, where: string): number {
  const value = Number(text);
  const isGood = /^[0-9]{1,15}$/.test(text) && value >= setting.min && value <= setting.max;
  if (!isGood) {
    const range = `${setting.min} to ${setting.max} ${setting.unit}`;
    throw new CliError("cli/setting", `${where} is "${text}", which is not a number of ${range}.`);
  }
  return value;
}
