import { invalidWasm, limitExceeded, VmError } from "../errors.ts";
import {
  BR_TABLE_TARGETS_MAX,
  JOIN_WORK_MAX,
  LOCALS_MAX,
  LOCALS_UNCHARGED_MAX,
  NESTING_MAX,
  STACK_FRAME_SLOTS,
} from "../limits.ts";
import {
  BLOCK_VOID,
  KIND,
  newerFeature,
  OP,
  OPCODE_KIND,
  OPCODE_POPS,
  OPCODE_PUSHES,
} from "./opcodes.ts";
import { quietBytes } from "./quiet-part.ts";
import { WasmReader } from "./reader.ts";
import { type ModuleShape, readValueType, refuseFloats } from "./shape.ts";

/** What is injected at an offset of a body. */
export const INSERT = {
  /** A sequence begins: charge its cost. */
  charge: 0,
  /** A call came back: the gas global is newer than the gas local. */
  reload: 1,
  /** `memory.grow` becomes a call of the metered one. */
  grow: 2,
  /** `return`: give the stack slots back. */
  leave: 3,
  /** A store that could reach the quiet part: look whether it does. */
  notice: 4,
} as const;

/** Where and what to inject, for all functions one after the other, by ascending offset. */
export interface Insertions {
  readonly offsets: number[];
  readonly kinds: number[];
  /** Instructions of the sequence, for `charge`; the store's constant offset, for `notice`. */
  readonly counts: number[];
}

export interface FunctionScan {
  readonly paramCount: number;
  readonly localCount: number;
  readonly localGroups: number;
  /** The locals' declarations without their vector's length. */
  readonly localsStart: number;
  readonly bodyStart: number;
  /** Offset of the last `end`. */
  readonly bodyEnd: number;
  readonly result: number;
  readonly insertFrom: number;
  readonly insertTo: number;
  /** Charges among the insertions. */
  readonly charges: number;
  /** Notices among the insertions. */
  readonly notices: number;
  readonly isLeaf: boolean;
  readonly callsTable: boolean;
  readonly stackSlots: number;
}

/**
 * Of an alignment: a memory's index follows it, by which V8 and a reader of WebAssembly 1.0 would
 * take different bytes for the next instruction.
 */
const MEMORY_INDEX_FLAG = 0x40;

const FRAME_LOOP = 1;
const FRAME_IF = 2;
const FRAME_ELSE = 3;

/**
 * Reads function bodies: refuses what is beyond WebAssembly 1.0 and sign extension, and finds
 * what metering needs. It relies on nothing but the bytes: operand types are V8's to check, and
 * a wrongly typed body gives numbers without meaning here but no other harm.
 *
 * A metered sequence is what Secret Network's engine takes for one: the instructions directly
 * in a function, a block, a loop or an arm of an `if`, without those of sequences inside it,
 * which count as one instruction; `nop`, `else`, `end` and what follows an unconditional branch
 * in the same sequence count nothing.
 */
export class FunctionScanner {
  readonly #shape: ModuleShape;
  readonly #functionCount: number;
  readonly #quietBytes: number;
  readonly #reader: WasmReader;
  readonly insertions: Insertions = { offsets: [], kinds: [], counts: [] };

  readonly #frameKind = new Uint8Array(NESTING_MAX + 1);
  readonly #frameResults = new Uint8Array(NESTING_MAX + 1);
  readonly #frameDead = new Uint8Array(NESTING_MAX + 1);
  readonly #frameHeight = new Int32Array(NESTING_MAX + 1);
  readonly #frameInsertion = new Int32Array(NESTING_MAX + 1);
  readonly #frameCount = new Int32Array(NESTING_MAX + 1);

  #functionIndex = 0;
  #depth = 0;
  #height = 0;
  #heightMax = 0;
  #results = 0;
  #dead = false;
  #count = 0;
  #localCount = 0;
  #pure = 0;
  #pushedArguments = 0;
  #joins = 0;
  #joinWork = 0;
  #notices = 0;
  #noticeWork = 0;
  #isLeaf = true;
  #callsTable = false;

  constructor(shape: ModuleShape) {
    this.#shape = shape;
    this.#functionCount = shape.imports.length + shape.functions.length;
    this.#quietBytes = quietBytes(shape);
    this.#reader = new WasmReader(shape.bytes);
  }

  /** Of the quiet part, if what it takes to watch it leaves a compiler's work within its bound. */
  get quietBytes(): number {
    return this.#joinWork + this.#noticeWork > JOIN_WORK_MAX ? 0 : this.#quietBytes;
  }

  /** @param index of the defined function, not counting imports. */
  scan(index: number): FunctionScan {
    const body = this.#shape.bodies[index]!;
    const type = this.#shape.types[this.#shape.functions[index]!]!;
    this.#functionIndex = this.#shape.imports.length + index;
    this.#reader.offset = body.start;
    this.#reader.end = body.end;
    const localGroups = this.#reader.u32();
    const localsStart = this.#reader.offset;
    this.#readLocals(localGroups, type.params.length);
    const bodyStart = this.#reader.offset;
    const insertFrom = this.insertions.offsets.length;
    this.#begin(type.result === 0 ? 0 : 1);
    this.#readInstructions();
    if (!this.#reader.atEnd) invalidWasm("bytes after a function's end", this.#reader.offset);
    const valuesMax = this.#localCount + this.#heightMax;
    this.#joinWork += this.#joins * valuesMax;
    this.#noticeWork += 2 * this.#notices * valuesMax;
    if (this.#joinWork > JOIN_WORK_MAX) limitExceeded("joins of control flow", this.#joinWork);
    const localCount = this.#localCount - type.params.length;
    this.insertions.counts[insertFrom]! += Math.max(0, localCount - LOCALS_UNCHARGED_MAX);
    return {
      paramCount: type.params.length,
      localCount,
      localGroups,
      localsStart,
      bodyStart,
      bodyEnd: body.end - 1,
      result: type.result,
      insertFrom,
      insertTo: this.insertions.offsets.length,
      charges: this.#countCharges(insertFrom),
      notices: this.#notices,
      isLeaf: this.#isLeaf,
      callsTable: this.#callsTable,
      stackSlots:
        STACK_FRAME_SLOTS +
        2 * type.params.length +
        localCount +
        this.#heightMax +
        (this.#pure >>> 1) +
        this.#pushedArguments,
    };
  }

  #readLocals(groups: number, paramCount: number): void {
    let total = paramCount;
    for (let group = 0; group < groups; group++) {
      total += this.#reader.u32();
      if (total > LOCALS_MAX) limitExceeded("locals", total);
      readValueType(this.#reader, this.#functionIndex);
    }
    this.#localCount = total;
  }

  #begin(results: number): void {
    this.#depth = 0;
    this.#height = 0;
    this.#heightMax = 0;
    this.#pure = 0;
    this.#pushedArguments = 0;
    this.#joins = 0;
    this.#notices = 0;
    this.#isLeaf = true;
    this.#callsTable = false;
    this.#openSequence(0, results);
  }

  #countCharges(from: number): number {
    let charges = 0;
    const { kinds, counts } = this.insertions;
    for (let at = from; at < kinds.length; at++) {
      if (kinds[at] === INSERT.charge && counts[at]! > 0) charges++;
    }
    return charges;
  }

  #insert(kind: number, offset: number, count = 0): void {
    this.insertions.offsets.push(offset);
    this.insertions.kinds.push(kind);
    this.insertions.counts.push(count);
  }

  /** Begins a sequence at the reader's place; the operands below it are out of its reach. */
  #openSequence(kind: number, results: number): void {
    this.#joins += 2;
    const depth = this.#depth;
    this.#frameKind[depth] = kind;
    this.#frameResults[depth] = results;
    this.#frameHeight[depth] = this.#height;
    this.#frameInsertion[depth] = this.insertions.offsets.length;
    this.#results = results;
    this.#dead = false;
    this.#count = 0;
    this.#insert(INSERT.charge, this.#reader.offset);
  }

  #closeSequence(): void {
    this.insertions.counts[this.#frameInsertion[this.#depth]!] = this.#count;
    this.#height = this.#frameHeight[this.#depth]! + this.#results;
    if (this.#height > this.#heightMax) this.#heightMax = this.#height;
  }

  #enter(kind: number, results: number): void {
    const depth = this.#depth;
    if (depth >= NESTING_MAX) limitExceeded("nested blocks", depth + 1);
    this.#frameCount[depth] = this.#count;
    this.#frameDead[depth] = this.#dead ? 1 : 0;
    this.#depth = depth + 1;
    this.#openSequence(kind, results);
  }

  /** @returns whether the function's own sequence ended. */
  #leave(): boolean {
    this.#closeSequence();
    if (this.#depth === 0) return true;
    const depth = --this.#depth;
    this.#results = this.#frameResults[depth]!;
    this.#count = this.#frameCount[depth]!;
    this.#dead = this.#frameDead[depth] === 1;
    return false;
  }

  #pop(count: number): void {
    const height = this.#height - count;
    const base = this.#frameHeight[this.#depth]!;
    if (height >= base) this.#height = height;
    else if (this.#dead) this.#height = base;
    else invalidWasm("too few operands", this.#reader.offset);
  }

  #push(count: number): void {
    this.#height += count;
    if (this.#height > this.#heightMax) this.#heightMax = this.#height;
  }

  #dieHere(): void {
    this.#dead = true;
    this.#height = this.#frameHeight[this.#depth]!;
  }

  #readInstructions(): void {
    const reader = this.#reader;
    for (;;) {
      const offset = reader.offset;
      const op = reader.byte();
      switch (OPCODE_KIND[op]) {
        case KIND.plain:
          this.#operation(op);
          break;
        case KIND.local:
          this.#local(op, offset);
          break;
        case KIND.i32Const:
          reader.s32();
          this.#constant();
          break;
        case KIND.i64Const:
          reader.skipS64();
          this.#constant();
          break;
        case KIND.memory:
          if (reader.u32() >= MEMORY_INDEX_FLAG) this.#refuseFeature("multi_memory", offset);
          this.#memoryAccess(op, offset, reader.u32());
          break;
        case KIND.global:
          this.#global(op, offset);
          break;
        case KIND.control:
          if (this.#control(op, offset)) return;
          break;
        default:
          this.#refuse(op, offset);
      }
    }
  }

  #countOne(): void {
    if (!this.#dead) this.#count++;
  }

  #constant(): void {
    this.#countOne();
    this.#push(1);
  }

  #operation(op: number): void {
    this.#countOne();
    this.#pop(OPCODE_POPS[op]!);
    const pushes = OPCODE_PUSHES[op]!;
    this.#push(pushes);
    this.#pure += pushes;
  }

  /** What is written from `quietBytes` on because its constant offset says so needs no notice. */
  #memoryAccess(op: number, offset: number, constantOffset: number): void {
    this.#operation(op);
    const isStore = OPCODE_PUSHES[op] === 0;
    if (!isStore || this.#dead || constantOffset >= this.#quietBytes) return;
    this.#insert(INSERT.notice, offset, constantOffset);
    this.#notices++;
  }

  #local(op: number, offset: number): void {
    if (this.#reader.u32() >= this.#localCount) invalidWasm("unknown local", offset);
    this.#countOne();
    if (op !== OP.localGet) this.#pop(1);
    if (op !== OP.localSet) this.#push(1);
  }

  #global(op: number, offset: number): void {
    const global = this.#shape.globals[this.#reader.u32()];
    if (global === undefined) invalidWasm("unknown global", offset);
    if (op === OP.globalSet && !global.mutable) invalidWasm("immutable global", offset);
    this.#countOne();
    if (op === OP.globalGet) this.#push(1);
    else this.#pop(1);
  }

  #refuse(op: number, offset: number): never {
    const functionIndex = this.#functionIndex;
    const kind = OPCODE_KIND[op];
    if (kind === KIND.illegal) invalidWasm(`unknown instruction ${op}`, offset);
    const suffix = op === 0xfc ? this.#reader.u32() : 0;
    if (kind === KIND.float || (op === 0xfc && suffix <= 7)) {
      throw new VmError({ code: "vm/floating_point", functionIndex, offset });
    }
    this.#refuseFeature(newerFeature(op, suffix), offset);
  }

  #refuseFeature(feature: string, offset: number): never {
    const functionIndex = this.#functionIndex;
    throw new VmError({ code: "vm/unsupported_feature", feature, functionIndex, offset });
  }

  /** @returns whether the function ended. */
  #control(op: number, offset: number): boolean {
    switch (op) {
      case OP.block:
      case OP.loop: {
        const results = this.#blockResults();
        this.#countOne();
        this.#enter(op === OP.loop ? FRAME_LOOP : 0, results);
        return false;
      }
      case OP.if: {
        const results = this.#blockResults();
        this.#countOne();
        this.#pop(1);
        this.#enter(FRAME_IF, results);
        return false;
      }
      case OP.else:
        this.#else(offset);
        return false;
      case OP.end:
        return this.#leave();
      case OP.nop:
        return false;
      default:
        this.#countOne();
        this.#transfer(op, offset);
        return false;
    }
  }

  #blockResults(): number {
    const reader = this.#reader;
    const type = reader.byte();
    if (type === BLOCK_VOID) return 0;
    reader.offset--;
    if (type < 0x40 || type >= 0x80) {
      this.#refuseFeature("multi_value", reader.offset);
    }
    readValueType(reader, this.#functionIndex);
    return 1;
  }

  #else(offset: number): void {
    if (this.#frameKind[this.#depth] !== FRAME_IF) invalidWasm("else without if", offset);
    const results = this.#results;
    this.#closeSequence();
    this.#height = this.#frameHeight[this.#depth]!;
    this.#openSequence(FRAME_ELSE, results);
  }

  #transfer(op: number, offset: number): void {
    switch (op) {
      case OP.unreachable:
        this.#dieHere();
        break;
      case OP.br:
        this.#label();
        this.#dieHere();
        break;
      case OP.brIf:
        this.#label();
        this.#pop(1);
        break;
      case OP.brTable:
        this.#branchTable();
        break;
      case OP.return:
        this.#insert(INSERT.leave, offset);
        this.#dieHere();
        break;
      case OP.call:
        this.#call(offset);
        break;
      case OP.callIndirect:
        this.#callIndirect(offset);
        break;
      default:
        this.#memoryOperation(op, offset);
    }
  }

  #label(): void {
    this.#joins++;
    if (this.#reader.u32() > this.#depth) invalidWasm("unknown label", this.#reader.offset);
  }

  #branchTable(): void {
    const targets = this.#reader.count(BR_TABLE_TARGETS_MAX, (value) =>
      limitExceeded("branch targets", value),
    );
    for (let target = 0; target <= targets; target++) this.#label();
    this.#dieHere();
  }

  #call(offset: number): void {
    const callee = this.#reader.u32();
    if (callee >= this.#functionCount) invalidWasm("unknown function", offset);
    const { imports, functions } = this.#shape;
    const isImport = callee < imports.length;
    this.#applyCall(isImport ? imports[callee]!.typeIndex : functions[callee - imports.length]!);
  }

  #callIndirect(offset: number): void {
    const typeIndex = this.#reader.u32();
    const type = this.#shape.types[typeIndex];
    if (type === undefined) invalidWasm("unknown type", offset);
    refuseFloats(type, this.#functionIndex, offset);
    if (this.#reader.u32() !== 0 || this.#shape.tableEntries < 0) {
      invalidWasm("unknown table", offset);
    }
    this.#callsTable = true;
    this.#pop(1);
    this.#applyCall(typeIndex);
  }

  #applyCall(typeIndex: number): void {
    const type = this.#shape.types[typeIndex]!;
    this.#isLeaf = false;
    this.#pop(type.params.length);
    if (type.params.length > this.#pushedArguments) this.#pushedArguments = type.params.length;
    if (type.result !== 0) {
      this.#push(1);
      this.#pure++;
    }
    if (!this.#dead) this.#insert(INSERT.reload, this.#reader.offset);
  }

  #memoryOperation(op: number, offset: number): void {
    if (this.#reader.byte() !== 0) invalidWasm("unknown memory", offset);
    if (op === OP.memoryGrow) {
      this.#pop(1);
      this.#insert(INSERT.grow, offset);
    }
    this.#push(1);
  }
}
