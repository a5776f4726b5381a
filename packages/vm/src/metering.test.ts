import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, GAS_LIMIT, run, v1Query } from "../test/contracts.ts";
import {
  EMPTY_CONTRACT,
  hex,
  programContract,
  runBare,
  TRAPPING_CONTRACT,
} from "../test/programs.ts";
import { createEngine } from "./engine.ts";

/** Gas of a body, without what the call around it costs. */
function gasOf(body: string, rest = ""): bigint {
  const empty = run(v1Query("(i32.const 0)"));
  return run(v1Query(body, rest)).gasUsed - empty.gasUsed + 2n;
}

describe("metering", () => {
  it("charges two for each instruction of the sequences entered, in full on entry", () => {
    expect(gasOf("(drop (i32.const 1)) (i32.const 0)")).toBe(6n);
    expect(gasOf("(nop) (block (nop)) (i32.const 0)")).toBe(4n);
    expect(gasOf("(block $out (br $out) (drop (i32.const 1))) (i32.const 0)")).toBe(6n);
    expect(
      gasOf("(block $out (br_if $out (i32.const 1)) (nop) (drop (i32.const 1))) (i32.const 0)"),
    ).toBe(12n);
    expect(gasOf("(if (i32.const 1) (then (drop (i32.const 1))) (else (nop))) (i32.const 0)")).toBe(
      10n,
    );
  });

  it("charges a loop each time around", () => {
    const loop = `(local $i i32) (loop $again
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
      (i32.const 0)`;
    expect(gasOf(loop)).toBe(2n * 2n + 10n * 7n * 2n);
  });

  it("charges pages asked for, whether or not they are given, and unsigned", () => {
    expect(gasOf("(drop (memory.grow (i32.const 2))) (i32.const 0)")).toBe(8n + 2n * 8192n);
    expect(gasOf("(drop (memory.grow (i32.const 5000))) (i32.const 0)")).toBe(8n + 5000n * 8192n);
    const huge = run(v1Query("(drop (memory.grow (i32.const -1))) (i32.const 0)"));
    expect(huge).toMatchObject({ ok: false, error: { code: "vm/out_of_gas" } });
  });

  it("keeps what was charged before a trap, and tells how far beyond the limit gas ran out", () => {
    expect(gasOf("(block (drop (i32.load (i32.const -1)))) (unreachable)")).toBe(4n + 6n);
    const endless = v1Query("(loop $again (br $again)) (i32.const 0)");
    const used = run(endless, { gasLimit: 1_001n }).gasUsed;
    expect(used > 1_001n && used < 1_010n).toBe(true);
  });

  it("does no work that gas does not reach: memory does not grow", () => {
    const wasm = v1Query("(drop (memory.grow (i32.const 1))) (unreachable)");
    const enough = run(wasm);
    expect(enough).toMatchObject({ error: { code: "vm/panic" } });
    const short = run(wasm, { gasLimit: enough.gasUsed - 1n });
    expect(short).toMatchObject({ error: { code: "vm/out_of_gas" }, gasUsed: enough.gasUsed });
  });

  it("charges the locals beyond a thousand, which a baseline compiler clears one by one", () => {
    const locals = `(local ${"i64 ".repeat(2_000)})`;
    expect(gasOf("(call $many) (i32.const 0)", `(func $many ${locals} (nop))`)).toBe(
      4n + 2n * (2_000n - 1_024n),
    );
  });
});

describe("an instrumented program", () => {
  it("does what the plain one does and charges what its sequences say, to the trap", () => {
    const around = {
      ended: run(EMPTY_CONTRACT).gasUsed - 2n,
      trapped: run(TRAPPING_CONTRACT).gasUsed - 2n,
    };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const bare = runBare(seed);
        const result = run(programContract(seed));
        expect(result.ok ? hex(result.output) : result.error.code).toBe(bare.outcome);
        const outside = result.ok ? around.ended : around.trapped;
        expect(result.gasUsed).toBe(outside + 2n * bare.count);
      }),
      { numRuns: 150 },
    );
  });

  it("runs out of gas at any limit below what it uses, and at no other", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, part) => {
        const wasm = programContract(seed);
        const full = run(wasm);
        if (!full.ok && full.error.code === "vm/out_of_gas") return;
        const gasLimit = BigInt(Math.floor(Number(full.gasUsed) * part));
        const cut = run(wasm, { gasLimit });
        if (gasLimit === full.gasUsed) expect(cut).toEqual(full);
        else {
          expect(cut).toMatchObject({ ok: false, error: { code: "vm/out_of_gas" } });
          expect(cut.gasUsed > gasLimit && cut.gasUsed <= full.gasUsed).toBe(true);
        }
        expect(run(wasm, { gasLimit: full.gasUsed })).toEqual(full);
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same on a warm engine as on one that forgets everything", () => {
    const warm = createEngine({ cacheBytesMax: 64 * 1024 * 1024 });
    for (let seed = 1; seed <= 20; seed++) {
      const wasm = programContract(seed);
      const hash = new Uint8Array(32).fill(seed);
      const cold = createEngine({ cacheBytesMax: 0 }).call(hash, () => wasm, call({}));
      for (let round = 0; round < 4; round++) {
        expect(warm.call(hash, () => wasm, call({ gasLimit: GAS_LIMIT }))).toEqual(cold);
      }
    }
  });
});
