/**
 * The quiet part of a contract's memory: from its start to some way below its lowest data, zero at
 * first. Compilers put a stack of a mebibyte there, which grows downwards from the data and of which
 * contracts use some kilobytes. Clearing it all before each call costs more than the rest of memory.
 *
 * But a contract may write anywhere. So every store that could reach the part looks whether it
 * does, and then sets a global, as the host does for regions; while that is zero, so is the part.
 */
import { STACK_BYTES_USUAL } from "../limits.ts";
import { BLOCK_VOID, OP, VALUE } from "./opcodes.ts";
import type { ModuleShape } from "./shape.ts";
import { WasmWriter } from "./writer.ts";

/** Length of the quiet part; 0 for a module without one. */
export function quietBytes({ dataStart }: ModuleShape): number {
  return Math.max(0, dataStart - STACK_BYTES_USUAL);
}

/** Locals of a function that looks at its stores: an address, then a value of either type. */
export const NOTICE_LOCALS: readonly number[] = [VALUE.i32, VALUE.i32, VALUE.i64];

/** Writes what looks at the stores of one function. */
export class StoreNotices {
  readonly #out: WasmWriter;
  readonly #quietBytes: number;
  readonly #address: number;
  /** Sets the global if the comparison before it was true, and puts the address back. */
  readonly #end: Uint8Array;

  /**
   * @param local index of the first of {@link NOTICE_LOCALS}.
   * @param touched index of the global to set.
   */
  constructor(out: WasmWriter, quietBytes: number, local: number, touched: number) {
    this.#out = out;
    this.#quietBytes = quietBytes;
    this.#address = local;
    const end = new WasmWriter(32);
    for (const byte of [OP.i32LtU, OP.if, BLOCK_VOID, OP.i32Const, 1]) end.byte(byte);
    end.op(OP.globalSet, touched);
    end.byte(OP.end);
    end.op(OP.localGet, local);
    this.#end = end.toBytes();
  }

  /**
   * Goes before a store, whose operands lie on the stack and do so again afterwards. Address and
   * offset are added without wrapping, so that one comparison with the address alone decides.
   *
   * @param offset its constant offset, less than `quietBytes`.
   */
  write(op: number, offset: number): void {
    const isWide = op === OP.i64Store || op >= OP.i64Store8;
    const value = this.#address + (isWide ? 2 : 1);
    this.#out.op(OP.localSet, value);
    this.#out.op(OP.localTee, this.#address);
    this.#out.constant(OP.i32Const, this.#quietBytes - offset);
    this.#out.bytes(this.#end);
    this.#out.op(OP.localGet, value);
  }
}
