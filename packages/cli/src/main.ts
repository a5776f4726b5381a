/** The command line: commands are loaded when they are needed, errors become words and a code. */
import { ProtocolError } from "@tacit/encoding/errors";
import { Command, CommanderError } from "commander";
import { completionCommand } from "./commands/completion.ts";
import { exportCommand } from "./commands/export.ts";
import { genesisCommand } from "./commands/genesis.ts";
import { initCommand } from "./commands/init.ts";
import { keysCommand } from "./commands/keys.ts";
import { queryCommand } from "./commands/query.ts";
import { startCommand } from "./commands/start.ts";
import { statusCommand } from "./commands/status.ts";
import { txCommand } from "./commands/tx.ts";
import { CliError, EXIT } from "./errors.ts";
import { examples } from "./options.ts";
import { painterFor, toJson } from "./output.ts";

/** Runs the command and sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
  const program = createProgram();
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = report(error, wantsJson(args));
  }
}

export function createProgram(): Command {
  const program = new Command("tacit")
    .description("Secret Network in one process: a chain whose contracts keep their data encrypted")
    .version("0.1.0", "-v, --version", "print the version")
    .addCommand(startCommand())
    .addCommand(initCommand())
    .addCommand(genesisCommand())
    .addCommand(exportCommand())
    .addCommand(statusCommand())
    .addCommand(keysCommand())
    .addCommand(txCommand())
    .addCommand(queryCommand());
  program.addCommand(completionCommand(() => program));
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
