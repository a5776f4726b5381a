/**
 * Runs a module instrumented and as it is, side by side, on imports that answer from a hash; then
 * instrumented in the usual and in the counting form.
 */
import { IMPORT_SIGNATURES, type ImportName } from "../src/abi.ts";
import { type CheckedModule, checkModule } from "../src/check.ts";
import { instrumentCode } from "../src/compile.ts";
import { VmError } from "../src/errors.ts";
import { instructionGas } from "../src/instruction-gas.ts";
import { MEMORY_PAGES_MAX, STACK_LEAF_SLOTS_MAX } from "../src/limits.ts";
import { trapFailure } from "../src/traps.ts";
import { HELPER } from "../src/wasm/instrument.ts";
import { VALUE } from "../src/wasm/opcodes.ts";
import {
  type WasmFunction,
  type WasmGlobal,
  type WasmImports,
  type WasmMemory,
  WebAssembly,
} from "../src/wasm/web-assembly.ts";

/**
 * - `refused`: with a typed error, by `reason`.
 * - `agreed`: both did the same, `calls` times.
 * - `differed`: they did not, `reason` says where.
 */
export interface Agreement {
  readonly verdict: "refused" | "agreed" | "differed";
  readonly reason: string;
  readonly calls: number;
}

/** Ends what would run for ever, within some 10 ms. */
const GAS = 20_000_000;
const IMPORT_CALLS_MAX = 10_000;

/** @throws anything but {VmError} that checks or instrumentation throw: that is a find. */
export function agree(wasm: Uint8Array): Agreement {
  let instrumented: Uint8Array;
  let checked: CheckedModule;
  try {
    checked = checkModule(wasm);
    instrumented = instrumentCode(checked);
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    return { verdict: "refused", reason: describe(error), calls: 0 };
  }
  if (!WebAssembly.validate(instrumented)) {
    return { verdict: "differed", reason: "the instrumented module is not valid", calls: 0 };
  }
  const names = [...checked.analysis.entryPoints, "allocate"];
  const agreement = compare(wasm, instrumented, names);
  const difference = compareForms(checked, instrumented, names);
  if (agreement.verdict !== "agreed" || difference === undefined) return agreement;
  return { verdict: "differed", reason: difference, calls: agreement.calls };
}

function describe({ failure }: VmError): string {
  const { code, ...data } = failure as { code: string } & Record<string, unknown>;
  const named = data.limit ?? data.feature ?? data.reason ?? "";
  return `${code} ${named}`.trim();
}

interface Side {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly memory: WasmMemory;
  readonly entry: WasmFunction;
}

function compare(plain: Uint8Array, metered: Uint8Array, names: readonly string[]): Agreement {
  let calls = 0;
  for (const name of names) {
    const left = openMetered(metered, name);
    const right = open(plain, name, "memory");
    if (typeof left === "string" || typeof right === "string") {
      const reason = `${left}, ${right}`;
      return { verdict: left === right ? "agreed" : "differed", reason, calls };
    }
    const args = Array.from({ length: right.entry.length }, (_, at) => 1_000 * (at + 1));
    (left.exports[HELPER.begin] as WasmFunction)(GAS);
    const found = outcome(() => left.entry(...args));
    if (isLimited(left, found)) continue;
    const expected = outcome(() => right.entry(...args));
    if (!isComparable(right.memory)) continue;
    calls++;
    if (found === expected && sameBytes(left.memory, right.memory)) continue;
    return { verdict: "differed", reason: `${name}: ${found} metered, ${expected} plain`, calls };
  }
  return { verdict: "agreed", reason: "", calls };
}

/** A module need not export its memory as such; and a plain one may grow it further. */
function isComparable(memory: WasmMemory | undefined): boolean {
  const buffer = memory?.buffer;
  return buffer instanceof ArrayBuffer && buffer.byteLength <= MEMORY_PAGES_MAX * 65_536;
}

/** Gas, stack and the host's patience end a metered run only; a plain one might not end. */
function isLimited(side: Side, found: string): boolean {
  if (gasLeft(side) < 0) return true;
  if (found === ENDLESS || found === "RangeError") return true;
  return (side.exports[HELPER.stack] as WasmGlobal).value < STACK_LEAF_SLOTS_MAX;
}

/** Where results, gas or memory of the forms differ, or the gas of the classes from what was charged. */
function compareForms(
  checked: CheckedModule,
  usual: Uint8Array,
  names: readonly string[],
): string | undefined {
  const counting = instrumentCode(checked, true);
  for (const name of names) {
    const [left, right] = [openMetered(counting, name), openMetered(usual, name)];
    if (typeof left === "string" || typeof right === "string") {
      if (left === right) continue;
      return `${name}: ${left} counting, ${right} usual`;
    }
    const args = Array.from({ length: right.entry.length }, (_, at) => 1_000 * (at + 1));
    const [found, expected] = [left, right].map((side) => {
      (side.exports[HELPER.begin] as WasmFunction)(GAS);
      return `${outcome(() => side.entry(...args))}, gas ${gasLeft(side)}`;
    });
    if (found !== expected) return `${name}: ${found} counting, ${expected} usual`;
    if (!sameBytes(left.memory, right.memory)) return `${name}: memory of the counting form`;
    const counts = new BigUint64Array((left.exports[HELPER.counts] as WasmMemory).buffer);
    const { classes } = instructionGas(checked, counts);
    const sum = classes.reduce((gas, each) => gas + Number(each.gas), 0);
    if (sum !== GAS - gasLeft(left)) return `${name}: ${sum} in classes, ${gasLeft(left)} left`;
  }
  return undefined;
}

function gasLeft({ exports }: Side): number {
  return (exports[HELPER.gas] as WasmFunction)();
}

const ENDLESS = "endless";

function openMetered(wasm: Uint8Array, name: string): Side | string {
  return open(wasm, name === "allocate" ? HELPER.allocate : name, HELPER.memory);
}

/** A fresh instance, or the name of the error that there is none. */
function open(wasm: Uint8Array, name: string, memory: string): Side | string {
  try {
    const module = new WebAssembly.Module(wasm);
    const { exports } = new WebAssembly.Instance(module, hashImports());
    return { exports, memory: exports[memory] as WasmMemory, entry: exports[name] as WasmFunction };
  } catch (error) {
    return (error as Error).name;
  }
}

function outcome(work: () => unknown): string {
  try {
    return String(work());
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return trapFailure(error).code;
    if (error === ENDLESS) return ENDLESS;
    if (error instanceof RangeError) return "RangeError";
    throw error;
  }
}

function hashImports(): WasmImports {
  let calls = 0;
  const env: Record<string, WasmImports[string][string]> = {};
  for (const name of Object.keys(IMPORT_SIGNATURES) as ImportName[]) {
    const { result } = IMPORT_SIGNATURES[name];
    env[name] = (...args: number[]) => {
      if (++calls > IMPORT_CALLS_MAX) throw ENDLESS;
      let hash = calls;
      for (const arg of args) hash = (Math.imul(hash ^ arg, 0x9e3779b1) ^ (hash >>> 15)) | 0;
      if (result === 0) return undefined;
      return result === VALUE.i64 ? BigInt(hash) * 0x1_0000_0001n : hash;
    };
  }
  return { env };
}

function sameBytes(left: WasmMemory, right: WasmMemory): boolean {
  return Buffer.compare(new Uint8Array(left.buffer), new Uint8Array(right.buffer)) === 0;
}
