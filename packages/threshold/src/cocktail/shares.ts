/** Shares in their encryption: from a sender's polynomial to a recipient's sum. */
import { concatBytes } from "../bytes.ts";
import { type CocktailReason, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { publicShare } from "../vss.ts";
import type { Addressed } from "./messages.ts";
import { blameCocktail, type CocktailParams } from "./session.ts";
import type { CocktailSuite } from "./suites.ts";

/** Both shared secrets of one sender and one recipient. */
export interface SharedPoints<P> {
  readonly ephemeral: P;
  readonly lasting: P;
}

/** Who sends to whom: encodings of keys. */
export interface Direction {
  readonly ephemeral: Uint8Array;
  readonly sender: Uint8Array;
  readonly recipient: Uint8Array;
}

export function shareCipher<P>(
  { suite, context }: CocktailParams<P>,
  shared: SharedPoints<P>,
  direction: Direction,
): ReturnType<CocktailSuite<P>["shareCipher"]> {
  const { group } = suite;
  return suite.shareCipher({
    shared: [group.encode(shared.ephemeral), group.encode(shared.lasting)],
    ...direction,
    context,
  });
}

/** What a recipient's secret makes of a sender's keys. */
export function sharedWith<P>(
  { suite }: CocktailParams<P>,
  secret: Scalar,
  sender: { readonly ephemeral: P; readonly key: P },
): SharedPoints<P> {
  const { group } = suite;
  return {
    ephemeral: group.multiplySecret(sender.ephemeral, secret),
    lasting: group.multiplySecret(sender.key, secret),
  };
}

export interface OpenedShare {
  readonly value: Scalar;
  readonly payload: Uint8Array;
}

/** The first thing that is wrong with a share, in the standard's order. */
export type ShareFailure = Extract<CocktailReason, "ciphertext" | "plaintext" | "share">;

/**
 * One sender's share for one recipient, checked against the sender's commitments.
 *
 * @param recipient its index, from 1 on.
 */
export function openShare<P>(
  params: CocktailParams<P>,
  addressed: Addressed<P>,
  way: {
    readonly sender: number;
    readonly recipient: number;
    readonly shared: SharedPoints<P>;
  },
): OpenedShare | ShareFailure {
  const { group } = params.suite;
  const { hostPublicKeys } = params;
  const cipher = shareCipher(params, way.shared, {
    ephemeral: addressed.ephemeral,
    sender: hostPublicKeys[way.sender - 1] as Uint8Array,
    recipient: hostPublicKeys[way.recipient - 1] as Uint8Array,
  });
  let plaintext: Uint8Array;
  try {
    plaintext = cipher.decrypt(addressed.ciphertext);
  } catch {
    return "ciphertext";
  }
  let value: Scalar;
  try {
    value = group.decodeScalar(plaintext.slice(0, group.scalarBytes));
  } catch (error) {
    if (error instanceof ThresholdError) return "plaintext";
    throw error;
  }
  const expected = publicShare(group, addressed.points.commitments, way.recipient);
  if (!group.equal(group.multiplyBase(value), expected)) return "share";
  return { value, payload: plaintext.slice(group.scalarBytes) };
}

/**
 * All shares of one recipient.
 *
 * @throws {ThresholdError} `threshold/cocktail`: ciphertext, plaintext or share, with the first
 * sender whose share is not good.
 */
export function openAll<P>(
  params: CocktailParams<P>,
  keys: readonly P[],
  own: { readonly index: number; readonly secret: Scalar },
  parts: readonly Addressed<P>[],
): OpenedShare[] {
  return parts.map((part, i) => {
    const sender = { ephemeral: part.points.ephemeral, key: keys[i] as P };
    const shared = sharedWith(params, own.secret, sender);
    const opened = openShare(params, part, { sender: i + 1, recipient: own.index, shared });
    if (typeof opened === "string") throw blameCocktail(opened, [i + 1]);
    return opened;
  });
}

export interface Sealing<P> {
  readonly index: number;
  readonly secret: Scalar;
  readonly ephemeralSecret: Scalar;
  readonly ephemeral: Uint8Array;
  readonly polynomial: readonly Scalar[];
  /** To participant 1, 2, …; none: empty. */
  readonly payloads: readonly Uint8Array[];
  readonly keys: readonly P[];
}

/** A sender's ciphertexts for participant 1, 2, … */
export function sealShares<P>(params: CocktailParams<P>, sealing: Sealing<P>): Uint8Array[] {
  const { group } = params.suite;
  const { index, secret, ephemeralSecret, ephemeral, polynomial, payloads, keys } = sealing;
  const sender = params.hostPublicKeys[index - 1] as Uint8Array;
  return keys.map((key, i) => {
    const shared = {
      ephemeral: group.multiplySecret(key, ephemeralSecret),
      lasting: group.multiplySecret(key, secret),
    };
    const recipient = params.hostPublicKeys[i] as Uint8Array;
    const at = BigInt(i + 1);
    const value = polynomial.reduceRight((sum, scalar) => group.reduce(sum * at + scalar), 0n);
    const plaintext = concatBytes(group.encodeScalar(value), payloads[i] ?? new Uint8Array(0));
    return shareCipher(params, shared, { ephemeral, sender, recipient }).encrypt(plaintext);
  });
}
