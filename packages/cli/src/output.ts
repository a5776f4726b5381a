/** Answers on standard output, as text for people or as JSON for programs. */
import { wantsColor } from "./config.ts";

export type OutputFormat = "text" | "json";

/** Prints `value` as JSON, or as the lines that `toText` makes of it. */
export function print<T>(format: OutputFormat, value: T, toText: (value: T) => string): void {
  const text = format === "json" ? toJson(value) : toText(value);
  process.stdout.write(text.endsWith("\n") || text === "" ? text : `${text}\n`);
}

/** JSON with integers beyond 2⁵³ as text and bytes as base64. */
export function toJson(value: unknown): string {
  const replace = (_: string, field: unknown) => {
    if (typeof field === "bigint") return `${field}`;
    return field instanceof Uint8Array ? Buffer.from(field).toString("base64") : field;
  };
  return `${JSON.stringify(value, replace, 2)}\n`;
}

export interface Painter {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
  cyan(text: string): string;
}

export function painterFor(stream: { readonly isTTY?: boolean }): Painter {
  const isOn = wantsColor(stream);
  const paint = (start: number, end: number) => (text: string) =>
    isOn ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    green: paint(32, 39),
    yellow: paint(33, 39),
    red: paint(31, 39),
    cyan: paint(36, 39),
  };
}

/** `name  value` lines, the values below each other. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}
