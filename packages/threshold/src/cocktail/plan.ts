/** A session over a broadcast channel: who signs what, and which bytes mean what. */
import { sha256 } from "@noble/hashes/sha2.js";
import { u16BigEndian, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { assertRound } from "../protocol/broadcast.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import { signatureBytes, signMessage, verifyMessage } from "../protocol/signed.ts";
import { DuplexSponge, deriveSessionId, encodeString } from "../sigma/transcript.ts";
import { decodeFirstMessage, type FirstMessage, isPossessionProven } from "./messages.ts";
import { cocktailSignatureBytes } from "./schnorr.ts";
import { type CocktailParams, decodeHostKeys } from "./session.ts";

/** First byte of what carries a first message. */
export const SHARES_ROUND = 1;
/** First byte of what ends a session: a signature of its transcript, or complaints. */
export const VERDICT_ROUND = 2;

export interface CocktailPlan<P> {
  readonly params: CocktailParams<P>;
  readonly keys: readonly P[];
  /** 32 bytes that envelopes of this session alone are signed under. */
  readonly envelope: Uint8Array;
}

/** @throws {ThresholdError} as {@link decodeHostKeys}. */
export function createCocktailPlan<P>(params: CocktailParams<P>): CocktailPlan<P> {
  const keys = decodeHostKeys(params);
  const sponge = new DuplexSponge(deriveSessionId(utf8("tacit/cocktail/envelope/v1")));
  sponge.absorb(encodeString(utf8(params.suite.id)));
  sponge.absorb(encodeString(params.context));
  sponge.absorb(u16BigEndian(params.threshold));
  sponge.absorb(u16BigEndian(keys.length));
  for (const key of params.hostPublicKeys) sponge.absorb(key);
  return { params, keys, envelope: sponge.squeeze(32) };
}

/** The body with its signature behind it. */
export function sealEnvelope<P>(
  { params, envelope }: CocktailPlan<P>,
  sender: number,
  payload: Uint8Array,
  secrets: readonly Scalar[],
): Uint8Array {
  const message = { context: envelope, sender, payload };
  const signature = signMessage(params.suite.group, message, secrets);
  return new ByteWriter().fixed(payload).fixed(signature).bytes();
}

/**
 * The body without its signature. In round 1 the ephemeral key signs too: nobody can repeat
 * another's, and have a complaint about itself open what the other had encrypted.
 *
 * @throws {ThresholdError} `threshold/index`, `threshold/length`, `threshold/signature`, the codes
 * of decoding.
 */
export function openEnvelope<P>(
  plan: CocktailPlan<P>,
  round: number,
  sender: number,
  body: Uint8Array,
): Uint8Array {
  const { params, keys, envelope } = plan;
  const { group } = params.suite;
  const key = keys[sender - 1];
  if (key === undefined) throw new ThresholdError({ code: "threshold/index", index: sender });
  const reader = new ByteReader(body);
  assertRound(reader, round);
  const payload = body.slice(0, Math.max(1, body.length - signatureBytes(group)));
  const signers: P[] = [key];
  if (round === SHARES_ROUND) {
    reader.fixed(params.threshold * group.elementBytes + cocktailSignatureBytes(params.suite));
    signers.push(reader.element(group));
  }
  const message = { context: envelope, sender, payload };
  verifyMessage(group, message, signers, body.slice(payload.length));
  return payload;
}

/**
 * `1 || first message || signature`.
 *
 * @throws {ThresholdError} as {@link openEnvelope}; `threshold/proof` without possession.
 */
export function decodeShares<P>(
  plan: CocktailPlan<P>,
  sender: number,
  body: Uint8Array,
): FirstMessage<P> {
  const payload = openEnvelope(plan, SHARES_ROUND, sender, body);
  const first = decodeFirstMessage(plan.params, payload.slice(1));
  if (!isPossessionProven(plan.params, first)) {
    throw new ThresholdError({ code: "threshold/proof" });
  }
  return first;
}

/** A recipient's word that a sender's share is not good; see {@link judgeShare}. */
export interface ShareComplaint {
  readonly sender: number;
  /** Which message is meant: who signs two cannot frame who complains about one. */
  readonly messageHash: Uint8Array;
  readonly ephemeral: Uint8Array;
  readonly lasting: Uint8Array;
  readonly proof: Uint8Array;
}

export type Verdict =
  | {
      readonly kind: "signature";
      /** SHA-256 of what the sender signs. */
      readonly transcriptHash: Uint8Array;
      readonly signature: Uint8Array;
    }
  | { readonly kind: "complaints"; readonly complaints: readonly ShareComplaint[] };

/**
 * `2 || 0 || SHA-256 of the transcript || signature of it`, or `2 || 1 || count || count x (sender
 * || SHA-256 of its message || both shared secrets || proof)`; without the envelope's signature.
 */
export function encodeVerdict(verdict: Verdict): Uint8Array {
  const writer = new ByteWriter().unsigned(VERDICT_ROUND, 1);
  if (verdict.kind === "signature") {
    writer.unsigned(0, 1).fixed(verdict.transcriptHash).fixed(verdict.signature);
    return writer.bytes();
  }
  writer.unsigned(1, 1).unsigned(verdict.complaints.length, 2);
  for (const { sender, messageHash, ephemeral, lasting, proof } of verdict.complaints) {
    writer.unsigned(sender, 2).fixed(messageHash).fixed(ephemeral).fixed(lasting).fixed(proof);
  }
  return writer.bytes();
}

/** @throws {ThresholdError} as {@link openEnvelope}; `threshold/duplicate_index`. */
export function decodeVerdict<P>(plan: CocktailPlan<P>, from: number, body: Uint8Array): Verdict {
  const { suite } = plan.params;
  const { elementBytes, scalarBytes } = suite.group;
  const reader = new ByteReader(openEnvelope(plan, VERDICT_ROUND, from, body).slice(1));
  const kind = reader.unsigned(1);
  if (kind === 0) {
    const transcriptHash = reader.fixed(sha256.outputLen);
    const signature = reader.fixed(cocktailSignatureBytes(suite));
    reader.end();
    return { kind: "signature", transcriptHash, signature };
  }
  const count = reader.unsigned(2);
  if (kind !== 1 || count === 0 || count > plan.keys.length) {
    throw new ThresholdError({ code: "threshold/parameters" });
  }
  const complaints = Array.from({ length: count }, () => ({
    sender: reader.unsigned(2),
    messageHash: reader.fixed(sha256.outputLen),
    ephemeral: reader.fixed(elementBytes),
    lasting: reader.fixed(elementBytes),
    proof: reader.fixed(2 * scalarBytes),
  }));
  reader.end();
  complaints.reduce((last, { sender: index }) => {
    if (index <= last) throw new ThresholdError({ code: "threshold/duplicate_index", index });
    return index;
  }, 0);
  return { kind: "complaints", complaints };
}
