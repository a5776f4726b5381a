import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  fetchBeacon,
  fetchBeaconByTime,
  HttpCachingChain,
  HttpChainClient,
  watch,
} from "drand-client";
import * as tlock from "tlock-js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type BeaconChain,
  type BeaconScheme,
  chainHash,
  createBeaconScheme,
  decodePartial,
  deriveRandomness,
  encodePartial,
  type PartialSignature,
  parseBeacon,
  parseChainInfo,
  roundAt,
  roundTime,
  toBeaconJson,
  toChainInfo,
} from "../src/beacon/index.ts";
import { loadPairing } from "../src/groups/load.ts";
import { bls12381G1Group as g1, bls12381G2Group as g2 } from "../src/groups/noble-group.ts";
import { dealShares, publicShare, type Share } from "../src/vss.ts";
import { codeOf, toHex } from "./vectors.ts";

const THRESHOLD = 3;
const secret = g2.randomScalar();
const { shares, commitments } = dealShares(g2, { secret, threshold: THRESHOLD, count: 5 });
const publicShares = shares.map(({ index }) => g2.encode(publicShare(g2, commitments, index)));
const publicKey = g2.encode(commitments[0] ?? g2.identity);

/** A beacon that began some rounds ago, of holders who sign whatever round's time has come. */
const chain: BeaconChain = {
  publicKey,
  periodSeconds: 1,
  genesisTime: Math.floor(Date.now() / 1000) - 100,
  genesisSeed: new Uint8Array(32).fill(9),
  beaconId: "tacit",
};

let mcl: BeaconScheme;
let server: Server;
let url: string;
const hash = toHex(chainHash(chain));

function signWith(scheme: BeaconScheme, holders: readonly Share[], round: bigint) {
  const partials = holders.map(({ index, value }) =>
    decodePartial(encodePartial({ index, signature: scheme.signRound(value, round) })),
  );
  scheme.verifyPartials(publicShares, round, partials);
  return scheme.combineRound(partials, THRESHOLD);
}

function answer(path: string): unknown {
  if (path === `/${hash}/info`) return toChainInfo(chain);
  const asked = new RegExp(`^/${hash}/public/(latest|\\d+)$`).exec(path)?.[1];
  if (asked === undefined) return undefined;
  const now = roundAt(chain, Date.now() / 1000);
  const round = asked === "latest" ? now : BigInt(asked);
  if (round < 1n || round > now) return undefined;
  return toBeaconJson(round, signWith(mcl, shares.slice(1, 4), round));
}

beforeAll(async () => {
  mcl = createBeaconScheme(await loadPairing("mcl"));
  server = createServer((request, response) => {
    const body = answer(new URL(request.url ?? "", "http://host").pathname);
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${hash}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const options = (overrides = {}) => ({
  disableBeaconVerification: false,
  noCache: false,
  chainVerificationParams: { chainHash: hash, publicKey: toHex(publicKey) },
  ...overrides,
});
const createClient = () => new HttpChainClient(new HttpCachingChain(url, options()), options());

describe("drand's own clients", () => {
  it("drand-client fetches and verifies rounds by number, by time, and the latest", async () => {
    const client = createClient();
    const beacon = await fetchBeacon(client, 7);
    expect(beacon.round).toBe(7);
    expect(parseBeacon(chain, 7n, beacon)).toEqual(signWith(mcl, shares.slice(0, 3), 7n));
    expect((await fetchBeaconByTime(client, 1000 * roundTime(chain, 9n))).round).toBe(9);
    expect((await fetchBeacon(client)).round).toBeGreaterThan(99);
    expect((await client.latest()).round).toBeGreaterThan(99);
  });

  it("drand-client follows the beacon round after round", async () => {
    const abort = new AbortController();
    const rounds: number[] = [];
    for await (const { round } of watch(createClient(), abort)) {
      rounds.push(round);
      if (rounds.length === 2) abort.abort();
    }
    expect(rounds[1]).toBe((rounds[0] as number) + 1);
  });

  it("drand-client refuses another chain than it was given", async () => {
    const wrong = { chainVerificationParams: { chainHash: hash, publicKey: "00" } };
    const client = new HttpChainClient(new HttpCachingChain(url, options(wrong)), options(wrong));
    await expect(fetchBeacon(client, 7)).rejects.toThrow();
  });

  it("tlock-js encrypts to a round and decrypts once it is there, and not before", async () => {
    const silent = vi.spyOn(console, "log").mockReturnValue();
    const client = createClient() as unknown as Parameters<typeof tlock.timelockEncrypt>[2];
    const text = tlock.Buffer.from("for later");
    const now = await tlock.timelockEncrypt(20, text, client);
    expect((await tlock.timelockDecrypt(now, client)).toString()).toBe("for later");
    const later = await tlock.timelockEncrypt(1_000_000, text, client);
    await expect(tlock.timelockDecrypt(later, client)).rejects.toThrow(/too early/);
    silent.mockRestore();
  });
});

describe("a beacon's holders", () => {
  it("agree on one signature, whoever takes part and whichever backend computes", async () => {
    const noble = createBeaconScheme(await loadPairing("noble"));
    expect(signWith(noble, shares.slice(2), 5n)).toEqual(signWith(mcl, shares.slice(0, 3), 5n));
  });

  it("are named when they cheat: other rounds, others' shares, points outside of the group", () => {
    const good = shares.map(({ index, value }) => ({ index, signature: mcl.signRound(value, 5n) }));
    const outside = new Uint8Array(48);
    outside.set([0x80]);
    outside[47] = 4;
    const infinity = new Uint8Array(48);
    infinity[0] = 0xc0;
    const [first, second, third, fourth, fifth] = good as [
      PartialSignature,
      PartialSignature,
      PartialSignature,
      PartialSignature,
      PartialSignature,
    ];
    const swapped = { index: 2, signature: third.signature };
    const replayed = { index: 3, signature: mcl.signRound((shares[2] as Share).value, 4n) };
    const broken = [outside, infinity, new Uint8Array(48).fill(255), new Uint8Array(47)];
    for (const signature of broken) {
      const list = [first, swapped, replayed, { index: 4, signature }, fifth];
      expect(() => mcl.verifyPartials(publicShares, 5n, list)).toThrow(
        expect.objectContaining({ failure: { code: "threshold/bad_share", indices: [2, 3, 4] } }),
      );
    }
    mcl.verifyPartials(publicShares, 5n, [first, second, third, fourth, fifth]);
    mcl.verifyPartials(publicShares, 5n, []);
    for (const index of [0, 6]) {
      const list = [{ ...first, index }];
      expect(codeOf(() => mcl.verifyPartials(publicShares, 5n, list))).toBe("threshold/index");
    }
  });

  it("cannot cancel each other's errors in a batch", () => {
    const error = g1.multiplyBase(5n);
    const shift = (share: Share, sign: 1 | -1) => {
      const point = g1.decode(mcl.signRound(share.value, 5n));
      const moved = sign === 1 ? g1.add(point, error) : g1.subtract(point, error);
      return { index: share.index, signature: g1.encode(moved) };
    };
    const list = [shift(shares[0] as Share, 1), shift(shares[1] as Share, -1)];
    expect(codeOf(() => mcl.verifyPartials(publicShares, 5n, list))).toBe("threshold/bad_share");
  });

  it("below the threshold make no signature of the key", () => {
    const two = shares
      .slice(0, 2)
      .map(({ index, value }) => ({ index, signature: mcl.signRound(value, 5n) }));
    expect(codeOf(() => mcl.combineRound(two, THRESHOLD))).toBe("threshold/too_few");
    const forged = mcl.combineRound(two, 2);
    expect(codeOf(() => mcl.verifyRound(publicKey, 5n, forged))).toBe("threshold/signature");
  });
});

describe("JSON of a beacon", () => {
  const info = toChainInfo(chain);
  it("is refused with any field missing, of another chain, or of another scheme", () => {
    expect(parseChainInfo(JSON.parse(JSON.stringify(info)))).toEqual(chain);
    for (const field of Object.keys(info)) {
      expect(
        codeOf(() => parseChainInfo({ ...info, [field]: undefined })),
        field,
      ).toBe("threshold/beacon");
    }
    const other = [
      { ...info, period: 2 },
      { ...info, genesis_time: 5 },
      { ...info, schemeID: "bls-unchained-on-g1" },
      { ...info, public_key: info.public_key.toUpperCase() },
      { ...info, metadata: { beaconID: "default" } },
      null,
      7,
    ];
    for (const value of other) expect(codeOf(() => parseChainInfo(value))).toBe("threshold/beacon");
  });

  it("is refused for another round, with other randomness, or chained", () => {
    const beacon = toBeaconJson(5n, signWith(mcl, shares.slice(0, 3), 5n));
    expect(codeOf(() => parseBeacon(chain, 5n, beacon))).toBeUndefined();
    const lying = { ...beacon, round: 6 };
    expect(codeOf(() => parseBeacon(chain, 6n, lying))).toBe("threshold/signature");
    for (const change of [
      { round: 6 },
      { round: 5.5 },
      { randomness: "00".repeat(32) },
      { signature: beacon.signature.slice(2) },
      { previous_signature: beacon.signature },
    ]) {
      expect(codeOf(() => parseBeacon(chain, 5n, { ...beacon, ...change }))).toBe(
        "threshold/beacon",
      );
    }
  });

  it("maps times to rounds as drand does", () => {
    expect(roundAt(chain, chain.genesisTime - 1)).toBe(0n);
    expect(roundAt(chain, chain.genesisTime)).toBe(1n);
    expect(roundAt(chain, chain.genesisTime + 1.5)).toBe(2n);
    expect(roundTime(chain, 3n)).toBe(chain.genesisTime + 2);
  });
});

describe("randomness for one use", () => {
  const signature = new Uint8Array(48).fill(1);
  const use = {
    chain: chainHash(chain),
    round: 5n,
    consumer: Uint8Array.of(1),
    request: Uint8Array.of(2, 3),
    counter: 0n,
  };

  it("differs with everything that it is for, also where bytes move between fields", () => {
    const uses = [
      use,
      { ...use, chain: new Uint8Array(32) },
      { ...use, round: 6n },
      { ...use, counter: 1n },
      { ...use, consumer: Uint8Array.of(1, 2), request: Uint8Array.of(3) },
      { ...use, request: Uint8Array.of(2) },
    ];
    const values = uses.map((item) => toHex(deriveRandomness(signature, item, 32)));
    expect(new Set(values).size).toBe(uses.length);
    expect(toHex(deriveRandomness(signature, use, 64)).startsWith(values[0] as string)).toBe(true);
  });

  it("is refused for lengths and numbers that are none", () => {
    expect(codeOf(() => deriveRandomness(signature, use, 8161))).toBe("threshold/range");
    expect(codeOf(() => deriveRandomness(signature, { ...use, counter: -1n }, 32))).toBe(
      "threshold/range",
    );
    expect(codeOf(() => deriveRandomness(signature.slice(1), use, 32))).toBe("threshold/length");
  });
});
