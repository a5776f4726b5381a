/**
 * What COCKTAIL-DKG hashes, left out in turn for who makes and who checks alike: the attack that it
 * is there against then succeeds, and fails again restored. Of H6, the keys and the context follow
 * from the two shared secrets and from what a proof of possession covers: without them nothing
 * more can be forged, and nothing is played here.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bytesToInteger, concatBytes, equalBytes, utf8 } from "../src/bytes.ts";
import { complainAbout } from "../src/cocktail/dispute.ts";
import {
  type CocktailParams,
  type CocktailSuite,
  cocktailDistribute,
  cocktailStep1,
  cocktailStep2,
  ed25519Cocktail,
  ristretto255Cocktail,
  verifyCocktailFault,
} from "../src/cocktail/index.ts";
import { decodeFirstMessage } from "../src/cocktail/messages.ts";
import { runStep1 } from "../src/cocktail/participant.ts";
import { createCocktailPlan, sealEnvelope } from "../src/cocktail/plan.ts";
import { isCocktailSignature, signCocktail } from "../src/cocktail/schnorr.ts";
import { openShare, type SharedPoints } from "../src/cocktail/shares.ts";
import type { RistrettoPoint } from "../src/groups/noble-group.ts";
import { encodeEvidence } from "../src/protocol/broadcast.ts";
import { DuplexSponge } from "../src/sigma/transcript.ts";
import { createCocktailMembers, runCocktail } from "./cocktail-helpers.ts";
import { createDice } from "./simulator.ts";
import { codeOf } from "./vectors.ts";

const dice = createDice("cocktail mutation");
const suite = ristretto255Cocktail;
const { group } = suite;
const message = utf8("message");

afterEach(() => vi.restoreAllMocks());

/** A suite that hashes parts as `change` leaves them. */
function hashing<P>(
  of: CocktailSuite<P>,
  change: (parts: readonly Uint8Array[], use: string) => readonly Uint8Array[],
): CocktailSuite<P> {
  return { ...of, hashToScalar: (use, parts) => of.hashToScalar(use, change(parts, use)) };
}

const blank = new Uint8Array(0);
/** H7 without R, without the key, or without the message. */
const without = (part: 0 | 1 | 2) =>
  hashing(suite, (parts, use) =>
    parts.map((item, i) => (use === "H7" && i === part ? blank : item)),
  );

describe("a signature's challenge", () => {
  const secret = group.randomScalar(dice.bytes);
  const key = group.multiplyBase(secret);
  const response = group.randomScalar(dice.bytes);

  it("without R is forged for any key", () => {
    const weak = without(0);
    const challenge = weak.hashToScalar("H7", [blank, group.encode(key), message]);
    const commitment = group.subtract(
      group.multiplyBase(response),
      group.multiplyPublic(key, challenge),
    );
    const forged = concatBytes(group.encode(commitment), group.encodeScalar(response));
    expect(isCocktailSignature(weak, key, message, forged)).toBe(true);
    expect(isCocktailSignature(suite, key, message, forged)).toBe(false);
  });

  it("without the key proves possession of one whose logarithm nobody knows (rogue key)", () => {
    const weak = without(1);
    const commitment = group.hashToGroup(utf8("nobody knows"), "test");
    const bytes = group.encode(commitment);
    const challenge = weak.hashToScalar("H7", [bytes, blank, message]);
    const rogue = group.multiplyPublic(
      group.subtract(group.multiplyBase(response), commitment),
      group.invert(challenge),
    );
    const forged = concatBytes(bytes, group.encodeScalar(response));
    expect(isCocktailSignature(weak, rogue, message, forged)).toBe(true);
    expect(isCocktailSignature(suite, rogue, message, forged)).toBe(false);
  });

  it("without the message is one of every message", () => {
    const weak = without(2);
    const signature = signCocktail(weak, secret, message);
    expect(isCocktailSignature(weak, key, utf8("another"), signature)).toBe(true);
    const restored = signCocktail(suite, secret, message);
    expect(isCocktailSignature(suite, key, utf8("another"), restored)).toBe(false);
  });

  it("without its prefix is one of EdDSA, which a wallet of the same key would take", () => {
    const bare: typeof ed25519Cocktail = {
      ...ed25519Cocktail,
      hashToScalar: (_, parts) =>
        ed25519Cocktail.group.reduce(bytesToInteger(sha512(concatBytes(...parts)), true)),
    };
    const publicKey = ed25519Cocktail.group.encode(ed25519Cocktail.group.multiplyBase(secret));
    expect(ed25519.verify(signCocktail(bare, secret, message), message, publicKey)).toBe(true);
    const restored = signCocktail(ed25519Cocktail, secret, message);
    expect(ed25519.verify(restored, message, publicKey)).toBe(false);
  });

  it("whose nonce leaves out the message gives the key away with the second signature", () => {
    const weak = hashing(suite, (parts, use) => (use === "NONCE" ? parts.slice(0, 1) : parts));
    const [one, two] = [message, utf8("another")].map((text) => {
      const signature = signCocktail(weak, secret, text);
      const parts = [signature.slice(0, 32), group.encode(key), text];
      return {
        challenge: weak.hashToScalar("H7", parts),
        response: group.decodeScalar(signature.slice(32)),
      };
    }) as [{ challenge: bigint; response: bigint }, { challenge: bigint; response: bigint }];
    const slope = group.invert(group.reduce(one.challenge - two.challenge));
    expect(group.reduce((one.response - two.response) * slope)).toBe(secret);
  });

  it("whose nonce leaves out the secret gives the key away with the first", () => {
    const weak = hashing(suite, (parts, use) => (use === "NONCE" ? parts.slice(1) : parts));
    const signature = signCocktail(weak, secret, message);
    const nonce = weak.hashToScalar("NONCE", [blank, message]);
    const challenge = weak.hashToScalar("H7", [signature.slice(0, 32), group.encode(key), message]);
    const found = (group.decodeScalar(signature.slice(32)) - nonce) * group.invert(challenge);
    expect(group.reduce(found)).toBe(secret);
  });
});

const members = createCocktailMembers(suite, dice, { threshold: 2, count: 3 });
const { params, secrets } = members;
const context = params.context.length;

/** The suite, but a message of this length is signed without the bytes between. */
function cutting(lengthBytes: number, from: number, to: number): CocktailSuite<RistrettoPoint> {
  return hashing(suite, (parts) =>
    parts.map((part) =>
      part.length === lengthBytes ? concatBytes(part.slice(0, from), part.slice(to)) : part,
    ),
  );
}

describe("a proof of possession", () => {
  const length = context + 3 * 32;
  const seed = dice.bytes(32);
  const other = cocktailStep1(params, secrets[1] as bigint, dice.bytes(32)).message;
  const swap = (body: Uint8Array, from: number, to: number): Uint8Array => {
    const copy = Uint8Array.from(body);
    copy.set(other.slice(from, to), from);
    return copy;
  };
  const attacks = {
    context: {
      cut: [0, context],
      make: (on: CocktailParams<RistrettoPoint>) =>
        cocktailStep1({ ...on, context: new Uint8Array(context) }, secrets[1] as bigint, seed)
          .message,
    },
    "the other commitments": {
      cut: [context + 32, context + 64],
      make: (on: CocktailParams<RistrettoPoint>) =>
        swap(cocktailStep1(on, secrets[1] as bigint, seed).message, 32, 64),
    },
    "the ephemeral key": {
      cut: [context + 64, length],
      make: (on: CocktailParams<RistrettoPoint>) =>
        swap(cocktailStep1(on, secrets[1] as bigint, seed).message, 128, 160),
    },
  } as const;

  it.each(Object.entries(attacks))("without %s is moved to another", (_, { cut, make }) => {
    const distribute = (on: CocktailParams<RistrettoPoint>) => {
      const firsts = secrets.map((secret) => cocktailStep1(on, secret, dice.bytes(32)).message);
      firsts[1] = make(on);
      return cocktailDistribute(on, firsts);
    };
    const weak = { ...params, suite: cutting(length, cut[0], cut[1]) };
    expect(codeOf(() => distribute(weak))).toBeUndefined();
    expect(codeOf(() => distribute(params))).toBe("threshold/cocktail");
  });
});

describe("the transcript that all sign", () => {
  const { results } = runCocktail(members, dice);
  const { transcript } = (results[0] as (typeof results)[0]).recovery;
  const head = 8 + suite.id.length;
  const lengths = {
    suite: head,
    context: 8 + context,
    count: 4,
    threshold: 4,
    "host keys": 3 * 32,
    commitments: 6 * 32,
    proofs: 3 * 64,
    "ephemeral keys": 3 * 32,
    extension: 8,
  };

  it("has these parts and no other", () => {
    const sum = Object.values(lengths).reduce((total, length) => total + length, 0);
    expect(transcript).toHaveLength(sum);
  });

  it.each(Object.keys(lengths))(
    "without its %s is signed by who saw other ones (split view)",
    (name) => {
      const names = Object.keys(lengths);
      const from = Object.values(lengths)
        .slice(0, names.indexOf(name))
        .reduce((total, length) => total + length, 0);
      const to = from + lengths[name as keyof typeof lengths];
      const view = transcript.map((byte, i) => (i >= from && i < to ? byte ^ 1 : byte));
      const [secret] = secrets as [bigint];
      const key = group.multiplyBase(secret);
      const weak = cutting(transcript.length, from, to);
      expect(isCocktailSignature(weak, key, view, signCocktail(weak, secret, transcript))).toBe(
        true,
      );
      const restored = signCocktail(suite, secret, transcript);
      expect(isCocktailSignature(suite, key, transcript, restored)).toBe(true);
      expect(isCocktailSignature(suite, key, view, restored)).toBe(false);
    },
  );
});

describe("the key of a share", () => {
  const keyed = (at: 0 | 1): CocktailSuite<RistrettoPoint> => ({
    ...suite,
    shareCipher: (parts) =>
      suite.shareCipher({
        ...parts,
        shared: parts.shared.map((item, i) => (i === at ? blank : item)) as never,
      }),
  });

  it("without the ephemeral secret opens for who knows the lasting one", () => {
    const read = (on: CocktailParams<RistrettoPoint>) => {
      const { message: body } = cocktailStep1(on, secrets[0] as bigint, dice.bytes(32));
      const first = decodeFirstMessage(on, body);
      // A complaint of another session has shown this; the other half the attacker makes up.
      const lasting = group.multiplySecret(
        group.decode(params.hostPublicKeys[1] as Uint8Array),
        secrets[0] as bigint,
      );
      const shared: SharedPoints<RistrettoPoint> = { ephemeral: group.generator, lasting };
      const addressed = { ...first, ciphertext: first.ciphertexts[1] as Uint8Array };
      return openShare(on, addressed, { sender: 1, recipient: 2, shared });
    };
    expect(read({ ...params, suite: keyed(0) })).toHaveProperty("value");
    expect(read(params)).toBe("ciphertext");
  });

  it("without the lasting secret is made by who has no host key", () => {
    const impersonate = (on: CocktailParams<RistrettoPoint>) => {
      const { state, message: own } = cocktailStep1(on, secrets[0] as bigint, dice.bytes(32));
      const third = cocktailStep1(on, secrets[2] as bigint, dice.bytes(32)).message;
      // The coordinator speaks for participant 2 with a key of its own.
      const keys = [...on.hostPublicKeys];
      keys[1] = group.encode(group.multiplyBase(7n));
      const real = { ...on, hostPublicKeys: keys };
      const named: CocktailSuite<RistrettoPoint> = {
        ...on.suite,
        shareCipher: (parts) =>
          on.suite.shareCipher({ ...parts, sender: params.hostPublicKeys[1] as Uint8Array }),
      };
      const forged = cocktailStep1({ ...real, suite: named }, 7n, dice.bytes(32)).message;
      const [view] = cocktailDistribute(on, [own, forged, third]);
      return cocktailStep2(on, secrets[0] as bigint, state, view as Uint8Array);
    };
    expect(impersonate({ ...params, suite: keyed(1) }).message).toHaveLength(64);
    expect(codeOf(() => impersonate(params))).toBe("threshold/cocktail");
  });
});

/** Runs without the absorptions that end with one of these. */
function withoutAbsorbing<Result>(ends: readonly Uint8Array[], run: () => Result): Result {
  const original = DuplexSponge.prototype.absorb;
  const spy = vi.spyOn(DuplexSponge.prototype, "absorb").mockImplementation(function (
    this: DuplexSponge,
    input,
  ) {
    const isOne = ends.some((end) =>
      equalBytes(input.slice(Math.max(0, input.length - end.length)), end),
    );
    if (isOne) return;
    original.call(this, input);
  });
  try {
    return run();
  } finally {
    spy.mockRestore();
  }
}

describe("an envelope", () => {
  const [one, two, three] = params.hostPublicKeys as [Uint8Array, Uint8Array, Uint8Array];
  const fourth = group.encode(group.multiplyBase(4n));
  const sessions: Record<string, { other: typeof params; parts: Uint8Array[] }> = {
    context: {
      other: { ...params, context: utf8("yesterday") },
      parts: [params.context, utf8("yesterday")],
    },
    suite: {
      other: { ...params, suite: { ...suite, id: "COCKTAIL(other)" } },
      parts: [utf8(suite.id), utf8("COCKTAIL(other)")],
    },
    threshold: {
      other: { ...params, threshold: 1 },
      parts: [Uint8Array.of(0, 2), Uint8Array.of(0, 1)],
    },
    "host keys": {
      other: { ...params, hostPublicKeys: [one, two, fourth] },
      parts: [three, fourth],
    },
  };

  it.each(Object.entries(sessions))(
    "that is not bound to the %s makes two honest messages of two sessions look like two of one",
    (name, { other, parts }) => {
      const say = (on: typeof params, text: string) => {
        const plan = createCocktailPlan(on);
        return sealEnvelope(plan, 1, concatBytes(Uint8Array.of(2), utf8(text)), [
          secrets[0] as bigint,
        ]);
      };
      const frame = (leftOut: readonly Uint8Array[]) =>
        withoutAbsorbing(leftOut, () => {
          const evidence = encodeEvidence(say(params, "a"), say(other, "b"));
          return verifyCocktailFault(params, { index: 1, kind: "equivocation", evidence });
        });
      expect(frame(parts), name).toBe(true);
      expect(frame([])).toBe(false);
    },
  );

  it("whose complaint's nonce is not bound to the message gives the host key away", () => {
    const plan = createCocktailPlan(params);
    const [recipient, secret] = [2, secrets[1] as bigint];
    const received = [3, 4].map((fill) => {
      const seed = new Uint8Array(32).fill(fill);
      const { message: body } = runStep1(params, secrets[0] as bigint, seed, []);
      return { first: decodeFirstMessage(params, body), body };
    });
    const complain = () =>
      received.map((item) => {
        const { proof } = complainAbout(plan, { sender: 1, recipient }, secret, item);
        return [group.decodeScalar(proof.slice(0, 32)), group.decodeScalar(proof.slice(32))];
      }) as [[bigint, bigint], [bigint, bigint]];
    const solve = ([[c1, z1], [c2, z2]]: [[bigint, bigint], [bigint, bigint]]) =>
      group.reduce((z1 - z2) * group.invert(group.reduce(c1 - c2)));
    const hashes = received.map(({ body }) => sha256(body));
    const leaky = withoutAbsorbing(hashes, complain);
    // Which sign the response has does not matter to who looks for it.
    expect([secret, group.reduce(-secret)]).toContain(solve(leaky));
    expect([secret, group.reduce(-secret)]).not.toContain(solve(complain()));
  });
});
