/** Data table: the instructions of WebAssembly 1.0 without floats, and sign extension. */

export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i64Load: 0x29,
  i64Store: 0x37,
  i64Store8: 0x3c,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Eq: 0x46,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i32LeU: 0x4d,
  i64LtS: 0x53,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64ExtendI32U: 0xad,
  i64TruncF64S: 0xb0,
  f64ConvertI64S: 0xb9,
} as const;

export const VALUE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;
export const BLOCK_VOID = 0x40;

/** How an instruction is read; the immediates that follow it. */
export const KIND = {
  illegal: 0,
  plain: 1,
  local: 2,
  global: 3,
  memory: 4,
  i32Const: 5,
  i64Const: 6,
  control: 7,
  float: 8,
  newer: 9,
} as const;

export const OPCODE_KIND = new Uint8Array(256);
/** Operands taken, for kinds `plain` and `memory`. */
export const OPCODE_POPS = new Uint8Array(256);
/** Results left, for kinds `plain` and `memory`. */
export const OPCODE_PUSHES = new Uint8Array(256);

function define(from: number, to: number, kind: number, pops = 0, pushes = 0): void {
  for (let op = from; op <= to; op++) {
    OPCODE_KIND[op] = kind;
    OPCODE_POPS[op] = pops;
    OPCODE_PUSHES[op] = pushes;
  }
}

define(0x00, 0x05, KIND.control);
define(0x0b, 0x11, KIND.control);
define(0x1a, 0x1a, KIND.plain, 1, 0);
define(0x1b, 0x1b, KIND.plain, 3, 1);
define(0x20, 0x22, KIND.local);
define(0x23, 0x24, KIND.global);
define(0x28, 0x29, KIND.memory, 1, 1);
define(0x2c, 0x35, KIND.memory, 1, 1);
define(0x36, 0x37, KIND.memory, 2, 0);
define(0x3a, 0x3e, KIND.memory, 2, 0);
define(0x3f, 0x40, KIND.control);
define(0x41, 0x41, KIND.i32Const);
define(0x42, 0x42, KIND.i64Const);
define(0x45, 0x45, KIND.plain, 1, 1);
define(0x46, 0x4f, KIND.plain, 2, 1);
define(0x50, 0x50, KIND.plain, 1, 1);
define(0x51, 0x5a, KIND.plain, 2, 1);
define(0x67, 0x69, KIND.plain, 1, 1);
define(0x6a, 0x78, KIND.plain, 2, 1);
define(0x79, 0x7b, KIND.plain, 1, 1);
define(0x7c, 0x8a, KIND.plain, 2, 1);
define(0xa7, 0xa7, KIND.plain, 1, 1);
define(0xac, 0xad, KIND.plain, 1, 1);
define(0xc0, 0xc4, KIND.plain, 1, 1);

define(0x2a, 0x2b, KIND.float);
define(0x38, 0x39, KIND.float);
define(0x43, 0x44, KIND.float);
define(0x5b, 0x66, KIND.float);
define(0x8b, 0xa6, KIND.float);
define(0xa8, 0xab, KIND.float);
define(0xae, 0xbf, KIND.float);

define(0x06, 0x0a, KIND.newer);
define(0x12, 0x19, KIND.newer);
define(0x1c, 0x1f, KIND.newer);
define(0x25, 0x26, KIND.newer);
define(0xd0, 0xd6, KIND.newer);
define(0xe0, 0xff, KIND.newer);

/** Name of the newer feature that an opcode belongs to, for `vm/unsupported_feature`. */
export function newerFeature(op: number, suffix: number): string {
  if (op === 0xfc) return suffix <= 7 ? "saturating_float_to_int" : bulkFeature(suffix);
  if (op === 0xfd) return "simd";
  if (op === 0xfe) return "threads";
  if (op === 0x12 || op === 0x13) return "tail_call";
  if (op === 0x1c || op === 0x25 || op === 0x26) return "reference_types";
  if (op === 0xfb || (op >= 0xd0 && op <= 0xd6) || op === 0x14 || op === 0x15) {
    return "reference_types";
  }
  if (op <= 0x1f) return "exceptions";
  return "unknown";
}

function bulkFeature(suffix: number): string {
  return suffix <= 14 ? "bulk_memory" : "reference_types";
}
