import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ENGINE_STACK_MB } from "../src/limits.ts";
import { v1Contract } from "./contracts.ts";

const program = fileURLToPath(new URL("./executions.ts", import.meta.url));
/** Every version of Node must give it; `npm run determinism` asks others. */
const recorded = new URL("./executions.sha256", import.meta.url);
const starved = fileURLToPath(new URL("./starved.ts", import.meta.url));
const TOKEN_LINES = 1 + 20 * 2;
const LINES = 2 * TOKEN_LINES + 200 * 5 + 13 * 3 + 1;

/** Runs the fixed executions in a Node of their own; its lines, the last being their hash. */
async function execute(
  flags: readonly string[],
  stackMb: number,
  ...form: readonly string[]
): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, program, String(stackMb), ...form],
    { maxBuffer: 16 * 1024 * 1024 },
  );
  return stdout.trimEnd().split("\n");
}

describe("a thousand executions", () => {
  it("give the recorded results, gas and state in every tier, on small and large stacks, with cold and warm caches, counted and not", async () => {
    const expected = await execute([], ENGINE_STACK_MB);
    expect(expected).toHaveLength(LINES);
    expect(expected.at(-1)).toBe(readFileSync(recorded, "utf8").trim());
    const [warm, cold] = [0, TOKEN_LINES].map((from) => expected.slice(from, from + TOKEN_LINES));
    expect(cold!.map((line) => line.replace("cold", "warm"))).toEqual(warm);
    const recursions = expected.slice(2 * TOKEN_LINES, 2 * TOKEN_LINES + 13 * 3);
    for (const line of recursions) expect(line).toMatch(/: vm\/stack_overflow \d+$/);
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
    expect(await execute([], ENGINE_STACK_MB, "counting")).toEqual(expected);
  });
});

describe("memory that the machine does not have", () => {
  it("stops the engine and is no answer to the contract", async () => {
    const wasm = v1Contract(`(func (export "sudo") (param i32 i32) (result i32)
      (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (i32.store (i32.const 64) (memory.size))
      (i32.store (i32.const 48) (i32.const 64))
      (i32.store (i32.const 56) (i32.const 1))
      (i32.const 48))`);
    const node = async (flags: readonly string[]): Promise<string> => {
      const args = [...flags, starved, Buffer.from(wasm).toString("base64")];
      return (await promisify(execFile)(process.execPath, args)).stdout.trimEnd();
    };
    expect(await node([])).toBe("192 pages");
    expect(await node(["--wasm-max-mem-pages=150"])).toBe(
      "invariant broken: the machine has the memory that contracts may use",
    );
  });
});
