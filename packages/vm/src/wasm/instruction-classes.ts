/** Data table: kinds of work among instructions, for reports; all of them cost the same. */
import { OP } from "./opcodes.ts";

/** In the order of the binary format's opcodes. */
export const INSTRUCTION_CLASSES = [
  "blocks",
  "branches",
  "calls",
  "operands",
  "locals",
  "globals",
  "memory access",
  "memory growth",
  "constants",
  "comparison",
  "arithmetic",
  "division",
  "bit operations",
  "conversion",
] as const;

export type InstructionClass = (typeof INSTRUCTION_CLASSES)[number];

/** Index in {@link INSTRUCTION_CLASSES} by opcode; of instructions that cost something. */
export const CLASS_INDEX = new Uint8Array(256);

function define(from: number, to: number, name: InstructionClass): void {
  CLASS_INDEX.fill(INSTRUCTION_CLASSES.indexOf(name), from, to + 1);
}

define(OP.block, OP.loop, "blocks");
define(OP.unreachable, OP.unreachable, "branches");
define(OP.if, OP.if, "branches");
define(OP.br, OP.return, "branches");
define(OP.call, OP.callIndirect, "calls");
define(OP.drop, OP.select, "operands");
define(OP.localGet, OP.localTee, "locals");
define(OP.globalGet, OP.globalSet, "globals");
define(0x28, OP.memorySize, "memory access");
define(OP.memoryGrow, OP.memoryGrow, "memory growth");
define(OP.i32Const, OP.i64Const, "constants");
define(0x45, 0x5a, "comparison");
define(0x67, 0x8a, "bit operations");
define(OP.i32Add, 0x6c, "arithmetic");
define(OP.i64Add, OP.i64Mul, "arithmetic");
define(0x6d, 0x70, "division");
define(0x7f, 0x82, "division");
define(0xa7, 0xc4, "conversion");
