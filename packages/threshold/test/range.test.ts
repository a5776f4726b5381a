import { describe, expect, it } from "vitest";
import {
  claimRange,
  proveRange,
  type RangeBits,
  rangeProofBytes,
  verifyRange,
} from "../src/bulletproofs/range.ts";
import { utf8 } from "../src/bytes.ts";
import { fixedCommitmentBase } from "../src/elgamal/keys.ts";
import type { Group } from "../src/groups/group.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import { p256Group, ristretto255Group } from "../src/groups/noble-group.ts";
import { findFalseClaims } from "../src/sigma/claims.ts";
import { codeOf, toHex } from "./vectors.ts";

const wasm = await loadRistretto255("wasm");
const binding = utf8("session");

function commit<P>(group: Group<P>, bits: RangeBits, values: readonly bigint[]) {
  const commitmentBase = fixedCommitmentBase(group);
  const openings = values.map((value, i) => ({ value, blinding: BigInt(1000 + i) }));
  const commitments = openings.map(({ value, blinding }) =>
    group.add(
      group.multiplyBase(group.reduce(value)),
      group.multiplyPublic(commitmentBase, blinding),
    ),
  );
  return { statement: { group, commitmentBase, bits, commitments }, openings };
}

describe("range proofs", () => {
  it.each([8, 16, 32, 64] as const)("accept both ends of %i bits and what lies between", (bits) => {
    for (const value of [0n, 1n, (1n << BigInt(bits - 1)) + 3n, (1n << BigInt(bits)) - 1n]) {
      const { statement, openings } = commit(wasm, bits, [value]);
      const proof = proveRange(binding, statement, openings);
      expect(proof).toHaveLength(rangeProofBytes(statement));
      verifyRange(binding, statement, proof);
    }
  });

  it("take 672 bytes for one value of 64 bits and 64 more for twice as many", () => {
    const [one, two, four] = [[1n], [1n, 2n], [1n, 2n, 3n, 4n]].map((values) =>
      commit(wasm, 64, values),
    );
    expect([one, two, four].map((item) => rangeProofBytes(item?.statement as never))).toEqual([
      672, 736, 800,
    ]);
  });

  it("cover several values, also a number that is no power of two", () => {
    for (const values of [
      [1n, 2n],
      [65_535n, 0n, 9n],
      [1n, 2n, 3n, 4n, 5n],
    ]) {
      const { statement, openings } = commit(wasm, 16, values);
      verifyRange(binding, statement, proveRange(binding, statement, openings));
    }
  });

  it("work in other groups and backends with the same bytes", () => {
    const p256 = commit(p256Group, 8, [200n]);
    verifyRange(binding, p256.statement, proveRange(binding, p256.statement, p256.openings));
    const noble = commit(ristretto255Group, 8, [3n, 4n]);
    const own = commit(wasm, 8, [3n, 4n]);
    let count = 0;
    const random = (length: number) => new Uint8Array(length).fill(count++ % 251);
    const first = proveRange(binding, noble.statement, noble.openings, random);
    count = 0;
    const second = proveRange(binding, own.statement, own.openings, random);
    expect(toHex(second)).toBe(toHex(first));
    verifyRange(binding, noble.statement, second);
  });

  it("are not made for a value outside, below 0, or of another commitment", () => {
    const { statement } = commit(wasm, 8, [256n]);
    expect(codeOf(() => proveRange(binding, statement, [{ value: 256n, blinding: 1000n }]))).toBe(
      "threshold/range",
    );
    expect(codeOf(() => proveRange(binding, statement, [{ value: -1n, blinding: 1000n }]))).toBe(
      "threshold/range",
    );
    expect(codeOf(() => proveRange(binding, statement, [{ value: 0n, blinding: 1000n }]))).toBe(
      "threshold/witness",
    );
    expect(codeOf(() => proveRange(binding, statement, []))).toBe("threshold/witness");
  });

  it("do not verify for a value outside whose bits were proven for another", () => {
    // The bits of 44 = 300 - 256, for a commitment to 300: what wraps around at 8 bits.
    const honest = commit(wasm, 8, [44n]);
    const wrapped = commit(wasm, 8, [300n]);
    const proof = proveRange(binding, honest.statement, honest.openings);
    expect(codeOf(() => verifyRange(binding, wrapped.statement, proof))).toBe("threshold/proof");
  });

  it("refuse every change: a byte, the length, the order, the width, the base, the binding", () => {
    const { statement, openings } = commit(wasm, 8, [5n, 6n]);
    const proof = proveRange(binding, statement, openings);
    for (let at = 0; at < proof.length; at += 32) {
      const changed = proof.slice();
      changed[at] = (changed[at] as number) ^ 2;
      expect(
        codeOf(() => verifyRange(binding, statement, changed)),
        String(at),
      ).toMatch(/proof|element|scalar/);
    }
    for (const other of [proof.subarray(1), Uint8Array.of(...proof, 0), new Uint8Array(0)]) {
      expect(codeOf(() => verifyRange(binding, statement, other))).toBe("threshold/length");
    }
    const { commitments } = statement;
    const variants = [
      { ...statement, commitments: commitments.toReversed() },
      { ...statement, commitmentBase: wasm.hashToGroup(utf8("other"), "range-test") },
    ];
    for (const variant of variants) {
      expect(codeOf(() => verifyRange(binding, variant, proof))).toBe("threshold/proof");
    }
    expect(codeOf(() => verifyRange(utf8("other"), statement, proof))).toBe("threshold/proof");
    const halves = { ...statement, bits: 16 as const, commitments: commitments.slice(0, 1) };
    expect(codeOf(() => verifyRange(binding, halves, proof))).toBe("threshold/proof");
    const third = {
      ...statement,
      commitments: [...commitments, commitments[0] as (typeof commitments)[0]],
    };
    expect(codeOf(() => verifyRange(binding, third, proof))).toBe("threshold/length");
  });

  it("refuse no values, too many, and identities", () => {
    const { statement, openings } = commit(wasm, 8, [5n]);
    const proof = proveRange(binding, statement, openings);
    for (const variant of [
      { ...statement, commitments: [] },
      { ...statement, commitments: Array.from({ length: 129 }, () => wasm.generator) },
      { ...statement, bits: 7 as RangeBits },
    ]) {
      expect(codeOf(() => verifyRange(binding, variant, proof))).toBe("threshold/statement");
    }
    const zero = { ...statement, commitments: [wasm.identity] };
    expect(codeOf(() => verifyRange(binding, zero, proof))).toBe("threshold/identity");
  });

  it("are checked in batches that name the bad one", () => {
    const items = [1n, 2n, 3n, 4n].map((value) => commit(wasm, 16, [value]));
    const proofs = items.map(({ statement, openings }) => proveRange(binding, statement, openings));
    const claims = items.map(({ statement }, i) =>
      claimRange(binding, statement, proofs[i === 2 ? 1 : i] as Uint8Array),
    );
    expect(findFalseClaims(wasm, claims)).toEqual([2]);
  });
});
