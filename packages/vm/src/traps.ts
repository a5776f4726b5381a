import { invariant } from "@tacit/encoding/errors";
import type { VmFailure } from "./types.ts";
import { WebAssembly } from "./wasm/web-assembly.ts";

type TrapFailure = Extract<
  VmFailure,
  {
    readonly code:
      | "vm/panic"
      | "vm/memory_access"
      | "vm/division_by_zero"
      | "vm/table_access"
      | "vm/signature_mismatch";
  }
>;

/**
 * A module with one function for each kind of trap, `() -> ()`, in the order of
 * {@link PROBE_FAILURES}. Its table has three entries: none, a function that takes an `i32`, none.
 */
const PROBE = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  // types: () -> (), (i32) -> ()
  0x01, 0x08, 0x02, 0x60, 0x00, 0x00, 0x60, 0x01, 0x7f, 0x00,
  // functions 0 to 7 of type 0, function 8 of type 1
  0x03, 0x0a, 0x09, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
  // table of three, memory of no page
  0x04, 0x04, 0x01, 0x70, 0x00, 0x03, 0x05, 0x03, 0x01, 0x00, 0x00,
  // exports "0" to "7"
  0x07, 0x21, 0x08, 0x01, 0x30, 0x00, 0x00, 0x01, 0x31, 0x00, 0x01, 0x01, 0x32, 0x00, 0x02, 0x01,
  0x33, 0x00, 0x03, 0x01, 0x34, 0x00, 0x04, 0x01, 0x35, 0x00, 0x05, 0x01, 0x36, 0x00, 0x06, 0x01,
  0x37, 0x00, 0x07,
  // table[1] = function 8
  0x09, 0x07, 0x01, 0x00, 0x41, 0x01, 0x0b, 0x01, 0x08,
  // code
  0x0a, 0x48, 0x09,
  // unreachable
  0x03, 0x00, 0x00, 0x0b,
  // i32.load at 0
  0x08, 0x00, 0x41, 0x00, 0x28, 0x02, 0x00, 0x1a, 0x0b,
  // 1 / 0
  0x08, 0x00, 0x41, 0x01, 0x41, 0x00, 0x6d, 0x1a, 0x0b,
  // 1 % 0
  0x08, 0x00, 0x41, 0x01, 0x41, 0x00, 0x6f, 0x1a, 0x0b,
  // -2^31 / -1
  0x0c, 0x00, 0x41, 0x80, 0x80, 0x80, 0x80, 0x78, 0x41, 0x7f, 0x6d, 0x1a, 0x0b,
  // call_indirect of entries 3, 0 and 1
  0x07, 0x00, 0x41, 0x03, 0x11, 0x00, 0x00, 0x0b, 0x07, 0x00, 0x41, 0x00, 0x11, 0x00, 0x00, 0x0b,
  0x07, 0x00, 0x41, 0x01, 0x11, 0x00, 0x00, 0x0b, 0x02, 0x00, 0x0b,
]);

/** Overflow of a division is a panic and an empty entry is a wrong signature: V8 tells no more. */
const PROBE_FAILURES: readonly TrapFailure["code"][] = [
  "vm/panic",
  "vm/memory_access",
  "vm/division_by_zero",
  "vm/division_by_zero",
  "vm/panic",
  "vm/table_access",
  "vm/signature_mismatch",
  "vm/signature_mismatch",
];

let messages: ReadonlyMap<string, TrapFailure["code"]> | undefined;

/**
 * The kind of a trap. V8 tells kinds apart by message only, and messages are nobody's contract:
 * so this learns them, by provoking each kind once.
 */
export function trapFailure(error: Error): TrapFailure {
  messages ??= learnMessages();
  const code = messages.get(error.message);
  invariant(code !== undefined, "every trap of a checked module has a known kind");
  return { code };
}

function learnMessages(): ReadonlyMap<string, TrapFailure["code"]> {
  const learnt = new Map<string, TrapFailure["code"]>();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(PROBE));
  PROBE_FAILURES.forEach((code, index) => {
    const message = provoke(exports[String(index)] as () => void);
    invariant(
      learnt.get(message) === undefined || learnt.get(message) === code,
      "V8 has a message of its own for each kind of trap",
    );
    learnt.set(message, code);
  });
  return learnt;
}

function provoke(trapping: () => void): string {
  try {
    trapping();
  } catch (error) {
    invariant(error instanceof WebAssembly.RuntimeError, "the probe traps");
    return error.message;
  }
  invariant(false, "the probe traps");
}
