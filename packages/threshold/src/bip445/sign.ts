/** BIP-445: partial signatures, and the one signature of BIP-340 that they add up to. */
import { schnorr } from "@noble/curves/secp256k1.js";
import { concatBytes, integerToBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { secp256k1Group as group } from "../groups/noble-group.ts";
import {
  aggregateBip445Nonces,
  type Bip445Nonces,
  decodePublicNonce,
  toNonces,
  xorBytes,
} from "./nonces.ts";
import {
  blameContribution,
  decodeSigners,
  encodeIdentifiers,
  openContext,
  reduceHash,
  type Session,
  type Signer,
  type SigningContext,
  type SigningTask,
  signingKeyOf,
  taggedHash,
} from "./session.ts";

/** A holder's share. */
export interface Bip445Share {
  /** From 0. */
  readonly identifier: number;
  /** 32 bytes. Secret. */
  readonly secretShare: Uint8Array;
}

/**
 * @param secretNonce is overwritten with zeros, so that no second call signs with it.
 * @returns 32 bytes.
 * @throws {ThresholdError} `threshold/nonce` for one that was used; `threshold/scalar` for a share
 * out of range; `threshold/index` for who is not asked, `threshold/key` for the share of another;
 * as {@link openContext}.
 */
export function signBip445(
  secretNonce: Uint8Array,
  share: Bip445Share,
  context: SigningContext,
): Uint8Array {
  return signIn(openContext(context), secretNonce, share);
}

/** As {@link signBip445}, in a context that is opened. */
export function signIn(session: Session, secretNonce: Uint8Array, share: Bip445Share): Uint8Array {
  assertLength(secretNonce, 64, "secret nonce");
  const [hiding, binding] = takeNonce(secretNonce);
  const secret = decodeSecretShare(share.secretShare);
  const signer = session.signers.find(({ identifier }) => identifier === share.identifier);
  if (signer === undefined) {
    throw new ThresholdError({ code: "threshold/index", index: share.identifier });
  }
  if (!group.equal(group.multiplyBase(secret), signer.publicShare)) {
    throw new ThresholdError({ code: "threshold/key" });
  }
  const nonce = hiding + session.binding * binding;
  const value = group.reduce(
    (session.isTurned ? -nonce : nonce) +
      session.challenge * signer.weight * session.key.factor * secret,
  );
  return group.encodeScalar(value);
}

/** Both halves; none is left behind. @throws {ThresholdError} `threshold/nonce`. */
function takeNonce(secretNonce: Uint8Array): [Scalar, Scalar] {
  const halves = [secretNonce.slice(0, 32), secretNonce.slice(32)];
  secretNonce.fill(0);
  try {
    const [hiding, binding] = halves.map((bytes) => group.decodeScalar(bytes)) as [Scalar, Scalar];
    if (hiding !== 0n && binding !== 0n) return [hiding, binding];
  } catch (cause) {
    if (!(cause instanceof ThresholdError)) throw cause;
  }
  throw new ThresholdError({ code: "threshold/nonce" });
}

/** @throws {ThresholdError} `threshold/length`, `threshold/scalar`. */
function decodeSecretShare(bytes: Uint8Array): Scalar {
  const secret = group.decodeScalar(bytes);
  if (secret === 0n) throw new ThresholdError({ code: "threshold/scalar" });
  return secret;
}

/**
 * Signs without keeping a nonce: it is hashed of the share, the task and the others' nonces. At most
 * one signer of a signature may do so, after all others have sent theirs.
 *
 * @param otherNonces 66 bytes, the others' public nonces added; undefined for who signs alone.
 * @param auxiliary 32 fresh bytes, or none.
 * @throws {ThresholdError} `threshold/contribution`: other_nonces; as {@link signBip445}.
 */
export function signBip445Deterministically(
  share: Bip445Share,
  otherNonces: Uint8Array | undefined,
  task: SigningTask,
  auxiliary?: Uint8Array,
): { publicNonce: Uint8Array; partialSignature: Uint8Array } {
  decodeSigners(task.signers);
  const parts = deterministicParts(share, otherNonces, task, auxiliary);
  const { secretNonce, publicNonce } = deterministicNonces(parts);
  let aggregateNonce = publicNonce;
  if (otherNonces !== undefined) {
    if (decodePublicNonce(otherNonces) === undefined) throw blameContribution("other_nonces");
    aggregateNonce = aggregateBip445Nonces([publicNonce, otherNonces]);
  }
  const partialSignature = signBip445(secretNonce, share, { ...task, aggregateNonce });
  return { publicNonce, partialSignature };
}

/**
 * All that the nonces depend on: whatever was left out, who may choose it would get several
 * signatures by one pair of nonces.
 */
export function deterministicParts(
  share: Bip445Share,
  otherNonces: Uint8Array | undefined,
  task: SigningTask,
  auxiliary: Uint8Array | undefined,
): Uint8Array[] {
  assertLength(share.secretShare, 32, "secret share");
  if (auxiliary !== undefined) assertLength(auxiliary, 32, "randomness");
  const { identifiers } = task.signers;
  const masked =
    auxiliary === undefined
      ? share.secretShare
      : xorBytes(share.secretShare, taggedHash("aux", auxiliary));
  return [
    masked,
    u32(share.identifier),
    u32(identifiers.length),
    encodeIdentifiers(identifiers),
    otherNonces ?? new Uint8Array(0),
    signingKeyOf(task),
    integerToBytes(BigInt(task.message.length), 8, false),
    task.message,
  ];
}

export function deterministicNonces(parts: readonly Uint8Array[]): Bip445Nonces {
  return toNonces(
    [0, 1].map((i) => reduceHash(taggedHash("deterministic/nonce", ...parts, Uint8Array.of(i)))),
  );
}

function u32(value: number): Uint8Array {
  if (!(Number.isInteger(value) && value >= 0 && value < 2 ** 32)) {
    throw new ThresholdError({ code: "threshold/index", index: value });
  }
  return integerToBytes(BigInt(value), 4, false);
}

/**
 * @param publicNonces of those who sign, in the order of their identifiers' list.
 * @param place of the signer in that list.
 * @throws {ThresholdError} `threshold/contribution`: partial_signature of this signer, public_nonce
 * of the first whose is none; `threshold/too_few`, `threshold/index`; as {@link openContext}.
 */
export function verifyBip445Partial(
  partialSignature: Uint8Array,
  place: number,
  publicNonces: readonly Uint8Array[],
  task: SigningTask,
): void {
  const [have, need] = [publicNonces.length, task.signers.identifiers.length];
  decodeSigners(task.signers);
  if (have !== need) throw new ThresholdError({ code: "threshold/too_few", have, need });
  const aggregateNonce = aggregateBip445Nonces(publicNonces);
  const session = openContext({ ...task, aggregateNonce });
  const signer = session.signers[place];
  if (signer === undefined) throw new ThresholdError({ code: "threshold/index", index: place });
  const publicNonce = publicNonces[place] as Uint8Array;
  if (!isPartialRight(session, signer, publicNonce, partialSignature)) {
    throw blameContribution("partial_signature", place);
  }
}

function isPartialRight(
  session: Session,
  signer: Signer,
  publicNonce: Uint8Array,
  partialSignature: Uint8Array,
): boolean {
  const halves = decodePublicNonce(publicNonce);
  const value = decodePartial(partialSignature);
  if (halves === undefined || value === undefined) return false;
  const nonce = group.add(halves[0], group.multiplyPublic(halves[1], session.binding));
  const weight = group.reduce(session.challenge * signer.weight * session.key.factor);
  const right = group.add(
    session.isTurned ? group.negate(nonce) : nonce,
    group.multiplyPublic(signer.publicShare, weight),
  );
  return group.equal(group.multiplyBase(value), right);
}

/** Undefined for what is no scalar. */
function decodePartial(bytes: Uint8Array): Scalar | undefined {
  try {
    return group.decodeScalar(bytes);
  } catch (error) {
    if (error instanceof ThresholdError) return undefined;
    throw error;
  }
}

/**
 * The signature, verified. If it does not verify, {@link verifyBip445Partial} says whose fault it is.
 *
 * @param partialSignatures of those who sign, in the order of their identifiers' list.
 * @returns BIP-340's 64 bytes.
 * @throws {ThresholdError} `threshold/contribution`: partial_signature, for what is no scalar;
 * `threshold/too_few`; `threshold/signature`; as {@link openContext}.
 */
export function aggregateBip445(
  partialSignatures: readonly Uint8Array[],
  context: SigningContext,
): Uint8Array {
  const { signers, commitment, challenge, key } = openContext(context);
  const [have, need] = [partialSignatures.length, signers.length];
  if (have !== need) throw new ThresholdError({ code: "threshold/too_few", have, need });
  const values = partialSignatures.map((bytes, i) => {
    const value = decodePartial(bytes);
    if (value === undefined) throw blameContribution("partial_signature", i);
    return value;
  });
  const response = values.reduce((sum, value) => sum + value, challenge * key.offset);
  const x = group.encode(key.point).slice(1);
  const signature = concatBytes(
    group.encode(commitment).slice(1),
    group.encodeScalar(group.reduce(response)),
  );
  if (!schnorr.verify(signature, context.message, x)) {
    throw new ThresholdError({ code: "threshold/signature" });
  }
  return signature;
}
