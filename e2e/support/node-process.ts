/** A node as a process of its own, on free ports, as a user would start it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ENTRY = join(import.meta.dirname, "../../packages/cli/bin/tacit.js");
const PORT_FLAGS = ["rpc", "rest", "grpc", "grpc-web", "faucet"].flatMap((name) => [
  `--${name}-port`,
  "0",
]);
const START_TIMEOUT_MS = 60_000;

export interface NodeUrls {
  readonly rpc: string;
  readonly rest: string;
  readonly grpc: string;
  readonly grpcWeb: string;
  readonly faucet: string;
}

export interface NodeProcess {
  readonly home: string;
  readonly pid: number;
  readonly urls: NodeUrls;
  readonly chainId: string;
  readonly measurement: string;
  readonly startHeight: number;
  /** Everything the process printed so far, both streams. */
  output(): string;
  /** Ctrl-C, and waits for the end. @returns the exit code. */
  stop(): Promise<number | null>;
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
}

/** A directory that is removed by `remove`. */
export function temporaryHome(): { readonly home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), "tacit-e2e-"));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

export async function startNodeProcess(
  home: string,
  flags: readonly string[] = [],
): Promise<NodeProcess> {
  const child = spawnTacit(["start", "--home", home, "--json-logs", ...PORT_FLAGS, ...flags]);
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const facts = await new Promise<StartedLine>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(failure("did not start in time", lines)),
      START_TIMEOUT_MS,
    );
    child.once("exit", (code) =>
      reject(failure(`ended with ${code} before it had started`, lines)),
    );
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream as NodeJS.ReadableStream }).on("line", (line) => {
        lines.push(line);
        const started = parseStarted(line);
        if (started === undefined) return;
        clearTimeout(timer);
        resolve(started);
      });
    }
  });
  return {
    ...facts,
    home,
    pid: child.pid ?? 0,
    output: () => lines.join("\n"),
    stop: () => {
      child.kill("SIGINT");
      return ended;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Runs a command to its end. */
export async function runTacit(
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawnTacit(args, options.env);
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    texts.stderr += chunk;
  });
  child.stdin?.end(options.input ?? "");
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...texts };
}

interface StartedLine {
  readonly urls: NodeUrls;
  readonly chainId: string;
  readonly measurement: string;
  readonly startHeight: number;
}

function spawnTacit(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [ENTRY, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
  });
}

function parseStarted(line: string): StartedLine | undefined {
  if (!line.includes('"msg":"started"')) return undefined;
  return JSON.parse(line) as StartedLine;
}

function failure(what: string, lines: readonly string[]): Error {
  return new Error(`the node ${what}:\n${lines.join("\n")}`);
}
