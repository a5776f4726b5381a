import { describe, expect, it } from "vitest";
import { proveRange, verifyRange } from "../src/bulletproofs/range.ts";
import { concatBytes, u32LittleEndian, utf8 } from "../src/bytes.ts";
import {
  decryptToElement,
  type Encryption,
  encodeCiphertext,
  encryptWith,
} from "../src/elgamal/ciphertext.ts";
import { DiscreteLogTable } from "../src/elgamal/discrete-log.ts";
import {
  createKeyPair,
  decodeKey,
  encodeKey,
  fixedCommitmentBase,
  sharedKey,
} from "../src/elgamal/keys.ts";
import { decryptAmount, splitAmount } from "../src/elgamal/limbs.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import { ristretto255Group } from "../src/groups/noble-group.ts";
import type { WasmPoint } from "../src/groups/wasm-group.ts";
import {
  encryptInput,
  type InputContext,
  type InputPolicy,
  verifyInput,
  verifyInputs,
} from "../src/proofs/encrypted-input.ts";
import { knowsPlaintext, plaintextWitness } from "../src/proofs/encryption.ts";
import { proveStatement, type Statement } from "../src/sigma/compose.ts";
import { protocolTag } from "../src/sigma/narg.ts";
import { encodeString } from "../src/sigma/transcript.ts";
import { codeOf } from "./vectors.ts";

const group = await loadRistretto255("wasm");
const { publicKey: key, secret } = createKeyPair(group);
const table = DiscreteLogTable.build(group, 8);
const context: InputContext = {
  contract: "secret1contract",
  sender: "secret1sender",
  session: utf8("round 1"),
};
const range: InputPolicy = { kind: "range", bits: 16, count: 2 };
const cases: [InputPolicy, bigint[]][] = [
  [range, [65_535n, 0n]],
  [{ kind: "sum", bits: 8, count: 3, total: 300n }, [100n, 200n, 0n]],
  [{ kind: "choice", options: 4, min: 1, max: 1 }, [0n, 0n, 1n, 0n]],
  [{ kind: "choice", options: 3, min: 0, max: 2 }, [1n, 1n, 0n]],
  [{ kind: "choice", options: 2, min: 0, max: 0 }, [0n, 0n]],
];

/** A key that several hold shares of, and its secret, as enough of them know it. */
const sharedSecret = 9n;
const shared = sharedKey(group, group.multiplyBase(sharedSecret));
const holders = [
  ["one holder", key, secret],
  ["several holders", shared, sharedSecret],
] as const;

describe.each(holders)("encrypted input under the key of %s", (_, key, secret) => {
  it.each(cases)("of %o is made in one call, verified in one, and decrypts", (policy, values) => {
    const input = encryptInput(group, key, context, policy, values);
    const ciphertexts = verifyInput(group, key, context, policy, input);
    expect(
      ciphertexts.map((item) => table.solve(decryptToElement(group, secret, item), 70_000n)),
    ).toEqual(values);
  });

  it("is not made of values that break the policy", () => {
    const bad: [InputPolicy, bigint[], string][] = [
      [range, [65_536n, 0n], "threshold/range"],
      [range, [-1n, 0n], "threshold/range"],
      [range, [1n], "threshold/witness"],
      [{ kind: "sum", bits: 8, count: 2, total: 5n }, [1n, 3n], "threshold/witness"],
      [{ kind: "choice", options: 2, min: 1, max: 1 }, [1n, 1n], "threshold/witness"],
      [{ kind: "choice", options: 2, min: 1, max: 1 }, [2n, -1n], "threshold/witness"],
      [{ kind: "choice", options: 2, min: 1, max: 2 }, [0n, 0n], "threshold/witness"],
    ];
    for (const [policy, values, code] of bad) {
      expect(codeOf(() => encryptInput(group, key, context, policy, values))).toBe(code);
    }
  });

  it("refuses every changed, missing or added chunk", () => {
    for (const [policy, values] of cases) {
      const input = encryptInput(group, key, context, policy, values);
      for (let at = 0; at < input.length; at += 32) {
        const changed = input.slice();
        changed[at] = (changed[at] as number) ^ 2;
        expect(
          codeOf(() => verifyInput(group, key, context, policy, changed)),
          String(at),
        ).toMatch(/proof|element|scalar/);
      }
      for (const other of [
        input.subarray(1),
        input.subarray(0, 60),
        Uint8Array.of(...input, 0),
        new Uint8Array(0),
      ]) {
        expect(codeOf(() => verifyInput(group, key, context, policy, other))).toMatch(
          /length|element/,
        );
      }
    }
  });
});

describe("who knows a shared key's secret", () => {
  // 300 in eight bits: C opens as 44 too, with other randomness.
  const [value, pretended, randomness] = [300n, 44n, 77n];
  const policy: InputPolicy = { kind: "range", bits: 8, count: 1 };
  const { ciphertext } = encryptWith(group, shared, value, randomness);

  it("proves a range of a ciphertext's own commitment that its decryption leaves", () => {
    const step = (value - pretended) * group.invert(sharedSecret);
    const openings = [{ value: pretended, blinding: group.reduce(randomness + step) }];
    const { commitmentBase } = shared;
    const commitments = [ciphertext.commitment];
    const statement = { group, commitmentBase, bits: 8, commitments } as const;
    verifyRange(utf8("x"), statement, proveRange(utf8("x"), statement, openings));
    const element = decryptToElement(group, sharedSecret, ciphertext);
    expect(table.solve(element, 1_000n)).toBe(value);
  });

  it("does not get such an input through, whatever its machine proves", () => {
    const blind = { ...group, equal: () => true };
    const base = fixedCommitmentBase(group);
    const commitment = group.add(group.multiplyBase(pretended), group.multiplyPublic(base, 5n));
    const fair = encryptWith(group, shared, pretended, randomness);
    const honest = forgeInput({
      statement: knowsPlaintext({ group, key: shared, ...fair }, { base, commitment }),
      encryption: fair,
      commitment,
      value: pretended,
    });
    verifyInput(group, shared, context, policy, honest);
    const statement = knowsPlaintext(
      { group: blind, key: shared, ciphertext },
      { base, commitment },
    );
    const step = group.reduce((value - pretended) * group.invert(sharedSecret));
    for (const [message, random] of [
      [value, randomness],
      [pretended, randomness],
      [pretended, randomness + step],
    ] as const) {
      const encryption = { ciphertext, message, randomness: group.reduce(random) };
      const forged = forgeInput({ statement, encryption, commitment, value: pretended });
      expect(codeOf(() => verifyInput(group, shared, context, policy, forged))).toBe(
        "threshold/proof",
      );
    }
  });
});

/** The parts of an input as encryptInput writes them, whatever they prove. */
function forgeInput(made: {
  readonly statement: Statement<WasmPoint>;
  readonly encryption: Encryption<WasmPoint>;
  readonly commitment: WasmPoint;
  readonly value: bigint;
}): Uint8Array {
  const { contract, sender, session } = context;
  const parts = [utf8(contract), utf8(sender), session, utf8("range"), new Uint8Array(0)];
  const binding = concatBytes(
    ...parts.map(encodeString),
    ...[8, 1].map(u32LittleEndian),
    encodeKey(group, shared),
  );
  const tag = protocolTag("encrypted-input/v1", group.name, binding);
  const commitmentBase = fixedCommitmentBase(group);
  const range = { group, commitmentBase, bits: 8, commitments: [made.commitment] } as const;
  return concatBytes(
    encodeCiphertext(group, made.encryption.ciphertext),
    group.encode(made.commitment),
    proveStatement(
      tag,
      { kind: "all", of: [made.statement] },
      { kind: "all", of: [plaintextWitness(made.encryption, 5n)] },
    ),
    proveRange(binding, range, [{ value: made.value, blinding: 5n }]),
  );
}

describe("encrypted input", () => {
  it("holds an amount of 64 bits as four limbs of 16", () => {
    const policy: InputPolicy = { kind: "range", bits: 16, count: 4 };
    const amount = 0xfedc_ba98_7654_3210n;
    const input = encryptInput(group, key, context, policy, splitAmount(amount, 16));
    const limbs = verifyInput(group, key, context, policy, input);
    expect(decryptAmount(group, secret, limbs, { table })).toBe(amount);
  });

  it("verifies in every backend, and under a shared key", () => {
    const slow = sharedKey(ristretto255Group, ristretto255Group.multiplyBase(sharedSecret));
    for (const [policy, values] of cases.slice(0, 3)) {
      const input = encryptInput(group, shared, context, policy, values);
      verifyInput(ristretto255Group, slow, context, policy, input);
    }
  });

  it("verifies under a key that was read, whose elements are other objects", () => {
    for (const own of [key, shared]) {
      const read = decodeKey(group, encodeKey(group, own));
      for (const [policy, values] of cases) {
        verifyInput(
          group,
          read,
          context,
          policy,
          encryptInput(group, own, context, policy, values),
        );
      }
    }
  });

  it("is good for one contract, sender, session, policy and key", () => {
    const input = encryptInput(group, key, context, range, [1n, 2n]);
    const contexts: InputContext[] = [
      { ...context, contract: "secret1other" },
      { ...context, sender: "secret1thief" },
      { ...context, session: utf8("round 2") },
      // The same bytes one behind the other, cut elsewhere.
      { ...context, contract: "secret1contractsecret1", sender: "sender" },
    ];
    for (const other of contexts) {
      expect(codeOf(() => verifyInput(group, key, other, range, input))).toBe("threshold/proof");
    }
    expect(
      codeOf(() => verifyInput(group, createKeyPair(group).publicKey, context, range, input)),
    ).toBe("threshold/proof");
    const policies: InputPolicy[] = [
      { kind: "range", bits: 8, count: 2 },
      { kind: "range", bits: 16, count: 1 },
      { kind: "sum", bits: 16, count: 2, total: 3n },
      { kind: "choice", options: 2, min: 0, max: 1 },
    ];
    for (const policy of policies) {
      expect(codeOf(() => verifyInput(group, key, context, policy, input))).toMatch(
        /length|proof|element|scalar/,
      );
    }
  });

  it("swaps no ciphertext of another's input in", () => {
    const [mine, yours] = [1n, 2n].map((value) =>
      encryptInput(group, key, context, range, [value, value]),
    ) as [Uint8Array, Uint8Array];
    const mixed = mine.slice();
    mixed.set(yours.subarray(0, 64), 0);
    expect(codeOf(() => verifyInput(group, key, context, range, mixed))).toBe("threshold/proof");
  });

  it("refuses policies that make no sense", () => {
    const policies: InputPolicy[] = [
      { kind: "range", bits: 16, count: 0 },
      { kind: "range", bits: 16, count: 1.5 },
      { kind: "sum", bits: 8, count: 1, total: -1n },
      { kind: "choice", options: 0, min: 0, max: 0 },
      { kind: "choice", options: 2, min: 2, max: 1 },
      { kind: "choice", options: 2, min: 0, max: 3 },
      { kind: "choice", options: 257, min: 1, max: 1 },
      { kind: "choice", options: 200, min: 0, max: 100 },
    ];
    for (const policy of policies) {
      expect(codeOf(() => verifyInput(group, key, context, policy, new Uint8Array(64)))).toBe(
        "threshold/statement",
      );
    }
  });

  it("is verified in batches that name the bad ones", () => {
    const items = cases.map(([policy, values], i) => {
      const own = { ...context, sender: `secret1sender${i}` };
      return { context: own, policy, input: encryptInput(group, key, own, policy, values) };
    });
    expect(verifyInputs(group, key, items).map(({ code }) => code)).toEqual(
      cases.map(() => undefined),
    );
    const spoilt = items.map((item, i) =>
      i === 1 ? { ...item, context } : i === 3 ? { ...item, input: item.input.subarray(1) } : item,
    );
    const verdicts = verifyInputs(group, key, spoilt);
    expect(verdicts.map(({ code }) => code)).toEqual([
      undefined,
      "threshold/proof",
      undefined,
      expect.stringMatching(/length|element/),
      undefined,
    ]);
    expect(verdicts[0]).toMatchObject({ ciphertexts: [expect.anything(), expect.anything()] });
    expect(verifyInputs(group, key, [])).toEqual([]);
  });
});
