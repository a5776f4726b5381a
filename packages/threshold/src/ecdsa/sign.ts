/** Signing with a presignature: one message each, no conversation. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToInteger, concatBytes, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../groups/noble-group.ts";
import { BurnVault, type VaultParts } from "../protocol/burn-vault.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import {
  DuplexSponge,
  deriveSessionId,
  encodeString,
  squeezeChallenge,
} from "../sigma/transcript.ts";
import { lagrangeWeights } from "../vss.ts";
import { assertSigners, type EcdsaKey, type Presignature } from "./presign.ts";

/**
 * What all signers agree on, before any of them signs: the chain's order gives that. A signer
 * who signed two requests with one presignature would give the key away.
 */
export interface EcdsaRequest {
  readonly key: EcdsaKey;
  /** R of the presignature, 33 bytes. */
  readonly commitment: Uint8Array;
  readonly signers: readonly number[];
  /** 32 bytes; not zero modulo the order. */
  readonly messageHash: Uint8Array;
  /** 32 bytes that nobody knew when the presignature was made: of the beacon, say. */
  readonly entropy: Uint8Array;
  /** Added to the key: signs for `publicKey + tweak * G`. 32 bytes. */
  readonly tweak?: Uint8Array;
}

export interface EcdsaSignature {
  /** `r || s`, 64 bytes, s in the lower half. */
  readonly bytes: Uint8Array;
  /** Which of the keys that could have signed did: 0 to 3. */
  readonly recovery: number;
}

export interface EcdsaShare {
  readonly index: number;
  /** 32 bytes. */
  readonly share: Uint8Array;
}

interface Opened {
  readonly hash: Scalar;
  readonly tweak: Scalar;
  /** The commitment again, multiplied by what the request alone determines. */
  readonly delta: Scalar;
  readonly point: Secp256k1Point;
  readonly r: Scalar;
  readonly publicKey: Uint8Array;
}

/**
 * Everything that follows from the request alone.
 *
 * @throws {ThresholdError} `threshold/parameters`, `threshold/index`, `threshold/length`,
 * `threshold/scalar`.
 */
export function openRequest(request: EcdsaRequest): Opened {
  const { key, commitment, signers, messageHash, entropy } = request;
  assertSigners(key, signers);
  assertLength(messageHash, 32, "hash");
  assertLength(entropy, 32, "entropy");
  const hash = group.reduce(bytesToInteger(messageHash, false));
  const tweak = request.tweak === undefined ? 0n : group.decodeScalar(request.tweak);
  const sponge = new DuplexSponge(deriveSessionId(utf8("tacit/ecdsa/rerandomize/v1")));
  for (const part of [key.publicKey, commitment, messageHash, entropy, request.tweak]) {
    sponge.absorb(encodeString(part ?? new Uint8Array(0)));
  }
  for (const index of signers) sponge.absorb(Uint8Array.of(index >> 8, index & 255));
  const delta = squeezeChallenge(sponge, group.order);
  if (hash === 0n || delta === 0n) throw new ThresholdError({ code: "threshold/scalar" });
  const point = group.multiplyPublic(group.decode(commitment), delta);
  const r = group.reduce(bytesToInteger(group.encode(point).slice(1), false));
  if (r === 0n) throw new ThresholdError({ code: "threshold/scalar" });
  const signing = group.add(group.decode(key.publicKey), group.multiplyBase(tweak));
  return { hash, tweak, delta, point, r, publicKey: group.encode(signing) };
}

/**
 * A signer's share. The presignature must come out of a {@link PresignatureVault}.
 *
 * @throws {ThresholdError} as for the request; `threshold/index` for another presignature's.
 */
export function signEcdsaShare(request: EcdsaRequest, presignature: Presignature): EcdsaShare {
  const { hash, tweak, delta, r } = openRequest(request);
  const { index, alpha, beta, gamma, epsilon } = presignature;
  const isOf =
    String(presignature.commitment) === String(request.commitment) &&
    String(presignature.signers) === String(request.signers);
  if (!isOf) throw new ThresholdError({ code: "threshold/index", index });
  const inverse = group.invert(delta);
  const keyPart = group.reduce((beta + gamma * tweak) * inverse);
  const value = group.reduce(hash * alpha * inverse + keyPart * r + epsilon);
  const weights = lagrangeWeights(group, request.signers);
  const weight = weights[request.signers.indexOf(index)] as Scalar;
  return { index, share: group.encodeScalar(group.reduce(value * weight)) };
}

/**
 * The signature of all signers' shares. It is verified: a wrong share makes none, and the
 * presignature is spent all the same. Which share was wrong cannot be seen with `2 t + 1` of them.
 *
 * @throws {ThresholdError} `threshold/too_few`, `threshold/duplicate_index`, `threshold/index`,
 * `threshold/signature`; as for the request.
 */
export function combineEcdsa(request: EcdsaRequest, shares: readonly EcdsaShare[]): EcdsaSignature {
  const { point, r, publicKey } = openRequest(request);
  const seen = new Set<number>();
  for (const { index } of shares) {
    if (!request.signers.includes(index))
      throw new ThresholdError({ code: "threshold/index", index });
    if (seen.has(index)) throw new ThresholdError({ code: "threshold/duplicate_index", index });
    seen.add(index);
  }
  if (seen.size < request.signers.length) {
    const [have, need] = [seen.size, request.signers.length];
    throw new ThresholdError({ code: "threshold/too_few", have, need });
  }
  const sum = group.reduce(
    shares.reduce((total, { share }) => total + group.decodeScalar(share), 0n),
  );
  const isHigh = sum > group.order / 2n;
  const bytes = concatBytes(group.encodeScalar(r), group.encodeScalar(isHigh ? -sum : sum));
  const options = { prehash: false, lowS: true };
  if (sum === 0n || !secp256k1.verify(bytes, request.messageHash, publicKey, options)) {
    throw new ThresholdError({ code: "threshold/signature" });
  }
  const encoded = group.encode(point);
  const isOdd = encoded[0] === 3;
  const isLarge = bytesToInteger(encoded.slice(1), false) >= group.order;
  return { bytes, recovery: (isOdd !== isHigh ? 1 : 0) + (isLarge ? 2 : 0) };
}

/** Presignatures that sign once; see {@link BurnVault}. */
export class PresignatureVault {
  readonly #vault: BurnVault;

  private constructor(vault: BurnVault) {
    this.#vault = vault;
  }

  static async open(parts: VaultParts): Promise<PresignatureVault> {
    return new PresignatureVault(await BurnVault.open(parts));
  }

  /** @throws {ThresholdError} `threshold/range`. */
  put(presignature: Presignature): Promise<void> {
    const { commitment, signers, index, alpha, beta, gamma, epsilon } = presignature;
    const writer = new ByteWriter().unsigned(signers.length, 2);
    for (const signer of signers) writer.unsigned(signer, 2);
    writer.unsigned(index, 2);
    for (const value of [alpha, beta, gamma, epsilon]) writer.scalar(group, value);
    return this.#vault.put([{ name: commitment, secret: writer.bytes() }]);
  }

  /** Signs, having forgotten the presignature. @throws `threshold/nonce`, as {@link signEcdsaShare}. */
  async sign(request: EcdsaRequest): Promise<EcdsaShare> {
    openRequest(request);
    const reader = new ByteReader(await this.#vault.take(request.commitment));
    const signers = Array.from({ length: reader.unsigned(2) }, () => reader.unsigned(2));
    const index = reader.unsigned(2);
    const [alpha, beta, gamma, epsilon] = Array.from({ length: 4 }, () => reader.scalar(group)) as [
      Scalar,
      Scalar,
      Scalar,
      Scalar,
    ];
    reader.end();
    const { commitment } = request;
    return signEcdsaShare(request, { commitment, signers, index, alpha, beta, gamma, epsilon });
  }
}
