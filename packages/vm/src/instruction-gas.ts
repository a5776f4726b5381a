import type { CheckedModule } from "./check.ts";
import { GAS_INSTRUCTION, GAS_MEMORY_PAGE } from "./gas.ts";
import { FUNCTIONS_REPORTED_MAX, LOCALS_UNCHARGED_MAX, NAME_REPORTED_MAX } from "./limits.ts";
import { readFunctionNames } from "./wasm/function-names.ts";
import { type FunctionScan, INSERT } from "./wasm/function-scan.ts";
import {
  CLASS_INDEX,
  INSTRUCTION_CLASSES,
  type InstructionClass,
} from "./wasm/instruction-classes.ts";
import { KIND, OP, OPCODE_KIND } from "./wasm/opcodes.ts";
import { WasmReader } from "./wasm/reader.ts";
import { EXPORT_FUNCTION } from "./wasm/shape.ts";

/** Wasm gas of the instructions of one class. */
export interface ClassGas {
  readonly name: InstructionClass;
  readonly gas: bigint;
}

/** Wasm gas of a function's own instructions, without what it called and pages that it grew. */
export interface FunctionGas {
  /** As the binary format counts: imports come first. */
  readonly index: number;
  /** Of the name section, or of an export: printable ASCII, cut; empty if it has none. */
  readonly name: string;
  readonly gas: bigint;
}

/** Where the gas of a call's instructions went, twice over. */
export interface InstructionGas {
  /** The dearest first; together they are all of it. */
  readonly classes: readonly ClassGas[];
  /** The dearest, at most `FUNCTIONS_REPORTED_MAX`. */
  readonly functions: readonly FunctionGas[];
}

/**
 * Reads the counts of a call in the counting form. Only bodies of functions that ran are read
 * again, so that nothing is kept for each instruction.
 *
 * @param counts pages asked for, then how often each charge was made, in the order of the bytes.
 */
export function instructionGas(checked: CheckedModule, counts: BigUint64Array): InstructionGas {
  const { insertions, functions, shape } = checked;
  const gas = new Float64Array(INSTRUCTION_CLASSES.length);
  const ran: { readonly index: number; readonly gas: number }[] = [];
  let next = 1;
  functions.forEach((scan, index) => {
    const counted = counts.subarray(next, next + scan.charges);
    next += scan.charges;
    if (!counted.some((count) => count > 0n)) return;
    const entries = entriesOf(scan, insertions, counted);
    let own = 0;
    eachInstruction(checked, scan, (sequence, op, times) => {
      const each = entries[sequence]! * times * GAS_INSTRUCTION;
      gas[CLASS_INDEX[op]!]! += each;
      own += each;
    });
    ran.push({ index: shape.imports.length + index, gas: own });
  });
  gas[CLASS_INDEX[OP.memoryGrow]!]! += Number(counts[0]) * GAS_MEMORY_PAGE;
  const classes = INSTRUCTION_CLASSES.map((name, index) => ({ name, gas: gas[index]! }));
  return {
    classes: classes
      .filter((each) => each.gas > 0)
      .sort(dearestFirst)
      .map((each) => ({ ...each, gas: BigInt(each.gas) })),
    functions: named(checked, ran.sort(dearestFirst).slice(0, FUNCTIONS_REPORTED_MAX)),
  };
}

function dearestFirst(first: { readonly gas: number }, second: { readonly gas: number }): number {
  return second.gas - first.gas;
}

/** How often each sequence of a function was entered; those that cost nothing were not counted. */
function entriesOf(
  scan: FunctionScan,
  { kinds, counts }: CheckedModule["insertions"],
  counted: BigUint64Array,
): number[] {
  const entries: number[] = [];
  let next = 0;
  for (let at = scan.insertFrom; at < scan.insertTo; at++) {
    if (kinds[at] === INSERT.charge) entries.push(counts[at] === 0 ? 0 : Number(counted[next++]));
  }
  return entries;
}

/**
 * The instructions that are charged, each with its sequence, which count in the order in which
 * they begin. `FunctionScanner` says what a sequence is, and has checked the body.
 */
function eachInstruction(
  { shape }: CheckedModule,
  scan: FunctionScan,
  visit: (sequence: number, op: number, times: number) => void,
): void {
  const reader = new WasmReader(shape.bytes, scan.bodyStart, scan.bodyEnd + 1);
  const outer: { readonly sequence: number; readonly isDead: boolean }[] = [];
  let here = { sequence: 0, isDead: false };
  let begun = 1;
  visit(0, OP.localGet, Math.max(0, scan.localCount - LOCALS_UNCHARGED_MAX));
  for (;;) {
    const op = reader.byte();
    skipImmediates(reader, op);
    if (op === OP.end) {
      const around = outer.pop();
      if (around === undefined) return;
      here = around;
    } else if (op === OP.else) here = { sequence: begun++, isDead: false };
    else {
      if (op !== OP.nop && !here.isDead) visit(here.sequence, op, 1);
      if (op === OP.block || op === OP.loop || op === OP.if) {
        outer.push(here);
        here = { sequence: begun++, isDead: false };
      } else if (ENDS_SEQUENCE.has(op)) here = { ...here, isDead: true };
    }
  }
}

const ENDS_SEQUENCE: ReadonlySet<number> = new Set([OP.unreachable, OP.br, OP.brTable, OP.return]);

function skipImmediates(reader: WasmReader, op: number): void {
  switch (OPCODE_KIND[op]) {
    case KIND.memory:
      reader.u32();
      reader.u32();
      return;
    case KIND.local:
    case KIND.global:
      reader.u32();
      return;
    case KIND.i32Const:
      reader.s32();
      return;
    case KIND.i64Const:
      reader.skipS64();
      return;
    case KIND.control:
      skipControl(reader, op);
  }
}

function skipControl(reader: WasmReader, op: number): void {
  if (op === OP.brTable) {
    for (let targets = reader.u32(); targets >= 0; targets--) reader.u32();
  } else if (op === OP.callIndirect) {
    reader.u32();
    reader.u32();
  } else if (op === OP.br || op === OP.brIf || op === OP.call) reader.u32();
  else if (ONE_BYTE_FOLLOWS.has(op)) reader.byte();
}

const ONE_BYTE_FOLLOWS: ReadonlySet<number> = new Set([
  OP.block,
  OP.loop,
  OP.if,
  OP.memorySize,
  OP.memoryGrow,
]);

function named(
  { shape }: CheckedModule,
  functions: readonly { readonly index: number; readonly gas: number }[],
): FunctionGas[] {
  const names = readFunctionNames(shape.bytes, new Set(functions.map(({ index }) => index)));
  const exportName = (index: number): string | undefined =>
    shape.exports.find((each) => each.kind === EXPORT_FUNCTION && each.index === index)?.name;
  return functions.map(({ index, gas }) => {
    const name = names.get(index) ?? exportName(index) ?? "";
    return { index, name: printable(name), gas: BigInt(gas) };
  });
}

/** Names are the contract's: what a terminal would obey, or JSON would escape at length, goes. */
function printable(name: string): string {
  return name.slice(0, NAME_REPORTED_MAX).replaceAll(/[^ !#-[\]-~]/g, "?");
}
