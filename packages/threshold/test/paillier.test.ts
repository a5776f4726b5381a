import { readFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { PrivateKey, PublicKey } from "paillier-bigint";
import { describe, expect, it } from "vitest";
import { integerToBytes, utf8 } from "../src/bytes.ts";
import {
  decodePaillierCiphertext,
  encodePaillierCiphertext,
  PaillierEncryptor,
  paillierAdd,
  paillierAddPublic,
  paillierDecrypt,
  paillierEncryptWith,
  paillierScale,
  paillierSubtract,
} from "../src/paillier/cipher.ts";
import {
  createPaillierKeyPair,
  decodePaillierKey,
  encodePaillierKey,
  importPaillierKeyPair,
} from "../src/paillier/keys.ts";
import { isProbablePrime, jacobi, modPow } from "../src/paillier/modular.ts";
import { proveModulus, verifyModulus } from "../src/paillier/modulus-proof.ts";
import { codeOf, findVectors, listFiles } from "./vectors.ts";

interface PheKey {
  readonly bits: number;
  readonly n: string;
  readonly p: string;
  readonly q: string;
  readonly lambda: string;
  readonly mu: string;
  readonly encrypt: readonly { readonly m: string; readonly r: string; readonly c: string }[];
  readonly add: { readonly a: number; readonly b: number; readonly c: string; readonly m: string };
  readonly mul: { readonly a: number; readonly k: string; readonly c: string; readonly m: string };
}

const phe = findVectors("paillier-phe");
const FIELDS = ["bits", "n", "p", "q", "lambda", "mu", "encrypt", "add", "mul"];

describe.runIf(phe !== undefined)("vectors of python-paillier", () => {
  const folder = phe ?? "";
  const { keys } = (
    phe === undefined
      ? { keys: [] }
      : JSON.parse(readFileSync(join(folder, "paillier.json"), "utf8"))
  ) as { keys: PheKey[] };

  it("are all known", () => {
    expect(phe === undefined ? [] : listFiles(folder)).toEqual(["SOURCE.txt", "paillier.json"]);
    expect(keys.map(({ bits }) => bits)).toEqual([1024, 2048, 3072]);
    for (const key of keys) {
      expect(Object.keys(key).toSorted()).toEqual(FIELDS.toSorted());
      for (const item of key.encrypt) expect(Object.keys(item).toSorted()).toEqual(["c", "m", "r"]);
      expect(Object.keys(key.add).toSorted()).toEqual(["a", "b", "c", "m"]);
      expect(Object.keys(key.mul).toSorted()).toEqual(["a", "c", "k", "m"]);
    }
  });

  it.each(keys.map((key) => [key.bits, key] as const))(
    "of %i bits encrypt, add, scale and decrypt to the same",
    (_, key) => {
      const pair = importPaillierKeyPair(BigInt(key.p), BigInt(key.q));
      const { publicKey } = pair;
      expect(publicKey.modulus).toBe(BigInt(key.n));
      const ciphertexts = key.encrypt.map(({ m, r, c }, i) => {
        // The long power once, and decryption of all.
        if (i < 2) expect(paillierEncryptWith(publicKey, BigInt(m), BigInt(r))).toBe(BigInt(c));
        expect(paillierDecrypt(pair, BigInt(c))).toBe(BigInt(m));
        return BigInt(c);
      });
      const { add, mul } = key;
      const sum = paillierAdd(
        publicKey,
        ciphertexts[add.a] as bigint,
        ciphertexts[add.b] as bigint,
      );
      expect(sum).toBe(BigInt(add.c));
      expect(paillierDecrypt(pair, sum)).toBe(BigInt(add.m));
      const scaled = paillierScale(publicKey, ciphertexts[mul.a] as bigint, BigInt(mul.k));
      expect(scaled).toBe(BigInt(mul.c));
      expect(paillierDecrypt(pair, scaled)).toBe(BigInt(mul.m));
    },
  );
});

const pair = createPaillierKeyPair(2048);
const { publicKey } = pair;
const encryptor = new PaillierEncryptor(publicKey);

describe("Paillier", () => {
  it("agrees with paillier-bigint in both directions", () => {
    const theirs = new PublicKey(publicKey.modulus, publicKey.modulus + 1n);
    const [p, q] = [pair.p.prime, pair.q.prime];
    const lambda = (p - 1n) * (q - 1n);
    const mu = modPow(lambda, (p - 1n) * (q - 1n) - 1n, publicKey.modulus);
    const holder = new PrivateKey(lambda, mu, theirs, p, q);
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: publicKey.modulus - 1n }),
        fc.bigInt({ min: 1n, max: 2n ** 64n }),
        (message, factor) => {
          const own = encryptor.encrypt(message);
          expect(holder.decrypt(own)).toBe(message);
          const foreign = theirs.encrypt(message);
          expect(paillierDecrypt(pair, foreign)).toBe(message);
          expect(theirs.addition(own, foreign)).toBe(paillierAdd(publicKey, own, foreign));
          expect(theirs.multiply(own, factor)).toBe(paillierScale(publicKey, own, factor));
        },
      ),
      { numRuns: 4 },
    );
  });

  it("adds, subtracts, scales and re-randomises under the cipher", () => {
    const [a, b] = [encryptor.encrypt(1000n), encryptor.encrypt(58n)];
    const open = (ciphertext: bigint) => paillierDecrypt(pair, ciphertext);
    expect(open(paillierAdd(publicKey, a, b))).toBe(1058n);
    expect(open(paillierSubtract(publicKey, a, b))).toBe(942n);
    expect(open(paillierAddPublic(publicKey, a, -1n))).toBe(999n);
    expect(open(paillierScale(publicKey, a, 3n))).toBe(3000n);
    expect(open(paillierScale(publicKey, a, -1n))).toBe(publicKey.modulus - 1000n);
    const fresh = encryptor.rerandomize(a);
    expect(fresh).not.toBe(a);
    expect(open(fresh)).toBe(1000n);
  });

  it("encrypts no message or randomness out of range", () => {
    for (const message of [-1n, publicKey.modulus]) {
      expect(codeOf(() => encryptor.encrypt(message))).toBe("threshold/range");
    }
    for (const randomness of [0n, publicKey.modulus, pair.p.prime, 5n * pair.q.prime]) {
      expect(codeOf(() => paillierEncryptWith(publicKey, 1n, randomness))).toBe("threshold/scalar");
    }
  });

  it("decrypts and reads nothing that is out of range or tells a factor", () => {
    for (const bad of [
      0n,
      publicKey.modulusSquared,
      pair.p.prime,
      publicKey.modulus,
      pair.q.prime ** 2n,
    ]) {
      expect(codeOf(() => paillierDecrypt(pair, bad))).toBe("threshold/ciphertext");
    }
    const bytes = encodePaillierCiphertext(publicKey, encryptor.encrypt(7n));
    expect(bytes).toHaveLength(512);
    expect(paillierDecrypt(pair, decodePaillierCiphertext(publicKey, bytes))).toBe(7n);
    expect(codeOf(() => decodePaillierCiphertext(publicKey, bytes.subarray(1)))).toBe(
      "threshold/length",
    );
    expect(codeOf(() => decodePaillierCiphertext(publicKey, new Uint8Array(512).fill(255)))).toBe(
      "threshold/ciphertext",
    );
    expect(codeOf(() => decodePaillierCiphertext(publicKey, new Uint8Array(512)))).toBe(
      "threshold/ciphertext",
    );
  });

  it("takes no key of the wrong size, that is even, prime, or has a small factor", () => {
    const bytes = encodePaillierKey(publicKey);
    expect(decodePaillierKey(bytes).modulus).toBe(publicKey.modulus);
    expect(codeOf(() => decodePaillierKey(bytes.subarray(0, 128)))).toBe("threshold/length");
    expect(codeOf(() => decodePaillierKey(new Uint8Array(1025)))).toBe("threshold/length");
    const smooth = (1n << 2047n) + 1n;
    const small = 65_521n * (1n << 2031n) + 65_521n;
    for (const modulus of [smooth - (smooth % 3n), small, publicKey.modulus + 1n, 1n]) {
      expect(codeOf(() => decodePaillierKey(integerToBytes(modulus, 256, false)))).toBe(
        "threshold/key",
      );
    }
    expect(codeOf(() => importPaillierKeyPair(pair.p.prime, pair.p.prime))).toBe("threshold/key");
    expect(codeOf(() => importPaillierKeyPair(pair.p.prime, pair.q.prime + 2n))).toBe(
      "threshold/key",
    );
    for (const bits of [1024, 2049, 8194, Number.NaN]) {
      expect(codeOf(() => createPaillierKeyPair(bits))).toBe("threshold/parameters");
    }
  });
});

describe("the proof of a sound modulus", () => {
  const binding = utf8("to whom");
  const proof = proveModulus(pair, binding);

  it("holds for a key that was made here, for whom it was made", () => {
    verifyModulus(publicKey, binding, proof);
    expect(codeOf(() => verifyModulus(publicKey, utf8("other"), proof))).toBe("threshold/proof");
  });

  it("is refused with any part changed, cut or of another key", () => {
    const round = 513;
    for (const at of [255, 256 + 255, 256 + 511, 256 + 512, 256 + 79 * round + 300]) {
      const changed = proof.slice();
      changed[at] = (changed[at] as number) ^ 4;
      expect(
        codeOf(() => verifyModulus(publicKey, binding, changed)),
        String(at),
      ).toMatch(/proof|scalar/);
    }
    expect(codeOf(() => verifyModulus(publicKey, binding, proof.subarray(1)))).toBe(
      "threshold/length",
    );
    const large = proof.slice();
    large.fill(255, 256, 512);
    expect(codeOf(() => verifyModulus(publicKey, binding, large))).toBe("threshold/scalar");
    const other = { ...publicKey, modulus: publicKey.modulus + 2n };
    expect(codeOf(() => verifyModulus(other, binding, proof))).toMatch(/proof|scalar/);
  });

  it("cannot be made with primes that are 1 modulo 4, nor of three primes", () => {
    const odd = { ...pair, p: { ...pair.p, prime: 13n } };
    expect(codeOf(() => proveModulus(odd, binding))).toBe("threshold/key");
    // Of three primes 3 modulo 4, most numbers are no square for any choice of signs.
    const three = [7n, 11n, 19n];
    const n = 7n * 11n * 19n;
    const isSquare = (value: bigint) => three.every((prime) => jacobi(value, prime) === 1);
    const rest = Array.from({ length: 1462 }, (_, i) => BigInt(i + 1)).filter((y) =>
      three.every((prime) => y % prime !== 0n),
    );
    const w = rest.find((value) => jacobi(value, n) === -1) ?? 0n;
    const good = rest.filter((y) => [y, -y, y * w, -y * w].some((value) => isSquare(value)));
    expect(good.length).toBeLessThanOrEqual(rest.length / 2);
  });
});

describe("arithmetic", () => {
  it("raises, tests and finds symbols as by definition", () => {
    for (const [base, exponent, modulus] of [
      [3n, 0n, 7n],
      [0n, 5n, 7n],
      [2n, 1000n, 1_000_003n],
      [-2n, 31n, 97n],
    ] as const) {
      let expected = 1n % modulus;
      for (let i = 0n; i < exponent; i++)
        expected = (expected * (((base % modulus) + modulus) % modulus)) % modulus;
      expect(modPow(base, exponent, modulus)).toBe(expected);
    }
    const squares = new Set(Array.from({ length: 102 }, (_, i) => BigInt(i + 1) ** 2n % 103n));
    for (let a = 1n; a < 103n; a++) expect(jacobi(a, 103n)).toBe(squares.has(a) ? 1 : -1);
    expect(jacobi(0n, 103n)).toBe(0);
    expect(jacobi(15n, 21n)).toBe(0);
    const primes = [2n, 3n, 4099n, 2n ** 127n - 1n];
    const composites = [0n, 1n, 4n, 561n, 4099n * 4111n, 2n ** 128n + 1n];
    for (const prime of primes) expect(isProbablePrime(prime, randomBytes)).toBe(true);
    for (const composite of composites) expect(isProbablePrime(composite, randomBytes)).toBe(false);
  });
});
