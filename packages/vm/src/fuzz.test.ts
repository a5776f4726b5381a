import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, GAS_LIMIT, isReadByWabt, memoryStorage, v1Contract } from "../test/contracts.ts";
import { generateProgram } from "../test/generate.ts";
import { programContract } from "../test/programs.ts";
import { checkCode, checkModule } from "./check.ts";
import { instrumentCode } from "./compile.ts";
import { createEngine } from "./engine.ts";
import { VmError } from "./errors.ts";
import { WebAssembly } from "./wasm/web-assembly.ts";

/** Whether the module passes; throws on anything but a typed refusal. */
function isAccepted(wasm: Uint8Array): boolean {
  try {
    checkCode(wasm);
    return true;
  } catch (error) {
    if (error instanceof VmError) return false;
    throw error;
  }
}

type Mutation = readonly [place: number, kind: number, value: number];

const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 3, 4), fc.integer({ min: 0, max: 255 })),
  { minLength: 1, maxLength: 2 },
);

function mutate(wasm: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  const bytes = [...wasm];
  for (const [place, kind, value] of changes) {
    const at = place % bytes.length;
    if (kind === 0) bytes[at] = value;
    else if (kind === 1) bytes[at]! ^= 1 << (value % 8);
    else if (kind === 2) bytes.splice(at, 1);
    else if (kind === 3) bytes.splice(at, 0, value);
    else bytes.splice(at, 0, ...bytes.slice(at, at + (value % 16)));
  }
  return new Uint8Array(bytes);
}

describe("a module from anywhere", () => {
  it("is refused with a typed error if it is only bytes", () => {
    const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isHeaded) => {
        const wasm = isHeaded ? new Uint8Array([...header, ...bytes]) : bytes;
        expect(isAccepted(wasm)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("is refused or instrumented into a valid module, and runs to one result or failure", () => {
    const engine = createEngine({ cacheBytesMax: 0 });
    let accepted = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), mutations, (seed, changes) => {
        const wasm = mutate(programContract(seed), changes);
        if (!isAccepted(wasm)) return;
        accepted++;
        expect(WebAssembly.validate(instrumentCode(checkModule(wasm)))).toBe(true);
        const storage = memoryStorage();
        const run = (gasLimit: bigint) =>
          engine.call(new Uint8Array(32), () => wasm, call({ storage, gasLimit }));
        const first = run(GAS_LIMIT / 1_000n);
        expect(run(GAS_LIMIT / 1_000n)).toEqual(first);
        const isCalled = first.ok || first.error.code !== "vm/export_missing";
        expect(first.gasUsed > 0n).toBe(isCalled);
      }),
      { numRuns: 1_200 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it("is taken only if another reader takes it: nothing hides in what V8 reads otherwise", () => {
    const slots = 12;
    const wasm = v1Contract(`(func (local i32) ${"(nop)".repeat(slots)} (unreachable))`);
    const at = Buffer.from(wasm).lastIndexOf(Buffer.alloc(slots, 1));
    // Loads, stores, branches, blocks, calls, locals, globals, the memory's size, constants.
    const op = fc.constantFrom(...Buffer.from("282d373a0c0d02031020233f4142", "hex"));
    const immediate = fc.oneof(
      fc.constantFrom([], [0], [1], [0x40], [0x80, 0], [0xc2, 0], [0x80, 0x80, 0x80, 0x80, 0]),
      fc.integer({ min: 0, max: 255 }).map((byte) => [byte]),
    );
    const instruction = fc.tuple(op, immediate, immediate, immediate);
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(instruction, { minLength: 1, maxLength: 3 }), (instructions) => {
        const code = [0x00, ...instructions.flat(2)].slice(0, slots);
        const changed = Uint8Array.from(wasm);
        changed.set(code, at);
        if (!isAccepted(changed)) return;
        accepted++;
        expect(isReadByWabt(changed)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it("is refused at every length short of its own", () => {
    const wasm = v1Contract(generateProgram(3).plain);
    for (let length = 0; length < wasm.length; length++) {
      expect(isAccepted(wasm.subarray(0, length))).toBe(false);
    }
  });
});
