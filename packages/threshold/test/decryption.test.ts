import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../src/bytes.ts";
import {
  combinePartials,
  type DecryptionRequest,
  partialDecrypt,
  verifyDecryption,
  verifyPartial,
  verifyPartials,
} from "../src/decryption/partial.ts";
import {
  combineTdh2,
  encryptTdh2,
  MESSAGE_BYTES_MAX,
  partialDecryptTdh2,
  verifyPartialTdh2,
  verifyTdh2,
} from "../src/decryption/tdh2.ts";
import { encrypt, scaleCiphertext, sumCiphertexts } from "../src/elgamal/ciphertext.ts";
import { DiscreteLogTable } from "../src/elgamal/discrete-log.ts";
import { createKeyPair, sharedKey } from "../src/elgamal/keys.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import { p256Group, ristretto255Group } from "../src/groups/noble-group.ts";
import { dealShares, publicShare, type Share } from "../src/vss.ts";
import { modelDecrypt, modelEncrypt } from "./tdh2.model.ts";
import { codeOf, toHex } from "./vectors.ts";

const group = await loadRistretto255("wasm");
const sodium = await loadRistretto255("libsodium");
type Point = typeof group.generator;
const threshold = 3;
const count = 5;
const secret = group.randomScalar();
const { shares, commitments } = dealShares(group, { secret, threshold, count });
const key = sharedKey(group, group.multiplyBase(secret));
const table = DiscreteLogTable.build(group, 8);
const publicShares = (index: number) =>
  index >= 1 && index <= count ? publicShare(group, commitments, index) : undefined;
const values = [3n, 250n, 4000n];
const request: DecryptionRequest<Point> = {
  group,
  key,
  ciphertexts: values.map((value) => encrypt(group, key, value).ciphertext),
  id: utf8("chain-1/contract/request 7/epoch 2"),
};
const partials = shares.map((share) => partialDecrypt(request, share));
const [one, two, three, four] = partials as [
  (typeof partials)[0],
  (typeof partials)[0],
  (typeof partials)[0],
  (typeof partials)[0],
];
const result = { partials: [one, three, four], threshold, values };

describe("threshold decryption", () => {
  it("gives the values to any threshold of holders, and anybody can check them", () => {
    expect(verifyPartials(request, publicShares, partials)).toEqual({ good: partials, bad: [] });
    for (const used of [[one, two, three], [four, one, three], partials]) {
      const elements = combinePartials(request, used, threshold);
      expect(elements.map((element) => table.solve(element, 5000n))).toEqual(values);
      verifyDecryption(request, publicShares, { partials: used, threshold, values });
    }
  });

  it("works for a dealer's shares of a single holder's key", () => {
    const pair = createKeyPair(group);
    const dealt = dealShares(group, { secret: pair.secret, threshold: 2, count: 3 });
    const own = {
      ...request,
      key: pair.publicKey,
      ciphertexts: [encrypt(group, pair.publicKey, 9n).ciphertext],
    };
    const publics = (index: number) =>
      group.multiplyPublic(pair.publicKey.handleBase, dealt.shares[index - 1]?.value ?? 1n);
    const parts = dealt.shares.slice(1).map((share) => partialDecrypt(own, share));
    verifyDecryption(own, publics, { partials: parts, threshold: 2, values: [9n] });
  });

  it("decrypts sums and weighted sums as one", () => {
    const sum = sumCiphertexts(group, [
      ...request.ciphertexts,
      scaleCiphertext(group, request.ciphertexts[0] as never, 10n),
    ]);
    const total = { ...request, ciphertexts: [sum] };
    const parts = shares.slice(0, 3).map((share) => partialDecrypt(total, share));
    verifyDecryption(total, publicShares, { partials: parts, threshold, values: [4283n] });
  });

  it("finds the cheaters among the partials, each with what was wrong", () => {
    const shifted = group.encode(
      group.add(group.decode(two.bytes.subarray(0, 32)), group.generator),
    );
    const wrong = { index: 2, bytes: Uint8Array.from([...shifted, ...two.bytes.subarray(32)]) };
    const swapped = { index: 4, bytes: three.bytes };
    const cut = { index: 5, bytes: one.bytes.subarray(1) };
    const { good, bad } = verifyPartials(request, publicShares, [
      one,
      wrong,
      three,
      swapped,
      cut,
      one,
    ]);
    expect(good).toEqual([one, three]);
    expect(bad.toSorted((a, b) => a.index - b.index)).toEqual([
      { index: 1, code: "threshold/duplicate_index" },
      { index: 2, code: "threshold/proof" },
      { index: 4, code: "threshold/proof" },
      { index: 5, code: "threshold/length" },
    ]);
  });

  it("refuses index 0, nobody's index, and partials of another request, epoch or list", () => {
    for (const index of [0, -1, 6, 1.5]) {
      expect(codeOf(() => verifyPartial(request, publicShares, { index, bytes: one.bytes }))).toBe(
        "threshold/index",
      );
    }
    const { ciphertexts } = request;
    for (const other of [
      { ...request, id: utf8("chain-1/contract/request 7/epoch 3") },
      { ...request, ciphertexts: ciphertexts.toReversed() },
      { ...request, key: sharedKey(group, group.multiplyBase(5n)) },
    ]) {
      expect(codeOf(() => verifyPartial(other, publicShares, one))).toBe("threshold/proof");
    }
    expect(
      codeOf(() =>
        verifyPartial({ ...request, ciphertexts: ciphertexts.slice(1) }, publicShares, one),
      ),
    ).toBe("threshold/length");
    expect(codeOf(() => partialDecrypt({ ...request, ciphertexts: [] }, shares[0] as Share))).toBe(
      "threshold/statement",
    );
  });

  it("refuses identities, spoilt encodings and every changed chunk", () => {
    const width = 32;
    for (let at = 0; at < one.bytes.length; at += width) {
      const zero = one.bytes.slice();
      zero.fill(0, at, at + width);
      expect(codeOf(() => verifyPartial(request, publicShares, { index: 1, bytes: zero }))).toMatch(
        /identity|proof/,
      );
      const full = one.bytes.slice();
      full.fill(255, at, at + width);
      expect(codeOf(() => verifyPartial(request, publicShares, { index: 1, bytes: full }))).toMatch(
        /element|scalar/,
      );
    }
    const zero = { commitment: group.generator, handle: group.identity };
    expect(
      codeOf(() => partialDecrypt({ ...request, ciphertexts: [zero] }, shares[0] as Share)),
    ).toBe("threshold/identity");
  });

  it("does not combine too few, one holder twice, or what is no partial", () => {
    expect(codeOf(() => combinePartials(request, [one, two], threshold))).toBe("threshold/too_few");
    expect(codeOf(() => combinePartials(request, [one, two, one], threshold))).toBe(
      "threshold/duplicate_index",
    );
    expect(codeOf(() => combinePartials(request, [], 0))).toBe("threshold/too_few");
    const short = { index: 2, bytes: two.bytes.subarray(32) };
    expect(codeOf(() => combinePartials(request, [one, short, three], threshold))).toBe(
      "threshold/length",
    );
  });

  it("says nothing to one colluder too few: the combination is another element", () => {
    const elements = combinePartials(request, [one, two], threshold - 1);
    expect(group.equal(elements[0] as Point, group.multiplyBase(3n))).toBe(false);
  });

  it("does not let a published result be another, of other holders, or shorter", () => {
    verifyDecryption(request, publicShares, result);
    const attempts: [Partial<typeof result>, string][] = [
      [{ values: [3n, 250n, 4001n] }, "threshold/proof"],
      [{ values: [3n, 250n] }, "threshold/proof"],
      [{ values: [...values, 1n] }, "threshold/proof"],
      [{ partials: [one, { index: 2, bytes: three.bytes }, four] }, "threshold/bad_share"],
      [{ partials: [one, one, four] }, "threshold/bad_share"],
      [{ partials: [one, four] }, "threshold/too_few"],
    ];
    for (const [change, code] of attempts) {
      expect(codeOf(() => verifyDecryption(request, publicShares, { ...result, ...change }))).toBe(
        code,
      );
    }
  });

  it("multiplies shares by constant-time code only, unless told that time is nobody's business", () => {
    const own = {
      ...request,
      group: ristretto255Group,
      key: sharedKey(ristretto255Group, ristretto255Group.multiplyBase(secret)),
      ciphertexts: request.ciphertexts.map(({ commitment, handle }) => ({
        commitment: ristretto255Group.decode(group.encode(commitment)),
        handle: ristretto255Group.decode(group.encode(handle)),
      })),
    };
    expect(codeOf(() => partialDecrypt(own, shares[0] as Share))).toBe("threshold/backend");
    const partial = partialDecrypt(own, shares[0] as Share, { acceptTiming: true });
    verifyPartial(request, publicShares, partial);
    const other = {
      ...request,
      group: sodium,
      key: sharedKey(sodium, sodium.multiplyBase(secret)),
      ciphertexts: request.ciphertexts.map(({ commitment, handle }) => ({
        commitment: group.encode(commitment),
        handle: group.encode(handle),
      })),
    };
    verifyPartial(request, publicShares, partialDecrypt(other, shares[0] as Share));
  });
});

describe("TDH2", () => {
  const publicKey = group.multiplyBase(secret);
  const message = utf8("a sealed bid of 12 SCRT");
  const label = utf8("contract/auction 4");
  const ciphertext = encryptTdh2(group, publicKey, message, label);
  const parts = shares.map((share) => partialDecryptTdh2(group, ciphertext, label, share));

  it("gives the message to any threshold of holders", () => {
    verifyTdh2(group, ciphertext, label);
    for (const part of parts) verifyPartialTdh2(group, ciphertext, label, publicShares, part);
    for (const used of [parts.slice(0, 3), parts.slice(2).toReversed(), parts]) {
      expect(combineTdh2(group, ciphertext, label, used, threshold)).toEqual(message);
    }
    expect(ciphertext).toHaveLength(128 + message.length);
  });

  it("agrees with a second, slow implementation in both directions", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 20 }),
        (bytes, tag) => {
          const own = encryptTdh2(group, publicKey, bytes, tag);
          expect(toHex(modelDecrypt(secret, own, tag) ?? new Uint8Array(1))).toBe(toHex(bytes));
          const r = group.randomScalar();
          const nonce = group.randomScalar();
          const foreign = modelEncrypt(
            ristretto255Group.multiplyBase(secret),
            bytes,
            tag,
            r,
            nonce,
          );
          const drawn = [r, nonce];
          const fixed = { ...group, randomScalar: () => drawn.shift() as bigint };
          expect(toHex(encryptTdh2(fixed, publicKey, bytes, tag))).toBe(toHex(foreign));
          const three = shares
            .slice(0, 3)
            .map((share) => partialDecryptTdh2(group, foreign, tag, share));
          expect(toHex(combineTdh2(group, foreign, tag, three, threshold))).toBe(toHex(bytes));
        },
      ),
      { numRuns: 6 },
    );
  });

  it("decrypts nothing that was changed, cut or moved to another label: no holder is an oracle", () => {
    for (let at = 0; at < ciphertext.length; at += 11) {
      const changed = ciphertext.slice();
      changed[at] = (changed[at] as number) ^ 1;
      const code = codeOf(() => partialDecryptTdh2(group, changed, label, shares[0] as Share));
      expect(code, String(at)).toMatch(/proof|element|scalar/);
      expect(modelDecrypt(secret, changed, label)).toBeUndefined();
    }
    expect(codeOf(() => verifyTdh2(group, ciphertext, utf8("contract/auction 5")))).toBe(
      "threshold/proof",
    );
    expect(codeOf(() => verifyTdh2(group, ciphertext.subarray(0, -1), label))).toBe(
      "threshold/proof",
    );
    expect(codeOf(() => verifyTdh2(group, ciphertext.subarray(0, 127), label))).toBe(
      "threshold/length",
    );
    const zero = ciphertext.slice();
    zero.fill(0, 0, 32);
    expect(codeOf(() => verifyTdh2(group, zero, label))).toBe("threshold/identity");
    expect(
      codeOf(() => encryptTdh2(group, publicKey, new Uint8Array(MESSAGE_BYTES_MAX + 1), label)),
    ).toBe("threshold/length");
  });

  it("names a wrong partial: another holder's, of another ciphertext, cut, or of nobody", () => {
    const other = encryptTdh2(group, publicKey, message, label);
    const verify = (index: number, bytes: Uint8Array) =>
      codeOf(() => verifyPartialTdh2(group, ciphertext, label, publicShares, { index, bytes }));
    const [first, second] = parts as [(typeof parts)[0], (typeof parts)[0]];
    expect(verify(2, first.bytes)).toBe("threshold/proof");
    expect(verify(1, partialDecryptTdh2(group, other, label, shares[0] as Share).bytes)).toBe(
      "threshold/proof",
    );
    expect(verify(1, first.bytes.subarray(1))).toBe("threshold/length");
    expect(verify(0, first.bytes)).toBe("threshold/index");
    expect(codeOf(() => combineTdh2(group, ciphertext, label, [first, second], threshold))).toBe(
      "threshold/too_few",
    );
    expect(
      codeOf(() => combineTdh2(group, ciphertext, label, [first, second, first], threshold)),
    ).toBe("threshold/duplicate_index");
    expect(
      codeOf(() =>
        combineTdh2(
          group,
          ciphertext,
          label,
          [first, { index: 2, bytes: new Uint8Array(9) }, parts[3] as typeof first],
          threshold,
        ),
      ),
    ).toBe("threshold/length");
  });

  it("works in P-256, where only the caller can say that time does not matter", () => {
    const own = dealShares(p256Group, { secret: 77n, threshold: 2, count: 3 });
    const sealed = encryptTdh2(p256Group, p256Group.multiplyBase(77n), message, label);
    expect(codeOf(() => partialDecryptTdh2(p256Group, sealed, label, own.shares[0] as Share))).toBe(
      "threshold/backend",
    );
    const used = own.shares
      .slice(0, 2)
      .map((share) => partialDecryptTdh2(p256Group, sealed, label, share, { acceptTiming: true }));
    expect(combineTdh2(p256Group, sealed, label, used, 2)).toEqual(message);
  });
});
