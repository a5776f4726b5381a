/**
 * Decimals with 18 places, as the SDK's LegacyDec (cosmossdk.io/math v1.4.0): an integer of atoms, each 10^-18.
 * Every rounding rule is consensus-critical.
 */
import { EncodingError } from "./errors.ts";

export const DEC_PLACES = 18;
const ONE_ATOMS = 10n ** 18n;
const HALF_ATOMS = ONE_ATOMS / 2n;
/** The first number of atoms that is out of range: the integer part has at most 256 bits. */
const LIMIT = ONE_ATOMS << 256n;

export class Dec {
  /** The number times 10^18. */
  readonly atoms: bigint;

  private constructor(atoms: bigint) {
    this.atoms = atoms;
  }

  static readonly ZERO: Dec = new Dec(0n);
  static readonly ONE: Dec = new Dec(ONE_ATOMS);

  /** @throws {EncodingError} `encoding/number` beyond 256 bits of integer part. */
  static fromAtoms(atoms: bigint): Dec {
    if (atoms >= LIMIT || atoms <= -LIMIT) {
      throw new EncodingError({ code: "encoding/number" }, "decimal out of range");
    }
    return new Dec(atoms);
  }

  static fromInt(value: bigint): Dec {
    return Dec.fromAtoms(value * ONE_ATOMS);
  }

  /**
   * @param text such as "-0.5"; at most 18 places, no exponent.
   * @throws {EncodingError} `encoding/number`
   */
  static parse(text: string): Dec {
    const match = /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(text);
    if (match === null || text.length > 120) {
      throw new EncodingError({ code: "encoding/number" }, `invalid decimal string: ${clip(text)}`);
    }
    const [, sign, whole, places = ""] = match;
    const atoms = BigInt(`${whole}${places.padEnd(DEC_PLACES, "0")}`);
    return Dec.fromAtoms(sign === "-" ? -atoms : atoms);
  }

  /** @param text the protobuf form: the atoms in decimal digits; empty is zero. */
  static fromWire(text: string): Dec {
    if (text === "") return Dec.ZERO;
    if (!/^-?\d+$/.test(text) || text.length > 120) {
      throw new EncodingError({ code: "encoding/number" }, `invalid decimal: ${clip(text)}`);
    }
    return Dec.fromAtoms(BigInt(text));
  }

  toWire(): string {
    return this.atoms.toString();
  }

  /** Always 18 places: "0.500000000000000000". */
  toString(): string {
    const negative = this.atoms < 0n;
    const digits = (negative ? -this.atoms : this.atoms).toString().padStart(DEC_PLACES + 1, "0");
    const whole = digits.slice(0, -DEC_PLACES);
    return `${negative ? "-" : ""}${whole}.${digits.slice(-DEC_PLACES)}`;
  }

  add(other: Dec): Dec {
    return Dec.fromAtoms(this.atoms + other.atoms);
  }

  sub(other: Dec): Dec {
    return Dec.fromAtoms(this.atoms - other.atoms);
  }

  negate(): Dec {
    return new Dec(-this.atoms);
  }

  abs(): Dec {
    return this.atoms < 0n ? this.negate() : this;
  }

  /** Rounds halves to even. */
  mul(other: Dec): Dec {
    return Dec.fromAtoms(roundHalfEven(this.atoms * other.atoms));
  }

  mulTruncate(other: Dec): Dec {
    return Dec.fromAtoms((this.atoms * other.atoms) / ONE_ATOMS);
  }

  mulRoundUp(other: Dec): Dec {
    return Dec.fromAtoms(divideUp(this.atoms * other.atoms, ONE_ATOMS));
  }

  mulInt(factor: bigint): Dec {
    return Dec.fromAtoms(this.atoms * factor);
  }

  /**
   * Truncates at 36 places, then rounds halves to even at 18, as the SDK does.
   *
   * @throws {EncodingError} `encoding/number` on division by zero.
   */
  quo(other: Dec): Dec {
    return Dec.fromAtoms(
      roundHalfEven((this.atoms * ONE_ATOMS * ONE_ATOMS) / divisor(other.atoms)),
    );
  }

  quoTruncate(other: Dec): Dec {
    return Dec.fromAtoms((this.atoms * ONE_ATOMS) / divisor(other.atoms));
  }

  /**
   * Towards positive infinity, except that a negative quotient with a rest gets one atom more
   * than that: the SDK compares with the sign of the quotient instead of the dividend.
   */
  quoRoundUp(other: Dec): Dec {
    const dividend = this.atoms * ONE_ATOMS;
    const quotient = dividend / divisor(other.atoms);
    const rest = dividend % other.atoms;
    const sameSign = quotient < 0n === other.atoms < 0n;
    const up = (rest > 0n && sameSign) || (rest < 0n && !sameSign);
    return Dec.fromAtoms(up ? quotient + 1n : quotient);
  }

  /** Truncates. */
  quoInt(by: bigint): Dec {
    return Dec.fromAtoms(this.atoms / divisor(by));
  }

  /** By repeated squaring, rounding halves to even each time. */
  power(exponent: bigint): Dec {
    if (exponent === 0n) return Dec.ONE;
    let base: Dec = this;
    let rest = Dec.ONE;
    for (let left = exponent; left > 1n; left /= 2n) {
      if (left % 2n !== 0n) rest = rest.mul(base);
      base = base.mul(base);
    }
    return base.mul(rest);
  }

  truncateInt(): bigint {
    return this.atoms / ONE_ATOMS;
  }

  /** Halves to even. */
  roundInt(): bigint {
    return roundHalfEven(this.atoms);
  }

  ceilInt(): bigint {
    return divideUp(this.atoms, ONE_ATOMS);
  }

  truncate(): Dec {
    return Dec.fromInt(this.truncateInt());
  }

  compare(other: Dec): -1 | 0 | 1 {
    if (this.atoms === other.atoms) return 0;
    return this.atoms < other.atoms ? -1 : 1;
  }

  equals(other: Dec): boolean {
    return this.atoms === other.atoms;
  }

  lessThan(other: Dec): boolean {
    return this.atoms < other.atoms;
  }

  get isZero(): boolean {
    return this.atoms === 0n;
  }

  get isNegative(): boolean {
    return this.atoms < 0n;
  }

  get isPositive(): boolean {
    return this.atoms > 0n;
  }

  get isInteger(): boolean {
    return this.atoms % ONE_ATOMS === 0n;
  }
}

function divisor(value: bigint): bigint {
  if (value === 0n) throw new EncodingError({ code: "encoding/number" }, "division by zero");
  return value;
}

/** value / 10^18, halves to even, symmetric about zero. */
function roundHalfEven(value: bigint): bigint {
  if (value < 0n) return -roundHalfEven(-value);
  const quotient = value / ONE_ATOMS;
  const rest = value % ONE_ATOMS;
  if (rest < HALF_ATOMS) return quotient;
  if (rest > HALF_ATOMS) return quotient + 1n;
  return quotient % 2n === 0n ? quotient : quotient + 1n;
}

/** Towards positive infinity. */
function divideUp(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  const rest = value % by;
  return rest !== 0n && rest > 0n === by > 0n ? quotient + 1n : quotient;
}

function clip(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
