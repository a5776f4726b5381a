import { describe, expect, it } from "vitest";
import { concatBytes } from "../src/bytes.ts";
import { bls12381G1Group as g1, bls12381G2Group as g2 } from "../src/groups/noble-group.ts";
import {
  combineKey,
  contentKey,
  contentKeyId,
  createTransportKey,
  decryptWithIdentity,
  derivePartialKey,
  encryptToIdentity,
  identityPoint,
  openKey,
  type PartialKey,
  verifyDelivery,
  verifyPartialKey,
} from "../src/keys/index.ts";
import { dealShares, publicShare } from "../src/vss.ts";
import { codeOf } from "./vectors.ts";

const THRESHOLD = 2;
const secret = g2.randomScalar();
const { shares, commitments } = dealShares(g2, { secret, threshold: THRESHOLD, count: 3 });
const publicShares = shares.map(({ index }) => g2.encode(publicShare(g2, commitments, index)));
const publicKey = g2.encode(commitments[0] ?? g2.identity);
const content = {
  chainId: "test-1",
  contract: Uint8Array.of(1, 2),
  token: Uint8Array.of(3),
  version: 1n,
};
const owner = createTransportKey();
const request = { publicKey, id: contentKeyId(content), transportKey: owner.publicKey };
const partials = shares.map((share) => derivePartialKey(request, share));
const delivery = combineKey(partials.slice(1), THRESHOLD);
const key = openKey(request, delivery, owner.secret);

describe("a content key", () => {
  it("is one key, whichever holders took part and however it was delivered", () => {
    partials.forEach((partial, i) => {
      verifyPartialKey(request, publicShares[i] as Uint8Array, partial);
    });
    verifyDelivery(request, delivery);
    const other = createTransportKey();
    const again = { ...request, transportKey: other.publicKey };
    const parts = shares.slice(0, 2).map((share) => derivePartialKey(again, share));
    expect(openKey(again, combineKey(parts, THRESHOLD), other.secret)).toEqual(key);
    expect(key).toEqual(g1.encode(g1.multiplySecret(identityPoint(publicKey, request.id), secret)));
    expect(contentKey(key, "a")).toHaveLength(32);
    expect(contentKey(key, "a")).not.toEqual(contentKey(key, "b"));
  });

  it("changes with the version, so that an owner before does not have the next one's", () => {
    const ids = [
      content,
      { ...content, version: 2n },
      { ...content, contract: Uint8Array.of(1), token: Uint8Array.of(2, 3) },
      { ...content, chainId: "test-2" },
    ].map((item) => Buffer.from(contentKeyId(item)).toString("hex"));
    expect(new Set(ids).size).toBe(ids.length);
    expect(codeOf(() => contentKeyId({ ...content, version: 1n << 64n }))).toBe("threshold/range");
  });

  it("is read by nobody but the owner who asked", () => {
    const stranger = createTransportKey();
    const run = () => openKey(request, delivery, stranger.secret);
    expect(codeOf(run)).toBe("threshold/signature");
    // A delivery moved to another's transport key or another identity does not verify.
    for (const change of [
      { transportKey: stranger.publicKey },
      { id: contentKeyId({ ...content, version: 2n }) },
      { publicKey: publicShares[0] as Uint8Array },
    ]) {
      const moved = { ...request, ...change };
      expect(codeOf(() => verifyDelivery(moved, delivery))).toBe("threshold/signature");
    }
  });

  it("is not made of too few parts, one twice, or parts of index 0", () => {
    const [first] = partials as [PartialKey];
    expect(codeOf(() => combineKey([first], THRESHOLD))).toBe("threshold/too_few");
    expect(codeOf(() => combineKey([first, first], THRESHOLD))).toBe("threshold/duplicate_index");
    expect(codeOf(() => combineKey([first, { ...first, index: 0 }], 2))).toBe("threshold/index");
    const alone = combineKey([first], 1);
    expect(codeOf(() => verifyDelivery(request, alone))).toBe("threshold/signature");
  });

  it("shows which holder cheats: another's part, another request's, changed bytes", () => {
    const [first, second] = partials as [PartialKey, PartialKey];
    const check = (partial: PartialKey) =>
      codeOf(() => verifyPartialKey(request, publicShares[0] as Uint8Array, partial));
    expect(check({ index: 1, body: second.body })).toBe("threshold/bad_share");
    const old = { ...request, id: contentKeyId({ ...content, version: 0n }) };
    const replayed = derivePartialKey(old, shares[0] as (typeof shares)[0]);
    expect(check(replayed)).toBe("threshold/bad_share");
    const halves = concatBytes(first.body.slice(48), first.body.slice(0, 48));
    expect(check({ index: 1, body: halves })).toBe("threshold/bad_share");
    for (const body of [first.body.slice(1), concatBytes(first.body, Uint8Array.of(0))]) {
      expect(check({ index: 1, body })).toMatch(/length|element/);
    }
  });

  it("is not delivered to transport keys of two logarithms, small order or no group", () => {
    const stranger = createTransportKey().publicKey;
    const outside = new Uint8Array(48);
    outside.set([0x80]);
    outside[47] = 4;
    const infinity = new Uint8Array(48);
    infinity[0] = 0xc0;
    const keys = [
      [concatBytes(owner.publicKey.slice(0, 48), stranger.slice(48)), "threshold/proof"],
      [concatBytes(outside, owner.publicKey.slice(48)), "threshold/element"],
      [concatBytes(infinity, owner.publicKey.slice(48)), "threshold/identity"],
      [owner.publicKey.slice(1), "threshold/length"],
    ] as const;
    for (const [transportKey, code] of keys) {
      const run = () => derivePartialKey({ ...request, transportKey }, shares[0] as never);
      expect(codeOf(run)).toMatch(code === "threshold/length" ? /length|element/ : code);
    }
  });
});

describe("encryption to a key that is not there yet", () => {
  const point = identityPoint(publicKey, request.id);

  it.each([1, 16, 32])("of %i bytes opens with the key once it is there", (lengthBytes) => {
    const plaintext = new Uint8Array(lengthBytes).fill(7);
    const ciphertext = encryptToIdentity(publicKey, point, plaintext);
    expect(ciphertext).toHaveLength(96 + 2 * lengthBytes);
    expect(decryptWithIdentity(key, ciphertext)).toEqual(plaintext);
    expect(encryptToIdentity(publicKey, point, plaintext)).not.toEqual(ciphertext);
  });

  it("refuses every changed byte, another identity's key, and lengths beyond its hash", () => {
    const ciphertext = encryptToIdentity(publicKey, point, new Uint8Array(16));
    for (let at = 1; at < ciphertext.length; at += 13) {
      const changed = Uint8Array.from(ciphertext);
      changed[at] = (changed[at] as number) ^ 1;
      expect(codeOf(() => decryptWithIdentity(key, changed))).toMatch(/proof|element/);
    }
    const next = identityPoint(publicKey, contentKeyId({ ...content, version: 2n }));
    const other = g1.encode(g1.multiplySecret(next, secret));
    expect(codeOf(() => decryptWithIdentity(other, ciphertext))).toBe("threshold/proof");
    for (const lengthBytes of [0, 33]) {
      const run = () => encryptToIdentity(publicKey, point, new Uint8Array(lengthBytes));
      expect(codeOf(run)).toBe("threshold/length");
    }
    for (const bytes of [ciphertext.slice(1), ciphertext.slice(0, 96), new Uint8Array(0)]) {
      expect(codeOf(() => decryptWithIdentity(key, bytes))).toBe("threshold/length");
    }
  });
});
