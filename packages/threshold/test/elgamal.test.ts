import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addCiphertexts,
  addPublic,
  decodeCiphertext,
  decryptToElement,
  encodeCiphertext,
  encrypt,
  encryptWith,
  rerandomize,
  scaleCiphertext,
  subtractCiphertexts,
  sumCiphertexts,
} from "../src/elgamal/ciphertext.ts";
import { DiscreteLogTable } from "../src/elgamal/discrete-log.ts";
import {
  createKeyPair,
  decodeKey,
  encodeKey,
  fixedCommitmentBase,
  sharedKey,
} from "../src/elgamal/keys.ts";
import { decryptAmount, encryptAmount, joinLimbs, splitAmount } from "../src/elgamal/limbs.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import { ristretto255Group } from "../src/groups/noble-group.ts";
import { codeOf, toHex } from "./vectors.ts";

const group = await loadRistretto255("wasm");
const { publicKey, secret } = createKeyPair(group);
const table = DiscreteLogTable.build(group, 10);
const open = (
  ciphertext: ReturnType<typeof sumCiphertexts<typeof group.generator>>,
  max = 1n << 20n,
) => table.solve(decryptToElement(group, secret, ciphertext), max);
const small = fc.bigInt({ min: 0n, max: 5000n });

describe("twisted ElGamal", () => {
  it("adds, subtracts, scales and re-randomises under the cipher", () => {
    fc.assert(
      fc.property(small, small, fc.bigInt({ min: 1n, max: 60n }), (a, b, factor) => {
        const [left, right] = [a, b].map(
          (value) => encrypt(group, publicKey, value).ciphertext,
        ) as [
          ReturnType<typeof encrypt<typeof group.generator>>["ciphertext"],
          ReturnType<typeof encrypt<typeof group.generator>>["ciphertext"],
        ];
        const sum = addCiphertexts(group, left, right);
        expect(open(sum)).toBe(a + b);
        expect(open(subtractCiphertexts(group, sum, right))).toBe(a);
        expect(open(scaleCiphertext(group, left, factor))).toBe(a * factor);
        expect(open(addPublic(group, left, 7n))).toBe(a + 7n);
        expect(open(sumCiphertexts(group, [left, right, left]))).toBe(2n * a + b);
        const fresh = rerandomize(group, publicKey, left).ciphertext;
        expect(open(fresh)).toBe(a);
        expect(group.equal(fresh.handle, left.handle)).toBe(false);
      }),
      { numRuns: 10 },
    );
  });

  it("decrypts under a shared key with the secret that makes the key", () => {
    const key = sharedKey(group, group.multiplyBase(secret));
    const { ciphertext } = encrypt(group, key, 1234n);
    expect(open(ciphertext)).toBe(1234n);
  });

  it("writes 64 bytes and reads nothing else", () => {
    const { ciphertext } = encrypt(group, publicKey, 5n);
    const bytes = encodeCiphertext(group, ciphertext);
    expect(bytes).toHaveLength(64);
    expect(toHex(encodeCiphertext(group, decodeCiphertext(group, bytes)))).toBe(toHex(bytes));
    for (const length of [0, 32, 63, 65]) {
      expect(codeOf(() => decodeCiphertext(group, new Uint8Array(length)))).toBe(
        "threshold/length",
      );
    }
    const spoilt = bytes.slice();
    spoilt.fill(0, 32);
    expect(codeOf(() => decodeCiphertext(group, spoilt))).toBe("threshold/identity");
    spoilt.fill(0xff, 32);
    expect(codeOf(() => decodeCiphertext(group, spoilt))).toBe("threshold/element");
  });

  it("neither makes nor writes a ciphertext without randomness", () => {
    expect(codeOf(() => encryptWith(group, publicKey, 1n, 0n))).toBe("threshold/scalar");
    const one = encrypt(group, publicKey, 1n).ciphertext;
    const zero = subtractCiphertexts(group, one, one);
    expect(codeOf(() => encodeCiphertext(group, zero))).toBe("threshold/identity");
  });

  it("gives every backend the same ciphertext", () => {
    const noble = createKeyPair(ristretto255Group, (length) => new Uint8Array(length).fill(7));
    const own = createKeyPair(group, (length) => new Uint8Array(length).fill(7));
    expect(toHex(encodeKey(group, own.publicKey))).toBe(
      toHex(encodeKey(ristretto255Group, noble.publicKey)),
    );
    expect(
      toHex(encodeCiphertext(group, encryptWith(group, own.publicKey, 9n, 5n).ciphertext)),
    ).toBe(
      toHex(
        encodeCiphertext(
          ristretto255Group,
          encryptWith(ristretto255Group, noble.publicKey, 9n, 5n).ciphertext,
        ),
      ),
    );
  });
});

describe("keys", () => {
  it("are of one of two kinds, or refused", () => {
    for (const key of [publicKey, sharedKey(group, group.multiplyBase(3n))]) {
      expect(toHex(encodeKey(group, decodeKey(group, encodeKey(group, key))))).toBe(
        toHex(encodeKey(group, key)),
      );
    }
    const foreign = { commitmentBase: group.multiplyBase(5n), handleBase: group.multiplyBase(6n) };
    expect(codeOf(() => decodeKey(group, encodeKey(group, foreign)))).toBe("threshold/key");
    const open = { commitmentBase: group.generator, handleBase: group.generator };
    expect(codeOf(() => decodeKey(group, encodeKey(group, open)))).toBe("threshold/key");
    expect(codeOf(() => sharedKey(group, group.identity))).toBe("threshold/identity");
    expect(codeOf(() => sharedKey(group, group.generator))).toBe("threshold/key");
    expect(codeOf(() => decodeKey(group, new Uint8Array(63)))).toBe("threshold/length");
  });

  it("commit with an element that is not a known multiple of the generator", () => {
    expect(group.equal(fixedCommitmentBase(group), group.generator)).toBe(false);
    expect(toHex(group.encode(fixedCommitmentBase(group)))).toBe(
      toHex(ristretto255Group.encode(fixedCommitmentBase(ristretto255Group))),
    );
  });
});

describe("discrete logarithms", () => {
  it("are found from 0 to the bound, at every edge of a step", () => {
    for (const value of [
      0n,
      1n,
      1022n,
      1023n,
      1024n,
      1025n,
      2047n,
      2048n,
      262_143n,
      262_144n,
      300_000n,
    ]) {
      expect(table.solve(group.multiplyBase(value), 300_000n)).toBe(value);
    }
  });

  it("are not found beyond the bound, below 0 or of nothing", () => {
    for (const value of [300_001n, 1n << 40n, group.order - 1n]) {
      expect(codeOf(() => table.solve(group.multiplyBase(value), 300_000n))).toBe(
        "threshold/range",
      );
    }
    expect(codeOf(() => table.solve(group.generator, -1n))).toBe("threshold/parameters");
    expect(codeOf(() => table.solve(group.generator, 1n << 40n))).toBe("threshold/parameters");
    for (const bits of [3, 23, 8.5]) {
      expect(codeOf(() => DiscreteLogTable.build(group, bits))).toBe("threshold/parameters");
    }
  });

  it("are found by a table that was sent, and by another backend's", () => {
    const bytes = table.encode();
    expect(bytes).toHaveLength(4096);
    const sent = DiscreteLogTable.decode(ristretto255Group, bytes);
    expect(sent.solve(ristretto255Group.multiplyBase(54_321n), 60_000n)).toBe(54_321n);
    expect(DiscreteLogTable.build(ristretto255Group, 6).encode()).toEqual(bytes.slice(0, 256));
  });

  it("are never wrong with a spoilt table, and a foreign one is refused", () => {
    const bytes = table.encode();
    expect(codeOf(() => DiscreteLogTable.decode(group, bytes.subarray(4)))).toBe(
      "threshold/length",
    );
    expect(codeOf(() => DiscreteLogTable.decode(group, bytes.slice().fill(1)))).toBe(
      "threshold/parameters",
    );
    const spoilt = bytes.slice();
    spoilt.copyWithin(4, 8, 12);
    const sent = DiscreteLogTable.decode(group, spoilt);
    expect(codeOf(() => sent.solve(group.multiplyBase(1n), 1000n))).toBe("threshold/range");
    expect(sent.solve(group.multiplyBase(2n), 1000n)).toBe(2n);
  });
});

describe("amounts of 64 bits in limbs", () => {
  it("split and join without loss, and nothing larger is split", () => {
    for (const bits of [16, 32] as const) {
      for (const amount of [0n, 1n, 65_535n, 65_536n, 0x0123_4567_89ab_cdefn, (1n << 64n) - 1n]) {
        expect(joinLimbs(splitAmount(amount, bits), bits)).toBe(amount);
      }
      for (const amount of [-1n, 1n << 64n]) {
        expect(codeOf(() => splitAmount(amount, bits))).toBe("threshold/range");
      }
    }
  });

  it("sum beyond the limbs' width", () => {
    const amounts = [(1n << 64n) - 1n, (1n << 63n) + 5n, 0xffff_0000_ffffn];
    const lists = amounts.map((amount) =>
      encryptAmount(group, publicKey, amount).map(({ ciphertext }) => ciphertext),
    );
    const limbs = [0, 1, 2, 3].map((i) =>
      sumCiphertexts(
        group,
        lists.map((list) => list[i] as (typeof list)[0]),
      ),
    );
    const total = amounts.reduce((sum, amount) => sum + amount, 0n);
    expect(decryptAmount(group, secret, limbs, { table, terms: 3 })).toBe(total);
    expect(codeOf(() => decryptAmount(group, secret, limbs, { table, terms: 1 }))).toBe(
      "threshold/range",
    );
    expect(codeOf(() => decryptAmount(group, secret, limbs.slice(1), { table }))).toBe(
      "threshold/parameters",
    );
  });
});
