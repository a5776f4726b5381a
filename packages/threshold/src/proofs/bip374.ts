/** Discrete logarithm equality on secp256k1 after BIP-374, byte for byte. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToInteger, concatBytes, integerToBytes, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../groups/noble-group.ts";

/** `keyA` is the secret times `generator`, `keyC` the secret times `keyB`. */
export interface Bip374Statement {
  readonly generator: Secp256k1Point;
  readonly keyA: Secp256k1Point;
  readonly keyB: Secp256k1Point;
  readonly keyC: Secp256k1Point;
  /** 32 bytes, or none. */
  readonly message?: Uint8Array;
}

const PROOF_BYTES = 64;

/**
 * @param secret in 1 … order - 1. @param auxiliary 32 random bytes.
 * @throws {ThresholdError} `threshold/scalar`, `threshold/length`, `threshold/identity`.
 */
export function proveBip374(
  secret: Scalar,
  auxiliary: Uint8Array,
  options: Pick<Bip374Statement, "generator" | "keyB" | "message">,
): Uint8Array {
  if (secret <= 0n || secret >= group.order) throw new ThresholdError({ code: "threshold/scalar" });
  assertLength(auxiliary, 32, "auxiliary randomness");
  const statement: Bip374Statement = {
    ...options,
    keyA: group.multiplySecret(options.generator, secret),
    keyC: group.multiplySecret(options.keyB, secret),
  };
  const message = messageOf(statement);
  const mask = taggedHash("BIP0374/aux", auxiliary);
  const masked = group.encodeScalar(secret).map((byte, i) => byte ^ (mask[i] as number));
  const nonceHash = taggedHash(
    "BIP0374/nonce",
    masked,
    group.encode(statement.keyA),
    group.encode(statement.keyC),
    message,
  );
  const nonce = group.reduce(bytesToInteger(nonceHash, false));
  if (nonce === 0n) throw new ThresholdError({ code: "threshold/scalar" });
  const challenge = challengeOf(
    statement,
    group.multiplySecret(statement.generator, nonce),
    group.multiplySecret(statement.keyB, nonce),
  );
  const response = group.reduce(nonce + challenge * secret);
  return concatBytes(integerToBytes(challenge, 32, false), group.encodeScalar(response));
}

/**
 * @throws {ThresholdError} `threshold/length`, `threshold/scalar`, `threshold/identity`,
 * `threshold/proof`.
 */
export function verifyBip374(statement: Bip374Statement, proof: Uint8Array): void {
  assertLength(proof, PROOF_BYTES, "proof");
  // The challenge is a hash and not reduced; only as a factor it is.
  const challenge = bytesToInteger(proof.subarray(0, 32), false);
  const response = group.decodeScalar(proof.subarray(32));
  const factor = group.reduce(-challenge);
  const { generator, keyA, keyB, keyC } = statement;
  const expected = challengeOf(
    statement,
    group.sumOfProducts([generator, keyA], [response, factor]),
    group.sumOfProducts([keyB, keyC], [response, factor]),
  );
  if (expected !== challenge) throw new ThresholdError({ code: "threshold/proof" });
}

function challengeOf(
  statement: Bip374Statement,
  first: Secp256k1Point,
  second: Secp256k1Point,
): bigint {
  const { generator, keyA, keyB, keyC } = statement;
  const points = [keyA, keyB, keyC, generator, first, second].map((point) => group.encode(point));
  return bytesToInteger(taggedHash("BIP0374/challenge", ...points, messageOf(statement)), false);
}

function messageOf({ message }: Pick<Bip374Statement, "message">): Uint8Array {
  if (message !== undefined) assertLength(message, 32, "message");
  return message ?? new Uint8Array(0);
}

/** BIP-340's way of keeping hashes of different uses apart. */
function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const prefix = sha256(utf8(tag));
  return sha256(concatBytes(prefix, prefix, ...parts));
}
