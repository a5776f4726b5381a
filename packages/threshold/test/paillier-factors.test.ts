/** The proof of no small factor, and the verifier's parameters that it stands on. */
import { randomBytes } from "@noble/hashes/utils.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { concatBytes, equalBytes, integerToBytes, utf8 } from "../src/bytes.ts";
import {
  encodeFactorProof,
  type FactorCommitments,
  type FactorResponses,
  factorChallenge,
  proveFactors,
  verifyFactors,
} from "../src/paillier/factor-proof.ts";
import {
  createPaillierKeyPair,
  encodePaillierKey,
  importPaillierKeyPair,
  type PaillierKeyPair,
  type PaillierPublicKey,
} from "../src/paillier/keys.ts";
import {
  integerRoot,
  isProbablePrime,
  isSafePrime,
  modPow,
  modPowSigned,
  modulo,
  randomAround,
  randomBelow,
  randomBlumPrime,
  randomSafePrime,
} from "../src/paillier/modular.ts";
import {
  createRingPedersen,
  decodeRingPedersen,
  encodeRingPedersen,
  importRingPedersen,
  proveRingPedersen,
  type RingPedersen,
  verifyRingPedersen,
} from "../src/paillier/ring-pedersen.ts";
import { DuplexSponge } from "../src/sigma/transcript.ts";
import { codeOf } from "./vectors.ts";

/** Safe primes of 1,024 bits, drawn by OpenSSL for this test. */
const SAFE_PRIMES = [
  [
    "d056aa3033c611cfcef55d4f2515c29b1602c6cbf461fd2fd1847292736532c6",
    "bf499387e3683d9fc929a4455e7ba9ed74bc554ea9d5c5e3269820f73712a4ed",
    "cb7ace00ad5430000058458be1f8ce012b1b2a43ccce4d02598fdc4b8d7e4cfa",
    "8535d6eea67dc980d02678246308c14798688fe366c797d77f162d21eea83a87",
  ],
  [
    "cc2075027dd3fc263cd62128d3b2b4789c7a424150ebc10911bfb25e8ca4ae1b",
    "85b156d84b44ec921055a60774fff765461a5e0d6b0cbd3954d57af6158f79e7",
    "1691c34f91add0976424773506625334db151d95bfd5f56e86705c7c98919cfe",
    "83c025028c514b181f2326b8602a9937c818ac5d274b66a0636ebf72c99c157b",
  ],
].map((lines) => BigInt(`0x${lines.join("")}`)) as [bigint, bigint];

const binding = utf8("to whom");
const verifier = importRingPedersen(...SAFE_PRIMES);
const { parameters } = verifier;
const { modulus, s, t } = parameters;
const pair = createPaillierKeyPair(2048);
const { publicKey } = pair;

afterEach(() => vi.restoreAllMocks());

describe("a verifier's parameters", () => {
  const proof = proveRingPedersen(verifier, binding);

  it("are shown to be sound, for whom they were made", () => {
    verifyRingPedersen(parameters, binding, proof);
    const bytes = encodeRingPedersen(parameters);
    expect(decodeRingPedersen(bytes)).toEqual(parameters);
    expect(codeOf(() => verifyRingPedersen(parameters, utf8("other"), proof))).toBe(
      "threshold/proof",
    );
  });

  it("are refused with any part of the proof changed, cut, or of other parameters", () => {
    for (const at of [255, 256 + 255, 2 * 256 + 1, proof.length - 1]) {
      const changed = proof.slice();
      changed[at] = (changed[at] as number) ^ 4;
      expect(codeOf(() => verifyRingPedersen(parameters, binding, changed))).toBe(
        "threshold/proof",
      );
    }
    const large = proof.slice();
    large.fill(255, 256, 512);
    expect(codeOf(() => verifyRingPedersen(parameters, binding, large))).toBe("threshold/proof");
    expect(codeOf(() => verifyRingPedersen(parameters, binding, proof.slice(1)))).toBe(
      "threshold/length",
    );
    const other = { ...parameters, s: (s * s) % modulus };
    expect(codeOf(() => verifyRingPedersen(other, binding, proof))).toBe("threshold/proof");
  });

  it("have bases that are coprime to the modulus and neither 1 nor -1", () => {
    const bad = [0n, 1n, modulus - 1n, modulus, SAFE_PRIMES[0]];
    for (const base of bad) {
      const wrong = { ...parameters, t: base };
      expect(codeOf(() => verifyRingPedersen(wrong, binding, proof))).toBe("threshold/key");
      const bytes = encodeRingPedersen(wrong);
      expect(codeOf(() => decodeRingPedersen(bytes))).toBe("threshold/key");
    }
    expect(codeOf(() => decodeRingPedersen(new Uint8Array(767)))).toBe("threshold/length");
    expect(codeOf(() => decodeRingPedersen(new Uint8Array(3 * 128)))).toBe("threshold/length");
  });

  it("are made of safe primes only", () => {
    const [p] = SAFE_PRIMES;
    expect(codeOf(() => importRingPedersen(p, p))).toBe("threshold/key");
    expect(codeOf(() => importRingPedersen(p, pair.q.prime))).toBe("threshold/key");
    for (const bits of [1024, 2049, 8194, Number.NaN]) {
      expect(codeOf(() => createRingPedersen(bits))).toBe("threshold/parameters");
    }
    const drawn = randomSafePrime(256, randomBytes);
    expect(drawn.toString(2)).toHaveLength(256);
    expect(isSafePrime(drawn, randomBytes)).toBe(true);
    expect(isProbablePrime(drawn >> 1n, randomBytes)).toBe(true);
  });

  it("whose s is no power of t would tell a factor, and cannot be shown to be sound", () => {
    const small = 65_537n;
    const draw = (): bigint => {
      for (;;) {
        const candidate = 2n * small * ((1n << 1006n) + randomBelow(1n << 1006n, randomBytes)) + 1n;
        if (isProbablePrime(candidate, randomBytes, 2)) return candidate;
      }
    };
    const [a, b] = [draw(), SAFE_PRIMES[1]];
    const [n, order] = [a * b, (a - 1n) * (b - 1n)];
    const bytes = Math.ceil(n.toString(2).length / 8);
    const generator = randomBelow(n, randomBytes) ** 2n % n;
    const evil: RingPedersen = {
      modulus: n,
      modulusBytes: bytes,
      s: generator,
      t: modPow(generator, small, n),
    };
    // What is left of the commitment to p, once t is gone, has 65,537 values: one for each p mod it.
    const commitment = factorCommitment(proveFactors(pair, evil, binding), bytes);
    const rest = modPow(commitment, order / small, n);
    const base = modPow(generator, order / small, n);
    let [guess, power] = [0n, 1n];
    while (power !== rest) [guess, power] = [guess + 1n, (power * base) % n];
    expect(guess).toBe(pair.p.prime % small);
    const forged = proveRingPedersen({ parameters: evil, order, logarithm: 1n }, binding);
    expect(codeOf(() => verifyRingPedersen(evil, binding, forged))).toBe("threshold/proof");
  });

  it("could be anything if the commitments were not hashed", () => {
    const evil = { ...parameters, s: modulo(-s, modulus) };
    const zs = Array.from({ length: 80 }, () => randomBelow(verifier.order, randomBytes));
    const forge = () => {
      // Which challenges there will be, nothing of the proof decides: it is made to fit.
      const guess = (bits: readonly boolean[]) =>
        concatBytes(
          ...zs.flatMap((z, i) => {
            const inverse = modPowSigned(evil.s, bits[i] ? -1n : 0n, modulus);
            const commitment = (modPow(t, z, modulus) * inverse) % modulus;
            return [commitment, z].map((item) => integerToBytes(item, 256, false));
          }),
        );
      let bits = zs.map(() => false);
      const squeeze = vi.spyOn(DuplexSponge.prototype, "squeeze");
      codeOf(() => verifyRingPedersen(evil, binding, guess(bits)));
      const drawn = squeeze.mock.results.at(-1)?.value as Uint8Array;
      squeeze.mockRestore();
      bits = bits.map((_, i) => (((drawn[i >> 3] as number) >> (i & 7)) & 1) === 1);
      const proof = guess(bits);
      return codeOf(() => verifyRingPedersen(evil, binding, proof));
    };
    const parametersOf = encodeRingPedersen(evil);
    const isFirst = (bytes: Uint8Array) => equalBytes(bytes, parametersOf);
    expect(leavingOut(isFirst, (index) => index > 0, forge)).toBeUndefined();
    expect(forge()).toBe("threshold/proof");
  });
});

/** The first of a proof's elements. */
function factorCommitment(proof: Uint8Array, lengthBytes: number): bigint {
  return BigInt(`0x${Buffer.from(proof.slice(0, lengthBytes)).toString("hex")}`);
}

/** Runs without these absorptions, counted from 0, of sponges that begin with such bytes. */
function leavingOut<Result>(
  begins: (bytes: Uint8Array) => boolean,
  isLeftOut: (index: number) => boolean,
  run: () => Result,
): Result {
  const original = DuplexSponge.prototype.absorb;
  const known = new Map<DuplexSponge, { isOne: boolean; count: number }>();
  const spy = vi.spyOn(DuplexSponge.prototype, "absorb").mockImplementation(function (
    this: DuplexSponge,
    bytes,
  ) {
    const state = known.get(this) ?? { isOne: begins(bytes), count: 0 };
    known.set(this, state);
    const index = state.count++;
    if (!state.isOne || !isLeftOut(index)) original.call(this, bytes);
  });
  try {
    return run();
  } finally {
    spy.mockRestore();
  }
}

const includes = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes).includes(Buffer.from(text));

const commit = (value: bigint, blind: bigint, base = s): bigint =>
  (modPowSigned(base, value, modulus) * modPowSigned(t, blind, modulus)) % modulus;

/** A prover that keeps to no range: of any two factors, with masks of any size. */
function proveAnything(
  key: PaillierPublicKey,
  [p, q]: readonly [bigint, bigint],
  change: {
    readonly alpha?: bigint;
    readonly commitments?: Partial<FactorCommitments>;
    readonly responses?: (e: bigint) => Partial<FactorResponses>;
  } = {},
): Uint8Array {
  const wide = (bound: bigint) => randomAround(bound << 700n, randomBytes);
  const root = integerRoot(key.modulus);
  const [alpha, beta] = [change.alpha ?? wide(root), wide(root)];
  const [mu, nu, x, y, r] = [1n, 2n, 3n, 4n, 5n].map(() => randomAround(modulus, randomBytes)) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const inQ = commit(q, nu);
  const commitments = {
    p: commit(p, mu),
    q: inQ,
    maskP: commit(alpha, x),
    maskQ: commit(beta, y),
    product: commit(alpha, r, inQ),
    shift: 7n,
    ...change.commitments,
  };
  const e = factorChallenge(key, parameters, binding, commitments);
  const responses = {
    p: alpha + e * p,
    q: beta + e * q,
    randomP: x + e * mu,
    randomQ: y + e * nu,
    product: r + e * (7n - nu * p),
    ...change.responses?.(e),
  };
  return encodeFactorProof(key, parameters, commitments, responses);
}

const verify = (proof: Uint8Array, key = publicKey) =>
  codeOf(() => verifyFactors(key, parameters, binding, proof));

/** A modulus of 2,048 bits with a factor of 128, which BitForge's attack takes many of. */
function weakPair(): PaillierKeyPair {
  for (;;) {
    const weak = importPaillierKeyPair(
      randomBlumPrime(128, randomBytes),
      randomBlumPrime(1920, randomBytes),
    );
    if (weak.publicKey.modulusBytes === 256) return weak;
  }
}

describe("the proof of no small factor", () => {
  const proof = proveFactors(pair, parameters, binding);

  it("holds before the verifier, and for whom, it was made", () => {
    expect(verify(proof)).toBeUndefined();
    expect(proof).toHaveLength(3596);
    expect(codeOf(() => verifyFactors(publicKey, parameters, utf8("other"), proof))).toBe(
      "threshold/proof",
    );
    const other = { ...parameters, s: parameters.t, t: parameters.s };
    expect(codeOf(() => verifyFactors(publicKey, other, binding, proof))).toBe("threshold/proof");
    expect(verify(proof, createPaillierKeyPair(2048).publicKey)).toBe("threshold/proof");
  });

  it("holds for 3,072 bits", () => {
    const large = createPaillierKeyPair(3072);
    expect(verify(proveFactors(large, parameters, binding), large.publicKey)).toBeUndefined();
  });

  it("is refused with any part changed, cut, or written otherwise", () => {
    for (let at = 3; at < proof.length; at += 197) {
      const changed = proof.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(verify(changed), String(at)).toMatch(/proof|scalar/);
    }
    expect(verify(proof.slice(1))).toMatch(/length|scalar/);
    expect(verify(concatBytes(proof, Uint8Array.of(0)))).toBe("threshold/length");
    for (const [value, code] of [
      [2, "threshold/scalar"],
      [255, "threshold/scalar"],
    ] as const) {
      const signed = proof.slice();
      signed[5 * 256] = value;
      expect(verify(signed)).toBe(code);
    }
    const zero = proof.slice();
    zero.fill(0, 5 * 256);
    zero[5 * 256] = 1;
    expect(verify(zero)).toBe("threshold/scalar");
    const large = proof.slice();
    large.fill(255, 0, 256);
    expect(verify(large)).toBe("threshold/scalar");
  });

  it("is refused with commitments that have a factor in common with the modulus", () => {
    for (const value of [0n, SAFE_PRIMES[0]]) {
      for (const name of ["p", "q", "maskP", "maskQ", "product"] as const) {
        const factors = [pair.p.prime, pair.q.prime] as const;
        const made = proveAnything(publicKey, factors, { commitments: { [name]: value } });
        expect(verify(made)).toBe("threshold/proof");
      }
    }
  });

  it("is refused with a response out of its range, though every equation holds", () => {
    const factors = [pair.p.prime, pair.q.prime] as const;
    expect(verify(proveAnything(publicKey, factors))).toBeUndefined();
    const bound = integerRoot(publicKey.modulus) << 768n;
    for (const alpha of [2n * bound, -2n * bound]) {
      expect(verify(proveAnything(publicKey, factors, { alpha }))).toBe("threshold/proof");
    }
  });

  it("cannot be made for a modulus with a small factor, in either place", () => {
    const weak = weakPair();
    expect(codeOf(() => proveFactors(weak, parameters, binding))).toBe("threshold/key");
    const [p, q] = [weak.p.prime, weak.q.prime];
    for (const factors of [
      [p, q],
      [q, p],
      [1n, p * q],
      [-p, -q],
      // Of the right length, but their product is another number.
      [pair.p.prime, pair.q.prime],
    ] as const) {
      expect(verify(proveAnything(weak.publicKey, factors), weak.publicKey)).toMatch(
        /proof|scalar/,
      );
    }
  });
});

/**
 * Of what is hashed, leaving out the commitment to p and its mask gives a cheat nothing: that the
 * third equation's response is a factor, the other two show. The same for σ, the modulus and the
 * parameters: the equations take them too.
 */
describe("what the challenge of the proof is made of", () => {
  const weak = weakPair();
  const key = weak.publicKey;
  const isMain = (bytes: Uint8Array) => equalBytes(bytes, encodePaillierKey(key));
  const blinds = [1n, 2n, 3n, 4n].map(() => randomAround(modulus, randomBytes));
  const [mu, nu, x, w] = blinds as [bigint, bigint, bigint, bigint];
  const random = (bits: number) => randomAround(1n << BigInt(bits), randomBytes);

  it("without the mask of q, q may be of any length", () => {
    const [p, q] = [weak.p.prime, weak.q.prime];
    const inQ = commit(q, nu);
    const [alpha, r, z] = [random(900), random(900), random(900)];
    const forge = () => {
      const first = {
        p: commit(p, mu),
        q: inQ,
        maskP: commit(alpha, x),
        maskQ: 2n,
        product: commit(alpha, r, inQ),
        shift: 7n,
      };
      const e = factorChallenge(key, parameters, binding, first);
      const maskQ = (commit(z, w) * modPowSigned(inQ, -e, modulus)) % modulus;
      const responses = {
        p: alpha + e * p,
        q: z,
        randomP: x + e * mu,
        randomQ: w,
        product: r + e * (7n - nu * p),
      };
      return verify(encodeFactorProof(key, parameters, { ...first, maskQ }, responses), key);
    };
    expect(leavingOut(isMain, (index) => index === 5, forge)).toBeUndefined();
    expect(forge()).toBe("threshold/proof");
  });

  it("without the mask of the product, any two numbers do", () => {
    const inQ = commit(1n, nu);
    const [alpha, beta, v] = [random(900), random(900), random(900)];
    const forge = () => {
      const first = {
        p: commit(1n, mu),
        q: inQ,
        maskP: commit(alpha, x),
        maskQ: commit(beta, w),
        product: 2n,
        shift: 7n,
      };
      const e = factorChallenge(key, parameters, binding, first);
      const whole = commit(key.modulus, 7n);
      const product = (commit(alpha + e, v, inQ) * modPowSigned(whole, -e, modulus)) % modulus;
      const responses = {
        p: alpha + e,
        q: beta + e,
        randomP: x + e * mu,
        randomQ: w + e * nu,
        product: v,
      };
      return verify(encodeFactorProof(key, parameters, { ...first, product }, responses), key);
    };
    expect(leavingOut(isMain, (index) => index === 6, forge)).toBeUndefined();
    expect(forge()).toBe("threshold/proof");
  });

  it("without the binding, it moves to another use", () => {
    const move = () => {
      const made = proveFactors(pair, parameters, utf8("another use"));
      return verify(made);
    };
    const isTag = (bytes: Uint8Array) => includes(bytes, "paillier-factors/v1");
    expect(leavingOut(isTag, () => true, move)).toBeUndefined();
    expect(move()).toBe("threshold/proof");
  });
});
