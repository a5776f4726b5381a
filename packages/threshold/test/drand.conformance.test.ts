import { join } from "node:path";
import { decryptAge } from "tlock-js/age/age-encrypt-decrypt.js";
import { readAge } from "tlock-js/age/age-reader-writer.js";
import { decodeArmor } from "tlock-js/age/armor.js";
import { describe, expect, it } from "vitest";
import {
  chainHash,
  combineRound,
  parseChainInfo,
  signRound,
  toChainInfo,
  verifyRound,
} from "../src/beacon/index.ts";
import { bls12381G2Group as g2 } from "../src/groups/noble-group.ts";
import { decryptWithIdentity } from "../src/keys/index.ts";
import { dealShares } from "../src/vss.ts";
import { codeOf, findVectors, fromHex, listFiles, readCases, toHex } from "./vectors.ts";

const FIELDS = [
  ...["title", "scheme", "round", "public_key", "randomness", "signature", "previous_signature"],
  ...["valid", "source", "note"],
];
const SCHEME = "bls-unchained-g1-rfc9380";

const CHAIN_FIELDS = [
  ...["name", "public_key", "period", "genesis_time", "chain_hash", "genesis_seed", "scheme"],
  ...["beacon_id", "url"],
];
const TLOCK_FIELDS = ["chain", "round", "signature", "plaintext", "armored", "note"];

interface Chain {
  readonly name: string;
  readonly public_key: string;
  readonly period: number;
  readonly genesis_time: number;
  readonly chain_hash: string;
  readonly genesis_seed: string;
  readonly scheme: string;
  readonly beacon_id: string;
}

interface Tlock {
  readonly armored: string;
  readonly plaintext: string;
  readonly signature?: string;
}

interface Beacon {
  readonly scheme: string;
  readonly round: number;
  readonly public_key: string;
  readonly signature: string;
}

const directory = findVectors("drand");

describe.runIf(directory !== undefined)("drand", () => {
  const folder = directory ?? "";

  it("has no vectors that are not walked", () => {
    expect(listFiles(folder)).toEqual(
      ["SOURCE.txt", "beacons.json", "chains.json", "tlock-testdata", "tlock.json"].sort(),
    );
    // Its ciphertexts are of rounds whose signatures are not recorded, but for those in tlock.json.
    expect(listFiles(join(folder, "tlock-testdata"))).toEqual([
      "data.txt",
      "decryptedFile.bin",
      "encryptedFile.bin",
      "lorem-tle-testnet-quicknet-t-2024-01-17-15-28.tle",
      "lorem.txt",
    ]);
  });

  it("beacons verify in our scheme, under their key and round alone, and in no other scheme", () => {
    const beacons = readCases<Beacon>(join(folder, "beacons.json"), FIELDS);
    expect(beacons.some(({ scheme }) => scheme === SCHEME)).toBe(true);
    for (const { scheme, round, public_key, signature } of beacons) {
      const verify = (at: number) => () =>
        verifyRound(fromHex(public_key), BigInt(at), fromHex(signature));
      if (scheme === SCHEME) expect(codeOf(verify(round))).toBeUndefined();
      else expect(codeOf(verify(round))).toBeDefined();
      if (scheme === SCHEME) expect(codeOf(verify(round + 1))).toBe("threshold/signature");
    }
  });

  it("chains have the hash that their data gives, and are read if they are of our scheme", () => {
    const chains = readCases<Chain>(join(folder, "chains.json"), CHAIN_FIELDS);
    expect(chains).toHaveLength(5);
    for (const chain of chains) {
      const ours = {
        publicKey: fromHex(chain.public_key),
        periodSeconds: chain.period,
        genesisTime: chain.genesis_time,
        genesisSeed: fromHex(chain.genesis_seed),
        beaconId: chain.beacon_id,
      };
      expect(toHex(chainHash(ours)), chain.name).toBe(chain.chain_hash);
      const info = { ...toChainInfo(ours), schemeID: chain.scheme };
      const read = () => parseChainInfo(info);
      if (chain.scheme === SCHEME) expect(read()).toEqual(ours);
      else expect(codeOf(read)).toBe("threshold/beacon");
    }
  });

  it("tlock's ciphertexts open with their round's signature, and not when changed", async () => {
    const cases = readCases<Tlock>(join(folder, "tlock.json"), TLOCK_FIELDS);
    const open = cases.filter(({ signature }) => signature !== undefined);
    expect(open).toHaveLength(1);
    for (const { armored, plaintext, signature } of cases) {
      const payload = decodeArmor(armored);
      const [stanza] = readAge(payload).header.recipients;
      const body = Uint8Array.from(stanza?.body ?? []);
      expect(body).toHaveLength(96 + 16 + 16);
      if (signature === undefined) continue;
      const key = decryptWithIdentity(fromHex(signature), body);
      const text = await decryptAge(payload, async () => key);
      expect(text.toString()).toBe(plaintext);
      for (const at of [0, 50, 96, 112, 127]) {
        const changed = Uint8Array.from(body);
        changed[at] = (changed[at] as number) ^ 1;
        const run = () => decryptWithIdentity(fromHex(signature), changed);
        expect(codeOf(run)).toMatch(/proof|element/);
      }
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
