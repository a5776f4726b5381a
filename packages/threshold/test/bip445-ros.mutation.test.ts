/**
 * The ROS attack (Benhamouda, Lepoint, Loss, Orrù, Raykova 2021) on BIP-445's binding factor, each of
 * whose parts is left out in turn. Whoever can still choose something after the factor is fixed has
 * two challenges for one nonce; with 256 runs open at once these are the bits of a challenge that
 * nobody was asked for, and the sum of the partials is a signature of it. With all parts hashed the
 * same attacker gets nothing.
 */
import { schnorr } from "@noble/curves/secp256k1.js";
import { describe, expect, it } from "vitest";
import {
  aggregateBip445Nonces,
  generateBip445Nonces,
  type SigningContext,
  signersOf,
} from "../src/bip445/index.ts";
import { decodePublicNonce } from "../src/bip445/nonces.ts";
import { bindingFactor, isEven, openContext, type Session } from "../src/bip445/session.ts";
import { signIn } from "../src/bip445/sign.ts";
import { concatBytes, integerToBytes, utf8 } from "../src/bytes.ts";
import { taprootFrost } from "../src/frost/index.ts";
import type { Scalar } from "../src/groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../src/groups/noble-group.ts";
import { dealShares } from "../src/vss.ts";
import { createDice } from "./simulator.ts";

const RUNS = 256;
const dice = createDice("ros");
const secret = group.randomScalar(dice.bytes);
const { shares } = dealShares(group, { secret, threshold: 2, count: 6 }, dice.bytes);
const publicShares = shares.map(({ value }) => group.encode(group.multiplyBase(value)));
const key = { publicKey: group.encode(group.multiplyBase(secret)), threshold: 2, publicShares };
/** Holder 0 is honest; the attacker is holder 1, and coordinates. */
const victim = { identifier: 0, secretShare: group.encodeScalar(shares[0]?.value as Scalar) };
const own = shares[1]?.value as Scalar;
const wanted = utf8("everything to the attacker");

type Bind = typeof bindingFactor;

/** What the attacker asks in a run, the same but for `choice` in what is not hashed. */
type Ask = (publicNonce: Uint8Array, choice: number) => SigningContext;

const nonceOf = (choice: number) =>
  generateBip445Nonces({}, () => new Uint8Array(32).fill(choice + 1)).publicNonce;
const ask = (
  publicNonce: Uint8Array,
  change: { id?: number; nonce?: number; tweak?: number; text?: number },
): SigningContext => ({
  signers: signersOf(key, [0, change.id ?? 1]),
  aggregateNonce: aggregateBip445Nonces([publicNonce, nonceOf(change.nonce ?? 0)]),
  message: utf8(`harmless ${change.text ?? 0}`),
  tweaks:
    change.tweak === undefined
      ? []
      : [{ value: integerToBytes(BigInt(change.tweak + 1), 32, false), isXOnly: false }],
});

const parts: Record<string, { place: number; ask: Ask }> = {
  "signers' identifiers": { place: 0, ask: (nonce, choice) => ask(nonce, { id: choice + 1 }) },
  "aggregate nonce": { place: 1, ask: (nonce, choice) => ask(nonce, { nonce: choice }) },
  "tweaked key": { place: 2, ask: (nonce, choice) => ask(nonce, { tweak: choice }) },
  message: { place: 3, ask: (nonce, choice) => ask(nonce, { text: choice }) },
};

interface Candidate {
  readonly session: Session;
  /** What the victim's share is multiplied by. */
  readonly weight: Scalar;
}

/** Two contexts in which the victim's nonce counts as it is, with two weights; or undefined. */
function candidates(publicNonce: Uint8Array, choose: Ask, bind: Bind): Candidate[] | undefined {
  const found: Candidate[] = [];
  for (let choice = 0; choice < 5 && found.length < 2; choice++) {
    const session = openContext(choose(publicNonce, choice), bind);
    const share = session.signers[0]?.weight as Scalar;
    const weight = group.reduce(session.challenge * share * session.key.factor);
    if (!session.isTurned) found.push({ session, weight });
  }
  return found.length === 2 ? found : undefined;
}

interface OpenRun {
  readonly secretNonce: Uint8Array;
  readonly nonce: Secp256k1Point;
  readonly pair: readonly Candidate[];
}

function openRuns(choose: Ask, bind: Bind): OpenRun[] {
  const runs: OpenRun[] = [];
  while (runs.length < RUNS) {
    const { publicNonce, secretNonce } = generateBip445Nonces({}, dice.bytes);
    const pair = candidates(publicNonce, choose, bind);
    if (pair === undefined) continue;
    const [hiding, binding] = decodePublicNonce(publicNonce) as [Secp256k1Point, Secp256k1Point];
    const factor = pair[0]?.session.binding as Scalar;
    runs.push({
      secretNonce,
      nonce: group.add(hiding, group.multiplyPublic(binding, factor)),
      pair,
    });
  }
  return runs;
}

/** Whether the attacker ends with a signature of what nobody was asked for. */
function attack(choose: Ask, bind: Bind): boolean {
  const runs = openRuns(choose, bind);
  const { signers, key: whole } = openContext(ask(nonceOf(9), {}), bind);
  const [mine, theirs] = [signers[1]?.weight, signers[0]?.weight] as [Scalar, Scalar];
  const publicShare = group.decode(publicShares[0] as Uint8Array);
  for (;;) {
    const weights = runs.map(({ pair }) => pair.map(({ weight }) => weight) as [Scalar, Scalar]);
    const factors = weights.map(([zero, one], i) =>
      group.reduce((1n << BigInt(i)) * group.invert(group.reduce(one - zero))),
    );
    const rest = group.reduce(
      weights.reduce((sum, [zero], i) => sum + (factors[i] as Scalar) * zero, 0n),
    );
    const commitment = group.sumOfProducts(
      [...runs.map(({ nonce }) => nonce), publicShare],
      [...factors, rest],
    );
    if (!isEven(commitment)) {
      // The other way round, one run's bit changes the sum.
      const [first, ...others] = runs as [OpenRun, ...OpenRun[]];
      runs.splice(0, runs.length, ...others, { ...first, pair: first.pair.toReversed() });
      continue;
    }
    const challenge = taprootFrost.challenge(commitment, whole.point, wanted);
    const bits = group.reduce(challenge * theirs * whole.factor);
    const sum = runs.reduce(
      (total, { pair, secretNonce }, i) => {
        const { session } = pair[Number((bits >> BigInt(i)) & 1n)] as Candidate;
        const partial = signIn(session, secretNonce, victim);
        return total + (factors[i] as Scalar) * group.decodeScalar(partial);
      },
      challenge * mine * whole.factor * own,
    );
    const signature = concatBytes(
      group.encode(commitment).slice(1),
      group.encodeScalar(group.reduce(sum)),
    );
    return schnorr.verify(signature, wanted, key.publicKey.slice(1));
  }
}

describe("256 runs open at once", () => {
  it.each(Object.entries(parts))(
    "whose factor leaves out the %s add up to a signature that nobody was asked for",
    { timeout: 240_000 },
    (_, { place, ask: choose }) => {
      const weak: Bind = (all) =>
        bindingFactor(all.map((part, i) => (i === place ? new Uint8Array(part.length) : part)));
      expect(attack(choose, weak)).toBe(true);
    },
  );

  it("give nothing with all of it hashed, whatever was chosen last", { timeout: 240_000 }, () => {
    for (const { ask: choose } of Object.values(parts)) {
      expect(attack(choose, bindingFactor)).toBe(false);
    }
  });
});
