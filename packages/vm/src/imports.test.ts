import { invariant } from "@tacit/encoding/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assemble,
  call,
  memoryStorage,
  outcome,
  run,
  text,
  v1Contract,
} from "../test/contracts.ts";
import { createAddressApi } from "./addresses.ts";
import { createEngine } from "./engine.ts";
import type { ContractCall, ContractCallResult } from "./types.ts";

/**
 * A contract with one import, whose `query` runs `answer` and then answers its message. Local 1
 * is the message's region, `$r` has the import's result type, `$out` makes a region of 90 bytes
 * for an import to fill, `$number` makes one of a number.
 */
function importing(
  name: string,
  params: number,
  result: "i32" | "i64" | "",
  answer: string,
): Uint8Array {
  const signature = `(param ${"i32 ".repeat(params)}) ${result === "" ? "" : `(result ${result})`}`;
  return v1Contract(
    `(func (export "query") (param i32 i32) (result i32) (local $r ${result || "i32"})
       ${answer}
       (local.get 1))
     (func $fail (param i32) (unreachable))
     (func $number (param $value i64) (result i32)
       (i64.store (i32.const 64) (local.get $value))
       (i32.store (i32.const 48) (i32.const 64))
       (i32.store (i32.const 52) (i32.const 8))
       (i32.store (i32.const 56) (i32.const 8))
       (i32.const 48))
     (func $out (result i32)
       (i32.store (i32.const 80) (i32.const 128))
       (i32.store (i32.const 84) (i32.const 90))
       (i32.store (i32.const 88) (i32.const 0))
       (i32.const 80))`,
    `(import "env" "${name}" (func $import ${signature}))`,
  );
}

const RETURN_POINTER = `(local.set $r (call $import (local.get 1)))
  (if (local.get $r) (then (return (local.get $r))))`;
const FILL_OUT = `(local.set $r (call $import (local.get 1) (call $out)))
  (if (local.get $r) (then (return (local.get $r))))
  (return (i32.const 80))`;

const ask = (wasm: Uint8Array, message: Uint8Array, over: Partial<ContractCall> = {}) =>
  run(wasm, { args: [text("e"), message], ...over });

const number = (result: ContractCallResult): bigint => {
  invariant(result.ok, outcome(result));
  return new DataView(result.output.slice().buffer).getBigInt64(0, true);
};

const ADDRESS = "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl";
const BYTES = Uint8Array.from(
  "a177d72f4d0e7238c39f9d460d2c5b32bb15f84f".match(/../g) ?? [],
  (pair) => Number.parseInt(pair, 16),
);

describe("address imports", () => {
  const canonicalize = importing("addr_canonicalize", 2, "i32", FILL_OUT);
  const humanize = importing("addr_humanize", 2, "i32", FILL_OUT);
  const validate = importing("addr_validate", 1, "i32", RETURN_POINTER);

  it("translate the reference's address both ways", () => {
    expect(ask(canonicalize, text(ADDRESS))).toMatchObject({ ok: true, output: BYTES });
    expect(outcome(ask(humanize, BYTES))).toBe(ADDRESS);
    expect(outcome(ask(validate, text(ADDRESS)))).toBe(ADDRESS);
  });

  it("answer with the network's texts for what is no address", () => {
    const cases: readonly [string, string][] = [
      ["", "Input is empty"],
      ["abc", "invalid length"],
      ["abcdefghij", 'missing human-readable separator, "1"'],
      ["secret1abc", "invalid length"],
      [`${ADDRESS.slice(0, -1)}q`, "invalid checksum"],
      [`${ADDRESS.slice(0, -1)}b`, "invalid character (code=b)"],
      [`S${ADDRESS.slice(1)}`, "mixed-case strings not allowed"],
      ["cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a", 'wrong address prefix: "cosmos"'],
      [` ${ADDRESS}`, "invalid character (code= )"],
      ["x".repeat(1_025), "invalid length"],
    ];
    for (const [human, expected] of cases) {
      expect(outcome(ask(canonicalize, text(human))), human).toBe(expected);
    }
    expect(outcome(ask(canonicalize, new Uint8Array([0xff])))).toBe("input is not valid UTF-8");
    expect(outcome(ask(validate, new Uint8Array([0xff])))).toBe("Input is not valid UTF-8");
    expect(outcome(ask(validate, text(ADDRESS.toUpperCase())))).toBe("Address is not normalized");
    const other = text("cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a");
    expect(outcome(ask(validate, other))).toBe("Address is not normalized");
  });

  it("are inverses for addresses of any length", () => {
    const api = createAddressApi("secret");
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 255 }), (bytes) => {
        const human = api.humanize(bytes);
        expect("ok" in human && api.canonicalize(human.ok)).toEqual({ ok: bytes });
        expect("ok" in human && api.validate(human.ok)).toBe(undefined);
      }),
    );
  });

  it("never throw, whatever the text", () => {
    const api = createAddressApi("secret");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (human) => {
        expect("error" in api.canonicalize(human)).toBe(true);
        expect(api.validate(human)).toBeTypeOf("string");
      }),
    );
  });
});

describe("a v0.10 contract", () => {
  const wasm = assemble(`(module
    (import "env" "canonicalize_address" (func $import (param i32 i32) (result i32)))
    (memory 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "cosmwasm_vm_version_3"))
    (func (export "deallocate") (param i32))
    (func (export "allocate") (param $size i32) (result i32) (local $region i32)
      (local.set $region (global.get $next))
      (global.set $next (i32.add (i32.add (local.get $region) (i32.const 12)) (local.get $size)))
      (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
      (i32.store offset=4 (local.get $region) (local.get $size))
      (local.get $region))
    (func (export "init") (param i32 i32) (result i32) (local.get 0))
    (func (export "handle") (param i32 i32) (result i32) (local.get 1))
    (func (export "query") (param i32) (result i32) (local $r i32)
      (i32.store (i32.const 80) (i32.const 128))
      (i32.store (i32.const 84) (i32.const 90))
      (local.set $r (call $import (local.get 0) (i32.const 80)))
      (select (local.get $r) (i32.const 80) (local.get $r))))`);

  it("is called with its own arguments", () => {
    const args = [text("env"), text("msg")];
    expect(outcome(run(wasm, { entryPoint: "init", args }))).toBe("env");
    expect(outcome(run(wasm, { entryPoint: "handle", args }))).toBe("msg");
    expect(outcome(run(wasm, { entryPoint: "migrate", args }))).toBe("vm/export_missing");
  });

  it("has its addresses trimmed, and texts of its own", () => {
    const query = (message: Uint8Array) => run(wasm, { entryPoint: "query", args: [message] });
    expect(query(text(`\u3000 ${ADDRESS}\n\t`))).toMatchObject({ ok: true, output: BYTES });
    expect(outcome(query(text("  ")))).toBe("input is empty");
    expect(outcome(query(new Uint8Array([0xc0])))).toBe("input is not valid UTF-8");
  });
});

describe("storage imports", () => {
  const write = importing("db_write", 2, "", "(call $import (local.get 1) (local.get 1))");
  const remove = importing("db_remove", 1, "", "(call $import (local.get 1))");
  const read = importing("db_read", 1, "i32", RETURN_POINTER);

  it("are refused in queries before anything is charged or looked at", () => {
    const storage = memoryStorage(new Map(), true);
    const failed = ask(write, text("k"), { storage });
    expect(failed).toMatchObject({ ok: false, error: { code: "vm/write_in_query" }, writeGas: 0n });
    expect(ask(remove, text("k"), { storage })).toMatchObject({
      error: { code: "vm/write_in_query" },
    });
    expect(ask(write, text("k")).gasUsed - failed.gasUsed).toBe(2_000n + 5_000n);
  });

  it("charge for a written byte before it is written", () => {
    const storage = memoryStorage();
    const full = ask(write, text("key"), { storage });
    expect(full).toMatchObject({ ok: true, writeGas: 15_000n });
    expect(storage.entries.size).toBe(1);
    const short = memoryStorage();
    const gasLimit = full.gasUsed - 1n;
    expect(ask(write, text("key"), { storage: short, gasLimit })).toMatchObject({
      error: { code: "vm/out_of_gas" },
    });
    expect(short.entries.size).toBe(0);
  });

  it("tell an empty value from none", () => {
    const storage = memoryStorage(new Map([["k", new Uint8Array()]]));
    expect(outcome(ask(read, text("k"), { storage }))).toBe("");
    expect(outcome(ask(read, text("other"), { storage }))).toBe("other");
  });

  it("refuse keys that are too long", () => {
    expect(ask(read, new Uint8Array(65_537))).toMatchObject({
      error: { code: "vm/region_too_long", bytes: 65_537, bytesMax: 65_536 },
    });
  });

  it("fail by name where the network has none: iterators", () => {
    const scan = importing(
      "db_scan",
      3,
      "i32",
      "(local.set $r (call $import (local.get 1) (local.get 1) (i32.const 1)))",
    );
    expect(ask(scan, text("x"))).toMatchObject({
      error: { code: "vm/host_import", name: "db_scan" },
    });
  });
});

describe("gas imports", () => {
  it("tell the SDK gas of the call so far", () => {
    const wasm = importing("check_gas", 0, "i64", "(return (call $number (call $import)))");
    const result = ask(wasm, text(""));
    expect(number(result)).toBe(8n);
    expect(result.gasUsed > 8_192n && result.gasUsed < 9_000n).toBe(true);
  });

  it("burn what they are told, at least eight", () => {
    const burn = (amount: number): ContractCallResult =>
      ask(
        importing("gas_evaporate", 1, "i32", `(drop (call $import (i32.const ${amount})))`),
        text(""),
      );
    expect(burn(9).gasUsed - burn(0).gasUsed).toBe(1_000n);
    expect(burn(100).gasUsed - burn(0).gasUsed).toBe(92_000n);
    expect(burn(-1)).toMatchObject({ error: { code: "vm/out_of_gas" } });
  });
});

describe("crypto imports", () => {
  const three = "(call $import (local.get 1) (local.get 1) (local.get 1))";
  const answer = `(return (call $number (i64.extend_i32_u ${three})))`;

  it("check lengths in the network's order and charge first", () => {
    const secp = importing("secp256k1_verify", 3, "i32", answer);
    expect(number(ask(secp, new Uint8Array(31)))).toBe(3n);
    expect(number(ask(secp, new Uint8Array(32)))).toBe(4n);
    const ed = importing("ed25519_verify", 3, "i32", answer);
    expect(number(ask(ed, new Uint8Array(32)))).toBe(4n);
    expect(number(ask(ed, new Uint8Array(64)))).toBe(5n);
    expect(ask(secp, new Uint8Array(0), { gasLimit: 98_303n })).toMatchObject({
      error: { code: "vm/out_of_gas" },
    });
  });

  it("put error codes into the high half of the answer", () => {
    const recover = importing(
      "secp256k1_recover_pubkey",
      3,
      "i64",
      "(return (call $number (call $import (local.get 1) (local.get 1) (i32.const 1))))",
    );
    expect(number(ask(recover, new Uint8Array(31)))).toBe(3n << 32n);
    const sign = importing(
      "ed25519_sign",
      2,
      "i64",
      "(return (call $number (call $import (local.get 1) (local.get 1))))",
    );
    expect(number(ask(sign, new Uint8Array(31)))).toBe(1_000n << 32n);
    const dcap = importing(
      "dcap_quote_verify",
      2,
      "i64",
      "(return (call $number (call $import (local.get 1) (local.get 1))))",
    );
    expect(number(ask(dcap, new Uint8Array(0)))).toBe(10n << 32n);
    expect(number(ask(dcap, new Uint8Array(9)))).toBe(10n << 32n);
  });

  it("charge for each quote after the first what verifying it takes", () => {
    const once = "(call $import (local.get 1) (local.get 1))";
    const run = (code: string) =>
      ask(importing("dcap_quote_verify", 2, "i64", code), new Uint8Array(9));
    const one = run(`(return (call $number ${once}))`);
    const two = run(`(drop ${once}) (return (call $number ${once}))`);
    const more = Number(two.gasUsed - one.gasUsed);
    expect(more).toBeGreaterThanOrEqual(10_100_000);
    expect(more).toBeLessThan(10_100_020);
    expect(
      number(
        ask(
          importing("dcap_quote_verify", 2, "i64", `(return (call $number ${once}))`),
          new Uint8Array(9),
          {
            crypto: { ...call({}).crypto, dcapQuoteVerify: () => ({ ok: 0xa007 }) },
          },
        ),
      ),
    ).toBe(0xa007n);
  });

  it("repeat a lone message or key, and charge for each signature", () => {
    const batch = importing("ed25519_batch_verify", 3, "i32", answer);
    const list = (...lengths: number[]): Uint8Array =>
      new Uint8Array(
        lengths.flatMap((length) => [...new Array<number>(length).fill(7), 0, 0, 0, length]),
      );
    const seen: number[][] = [];
    const crypto = {
      ...call({}).crypto,
      ed25519BatchVerify: (...lists: readonly (readonly Uint8Array[])[]) => {
        seen.push(lists.map(({ length }) => length));
        return 0;
      },
    };
    expect(number(ask(batch, new Uint8Array(0), { crypto }))).toBe(0n);
    expect(seen).toEqual([[0, 0, 0]]);
    const one = ask(batch, list(64), { crypto });
    expect(number(one)).toBe(5n);
    const two = ask(batch, list(64, 64), { crypto });
    expect(two.gasUsed - one.gasUsed).toBe(70_000n);
    expect(ask(batch, new Uint8Array([0, 0, 0, 9]))).toMatchObject({
      error: { code: "vm/region" },
    });
    expect(ask(batch, new Uint8Array(4 * 1_025), { crypto })).toMatchObject({
      error: { code: "vm/region_too_long" },
    });
  });
});

describe("a region", () => {
  const returning = (offset: number, length: number, pointer = 48): string =>
    outcome(
      run(
        v1Contract(`(func (export "query") (param i32 i32) (result i32)
          (i32.store (i32.const 48) (i32.const ${offset}))
          (i32.store (i32.const 52) (i32.const 0))
          (i32.store (i32.const 56) (i32.const ${length}))
          (i32.const ${pointer}))`),
      ),
    );

  it("is refused when it is null or reaches outside of memory", () => {
    expect(returning(65_535, 1)).not.toBe("vm/region");
    expect(returning(65_536, 0)).toBe("");
    for (const [offset, length, pointer] of [
      [0, 0, 48],
      [0, 4, 48],
      [65_535, 2, 48],
      [65_537, 0, 48],
      [16, -1, 48],
      [-1, -1, 48],
      [16, 4, 0],
      [16, 4, 65_525],
      [16, 4, -1],
      [16, 4, -12],
    ] as const) {
      expect(returning(offset, length, pointer), `${offset} ${length} ${pointer}`).toBe(
        "vm/region",
      );
    }
  });

  it("is refused when what the contract allocated is too small or nowhere", () => {
    const allocating = (allocate: string): string =>
      outcome(
        run(
          assemble(`(module (memory 1) (func (export "interface_version_8"))
            (func (export "deallocate") (param i32))
            (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 0))
            (func (export "query") (param i32 i32) (result i32) (local.get 0))
            (data (i32.const 16) "\\20\\00\\00\\00\\02\\00\\00\\00\\00\\00\\00\\00")
            (func (export "allocate") (param i32) (result i32) ${allocate}))`),
        ),
      );
    expect(allocating("(i32.const 16)")).toBe("vm/region");
    expect(allocating("(i32.const 0)")).toBe("vm/region");
    expect(allocating("(i32.const -1)")).toBe("vm/region");
    expect(allocating("(unreachable)")).toBe("vm/allocation");
    expect(allocating("(loop $again (br $again)) (i32.const 0)")).toBe("vm/out_of_gas");
  });
});

describe("a call", () => {
  it("hands on what a collaborator throws, and the engine works afterwards", () => {
    const wasm = importing("db_read", 1, "i32", RETURN_POINTER);
    const engine = createEngine({ cacheBytesMax: 1e8 });
    const failing = {
      ...memoryStorage(),
      read: () => {
        throw new TypeError("disk");
      },
    };
    const hash = new Uint8Array(32);
    for (let round = 0; round < 3; round++) {
      const broken = call({ args: [text("e"), text("k")], storage: failing });
      expect(() => engine.call(hash, () => wasm, broken)).toThrow(TypeError);
      const whole = call({ args: [text("e"), text("k")] });
      expect(outcome(engine.call(hash, () => wasm, whole))).toBe("k");
    }
  });

  it("does not look at debug texts unless somebody listens", () => {
    const wasm = importing("debug", 1, "", "(call $import (i32.const -1))");
    expect(outcome(ask(wasm, text("m")))).toBe("m");
    const heard: string[] = [];
    const loud = importing("debug", 1, "", "(call $import (local.get 1))");
    ask(loud, text("hello"), { debug: (line) => heard.push(line) });
    expect(heard).toEqual(["hello"]);
  });

  it("nested deeper than queries may go ends with its own error", () => {
    const wasm = importing("query_chain", 1, "i32", RETURN_POINTER);
    const engine = createEngine({ cacheBytesMax: 1e8 });
    const hash = new Uint8Array(32);
    const deep: ContractCall = call({
      querier: {
        query: () => text(outcome(engine.call(hash, () => wasm, deep))),
      },
    });
    expect(outcome(engine.call(hash, () => wasm, deep))).toBe("vm/query_depth");
  });
});
