/**
 * Keys that holders of a shared key derive for an identity and deliver to one owner, whom alone
 * they can be read by (the form of vetKD and CKD). One shared key serves every identity.
 *
 * The key of an identity is the BLS signature `msk * H(pk, id)`. An owner shows a transport key
 * `A = a * G` in both groups; a holder answers `(y * G1, share * H(pk, id) + y * A1)`; what holders
 * answered combines, and everybody can check partials and the whole without learning the key.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { RandomBytes, Scalar } from "../groups/group.ts";
import type { G1Point, G2Point } from "../groups/noble-group.ts";
import { noblePairing } from "../groups/pairing.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import { encodeString } from "../sigma/transcript.ts";
import { lagrangeWeights } from "../vss.ts";

const { g1, g2, isProductOne } = noblePairing;
/** Of this use alone: never the beacon's, whose signatures are public. */
const KEY_DST = "TACIT_CKD_BLS12381G1_XMD:SHA-256_SSWU_RO_V1_";

/** What a content key is for. A transfer raises `version`: the new owner's key is another. */
export interface ContentId {
  readonly chainId: string;
  readonly contract: Uint8Array;
  readonly token: Uint8Array;
  readonly version: bigint;
}

/** 32 bytes. @throws {ThresholdError} `threshold/range`. */
export function contentKeyId({ chainId, contract, token, version }: ContentId): Uint8Array {
  if (version < 0n || version >= 1n << 64n) throw new ThresholdError({ code: "threshold/range" });
  const parts = [utf8("tacit/content-key/v1"), utf8(chainId), contract, token].map(encodeString);
  return sha256(concatBytes(...parts, new ByteWriter().unsigned(version, 8).bytes()));
}

/** The element whose multiple by the shared key is the identity's key. @param publicKey 96 bytes. */
export function identityPoint(publicKey: Uint8Array, id: Uint8Array): G1Point {
  return g1.hashToGroup(concatBytes(encodeString(publicKey), encodeString(id)), KEY_DST);
}

/** To be kept by the owner until the key has come; fresh for each request. */
export function createTransportKey(random?: RandomBytes): {
  secret: Scalar;
  publicKey: Uint8Array;
} {
  const secret = g1.randomScalar(random);
  const parts = [g1.encode(g1.multiplyBase(secret)), g2.encode(g2.multiplyBase(secret))];
  return { secret, publicKey: concatBytes(...parts) };
}

/** @throws {ThresholdError} `threshold/proof` if the halves have different logarithms; codes of decoding. */
function decodeTransportKey(bytes: Uint8Array): { first: G1Point; second: G2Point } {
  const reader = new ByteReader(bytes);
  const [first, second] = [reader.element(g1), reader.element(g2)];
  reader.end();
  const isOne = isProductOne([
    { g1: first, g2: g2.generator },
    { g1: g1.negate(g1.generator), g2: second },
  ]);
  if (!isOne) throw new ThresholdError({ code: "threshold/proof" });
  return { first, second };
}

/** What all of one delivery agree on. */
export interface KeyRequest {
  /** The shared key, 96 bytes. */
  readonly publicKey: Uint8Array;
  readonly id: Uint8Array;
  /** The owner's, 144 bytes. */
  readonly transportKey: Uint8Array;
}

export interface PartialKey {
  readonly index: number;
  /** `y * G1 || share * H + y * A1`, 96 bytes. */
  readonly body: Uint8Array;
}

/** A holder's part. @throws as for the transport key. */
export function derivePartialKey(
  request: KeyRequest,
  share: { readonly index: number; readonly value: Scalar },
  random?: RandomBytes,
): PartialKey {
  const { first } = decodeTransportKey(request.transportKey);
  const mask = g1.randomScalar(random);
  const key = g1.multiplySecret(identityPoint(request.publicKey, request.id), share.value);
  const masked = g1.add(key, g1.multiplySecret(first, mask));
  const body = concatBytes(g1.encode(g1.multiplyBase(mask)), g1.encode(masked));
  return { index: share.index, body };
}

function decodeBody(body: Uint8Array): { mask: G1Point; masked: G1Point } {
  const reader = new ByteReader(body);
  const [mask, masked] = [reader.element(g1), reader.element(g1)];
  reader.end();
  return { mask, masked };
}

/** Whether `masked = log(key) * H + log(mask) * A`. */
function isDelivery(request: KeyRequest, key: Uint8Array, body: Uint8Array): boolean {
  const { second } = decodeTransportKey(request.transportKey);
  const { mask, masked } = decodeBody(body);
  return isProductOne([
    { g1: g1.negate(masked), g2: g2.generator },
    { g1: identityPoint(request.publicKey, request.id), g2: g2.decode(key) },
    { g1: mask, g2: second },
  ]);
}

/**
 * Anybody's check of a holder's part.
 *
 * @param publicShare 96 bytes.
 * @throws {ThresholdError} `threshold/bad_share`; as for the transport key; codes of decoding.
 */
export function verifyPartialKey(
  request: KeyRequest,
  publicShare: Uint8Array,
  partial: PartialKey,
): void {
  if (!isDelivery(request, publicShare, partial.body)) {
    throw new ThresholdError({ code: "threshold/bad_share", indices: [partial.index] });
  }
}

/**
 * The key, encrypted to its owner; of partials that were verified.
 *
 * @returns 96 bytes, of the form of a partial.
 * @throws {ThresholdError} `threshold/too_few`, `threshold/index`, `threshold/duplicate_index`.
 */
export function combineKey(partials: readonly PartialKey[], threshold: number): Uint8Array {
  if (partials.length < threshold) {
    throw new ThresholdError({ code: "threshold/too_few", have: partials.length, need: threshold });
  }
  const used = partials.slice(0, Math.max(threshold, 1));
  const weights = lagrangeWeights(
    g1,
    used.map(({ index }) => index),
  );
  const bodies = used.map(({ body }) => decodeBody(body));
  const sum = (points: G1Point[]) => g1.encode(g1.sumOfProducts(points, weights));
  return concatBytes(sum(bodies.map(({ mask }) => mask)), sum(bodies.map(({ masked }) => masked)));
}

/** Anybody's check of a delivery. @throws {ThresholdError} `threshold/signature`, as above. */
export function verifyDelivery(request: KeyRequest, delivery: Uint8Array): void {
  if (!isDelivery(request, request.publicKey, delivery)) {
    throw new ThresholdError({ code: "threshold/signature" });
  }
}

/**
 * The owner's opening.
 *
 * @returns the identity's key, 48 bytes: {@link decryptWithIdentity} takes it.
 * @throws {ThresholdError} `threshold/signature` if it is not that of the request.
 */
export function openKey(request: KeyRequest, delivery: Uint8Array, secret: Scalar): Uint8Array {
  const { mask, masked } = decodeBody(delivery);
  const key = g1.subtract(masked, g1.multiplySecret(mask, secret));
  const isOne = isProductOne([
    { g1: g1.negate(key), g2: g2.generator },
    { g1: identityPoint(request.publicKey, request.id), g2: g2.decode(request.publicKey) },
  ]);
  if (!isOne) throw new ThresholdError({ code: "threshold/signature" });
  return g1.encode(key);
}

/** Bytes to encrypt content with. @param key of {@link openKey}. @param use tells keys apart. */
export function contentKey(key: Uint8Array, use: string, lengthBytes = 32): Uint8Array {
  return hkdf(sha256, key, utf8("tacit/content-key/v1"), utf8(use), lengthBytes);
}
