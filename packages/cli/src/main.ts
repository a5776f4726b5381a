/** The command line: commands are loaded when they are needed, errors become words and a code. */
import { ProtocolError } from "@tacit/encoding/errors";
import { Command, CommanderError } from "commander";
import { CliError, EXIT } from "./errors.ts";
import { examples } from "./options.ts";
import { painterFor, toJson } from "./output.ts";

interface Entry {
  readonly name: string;
  readonly alias?: string;
  readonly description: string;
  /** Loaded only when it is asked for: some need all types of the network. */
  readonly load: (program: () => Command) => Promise<Command>;
}

const entries: readonly Entry[] = [
  {
    name: "start",
    description: "run a network of one node, with funded accounts",
    load: async () => (await import("./commands/start.ts")).startCommand(),
  },
  {
    name: "init",
    description: "make a node's keys, its enclave and a genesis document without accounts",
    load: async () => (await import("./commands/init.ts")).initCommand(),
  },
  {
    name: "genesis",
    description: "add accounts and first validators to a genesis document, and check it",
    load: async () => (await import("./commands/genesis.ts")).genesisCommand(),
  },
  {
    name: "export",
    description: "write the state of a stopped node as a genesis document",
    load: async () => (await import("./commands/export.ts")).exportCommand(),
  },
  {
    name: "status",
    description: "height, chain and identity of a running node",
    load: async () => (await import("./commands/status.ts")).statusCommand(),
  },
  {
    name: "keys",
    description: "make, import and show keys; encrypted at rest",
    load: async () => (await import("./commands/keys.ts")).keysCommand(),
  },
  {
    name: "tx",
    description: "send transactions and wait until they are in a block",
    load: async () => (await import("./commands/tx.ts")).txCommand(),
  },
  {
    name: "query",
    alias: "q",
    description: "read the chain and its contracts",
    load: async () => (await import("./commands/query.ts")).queryCommand(),
  },
  {
    name: "completion",
    description: "print a completion script for bash, zsh, fish",
    load: async (program) => (await import("./commands/completion.ts")).completionCommand(program),
  },
];

/** Runs the command and sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
  const program = await createProgram(args);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = report(error, wantsJson(args));
  }
}

async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("tacit")
    .description("Secret Network in one process: a chain whose contracts keep their data encrypted")
    .version("0.1.0", "-v, --version", "print the version");
  const [wanted = ""] = args;
  const needsAll = wanted === "completion" || wanted === "help";
  for (const { name, alias, description, load } of entries) {
    const isWanted = needsAll || wanted === name || wanted === alias;
    const command = isWanted ? await load(() => program) : new Command(name);
    command.description(description);
    if (alias !== undefined && command.alias() === undefined) command.alias(alias);
    program.addCommand(command);
  }
  program.addHelpText(
    "after",
    `
Exit codes: 0 done, 1 failed, 2 wrong use, 3 no node reached, 4 transaction failed, 5 not found.
`,
  );
  examples(program, [
    "tacit start",
    "tacit keys list",
    "tacit tx bank send a b 1000000uscrt",
    "tacit tx compute store contracts/artifacts/counter.wasm --from a",
  ]);
  neverExit(program);
  return program;
}

/** Commander's own errors are thrown too, and said in our way. */
function neverExit(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false);
  for (const child of command.commands) neverExit(child);
}

function report(error: unknown, asJson: boolean): number {
  if (error instanceof CommanderError) return reportUsage(error);
  const known = error instanceof CliError ? error : undefined;
  const code = known?.code ?? codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const hint = hintOf(error);
  const problems = problemsOf(error);
  if (asJson) {
    process.stderr.write(
      toJson({ error: { code, message, ...(hint && { hint }), ...(problems && { problems }) } }),
    );
  } else {
    const paint = painterFor(process.stderr);
    process.stderr.write(`${paint.red("error")}: ${message}\n`);
    if (hint !== undefined) process.stderr.write(`${hint}\n`);
    for (const { path, text } of problems?.slice(1) ?? []) {
      process.stderr.write(`${paint.red("error")}: ${path}: ${text}\n`);
    }
    if (code === undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  return known?.exitCode ?? EXIT.failure;
}

function reportUsage(error: CommanderError): number {
  const isHelp = error.exitCode === 0 || error.code === "commander.help";
  if (isHelp) return error.code === "commander.help" ? EXIT.usage : EXIT.success;
  const paint = painterFor(process.stderr);
  process.stderr.write(`${paint.red("error")}: ${error.message.replace(/^error: /, "")}\n`);
  process.stderr.write("`--help` after any command shows how to use it.\n");
  return EXIT.usage;
}

function hintOf(error: unknown): string | undefined {
  const { failure } = error instanceof ProtocolError ? error : { failure: {} };
  return "hint" in failure && typeof failure.hint === "string" ? failure.hint : undefined;
}

interface Problem {
  readonly path: string;
  readonly text: string;
}

/** A genesis document may be wrong in more than one place. */
function problemsOf(error: unknown): readonly Problem[] | undefined {
  if (!(error instanceof ProtocolError) || !("all" in error)) return undefined;
  return error.all as readonly Problem[];
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return typeof code === "string" && code !== "" ? code : undefined;
}

function wantsJson(args: readonly string[]): boolean {
  return args.includes("--output=json") || args[args.indexOf("--output") + 1] === "json";
}
