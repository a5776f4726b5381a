import { describe, expect, it } from "vitest";
import { utf8 } from "../src/bytes.ts";
import { addCiphertexts, type Encryption, encrypt } from "../src/elgamal/ciphertext.ts";
import { createKeyPair, sharedKey } from "../src/elgamal/keys.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import {
  areBits,
  bitWitness,
  decryptsTo,
  equalityWitness,
  equalPlaintexts,
  inSet,
  isBit,
  knowsPlaintext,
  plaintextWitness,
  randomnessWitness,
  secretWitness,
  setWitness,
  sumIs,
  sumWitness,
  valueIs,
} from "../src/proofs/encryption.ts";
import {
  claimOneOfMany,
  LIST_MAX,
  proveOneOfMany,
  verifyOneOfMany,
} from "../src/proofs/one-of-many.ts";
import { findFalseClaims } from "../src/sigma/claims.ts";
import {
  proveStatement,
  type Statement,
  verifyStatement,
  type Witness,
} from "../src/sigma/compose.ts";
import { codeOf } from "./vectors.ts";

const group = await loadRistretto255("wasm");
type Point = typeof group.generator;
const { publicKey: key, secret } = createKeyPair(group);
const shared = sharedKey(group, group.multiplyBase(77n));
const tag = utf8("test");
const make = (message: bigint, under = key) => encrypt(group, under, message);
const of = ({ ciphertext }: Encryption<Point>, under = key) => ({ group, key: under, ciphertext });

function proves(statement: Statement<Point>, witness: Witness): void {
  for (const flavor of ["compact", "batchable"] as const) {
    const proof = proveStatement(tag, statement, witness, { flavor });
    verifyStatement(tag, statement, proof, flavor);
  }
}
const refuses = (statement: Statement<Point>, witness: Witness) =>
  expect(codeOf(() => proveStatement(tag, statement, witness))).toBe("threshold/witness");

describe.each([
  ["a single holder's key", key],
  ["a shared key", shared],
])("statements about ciphertexts under %s", (_, under) => {
  it("prove knowledge of the message", () => {
    const item = make(123n, under);
    proves(knowsPlaintext(of(item, under)), plaintextWitness(item));
    refuses(knowsPlaintext(of(item, under)), plaintextWitness({ ...item, message: 124n }));
    const foreign = { ...item.ciphertext, handle: make(1n, under).ciphertext.handle };
    refuses(knowsPlaintext({ group, key: under, ciphertext: foreign }), plaintextWitness(item));
  });

  it("prove a bit, and of no other message", () => {
    for (const bit of [0n, 1n]) {
      const item = make(bit, under);
      proves(isBit(of(item, under)), bitWitness(group, [item]));
    }
    for (const message of [2n, group.order - 1n, 1n << 200n]) {
      const item = make(message, under);
      refuses(isBit(of(item, under)), bitWitness(group, [item]));
    }
  });

  it("prove several bits and their sum as one", () => {
    const items = [0n, 1n, 0n].map((bit) => make(bit, under));
    const ciphertexts = items.map(({ ciphertext }) => ciphertext);
    proves(areBits(group, under, ciphertexts, 1n), bitWitness(group, items));
    refuses(areBits(group, under, ciphertexts, 2n), bitWitness(group, items));
    refuses(areBits(group, under, ciphertexts, 0n), bitWitness(group, items));
    const zeros = [0n, 0n].map((bit) => make(bit, under));
    proves(
      areBits(
        group,
        under,
        zeros.map(({ ciphertext }) => ciphertext),
        0n,
      ),
      bitWitness(group, zeros),
    );
  });

  it("prove a value, a member of a set, a sum", () => {
    const items = [5n, 7n, 0n].map((message) => make(message, under));
    const [five] = items as [Encryption<Point>];
    proves(valueIs(of(five, under), 5n), randomnessWitness(five));
    refuses(valueIs(of(five, under), 6n), randomnessWitness(five));
    proves(inSet(of(five, under), [0n, 5n, 9n]), setWitness(group, five, [0n, 5n, 9n]));
    expect(codeOf(() => setWitness(group, five, [1n, 2n]))).toBe("threshold/witness");
    const ciphertexts = items.map(({ ciphertext }) => ciphertext);
    proves(sumIs(group, under, ciphertexts, 12n), sumWitness(group, items));
    refuses(sumIs(group, under, ciphertexts, 13n), sumWitness(group, items));
  });
});

it("a colluder who knows the shared key's secret does not prove a bit of 2", () => {
  const item = make(2n, shared);
  const { relation } = isBit(of(item, shared)) as Statement<Point> & { kind: "relation" };
  // With s = 77: (1 - m)·C = s'·H has a solution for every m.
  const product = group.reduce(-(2n + 77n * item.randomness) * group.invert(77n));
  const witness = { kind: "relation", scalars: [2n, item.randomness, product] } as const;
  const withoutHandle = { ...relation, equations: relation.equations.slice(0, 3) };
  proves({ kind: "relation", relation: withoutHandle }, witness);
  refuses(isBit(of(item, shared)), witness);
});

describe("statements about ciphertexts", () => {
  it("refuse an empty set, one with a value twice, and one that is too large", () => {
    const item = make(1n);
    for (const set of [
      [],
      [1n, 1n],
      [1n, 1n + group.order],
      Array.from({ length: 65 }, (_, i) => BigInt(i)),
    ]) {
      expect(codeOf(() => inSet(of(item), set))).toBe("threshold/statement");
    }
  });

  it("prove one message under two keys", () => {
    const [first, second, other] = [make(8n), make(8n, shared), make(9n, shared)];
    const pair = (right: Encryption<Point>) => [
      { key, ciphertext: first.ciphertext },
      { key: shared, ciphertext: right.ciphertext },
    ];
    proves(equalPlaintexts(group, pair(second)), equalityWitness([first, second]));
    refuses(equalPlaintexts(group, pair(other)), equalityWitness([first, other]));
    expect(codeOf(() => equalityWitness([]))).toBe("threshold/witness");
  });

  it("prove a decryption, and no other result or key", () => {
    const item = make(42n);
    proves(decryptsTo(of(item), 42n), secretWitness(secret));
    refuses(decryptsTo(of(item), 41n), secretWitness(secret));
    refuses(decryptsTo(of(item), 42n), secretWitness(secret + 1n));
    proves(decryptsTo(of(make(0n)), 1n - 1n), secretWitness(secret));
  });

  it("do not let a proof move to a ciphertext made from the proven one", () => {
    const item = make(1n);
    const proof = proveStatement(tag, isBit(of(item)), bitWitness(group, [item]));
    const moved = {
      group,
      key,
      ciphertext: addCiphertexts(group, item.ciphertext, make(0n).ciphertext),
    };
    expect(codeOf(() => verifyStatement(tag, isBit(moved), proof))).toBe("threshold/proof");
    expect(codeOf(() => verifyStatement(utf8("other"), isBit(of(item)), proof))).toBe(
      "threshold/proof",
    );
  });
});

describe("one of many", () => {
  const base = key.commitmentBase;
  const list = (length: number, index: number, blinding: bigint) =>
    Array.from({ length }, (_, i) =>
      i === index
        ? group.multiplyPublic(base, blinding)
        : group.add(group.multiplyBase(BigInt(i + 1)), group.multiplyPublic(base, 9n)),
    );
  const statementOf = (length: number, index: number) => ({
    group,
    commitmentBase: base,
    commitments: list(length, index, 55n),
  });

  it.each([
    [2, 0],
    [2, 1],
    [3, 2],
    [5, 3],
    [16, 15],
    [33, 32],
  ])("of %i proves number %i", (length, index) => {
    const statement = statementOf(length, index);
    verifyOneOfMany(tag, statement, proveOneOfMany(tag, statement, { index, blinding: 55n }));
  });

  it("proves nothing where none is to zero", () => {
    const statement = statementOf(4, 2);
    for (const witness of [
      { index: 1, blinding: 55n },
      { index: 2, blinding: 54n },
      { index: 4, blinding: 55n },
    ]) {
      expect(codeOf(() => proveOneOfMany(tag, statement, witness))).toBe("threshold/witness");
    }
  });

  it("refuses every change: a byte, the length, the list, the base, the binding", () => {
    const statement = statementOf(5, 3);
    const proof = proveOneOfMany(tag, statement, { index: 3, blinding: 55n });
    expect(proof).toHaveLength(32 * (3 * 4 + 3 * 3 + 1));
    for (let at = 0; at < proof.length; at += 32) {
      const changed = proof.slice();
      changed[at] = (changed[at] as number) ^ 2;
      expect(
        codeOf(() => verifyOneOfMany(tag, statement, changed)),
        String(at),
      ).toMatch(/proof|element|scalar/);
    }
    for (const other of [proof.subarray(1), Uint8Array.of(...proof, 0), new Uint8Array(0)]) {
      expect(codeOf(() => verifyOneOfMany(tag, statement, other))).toBe("threshold/length");
    }
    const { commitments } = statement;
    for (const variant of [
      { ...statement, commitments: commitments.toReversed() },
      { ...statement, commitments: [...commitments, commitments[4] as Point] },
      { ...statement, commitmentBase: shared.commitmentBase },
    ]) {
      expect(codeOf(() => verifyOneOfMany(tag, variant, proof))).toBe("threshold/proof");
    }
    expect(codeOf(() => verifyOneOfMany(utf8("other"), statement, proof))).toBe("threshold/proof");
  });

  it("refuses lists of one, of too many, and with the identity", () => {
    for (const commitments of [[], [base], Array.from({ length: LIST_MAX + 1 }, () => base)]) {
      const statement = { group, commitmentBase: base, commitments };
      expect(codeOf(() => verifyOneOfMany(tag, statement, new Uint8Array(32)))).toBe(
        "threshold/statement",
      );
    }
    const statement = { group, commitmentBase: base, commitments: [base, group.identity] };
    expect(codeOf(() => verifyOneOfMany(tag, statement, new Uint8Array(256)))).toBe(
      "threshold/identity",
    );
  });

  it("names the bad one of a batch", () => {
    const statement = statementOf(4, 1);
    const proof = proveOneOfMany(tag, statement, { index: 1, blinding: 55n });
    const claims = [tag, utf8("other"), tag].map((binding) =>
      claimOneOfMany(binding, statement, proof),
    );
    expect(findFalseClaims(group, claims)).toEqual([1]);
  });
});
