import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ENGINE_STACK_MB } from "../src/limits.ts";

const program = fileURLToPath(new URL("./executions.ts", import.meta.url));
const LINES = 200 * 5 + 13 * 3 + 1;

/** Runs the fixed executions in a Node of their own; its lines, the last being their hash. */
async function execute(flags: readonly string[], stackMb: number): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, program, String(stackMb)],
    { maxBuffer: 16 * 1024 * 1024 },
  );
  return stdout.trimEnd().split("\n");
}

describe("a thousand executions", () => {
  it("give the same results and gas in every tier and on small and large stacks, recursions too", async () => {
    const expected = await execute([], ENGINE_STACK_MB);
    expect(expected).toHaveLength(LINES);
    for (const line of expected.slice(0, 13 * 3)) expect(line).toMatch(/: vm\/stack_overflow \d+$/);
    const variants: readonly [readonly string[], number][] = [
      [["--liftoff-only"], ENGINE_STACK_MB],
      [["--no-liftoff"], ENGINE_STACK_MB],
      [["--liftoff-only"], 2],
      [["--no-liftoff"], 2],
      [["--no-wasm-inlining", "--disable-wasm-trap-handler"], 2],
    ];
    for (const [flags, stackMb] of variants) {
      expect(await execute(flags, stackMb), flags.join(" ")).toEqual(expected);
    }
  });
});
