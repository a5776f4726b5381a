/** What ChillDKG's parties have in common: parameters, encodings, the commitment's tweak. */
import { schnorr, secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToInteger, concatBytes, integerToBytes, utf8 } from "../bytes.ts";
import { assertLength, type ChillDkgReason, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../groups/noble-group.ts";
import { decodeOrUndefined } from "../groups/with-identity.ts";
import { BIP_TAG, taggedHash } from "./bip340.ts";

/** The parameters of a session; every participant has authentic copies of all host keys. */
export interface SessionParams {
  /** 33 bytes each; the order counts. */
  readonly hostPublicKeys: readonly Uint8Array[];
  readonly threshold: number;
}

export interface ChillDkgOutput {
  /** 32 bytes; the coordinator has none. Secret. */
  readonly secretShare: Uint8Array | undefined;
  readonly publicKey: Uint8Array;
  readonly publicShares: readonly Uint8Array[];
}

/** Blames: participants count from 0, as the BIP counts them. */
export function blame(
  reason: ChillDkgReason,
  participants: readonly number[] = [],
): ThresholdError {
  return new ThresholdError({ code: "threshold/chilldkg", reason, participants });
}

export function u32(value: number): Uint8Array {
  return integerToBytes(BigInt(value), 4, false);
}

/** @param secretKey 32 bytes. @throws `threshold/length`, `threshold/chilldkg`: host_secret_key. */
export function hostPublicKey(secretKey: Uint8Array): Uint8Array {
  assertLength(secretKey, 32, "host secret key");
  if (!secp256k1.utils.isValidSecretKey(secretKey)) throw blame("host_secret_key");
  return secp256k1.getPublicKey(secretKey, true);
}

/** @throws {ThresholdError} `threshold/chilldkg`: threshold_or_count, host_public_key, duplicate_key. */
export function assertParams({ hostPublicKeys, threshold }: SessionParams): void {
  const count = hostPublicKeys.length;
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > count || count >= 2 ** 32) {
    throw blame("threshold_or_count");
  }
  hostPublicKeys.forEach((key, i) => {
    if (decodeOrUndefined(group, key) === undefined) throw blame("host_public_key", [i]);
  });
  const known = new Map<string, number>();
  hostPublicKeys.forEach((key, i) => {
    const before = known.get(String(key));
    if (before !== undefined) throw blame("duplicate_key", [before, i]);
    known.set(String(key), i);
  });
}

/** 32 bytes to compare out of band. @throws as {@link assertParams}. */
export function paramsHash(params: SessionParams): Uint8Array {
  assertParams(params);
  return taggedHash("params_hash", u32(params.threshold), ...params.hostPublicKeys);
}

/** Undefined for a scalar from the order on. */
export function decodeScalar(bytes: Uint8Array): Scalar | undefined {
  const value = bytesToInteger(bytes, false);
  return value < group.order ? value : undefined;
}

/** Equal parts of `width` bytes. */
export function split(bytes: Uint8Array, width: number): Uint8Array[] {
  return Array.from({ length: bytes.length / width }, (_, i) =>
    bytes.slice(i * width, (i + 1) * width),
  );
}

export function sumScalars(values: readonly Scalar[]): Scalar {
  return group.reduce(values.reduce((sum, value) => sum + value, 0n));
}

export function sumPoints(points: readonly Secp256k1Point[]): Secp256k1Point {
  return points.reduce((sum, point) => group.add(sum, point), group.identity);
}

/** The commitments' value at participant `index`, which counts from 0. */
export function publicShareAt(
  commitments: readonly Secp256k1Point[],
  index: number,
): Secp256k1Point {
  const x = BigInt(index + 1);
  return commitments.reduceRight(
    (sum, commitment) => group.add(group.multiplyPublic(sum, x), commitment),
    group.identity,
  );
}

/**
 * The key with a Taproot tweak that has no script: no participant can have hidden one in it.
 *
 * @throws {ThresholdError} `threshold/identity`, `threshold/scalar`: never but by chance.
 */
export function tweakCommitments(commitments: readonly Secp256k1Point[]): {
  tweak: Scalar;
  tweaked: Secp256k1Point[];
} {
  const [first, ...rest] = commitments as [Secp256k1Point, ...Secp256k1Point[]];
  const key = group.encode(first).slice(1);
  const tweak = group.decodeScalar(schnorr.utils.taggedHash("TapTweak", key));
  return { tweak, tweaked: [group.add(first, group.multiplyBase(tweak)), ...rest] };
}

export function createOutput(
  tweaked: readonly Secp256k1Point[],
  count: number,
  secretShare?: Scalar,
): ChillDkgOutput {
  return {
    secretShare: secretShare === undefined ? undefined : group.encodeScalar(secretShare),
    publicKey: group.encode(tweaked[0] as Secp256k1Point),
    publicShares: Array.from({ length: count }, (_, i) => group.encode(publicShareAt(tweaked, i))),
  };
}

/** `prefix (33) || index (4) || data`: BIP-340's separation of uses. */
export function signedMessage(prefix: Uint8Array, index: number, data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(33);
  padded.set(prefix);
  return concatBytes(padded, u32(index), data);
}

/** What a certificate's signature of participant `index` is over. */
export function certificateMessage(transcript: Uint8Array, index: number): Uint8Array {
  return signedMessage(utf8(`${BIP_TAG}certeq message`), index, transcript);
}

/**
 * The first participant whose signature is wrong, or undefined. Dropping the sign of a host key
 * does no harm: messages have all host keys in them, and the index.
 */
export function findWrongSignature(
  hostPublicKeys: readonly Uint8Array[],
  message: (index: number) => Uint8Array,
  concatenated: Uint8Array,
): number | undefined {
  const signatures = split(concatenated, 64);
  const wrong = hostPublicKeys.findIndex(
    (key, i) => !schnorr.verify(signatures[i] as Uint8Array, message(i), key.slice(1)),
  );
  return wrong < 0 ? undefined : wrong;
}

/** As {@link findWrongSignature}, of a certificate. */
export function findWrongInCertificate(
  hostPublicKeys: readonly Uint8Array[],
  transcript: Uint8Array,
  certificate: Uint8Array,
): number | undefined {
  const message = (index: number) => certificateMessage(transcript, index);
  return findWrongSignature(hostPublicKeys, message, certificate);
}

function padScalar(tag: string, ...parts: Uint8Array[]): Scalar {
  return group.reduce(bytesToInteger(taggedHash(tag, ...parts), false));
}

/** The pad of a participant's own share, which saves it an exchange. */
export function selfPad(secretKey: Uint8Array, nonce: Uint8Array, context: Uint8Array): Scalar {
  return padScalar("encaps_multi self_pad", secretKey, nonce, context);
}

/** The pad between a sender's nonce and a receiver's key; `theirs` is the point of the other. */
export function exchangePad(
  secret: Scalar,
  theirs: Secp256k1Point,
  names: { readonly nonce: Uint8Array; readonly key: Uint8Array; readonly context: Uint8Array },
): Scalar {
  const shared = sha256(group.encode(group.multiplySecret(theirs, secret)));
  return padScalar("encpedpop ecdh", shared, names.nonce, names.key, names.context);
}

/** What all encryption is bound to. */
export function encryptionContext({ hostPublicKeys, threshold }: SessionParams): Uint8Array {
  return concatBytes(u32(threshold), ...hostPublicKeys);
}
