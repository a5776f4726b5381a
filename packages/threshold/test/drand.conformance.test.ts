import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { combineRound, signRound, verifyRound } from "../src/beacon.ts";
import { bls12381G2Group as g2 } from "../src/groups/noble-group.ts";
import { dealShares } from "../src/vss.ts";
import { codeOf, findVectors, fromHex, readCases } from "./vectors.ts";

const FIELDS = [
  ...["title", "scheme", "round", "public_key", "randomness", "signature", "previous_signature"],
  ...["valid", "source", "note"],
];
const SCHEME = "bls-unchained-g1-rfc9380";

interface Beacon {
  readonly scheme: string;
  readonly round: number;
  readonly public_key: string;
  readonly signature: string;
}

const directory = findVectors("drand");

describe.runIf(directory !== undefined)("beacons of drand", () => {
  it("verify in our scheme, under their key and round alone, and in no other scheme", () => {
    const beacons = readCases<Beacon>(join(directory ?? "", "beacons.json"), FIELDS);
    expect(beacons.some(({ scheme }) => scheme === SCHEME)).toBe(true);
    for (const { scheme, round, public_key, signature } of beacons) {
      const verify = (at: number) => () =>
        verifyRound(fromHex(public_key), BigInt(at), fromHex(signature));
      if (scheme === SCHEME) expect(codeOf(verify(round))).toBeUndefined();
      else expect(codeOf(verify(round))).toBeDefined();
      if (scheme === SCHEME) expect(codeOf(verify(round + 1))).toBe("threshold/signature");
    }
  });
});

describe("a shared beacon", () => {
  const secret = g2.randomScalar();
  const { shares, commitments } = dealShares(g2, { secret, threshold: 2, count: 3 });
  const partials = shares.map(({ index, value }) => ({ index, signature: signRound(value, 7n) }));

  it("is the same whoever takes part, and verifies under the group's key", () => {
    const whole = combineRound(partials.slice(1), 2);
    expect(whole).toEqual(combineRound(partials, 2));
    expect(whole).toEqual(signRound(secret, 7n));
    verifyRound(g2.encode(commitments[0] ?? g2.identity), 7n, whole);
  });

  it("refuses too few partials, one twice, and rounds out of range", () => {
    const [first] = partials as [(typeof partials)[0]];
    expect(codeOf(() => combineRound([first], 2))).toBe("threshold/too_few");
    expect(codeOf(() => combineRound([first, first], 2))).toBe("threshold/duplicate_index");
    for (const round of [0n, -1n, 1n << 64n]) {
      expect(codeOf(() => signRound(secret, round))).toBe("threshold/range");
    }
  });
});
