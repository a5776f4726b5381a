/** Timestamps and durations as text. Pure arithmetic: no Date, any year from 1 to 9999. */
import { EncodingError } from "./errors.ts";

export interface Instant {
  readonly seconds: bigint;
  readonly nanos: number;
}

const SECONDS_A_DAY = 86_400n;
/** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
const EPOCH_DAYS = 719_468n;
const DAYS_IN_ERA = 146_097n;

const two = (value: bigint | number): string => value.toString().padStart(2, "0");

/** Year, month and day of a day number; days are counted from March so that leap days come last. */
function civil(days: bigint): { year: bigint; month: bigint; day: bigint } {
  const shifted = days + EPOCH_DAYS;
  const era = (shifted >= 0n ? shifted : shifted - DAYS_IN_ERA + 1n) / DAYS_IN_ERA;
  const ofEra = shifted - era * DAYS_IN_ERA;
  const yearOfEra = (ofEra - ofEra / 1460n + ofEra / 36_524n - ofEra / 146_096n) / 365n;
  const ofYear = ofEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const fromMarch = (5n * ofYear + 2n) / 153n;
  const month = fromMarch < 10n ? fromMarch + 3n : fromMarch - 9n;
  return {
    year: yearOfEra + era * 400n + (month <= 2n ? 1n : 0n),
    month,
    day: ofYear - (153n * fromMarch + 2n) / 5n + 1n,
  };
}

function dayNumber(year: bigint, month: bigint, day: bigint): bigint {
  const shifted = month <= 2n ? year - 1n : year;
  const era = (shifted >= 0n ? shifted : shifted - 399n) / 400n;
  const yearOfEra = shifted - era * 400n;
  const fromMarch = month > 2n ? month - 3n : month + 9n;
  const ofYear = (153n * fromMarch + 2n) / 5n + day - 1n;
  const ofEra = yearOfEra * 365n + yearOfEra / 4n - yearOfEra / 100n + ofYear;
  return era * DAYS_IN_ERA + ofEra - EPOCH_DAYS;
}

/** "2026-11-21T01:20:10", the whole seconds of an instant in UTC. */
export function secondsText(seconds: bigint): string {
  const ofDay = ((seconds % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY;
  const { year, month, day } = civil((seconds - ofDay) / SECONDS_A_DAY);
  const time = `${two(ofDay / 3600n)}:${two((ofDay / 60n) % 60n)}:${two(ofDay % 60n)}`;
  return `${year.toString().padStart(4, "0")}-${two(month)}-${two(day)}T${time}`;
}

/** Fraction of 0, 3, 6 or 9 digits with its point. */
function groupedFraction(nanos: number): string {
  if (nanos === 0) return "";
  const digits = nanos.toString().padStart(9, "0");
  if (digits.endsWith("000000")) return `.${digits.slice(0, 3)}`;
  if (digits.endsWith("000")) return `.${digits.slice(0, 6)}`;
  return `.${digits}`;
}

/** RFC 3339 with 0, 3, 6 or 9 digits: the protobuf JSON form. */
export function timestampText({ seconds, nanos }: Instant): string {
  return `${secondsText(seconds)}${groupedFraction(nanos)}Z`;
}

/** RFC 3339 without trailing zeros: what Go's RFC3339Nano prints. */
export function timestampTextShort({ seconds, nanos }: Instant): string {
  const fraction = nanos.toString().padStart(9, "0").replace(/0+$/, "");
  return `${secondsText(seconds)}${fraction === "" ? "" : `.${fraction}`}Z`;
}

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** @throws {EncodingError} `encoding/json` */
export function parseTimestamp(text: string): Instant {
  const match = RFC3339.exec(text);
  if (match === null) throw badTime(text);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const days = dayNumber(year, month, day);
  const back = civil(days);
  if (back.month !== month || back.day !== day || hour > 23n || minute > 59n || second > 59n) {
    throw badTime(text);
  }
  const zone = BigInt(match[9] ?? 0) * 3600n + BigInt(match[10] ?? 0) * 60n;
  const local = days * SECONDS_A_DAY + hour * 3600n + minute * 60n + second;
  return {
    seconds: match[8] === "-" ? local + zone : local - zone,
    nanos: Number((match[7] ?? "").padEnd(9, "0")),
  };
}

/** "90s", "-0.500s". */
export function durationText({ seconds, nanos }: Instant): string {
  const sign = seconds < 0n || nanos < 0 ? "-" : "";
  const whole = seconds < 0n ? -seconds : seconds;
  return `${sign}${whole}${groupedFraction(Math.abs(nanos))}s`;
}

/** Go's text of a duration: `1h30m0s`, `1.5s`, `2µs`. */
export function goDurationText(ns: bigint): string {
  if (ns === 0n) return "0s";
  const sign = ns < 0n ? "-" : "";
  const size = ns < 0n ? -ns : ns;
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${fraction(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${fraction(size, 6)}ms`;
  const minutes = size / 60_000_000_000n;
  const seconds = `${fraction(size % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return `${sign}${seconds}`;
  const hours = minutes / 60n;
  return `${sign}${hours === 0n ? "" : `${hours}h`}${minutes % 60n}m${seconds}`;
}

function fraction(value: bigint, places: number): string {
  const text = value.toString().padStart(places + 1, "0");
  const rest = text.slice(-places).replace(/0+$/, "");
  return `${text.slice(0, -places)}${rest === "" ? "" : `.${rest}`}`;
}

/** Units of Go's time.ParseDuration in nanoseconds. */
const UNITS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  ns: 1n,
};

/**
 * Reads what Go's time.ParseDuration reads, such as "90s" or "1h0m0.5s".
 *
 * @throws {EncodingError} `encoding/json`
 */
export function parseDuration(text: string): Instant {
  const match = /^([+-]?)((?:\d{1,19}(?:\.\d{1,9})?(?:h|ms|m|s|us|µs|ns))+|0)$/.exec(text);
  if (match === null || text.length > 64) throw badTime(text);
  let nanos = 0n;
  for (const part of (match[2] as string).matchAll(/(\d+)(?:\.(\d+))?(h|ms|m|s|us|µs|ns)/g)) {
    const unit = UNITS[part[3] as string] as bigint;
    nanos += BigInt(part[1] as string) * unit;
    nanos += (BigInt((part[2] ?? "").padEnd(9, "0")) * unit) / 1_000_000_000n;
  }
  if (match[1] === "-") nanos = -nanos;
  return { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) };
}

const badTime = (text: string) =>
  new EncodingError(
    { code: "encoding/json", path: "" },
    `bad time or duration: ${text.slice(0, 64)}`,
  );
