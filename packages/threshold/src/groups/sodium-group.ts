/**
 * ristretto255 computed by libsodium, which multiplies in constant time.
 *
 * A point is its canonical encoding, so every sum encodes anew: the slow backend for sums of
 * products, the one for multiplying foreign points by long-lived secrets.
 */
import sodium from "libsodium-wrappers-sumo";
import { equalBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "./group.ts";
import { ristretto255Group } from "./noble-group.ts";
import { expandForRistretto } from "./ristretto-hash.ts";
import { createScalarField, usefulProducts } from "./scalars.ts";

/** A canonical encoding of 32 bytes; zeros are the identity. Never changed once made. */
export type SodiumPoint = Uint8Array & { readonly sodiumPoint?: never };

const ELEMENT_BYTES = 32;

/** Waits for libsodium's WebAssembly. */
export async function loadSodiumRistretto255(): Promise<Group<SodiumPoint>> {
  await sodium.ready;
  const field = createScalarField(ristretto255Group.order, true);
  const identity: SodiumPoint = new Uint8Array(ELEMENT_BYTES);
  const isIdentity = (point: SodiumPoint): boolean => equalBytes(point, identity);
  const add = sodium.crypto_core_ristretto255_add;
  const subtract = sodium.crypto_core_ristretto255_sub;
  const multiply = (point: SodiumPoint, scalar: Scalar): SodiumPoint => {
    // libsodium refuses a product that is the identity.
    if (scalar === 0n || isIdentity(point)) return identity;
    return sodium.crypto_scalarmult_ristretto255(field.encodeScalar(scalar), point);
  };
  const multiplyBase = (scalar: Scalar): SodiumPoint =>
    scalar === 0n
      ? identity
      : sodium.crypto_scalarmult_ristretto255_base(field.encodeScalar(scalar));
  const sum = (points: readonly SodiumPoint[], scalars: readonly Scalar[]): SodiumPoint => {
    const used = usefulProducts(points, scalars, isIdentity);
    return used.points.reduce(
      (total, point, i) => add(total, multiply(point, used.scalars[i] ?? 0n)),
      identity,
    );
  };
  const encode = (point: SodiumPoint): Uint8Array => {
    if (isIdentity(point)) throw new ThresholdError({ code: "threshold/identity" });
    return point.slice();
  };
  return {
    ...field,
    name: "ristretto255",
    backend: "libsodium",
    elementBytes: ELEMENT_BYTES,
    generator: multiplyBase(1n),
    identity,
    add,
    subtract,
    negate: (point) => subtract(identity, point),
    equal: equalBytes,
    isIdentity,
    multiplyPublic: multiply,
    multiplySecret: multiply,
    multiplyBase,
    sumOfProducts: sum,
    sumOfSecretProducts: sum,
    encode,
    encodeAll: (points) => points.map(encode),
    encodeDoubles: (points) => points.map((point) => encode(add(point, point))),
    decode(bytes) {
      assertLength(bytes, ELEMENT_BYTES, "element");
      if (equalBytes(bytes, identity)) throw new ThresholdError({ code: "threshold/identity" });
      if (!sodium.crypto_core_ristretto255_is_valid_point(bytes)) {
        throw new ThresholdError({ code: "threshold/element" });
      }
      return Uint8Array.from(bytes);
    },
    hashToGroup: (message, dst) =>
      sodium.crypto_core_ristretto255_from_hash(expandForRistretto(message, dst)),
  };
}
