/**
 * Encodings of the doubles of many ristretto255 points with one inversion for all.
 *
 * An encoding (RFC 9496, section 4.3.2) needs an inverse square root, which cannot be shared. Of
 * a double 2P the encoding is a rational function of P's coordinates, because doubling is an
 * isogeny followed by its dual: only inverses are left, and Montgomery's trick shares those.
 */
import { ed25519, type ristretto255 } from "@noble/curves/ed25519.js";
import { integerToBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";

type RistrettoPoint = typeof ristretto255.Point.BASE;
interface Extended {
  readonly X: bigint;
  readonly Y: bigint;
  readonly Z: bigint;
  readonly T: bigint;
}

const { Fp } = ed25519.Point;
const { d } = ed25519.Point.CURVE();
const SQRT_M1 = Fp.sqrt(Fp.neg(1n));
/** 1 / sqrt(a - d) with a = -1: the non-negative root, as RFC 9496 lists it. */
const INVSQRT_A_MINUS_D =
  54469307008909316920995813868745141605393597292927456921205312896311721017578n;

const isNegative = (value: bigint): boolean => (value & 1n) === 1n;

/** @throws {ThresholdError} `threshold/identity` if a double is the identity. */
export function encodeRistrettoDoubles(points: readonly RistrettoPoint[]): Uint8Array[] {
  const states = points.map((point) => {
    if (point.is0()) throw new ThresholdError({ code: "threshold/identity" });
    // The representative on the Edwards curve; the class marks it protected.
    const { X, Y, Z, T } = (point as unknown as { ep: Extended }).ep;
    const [xx, yy, zz] = [Fp.sqr(X), Fp.sqr(Y), Fp.sqr(Z)];
    const dtt = Fp.mul(Fp.sqr(T), d);
    const e = Fp.mul(X, Fp.add(Y, Y));
    const [f, g, h] = [Fp.add(zz, dtt), Fp.add(yy, xx), Fp.sub(zz, dtt)];
    return { e, f, g, h, eg: Fp.mul(e, g), fh: Fp.mul(f, h) };
  });
  const inverses = Fp.invertBatch(states.map(({ eg, fh }) => Fp.mul(eg, fh)));
  return states.map((state, i) => encodeState(state, inverses[i] as bigint));
}

interface State {
  readonly e: bigint;
  readonly f: bigint;
  readonly g: bigint;
  readonly h: bigint;
  readonly eg: bigint;
  readonly fh: bigint;
}

function encodeState(state: State, inverse: bigint): Uint8Array {
  const zInverse = Fp.mul(state.eg, inverse);
  const tInverse = Fp.mul(state.fh, inverse);
  let { e, g, h } = state;
  let magic = INVSQRT_A_MINUS_D;
  if (isNegative(Fp.mul(state.eg, zInverse))) {
    [e, g, h] = [state.g, Fp.neg(state.e), Fp.mul(state.f, SQRT_M1)];
    magic = SQRT_M1;
  }
  if (isNegative(Fp.mul(Fp.mul(h, e), zInverse))) g = Fp.neg(g);
  const s = Fp.mul(Fp.sub(h, g), Fp.mul(magic, Fp.mul(g, tInverse)));
  return integerToBytes(isNegative(s) ? Fp.neg(s) : s, 32, true);
}
