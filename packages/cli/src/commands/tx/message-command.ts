/** A command that sends messages made of its arguments. */
import { Command } from "commander";
import type { JsonMessage } from "../../chain/types.ts";
import { examples } from "../../options.ts";
import { type Author, authorOf, type SendFlags, send, sendFlags } from "./send.ts";

export interface MessageCommand {
  readonly name: string;
  readonly description: string;
  /** Positional arguments with what they are; one in brackets may be left out. */
  readonly args?: readonly (readonly [name: string, description: string])[];
  /** Flags of its own, in commander's words. */
  readonly options?: readonly (readonly [flags: string, description: string])[];
  readonly build: (
    author: Author,
    values: readonly string[],
    flags: Flags,
  ) => readonly JsonMessage[] | Promise<readonly JsonMessage[]>;
  readonly examples: readonly string[];
}

export type Flags = Readonly<Record<string, string | boolean | undefined>>;

export function messageCommand(spec: MessageCommand): Command {
  const { args = [], options = [] } = spec;
  const command = new Command(spec.name).description(spec.description);
  for (const [name, description] of args) {
    command.argument(name.startsWith("[") ? name : `<${name}>`, description);
  }
  for (const [flags, description] of options) command.option(flags, description);
  sendFlags(command).action(async (...given: unknown[]) => {
    const values = given.slice(0, args.length).map((value) => (value ?? "") as string);
    const flags = given[args.length] as Flags & SendFlags;
    const author = authorOf(flags);
    await send(flags, author, await spec.build(author, values, flags));
  });
  return examples(command, spec.examples);
}

export function group(name: string, description: string, commands: readonly Command[]): Command {
  const command = new Command(name).description(description);
  for (const one of commands) command.addCommand(one);
  return command;
}
