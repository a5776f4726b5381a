/** What every group of prime order offers, whatever computes it. */

/** A scalar is always in 0 … order - 1. */
export type Scalar = bigint;
/** Fills nothing: returns fresh bytes that nobody can predict. */
export type RandomBytes = (lengthBytes: number) => Uint8Array;

export type GroupName =
  | "ristretto255"
  | "Ed25519"
  | "Ed448"
  | "secp256k1"
  | "P-256"
  | "BLS12-381 G1"
  | "BLS12-381 G2";
/** Who computes: bytes and results are the same, time and what time tells are not. */
export type BackendName = "noble" | "libsodium" | "wasm" | "mcl";

/**
 * A group of prime order, written additively. Points of one backend mean nothing to another:
 * encode, and decode there.
 *
 * Policy: `decode` takes canonical encodings of elements of the prime-order group only, and never
 * the identity; `encode` refuses the identity too. So nothing that came from outside is the
 * identity or has a component of small order.
 */
export interface Group<P> {
  readonly name: GroupName;
  readonly backend: BackendName;
  readonly order: bigint;
  readonly elementBytes: number;
  readonly scalarBytes: number;
  readonly generator: P;
  readonly identity: P;
  add(left: P, right: P): P;
  subtract(left: P, right: P): P;
  negate(point: P): P;
  equal(left: P, right: P): boolean;
  isIdentity(point: P): boolean;
  /** For public scalars: time depends on both. */
  multiplyPublic(point: P, scalar: Scalar): P;
  /** For secret scalars and any point; how well time is hidden, the backend's docs say. */
  multiplySecret(point: P, scalar: Scalar): P;
  /** `scalar` times the generator; the scalar may be secret. */
  multiplyBase(scalar: Scalar): P;
  /** Sum of products with public scalars. Lists have one length. */
  sumOfProducts(points: readonly P[], scalars: readonly Scalar[]): P;
  /** Sum of products with secret scalars. Lists have one length. */
  sumOfSecretProducts(points: readonly P[], scalars: readonly Scalar[]): P;
  /** @throws {ThresholdError} `threshold/identity`. */
  encode(point: P): Uint8Array;
  /** As {@link encode} of each, with one inversion for all where the backend can. */
  encodeAll(points: readonly P[]): Uint8Array[];
  /**
   * Encodings of the points' doubles, for tables: on ristretto255 many cost a fifth of
   * {@link encodeAll}. @throws {ThresholdError} `threshold/identity`.
   */
  encodeDoubles(points: readonly P[]): Uint8Array[];
  /** @throws {ThresholdError} `threshold/length`, `threshold/element`, `threshold/identity`. */
  decode(bytes: Uint8Array): P;
  /** RFC 9380 to the group; nobody knows the logarithm. `dst` names protocol and use. */
  hashToGroup(message: Uint8Array, dst: string): P;
  encodeScalar(scalar: Scalar): Uint8Array;
  /** @throws {ThresholdError} `threshold/length`, `threshold/scalar`. */
  decodeScalar(bytes: Uint8Array): Scalar;
  /** Any integer, also a negative one, into 0 … order - 1. */
  reduce(value: bigint): Scalar;
  /** @throws {ThresholdError} `threshold/scalar` for 0. */
  invert(scalar: Scalar): Scalar;
  /** Uniform but for a bias below 2^-128, and never 0. */
  randomScalar(random?: RandomBytes): Scalar;
}
