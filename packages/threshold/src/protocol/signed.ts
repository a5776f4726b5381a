/** Messages that name their sender: a proof of knowledge over the message. */
import { u16BigEndian, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import { proveRelation, verifyRelation } from "../sigma/linear.ts";
import {
  DuplexSponge,
  deriveSessionId,
  encodeString,
  squeezeChallenge,
} from "../sigma/transcript.ts";
import { createSeededRandom } from "./random.ts";

/** What is signed, and in which run. */
export interface Signed {
  /** 32 bytes that no two runs share. */
  readonly context: Uint8Array;
  readonly sender: number;
  readonly payload: Uint8Array;
}

/** Bytes of a signature: challenge and response. */
export function signatureBytes<P>(group: Group<P>): number {
  return 2 * group.scalarBytes;
}

/**
 * Signs with every one of `secrets`: whoever made it knows them all. The statement is their
 * keys' combination by weights that are hashed of keys and message, so that one response does.
 * The nonce is derived of secret and message: a repeat signs the same, and another message has
 * another nonce, also after a snapshot was restored.
 */
export function signMessage<P>(
  group: Group<P>,
  message: Signed,
  secrets: readonly Scalar[],
): Uint8Array {
  const keys = secrets.map((secret) => group.multiplyBase(secret));
  const weights = deriveWeights(group, message, keys);
  const secret = group.reduce(
    secrets.reduce((sum, value, i) => sum + value * (weights[i] as Scalar), 0n),
  );
  const tag = messageTag(message);
  const seed = group.encodeScalar(secret).slice(0, 32);
  const random = createSeededRandom(seed, "tacit/threshold/message-nonce/v1", tag);
  return proveRelation(tag, statement(group, keys, weights), [secret], random);
}

/** @throws {ThresholdError} `threshold/signature`. */
export function verifyMessage<P>(
  group: Group<P>,
  message: Signed,
  keys: readonly P[],
  signature: Uint8Array,
): void {
  const weights = deriveWeights(group, message, keys);
  try {
    verifyRelation(messageTag(message), statement(group, keys, weights), signature);
  } catch (cause) {
    if (!(cause instanceof ThresholdError)) throw cause;
    throw new ThresholdError({ code: "threshold/signature" }, { cause });
  }
}

function statement<P>(group: Group<P>, keys: readonly P[], weights: readonly Scalar[]) {
  const key = group.sumOfProducts(keys, weights);
  return {
    group,
    elements: [group.generator, key],
    equations: [
      {
        image: [{ element: 1, coefficient: 1n }],
        terms: [{ scalar: 0, element: 0, coefficient: 1n }],
      },
    ],
  };
}

/** The first weight is 1: with one key the statement is the key itself. */
function deriveWeights<P>(group: Group<P>, message: Signed, keys: readonly P[]): Scalar[] {
  if (keys.length === 1) return [1n];
  const sponge = new DuplexSponge(deriveSessionId(messageTag(message)));
  for (const key of keys) sponge.absorb(group.encode(key));
  return keys.map((_, i) => (i === 0 ? 1n : squeezeChallenge(sponge, group.order)));
}

function messageTag({ context, sender, payload }: Signed): Uint8Array {
  const sponge = new DuplexSponge(deriveSessionId(utf8("tacit/threshold/message/v1")));
  sponge.absorb(encodeString(context));
  sponge.absorb(u16BigEndian(sender));
  sponge.absorb(encodeString(payload));
  return sponge.squeeze(32);
}
