import { GAS_INSTRUCTION, GAS_MEMORY_PAGE } from "../gas.ts";
import {
  MEMORY_PAGES_MAX,
  SAVED_GLOBALS_MAX,
  STACK_HOST_FRAME_SLOTS,
  STACK_LEAF_SLOTS_MAX,
  STACK_SLOTS_MAX,
} from "../limits.ts";
import { type FunctionScan, INSERT, type Insertions } from "./function-scan.ts";
import { BLOCK_VOID, OP, VALUE } from "./opcodes.ts";
import { NOTICE_LOCALS, StoreNotices } from "./quiet-part.ts";
import { type ModuleShape, SECTION } from "./shape.ts";
import { WasmWriter } from "./writer.ts";

/** Names under which an instrumented module exports what the engine needs besides entry points. */
export const HELPER = {
  memory: "m",
  /** Stack slots left: an `i32` global. */
  stack: "s",
  /** `(gas: f64) -> ()`: sets the gas, and everything but memory to its first state. */
  begin: "b",
  /** `() -> f64`: gas left, negative when the charge that failed is counted. */
  gas: "g",
  /** `(amount: f64) -> f64`: takes gas, whether or not there is enough; what is left. */
  charge: "c",
  /** Whether the quiet part was written to: an `i32` global. */
  touched: "t",
  /** Followed by its index: a mutable global of the contract. */
  global: "v",
  /** `(bytes: i32) -> i32`: the contract's `allocate`, called from within an import. */
  allocate: "a",
  /** Of the counting form: a memory of `u64`, the pages asked for and then each charge's count. */
  counts: "n",
} as const;

/** An export of the contract that the instrumented module keeps. */
export interface KeptExport {
  readonly name: string;
  readonly functionIndex: number;
}

export interface InstrumentInput {
  readonly shape: ModuleShape;
  readonly functions: readonly FunctionScan[];
  readonly insertions: Insertions;
  /** Length of the quiet part; 0 in the counting form, whose instances are not used again. */
  readonly quietBytes: number;
  readonly exports: readonly KeptExport[];
  readonly allocateIndex: number;
  /** Whether to write the counting form. */
  readonly isCounting: boolean;
}

/**
 * Writes the module that runs: metered gas and stack, the memory's maximum, only the exports
 * that are called, no custom sections. Indices of the contract's own functions, globals and
 * types stay; what is added comes after them. The same for every node: charges decide results.
 *
 * Gas lives in a mutable global, with a copy in a local of each function that is charged more
 * than once, so that a loop subtracts in a register and only stores. The store keeps the global
 * exact at every trap.
 *
 * The counting form charges the same, and before each charge counts it in a second memory, which
 * no instruction of the contract can name; `instruction-gas.ts` reads it.
 */
export function instrument(input: InstrumentInput): Uint8Array {
  return new Instrumenter(input).write();
}

class Instrumenter {
  readonly #input: InstrumentInput;
  readonly #shape: ModuleShape;
  readonly #out: WasmWriter;
  readonly #gas: number;
  readonly #stack: number;
  readonly #touched: number;
  readonly #firstType: number;
  readonly #firstHelper: number;
  readonly #helpers: readonly Helper[];
  #charges = 0;

  constructor(input: InstrumentInput) {
    const { shape } = input;
    this.#input = input;
    this.#shape = shape;
    this.#out = new WasmWriter(shape.bytes.length * 2 + 4_096);
    this.#gas = shape.globals.length;
    this.#stack = shape.globals.length + 1;
    this.#touched = shape.globals.length + 2;
    this.#firstType = shape.types.length;
    this.#firstHelper = shape.imports.length + shape.functions.length;
    this.#helpers = input.isCounting ? [...HELPERS, COUNT_HELPER] : HELPERS;
  }

  write(): Uint8Array {
    const out = this.#out;
    for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) out.byte(byte);
    this.#extend(SECTION.type, HELPER_TYPES.length, () => this.#writeTypes());
    this.#copy(SECTION.import);
    this.#extend(SECTION.function, this.#helpers.length, () => {
      for (const helper of this.#helpers) out.u32(this.#firstType + helper.type);
    });
    this.#copy(SECTION.table);
    this.#section(SECTION.memory, () => this.#writeMemories());
    this.#extend(SECTION.global, 3, () => this.#writeGlobals());
    this.#section(SECTION.export, () => this.#writeExports());
    this.#copy(SECTION.element);
    this.#section(SECTION.code, () => this.#writeCode());
    this.#copy(SECTION.data);
    return out.toBytes();
  }

  #section(id: number, content: () => void): void {
    this.#out.byte(id);
    const start = this.#out.beginSized();
    content();
    this.#out.endSized(start);
  }

  #copy(id: number): void {
    const section = this.#shape.sections.get(id);
    if (section === undefined) return;
    this.#section(id, () => {
      this.#out.u32(section.count);
      this.#out.bytes(this.#shape.bytes, section.start, section.end);
    });
  }

  #extend(id: number, added: number, content: () => void): void {
    const section = this.#shape.sections.get(id);
    this.#section(id, () => {
      this.#out.u32((section?.count ?? 0) + added);
      if (section !== undefined) this.#out.bytes(this.#shape.bytes, section.start, section.end);
      content();
    });
  }

  #writeTypes(): void {
    for (const { params, results } of HELPER_TYPES) {
      this.#out.byte(0x60);
      for (const list of [params, results]) {
        this.#out.u32(list.length);
        for (const type of list) this.#out.byte(type);
      }
    }
  }

  #writeMemories(): void {
    const { isCounting, functions } = this.#input;
    this.#out.u32(isCounting ? 2 : 1);
    this.#writeMemory(this.#shape.memoryPages, MEMORY_PAGES_MAX);
    if (!isCounting) return;
    const counts = 1 + functions.reduce((sum, { charges }) => sum + charges, 0);
    const pages = Math.ceil((counts * COUNT_BYTES) / 65_536);
    this.#writeMemory(pages, pages);
  }

  #writeMemory(pages: number, pagesMax: number): void {
    this.#out.byte(1);
    this.#out.u32(pages);
    this.#out.u32(pagesMax);
  }

  #writeGlobals(): void {
    for (const [type, constant] of [
      [VALUE.i64, OP.i64Const],
      [VALUE.i32, OP.i32Const],
      [VALUE.i32, OP.i32Const],
    ] as const) {
      for (const byte of [type, 1, constant, 0, OP.end]) this.#out.byte(byte);
    }
  }

  #writeExports(): void {
    const out = this.#out;
    const { exports, isCounting } = this.#input;
    const globals = savedGlobals(this.#shape);
    out.u32(exports.length + HELPERS.length + (isCounting ? 3 : 2) + globals.length);
    const write = (name: string, kind: number, index: number): void => {
      out.ascii(name);
      out.byte(kind);
      out.u32(index);
    };
    for (const { name, functionIndex } of exports) write(name, 0, functionIndex);
    HELPERS.forEach((helper, index) => {
      if (helper.name !== undefined) write(helper.name, 0, this.#firstHelper + index);
    });
    write(HELPER.memory, 2, 0);
    if (isCounting) write(HELPER.counts, 2, 1);
    write(HELPER.stack, 3, this.#stack);
    write(HELPER.touched, 3, this.#touched);
    globals.forEach((global, index) => {
      write(HELPER.global + String(index), 3, global);
    });
  }

  #writeCode(): void {
    const { functions } = this.#input;
    this.#out.u32(functions.length + this.#helpers.length);
    for (const scan of functions) {
      const start = this.#out.beginSized();
      this.#writeFunction(scan);
      this.#out.endSized(start);
    }
    for (const helper of this.#helpers) {
      const start = this.#out.beginSized();
      helper.write(this.#helperContext());
      this.#out.byte(OP.end);
      this.#out.endSized(start);
    }
  }

  #helperContext(): HelperContext {
    return {
      out: this.#out,
      shape: this.#shape,
      gas: this.#gas,
      stack: this.#stack,
      allocateIndex: this.#input.allocateIndex,
      countHelper: this.#input.isCounting ? this.#firstHelper + HELPERS.length : undefined,
    };
  }

  #writeFunction(scan: FunctionScan): void {
    const { bytes } = this.#shape;
    const out = this.#out;
    const { offsets, kinds, counts } = this.#input.insertions;
    const metersStack = !scan.isLeaf || scan.stackSlots > STACK_LEAF_SLOTS_MAX;
    const locals = scan.paramCount + scan.localCount;
    const gasLocal = scan.charges > 0 ? locals : -1;
    const stackLocal = metersStack ? locals + (gasLocal < 0 ? 0 : 1) : -1;
    const metered = (gasLocal < 0 ? 0 : 1) + (metersStack ? 1 : 0);
    const notices = this.#noticesOf(scan, locals + metered);
    const noticeLocals = notices === undefined ? [] : NOTICE_LOCALS;
    out.u32(scan.localGroups + metered + noticeLocals.length);
    out.bytes(bytes, scan.localsStart, scan.bodyStart);
    if (gasLocal >= 0) this.#declare(VALUE.i64);
    if (metersStack) this.#declare(VALUE.i32);
    for (const type of noticeLocals) this.#declare(type);

    if (metersStack) this.#enterStack(stackLocal, scan);
    const entryCount = counts[scan.insertFrom]!;
    const reloads = scan.charges > (entryCount > 0 ? 1 : 0);
    if (entryCount > 0) this.#charge(OP.globalGet, this.#gas, gasLocal, entryCount);
    else if (reloads) this.#reload(gasLocal);

    let from = scan.bodyStart;
    for (let at = scan.insertFrom + 1; at < scan.insertTo; at++) {
      const kind = kinds[at]!;
      const count = counts[at]!;
      if (kind === INSERT.charge && count === 0) continue;
      if (kind === INSERT.reload && !reloads) continue;
      if (kind === INSERT.leave && !metersStack) continue;
      if (kind === INSERT.notice && notices === undefined) continue;
      const offset = offsets[at]!;
      out.bytes(bytes, from, offset);
      from = offset;
      if (kind === INSERT.charge) this.#charge(OP.localGet, gasLocal, gasLocal, count);
      else if (kind === INSERT.reload) this.#reload(gasLocal);
      else if (kind === INSERT.leave) this.#leaveStack(stackLocal, scan.stackSlots);
      else if (kind === INSERT.notice) notices?.write(bytes[offset]!, count);
      else {
        out.op(OP.call, this.#firstHelper + GROW_HELPER);
        if (reloads) this.#reload(gasLocal);
        from = offset + 2;
      }
    }
    out.bytes(bytes, from, scan.bodyEnd);
    if (metersStack) {
      out.byte(OP.end);
      this.#leaveStack(stackLocal, scan.stackSlots);
    }
    out.byte(OP.end);
  }

  #noticesOf({ notices }: FunctionScan, local: number): StoreNotices | undefined {
    const { quietBytes } = this.#input;
    if (notices === 0 || quietBytes === 0) return undefined;
    return new StoreNotices(this.#out, quietBytes, local, this.#touched);
  }

  #declare(type: number): void {
    this.#out.u32(1);
    this.#out.byte(type);
  }

  /** Ends with the operand stack as it was: the body's block has the function's own result. */
  #enterStack(local: number, scan: FunctionScan): void {
    const out = this.#out;
    out.op(OP.globalGet, this.#stack);
    out.constant(OP.i32Const, scan.stackSlots);
    out.byte(OP.i32Sub);
    out.op(OP.localTee, local);
    out.op(OP.globalSet, this.#stack);
    out.op(OP.localGet, local);
    out.constant(OP.i32Const, STACK_LEAF_SLOTS_MAX);
    out.byte(OP.i32LtS);
    this.#trapIf();
    out.byte(OP.block);
    out.byte(scan.result === 0 ? BLOCK_VOID : scan.result);
  }

  #leaveStack(local: number, slots: number): void {
    this.#out.op(OP.localGet, local);
    this.#out.constant(OP.i32Const, slots);
    this.#out.byte(OP.i32Add);
    this.#out.op(OP.globalSet, this.#stack);
  }

  #charge(from: number, fromIndex: number, local: number, count: number): void {
    const out = this.#out;
    if (this.#input.isCounting) this.#count();
    out.op(from, fromIndex);
    out.constant(OP.i64Const, count * GAS_INSTRUCTION);
    out.byte(OP.i64Sub);
    out.op(OP.localTee, local);
    out.op(OP.globalSet, this.#gas);
    out.op(OP.localGet, local);
    out.constant(OP.i64Const, 0);
    out.byte(OP.i64LtS);
    this.#trapIf();
  }

  #count(): void {
    this.#out.constant(OP.i32Const, ++this.#charges * COUNT_BYTES);
    this.#out.constant(OP.i64Const, 1);
    this.#out.op(OP.call, this.#firstHelper + HELPERS.length);
  }

  #trapIf(): void {
    this.#out.byte(OP.if);
    this.#out.byte(BLOCK_VOID);
    this.#out.byte(OP.unreachable);
    this.#out.byte(OP.end);
  }

  #reload(local: number): void {
    this.#out.op(OP.globalGet, this.#gas);
    this.#out.op(OP.localSet, local);
  }
}

/** Whether the instrumented module exports its mutable globals, so that they can be set. */
export function areGlobalsSaved({ globals }: ModuleShape): boolean {
  return globals.filter(({ mutable }) => mutable).length <= SAVED_GLOBALS_MAX;
}

function savedGlobals(shape: ModuleShape): number[] {
  if (!areGlobalsSaved(shape)) return [];
  return shape.globals.flatMap((global, index) => (global.mutable ? [index] : []));
}

/** Value of the stack global after memory that a contract may have could not be had. */
export const STARVED = -1;

interface HelperContext {
  readonly out: WasmWriter;
  readonly shape: ModuleShape;
  readonly gas: number;
  readonly stack: number;
  readonly allocateIndex: number;
  /** Undefined but in the counting form. */
  readonly countHelper: number | undefined;
}

interface Helper {
  readonly name?: string;
  readonly type: number;
  readonly write: (context: HelperContext) => void;
}

const HELPER_TYPES = [
  { params: [VALUE.f64], results: [] },
  { params: [], results: [VALUE.f64] },
  { params: [VALUE.f64], results: [VALUE.f64] },
  { params: [VALUE.i32], results: [VALUE.i32] },
  { params: [VALUE.i32, VALUE.i64], results: [] },
] as const;

const GROW_HELPER = 4;

/**
 * Helper functions. Their numbers are floating-point only at the border to JavaScript, where an
 * `i64` would be a BigInt; below 2^53 the conversion is exact.
 */
const HELPERS: readonly Helper[] = [
  { name: HELPER.begin, type: 0, write: writeBegin },
  { name: HELPER.gas, type: 1, write: writeGas },
  { name: HELPER.charge, type: 2, write: writeCharge },
  { name: HELPER.allocate, type: 3, write: writeAllocate },
  { type: 3, write: writeGrow },
];

const COUNT_BYTES = 8;

/** Adds its second parameter to the count at the address that is its first. */
const COUNT_HELPER: Helper = {
  type: 4,
  write: ({ out }) => {
    code(out, 0, OP.localGet, 0, OP.localGet, 0, OP.i64Load, ...COUNTED_MEMORY);
    code(out, OP.localGet, 1, OP.i64Add, OP.i64Store, ...COUNTED_MEMORY);
  },
};

/** Alignment with the flag that the memory's index follows; that index; no offset. */
const COUNTED_MEMORY = [0x43, 1, 0] as const;

function code(out: WasmWriter, ...bytes: readonly (number | { readonly u32: number })[]): void {
  for (const byte of bytes) {
    if (typeof byte === "number") out.byte(byte);
    else out.u32(byte.u32);
  }
}

function writeBegin({ out, shape, gas, stack }: HelperContext): void {
  code(out, 0, OP.localGet, 0, OP.i64TruncF64S, OP.globalSet, { u32: gas });
  out.byte(OP.i32Const);
  out.positive(STACK_SLOTS_MAX);
  code(out, OP.globalSet, { u32: stack });
  shape.globals.forEach(({ mutable, init }, index) => {
    if (!mutable) return;
    out.bytes(shape.bytes, init.start, init.end);
    code(out, OP.globalSet, { u32: index });
  });
}

function writeGas({ out, gas }: HelperContext): void {
  code(out, 0, OP.globalGet, { u32: gas }, OP.f64ConvertI64S);
}

function writeCharge({ out, gas }: HelperContext): void {
  code(out, 0, OP.globalGet, { u32: gas }, OP.localGet, 0, OP.i64TruncF64S, OP.i64Sub);
  code(out, OP.globalSet, { u32: gas }, OP.globalGet, { u32: gas }, OP.f64ConvertI64S);
}

function writeAllocate({ out, stack, allocateIndex }: HelperContext): void {
  code(out, 1, 1, VALUE.i32);
  code(out, OP.globalGet, { u32: stack }, OP.i32Const);
  out.positive(STACK_HOST_FRAME_SLOTS);
  code(out, OP.i32Sub, OP.localTee, 1, OP.globalSet, { u32: stack });
  code(out, OP.localGet, 1, OP.i32Const);
  out.positive(STACK_LEAF_SLOTS_MAX);
  code(out, OP.i32LtS, OP.if, BLOCK_VOID, OP.unreachable, OP.end);
  code(out, OP.localGet, 0, OP.call, { u32: allocateIndex });
  code(out, OP.localGet, 1, OP.i32Const);
  out.positive(STACK_HOST_FRAME_SLOTS);
  code(out, OP.i32Add, OP.globalSet, { u32: stack });
}

/**
 * Pages are counted unsigned, so that a `grow` by a huge number costs what it asks for. If V8
 * cannot give pages that a contract may have, the machine is short of memory: that must not
 * become an answer, so the stack global is set to {@link STARVED} and the call traps.
 */
function writeGrow({ out, gas, stack, countHelper }: HelperContext): void {
  code(out, 2, 1, VALUE.i64, 1, VALUE.i32);
  if (countHelper !== undefined) {
    code(out, OP.i32Const, 0, OP.localGet, 0, OP.i64ExtendI32U, OP.call, { u32: countHelper });
  }
  code(out, OP.globalGet, { u32: gas });
  code(out, OP.localGet, 0, OP.i64ExtendI32U, OP.i64Const);
  out.positive(GAS_MEMORY_PAGE);
  code(out, OP.i64Mul, OP.i64Sub, OP.localTee, 1, OP.globalSet, { u32: gas });
  code(out, OP.localGet, 1, OP.i64Const, 0, OP.i64LtS);
  code(out, OP.if, BLOCK_VOID, OP.unreachable, OP.end);
  code(out, OP.localGet, 0, OP.memoryGrow, 0, OP.localTee, 2, OP.i32Const, 0x7f, OP.i32Eq);
  code(out, OP.if, BLOCK_VOID, OP.localGet, 0, OP.i32Const);
  out.positive(MEMORY_PAGES_MAX);
  code(out, OP.memorySize, 0, OP.i32Sub, OP.i32LeU);
  code(out, OP.if, BLOCK_VOID, OP.i32Const, 0x7f, OP.globalSet, { u32: stack });
  code(out, OP.unreachable, OP.end, OP.end, OP.localGet, 2);
}
