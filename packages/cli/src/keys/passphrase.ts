/** Where a passphrase comes from: a file, the environment, or the person at the terminal. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { environment, PASSPHRASE_VARIABLE } from "../config.ts";
import { CliError } from "../errors.ts";

const LENGTH_MIN = 8;
const FILE_BYTES_MAX = 4_096;

export interface PassphraseSource {
  readonly passphraseFile?: string;
}

/** @throws {CliError} `cli/passphrase` if there is no way to get one. */
export async function readPassphrase(source: PassphraseSource, purpose: string): Promise<string> {
  return given(source) ?? (await ask(`Passphrase ${purpose}: `));
}

/** Asks twice at the terminal. @throws {CliError} `cli/passphrase` if it is too short or differs. */
export async function readNewPassphrase(source: PassphraseSource): Promise<string> {
  const first = given(source) ?? (await ask("New passphrase: "));
  if (first.length < LENGTH_MIN) {
    throw new CliError("cli/passphrase", `A passphrase has at least ${LENGTH_MIN} characters.`);
  }
  if (given(source) === undefined && (await ask("Again: ")) !== first) {
    throw new CliError("cli/passphrase", "The two passphrases differ.");
  }
  return first;
}

/** A line from the terminal that is not shown, or all of standard input when it is no terminal. */
export async function readHidden(prompt: string): Promise<string> {
  if (process.stdin.isTTY) return ask(prompt);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8").trim();
}

function given(source: PassphraseSource): string | undefined {
  if (source.passphraseFile !== undefined) return fromFile(source.passphraseFile);
  const variable = environment[PASSPHRASE_VARIABLE];
  return variable === undefined || variable === "" ? undefined : variable;
}

function fromFile(path: string): string {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > FILE_BYTES_MAX) throw new RangeError("too long");
    return text.replace(/\r?\n$/, "");
  } catch (cause) {
    const message = `The passphrase file ${path} cannot be read.`;
    throw new CliError("cli/passphrase", message, undefined, { cause });
  }
}

async function ask(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CliError(
      "cli/passphrase",
      "A passphrase is needed and there is no terminal to ask at.",
      `Set ${PASSPHRASE_VARIABLE} or give --passphrase-file.`,
    );
  }
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      terminal.once("line", resolve);
      terminal.once("SIGINT", () => reject(new CliError("cli/passphrase", "Interrupted.")));
    });
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
