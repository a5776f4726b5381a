/** BIP-340 with another prefix for its tags, as ChillDKG's proofs of possession have. */
import { schnorr } from "@noble/curves/secp256k1.js";
import { bytesToInteger, concatBytes, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import { secp256k1Group as group } from "../groups/noble-group.ts";

export const BIP_TAG = "BIP DKG/";

export function taggedHash(tag: string, ...parts: Uint8Array[]): Uint8Array {
  return schnorr.utils.taggedHash(BIP_TAG + tag, ...parts);
}

const PREFIX = "pop message";

function popHash(use: string, ...parts: Uint8Array[]): Uint8Array {
  return taggedHash(`${PREFIX}/${use}`, ...parts);
}

function challengeOf(commitment: Uint8Array, key: Uint8Array, message: Uint8Array): bigint {
  return group.reduce(bytesToInteger(popHash("challenge", commitment, key, message), false));
}

/** @param auxiliary 32 bytes. @returns 64 bytes. */
export function signPossession(
  message: Uint8Array,
  secret: bigint,
  auxiliary: Uint8Array,
): Uint8Array {
  const point = group.encode(group.multiplyBase(secret));
  const [even, key] = [point[0] === 2 ? secret : group.reduce(-secret), point.slice(1)];
  const mask = popHash("aux", auxiliary);
  const masked = group.encodeScalar(even).map((byte, i) => byte ^ (mask[i] as number));
  const drawn = group.reduce(bytesToInteger(popHash("nonce", masked, key, message), false));
  if (drawn === 0n) throw new ThresholdError({ code: "threshold/scalar" });
  const commitment = group.encode(group.multiplyBase(drawn));
  const nonce = commitment[0] === 2 ? drawn : group.reduce(-drawn);
  const challenge = challengeOf(commitment.slice(1), key, message);
  const response = group.reduce(nonce + challenge * even);
  return concatBytes(commitment.slice(1), group.encodeScalar(response));
}

/** @param key 32 bytes of X. */
export function isPossession(message: Uint8Array, key: Uint8Array, proof: Uint8Array): boolean {
  try {
    const lift = (x: Uint8Array) => group.decode(concatBytes(utf8("\u0002"), x));
    const [commitment, point] = [proof.slice(0, 32), lift(key)];
    const response = group.decodeScalar(proof.slice(32));
    const challenge = challengeOf(commitment, key, message);
    const right = group.add(lift(commitment), group.multiplyPublic(point, challenge));
    return group.equal(group.multiplyBase(response), right);
  } catch (error) {
    if (error instanceof ThresholdError) return false;
    throw error;
  }
}
