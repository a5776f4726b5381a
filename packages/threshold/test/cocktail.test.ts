import { createPublicKey, verify } from "node:crypto";
import { schnorr } from "@noble/curves/secp256k1.js";
import { describe, expect, it } from "vitest";
import { concatBytes, integerToBytes, utf8 } from "../src/bytes.ts";
import {
  type CocktailKey,
  type CocktailSuite,
  cocktailCertify,
  cocktailDistribute,
  cocktailFinalize,
  cocktailStep1,
  cocktailStep2,
  deriveCocktailContext,
  ed25519Cocktail,
  p256Cocktail,
  readCocktailRecord,
  recoverCocktail,
  ristretto255Cocktail,
  secp256k1Cocktail,
} from "../src/cocktail/index.ts";
import { CIPHERTEXT_BYTES_MAX, PARTICIPANTS_MAX } from "../src/cocktail/limits.ts";
import {
  aggregateShares,
  drawNonces,
  ed25519Frost,
  type FrostSuite,
  type KeyTweak,
  p256Frost,
  ristretto255Frost,
  secp256k1Frost,
  signShare,
  taprootFrost,
  taprootTweak,
  tweakedKey,
  verifySignature,
} from "../src/frost/index.ts";
import { combineShares, type Share } from "../src/vss.ts";
import { createCocktailMembers, dealWrongly, runCocktail } from "./cocktail-helpers.ts";
import { createDice } from "./simulator.ts";
import { catchFailure, codeOf } from "./vectors.ts";

const dice = createDice("cocktail");
const message = utf8("tacit");

/** Reason and participants, or the code of another failure; undefined if nothing is thrown. */
function blameOf(run: () => unknown): string | undefined {
  const failure = catchFailure(run);
  if (failure?.code !== "threshold/cocktail") return failure?.code;
  return [failure.reason, ...failure.participants].join(" ");
}

function signWith<P>(
  suite: FrostSuite<P>,
  key: CocktailKey,
  shares: readonly Share[],
  tweaks: readonly KeyTweak[] = [],
): Uint8Array {
  const drawn = shares.map((share) => drawNonces(suite, share));
  const commitments = drawn.map((item) => item.commitments);
  const request = { key, message, commitments, tweaks };
  const signed = shares.map((share, i) =>
    signShare(suite, request, share, (drawn[i] as (typeof drawn)[0]).nonces),
  );
  return aggregateShares(suite, request, signed);
}

/** A session of this suite, and a signature by its last `threshold` holders. */
function keyOf<P>(suite: CocktailSuite<P>) {
  const { results } = runCocktail(
    createCocktailMembers(suite, dice, { threshold: 3, count: 5 }),
    dice,
  );
  const outputs = results.map(({ output }) => output);
  const shares = outputs.slice(-3).map(({ share }) => share);
  return { key: outputs[0] as (typeof outputs)[0], shares };
}

describe("a key made with COCKTAIL-DKG", () => {
  it("signs with FROST as Ed25519, and node:crypto takes it", () => {
    const { key, shares } = keyOf(ed25519Cocktail);
    const x = Buffer.from(key.publicKey).toString("base64url");
    const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    expect(verify(null, message, publicKey, signWith(ed25519Frost, key, shares))).toBe(true);
  });

  it("signs with FROST in the other suites", () => {
    const check = <P>(cocktail: CocktailSuite<P>, frost: FrostSuite<P>): void => {
      const { key, shares } = keyOf(cocktail);
      verifySignature(frost, key.publicKey, message, signWith(frost, key, shares));
    };
    check(ristretto255Cocktail, ristretto255Frost);
    check(p256Cocktail, p256Frost);
    check(secp256k1Cocktail, secp256k1Frost);
  });

  it("signs for Taproot under the tweak without a script, which hides none", () => {
    const { key, shares } = keyOf(secp256k1Cocktail);
    const tweaks = [taprootTweak(key.publicKey)];
    const signature = signWith(taprootFrost, key, shares, tweaks);
    const output = tweakedKey(taprootFrost, key.publicKey, tweaks);
    expect(schnorr.verify(signature, message, output)).toBe(true);
    expect(schnorr.verify(signature, message, key.publicKey.slice(1))).toBe(false);
  });

  it("is not in the shares of threshold - 1 colluding holders", () => {
    const { group } = ristretto255Cocktail;
    const { key, shares } = keyOf(ristretto255Cocktail);
    const keyFrom = (list: readonly Share[], threshold: number) =>
      group.encode(group.multiplyBase(combineShares(group, list, threshold)));
    expect(keyFrom(shares, 3)).toEqual(key.publicKey);
    expect(keyFrom(shares.slice(1), 2)).not.toEqual(key.publicKey);
  });
});

const suite = ristretto255Cocktail;
const { group } = suite;
const members = createCocktailMembers(suite, dice, { threshold: 2, count: 3 });
const session = runCocktail(members, dice);
const { params, secrets } = session;
const [ELEMENT, SIGNATURE] = [32, 64];
const PUBLIC = 2 * ELEMENT + SIGNATURE + ELEMENT;
const FRAME = 8 + 32 + 16;

const changed = (bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy.set(part, at);
  return copy;
};
const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  changed(bytes, at, Uint8Array.of((bytes[at] as number) ^ 1));
const withFirst = (at: number, body: Uint8Array): Uint8Array[] =>
  session.messages.map((item, i) => (i === at ? body : item));
const step2 = (i: number, body: Uint8Array) =>
  cocktailStep2(params, secrets[i] as bigint, session.first[i]?.state as never, body);

describe("before a session", () => {
  it("takes no threshold, number or keys that make no sense", () => {
    const [one, two] = params.hostPublicKeys as [Uint8Array, Uint8Array];
    const refuse = (change: Partial<typeof params>) =>
      codeOf(() => cocktailStep1({ ...params, ...change }, secrets[0] as bigint, dice.bytes(32)));
    for (const threshold of [0, 4, 1.5, Number.NaN]) {
      expect(refuse({ threshold })).toBe("threshold/parameters");
    }
    expect(refuse({ hostPublicKeys: [] })).toBe("threshold/parameters");
    expect(refuse({ hostPublicKeys: [one, two, one] })).toBe("threshold/parameters");
    expect(refuse({ hostPublicKeys: [one, new Uint8Array(32)] })).toBe("threshold/identity");
    expect(refuse({ hostPublicKeys: [one, new Uint8Array(32).fill(255)] })).toBe(
      "threshold/element",
    );
    expect(refuse({ hostPublicKeys: [one, two.subarray(1)] })).toBe("threshold/length");
    const many = Array.from({ length: PARTICIPANTS_MAX + 1 }, (_, i) =>
      integerToBytes(BigInt(i), 32, true),
    );
    expect(refuse({ hostPublicKeys: many })).toBe("threshold/parameters");
    expect(refuse({ context: new Uint8Array(65_537) })).toBe("threshold/parameters");
  });

  it("takes no secret key of somebody else, no short seed, no payload that is too long", () => {
    const first = (secret: bigint, seed: Uint8Array, payload?: Uint8Array) =>
      blameOf(() => cocktailStep1(params, secret, seed, payload));
    expect(first(7n, dice.bytes(32))).toBe("host_key");
    expect(first(0n, dice.bytes(32))).toBe("host_key");
    expect(first(secrets[0] as bigint, dice.bytes(31))).toBe("threshold/length");
    const most = CIPHERTEXT_BYTES_MAX - 48;
    expect(first(secrets[0] as bigint, dice.bytes(32), new Uint8Array(most + 1))).toBe(
      "threshold/range",
    );
    expect(first(secrets[0] as bigint, dice.bytes(32), new Uint8Array(most))).toBeUndefined();
  });

  it("has a context that no other set, order, suite or session has", () => {
    const keys = params.hostPublicKeys;
    const id = utf8("session");
    const contexts = [
      deriveCocktailContext(suite, id, keys),
      deriveCocktailContext(suite, utf8("session2"), keys),
      deriveCocktailContext(suite, id, keys.toReversed()),
      deriveCocktailContext(suite, id, keys.slice(1)),
      deriveCocktailContext({ ...suite, id: ed25519Cocktail.id }, id, keys),
    ];
    expect(new Set(contexts.map(String)).size).toBe(contexts.length);
  });
});

describe("a first message", () => {
  const good = session.messages[1] as Uint8Array;
  const distribute = (body: Uint8Array) =>
    blameOf(() => cocktailDistribute(params, withFirst(1, body)));

  it("is the same again after a crash, and another in another session", () => {
    const [secret, seed] = [secrets[0] as bigint, dice.bytes(32)];
    const again = cocktailStep1(params, secret, seed);
    expect(cocktailStep1(params, secret, seed)).toEqual(again);
    const other = { ...params, context: utf8("other") };
    const { message: different } = cocktailStep1(other, secret, seed);
    expect(different.slice(0, ELEMENT)).not.toEqual(again.message.slice(0, ELEMENT));
  });

  it("of a wrong length, with or without a coefficient, is blamed on its sender", () => {
    for (const body of [
      new Uint8Array(0),
      good.slice(1),
      good.slice(0, -1),
      concatBytes(good, Uint8Array.of(0)),
      // A threshold that was raised, or lowered, by one.
      concatBytes(good.slice(0, ELEMENT), good),
      good.slice(ELEMENT),
    ]) {
      expect(distribute(body)).toBe("message 2");
    }
  });

  it.each([
    ["the identity", new Uint8Array(32)],
    ["what is no element", new Uint8Array(32).fill(255)],
    ["what is negative", Uint8Array.of(1, ...new Uint8Array(31))],
  ])("with %s as commitment or ephemeral key is blamed on its sender", (_, bytes) => {
    for (const at of [0, ELEMENT, PUBLIC - ELEMENT]) {
      expect(distribute(changed(good, at, bytes))).toBe("message 2");
    }
  });

  it("with a frame of no share, or of more than fits, is blamed on its sender", () => {
    for (const length of [0n, 47n, BigInt(CIPHERTEXT_BYTES_MAX + 1), 2n ** 64n - 1n]) {
      expect(distribute(changed(good, PUBLIC, integerToBytes(length, 8, false)))).toBe("message 2");
    }
  });

  it("whose proof is not of these commitments, key and context is blamed on its sender", () => {
    const other = cocktailStep1(params, secrets[1] as bigint, dice.bytes(32)).message;
    const elsewhere = { ...params, context: utf8("elsewhere") };
    const replayed = cocktailStep1(elsewhere, secrets[1] as bigint, dice.bytes(32)).message;
    for (const body of [
      changed(good, 0, other.slice(0, ELEMENT)),
      changed(good, ELEMENT, other.slice(ELEMENT, 2 * ELEMENT)),
      changed(good, PUBLIC - ELEMENT, other.slice(PUBLIC - ELEMENT, PUBLIC)),
      changed(good, 2 * ELEMENT, other.slice(2 * ELEMENT, 2 * ELEMENT + SIGNATURE)),
      flipped(good, 2 * ELEMENT + ELEMENT),
      changed(good, 2 * ELEMENT + ELEMENT, integerToBytes(group.order, 32, true)),
      replayed,
    ]) {
      expect(distribute(body)).toBe("possession 2");
    }
  });

  it("of which one is missing or is too many is not waited for in vain", () => {
    for (const list of [session.messages.slice(1), [...session.messages, good]]) {
      expect(blameOf(() => cocktailDistribute(params, list))).toBe("threshold/too_few");
    }
  });
});

describe("a participant", () => {
  const own = session.distributed[0] as Uint8Array;
  const part = PUBLIC + FRAME;

  it("accepts nothing of which any byte was changed, or finds no certificate for it", () => {
    for (let at = 0; at < own.length; at += 3) {
      const run = () => {
        const { state } = step2(0, flipped(own, at));
        cocktailFinalize(params, state, session.certificate);
      };
      expect(codeOf(run), `byte ${at}`).toBe("threshold/cocktail");
    }
  });

  it("blames who sent a share that does not decrypt, is no scalar, or not the polynomial's", () => {
    expect(blameOf(() => step2(0, flipped(own, 2 * part - 1)))).toBe("ciphertext 2");
    const withScalar = (value: bigint): Uint8Array => {
      const plaintext = integerToBytes(value, 32, true);
      const cheat = dealWrongly(members, dice, { sender: 2, victim: 1, plaintext });
      return cocktailDistribute(params, withFirst(1, cheat.message))[0] as Uint8Array;
    };
    expect(blameOf(() => step2(0, withScalar(group.order)))).toBe("plaintext 2");
    expect(blameOf(() => step2(0, withScalar(7n)))).toBe("share 2");
  });

  it("blames who repeats another's contribution: it cannot encrypt under it", () => {
    const victim = session.messages[2] as Uint8Array;
    const copied = cocktailDistribute(params, withFirst(1, victim))[0] as Uint8Array;
    expect(blameOf(() => step2(0, copied))).toBe("ciphertext 2");
  });

  it("sees that the coordinator swapped two senders, left out one, or changed its own", () => {
    const [a, b, c] = [0, 1, 2].map((i) => own.slice(i * part, (i + 1) * part)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    expect(blameOf(() => step2(0, concatBytes(a, c, b)))).toBe("ciphertext 2");
    expect(blameOf(() => step2(0, concatBytes(b, a, c)))).toBe("coordinator");
    expect(blameOf(() => step2(0, concatBytes(a, b)))).toBe("message 3");
    expect(blameOf(() => step2(0, concatBytes(own, Uint8Array.of(0))))).toBe("coordinator");
    expect(blameOf(() => step2(0, session.distributed[1] as Uint8Array))).toBe("ciphertext 1");
  });

  it("has no certificate if the coordinator showed each side another message (split view)", () => {
    const other = cocktailStep1(params, secrets[2] as bigint, dice.bytes(32)).message;
    const [view] = cocktailDistribute(params, withFirst(2, other));
    const split = step2(0, view as Uint8Array);
    const signatures = session.second.map((item) => item.message);
    const certificate = cocktailCertify(params, [split.message, ...signatures.slice(1)]);
    const { state } = session.second[1] as (typeof session.second)[0];
    expect(blameOf(() => cocktailFinalize(params, state, certificate))).toBe("signature 1");
    expect(blameOf(() => cocktailFinalize(params, split.state, certificate))).toBe("signature 2 3");
  });

  it("has no certificate if another extension was agreed to", () => {
    const state = session.first[0]?.state as never;
    const other = cocktailStep2(params, secrets[0] as bigint, state, own, utf8("other"));
    expect(blameOf(() => cocktailFinalize(params, other.state, session.certificate))).toBe(
      "signature 1 2 3",
    );
  });

  it("takes no state or message of another session, and no certificate of another", () => {
    const again = { ...params, context: utf8("again") };
    const next = runCocktail({ params: again, secrets }, dice);
    expect(blameOf(() => step2(0, next.distributed[0] as Uint8Array))).toBe("coordinator");
    const { state } = session.second[0] as (typeof session.second)[0];
    expect(blameOf(() => cocktailFinalize(params, state, next.certificate))).toBe(
      "signature 1 2 3",
    );
    const swapped = concatBytes(
      session.certificate.slice(64, 128),
      session.certificate.slice(0, 64),
      session.certificate.slice(128),
    );
    expect(blameOf(() => cocktailFinalize(params, state, swapped))).toBe("signature 1 2");
    expect(codeOf(() => cocktailFinalize(params, state, swapped.slice(1)))).toBe(
      "threshold/length",
    );
  });
});

describe("recovery", () => {
  const { recovery, output } = session.results[1] as (typeof session.results)[0];

  it("gives everybody the output again, by the host key", () => {
    session.results.forEach((result, i) => {
      expect(recoverCocktail(suite, secrets[i] as bigint, result.recovery).output).toEqual(
        result.output,
      );
    });
    const { key } = readCocktailRecord(suite, recovery);
    expect(key.publicKey).toEqual(output.publicKey);
    expect(key.publicShares).toEqual(output.publicShares);
  });

  it("is refused with any byte of transcript or certificate changed, cut or added", () => {
    const refuse = (change: Partial<typeof recovery>) =>
      blameOf(() => readCocktailRecord(suite, { ...recovery, ...change }));
    for (let at = 0; at < recovery.transcript.length; at += 5) {
      expect(refuse({ transcript: flipped(recovery.transcript, at) }), String(at)).toBe(
        "recovery_data",
      );
    }
    for (let at = 0; at < recovery.certificate.length; at += 5) {
      expect(refuse({ certificate: flipped(recovery.certificate, at) })).toBe("recovery_data");
    }
    for (const transcript of [
      recovery.transcript.slice(0, -1),
      concatBytes(recovery.transcript, Uint8Array.of(0)),
      new Uint8Array(0),
      changed(recovery.transcript, 0, new Uint8Array(8).fill(255)),
    ]) {
      expect(refuse({ transcript })).toBe("recovery_data");
    }
  });

  it("is refused with another's bundle, another's key, another suite, or a bundle that is not whole", () => {
    const [secret, other] = [secrets[1] as bigint, session.results[0]?.recovery.bundle];
    const refuse = (bundle: Uint8Array, by = secret) =>
      blameOf(() => recoverCocktail(suite, by, { ...recovery, bundle }));
    expect(refuse(other as Uint8Array)).toBe("ciphertext 1");
    expect(refuse(recovery.bundle, secrets[0])).toBe("ciphertext 1");
    expect(refuse(recovery.bundle, 7n)).toBe("host_key");
    expect(refuse(flipped(recovery.bundle, FRAME + 9))).toBe("ciphertext 2");
    for (const bundle of [
      recovery.bundle.slice(0, -1),
      concatBytes(recovery.bundle, Uint8Array.of(0)),
      changed(recovery.bundle, 0, new Uint8Array(8).fill(255)),
      new Uint8Array(0),
    ]) {
      expect(refuse(bundle)).toBe("recovery_data");
    }
    expect(blameOf(() => recoverCocktail(ed25519Cocktail, secret, recovery))).toBe("recovery_data");
  });
});
