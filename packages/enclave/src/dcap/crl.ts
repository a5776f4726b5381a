import { verify, type X509Certificate } from "node:crypto";
import { QuoteError } from "./collateral.ts";

/** An element of DER: its tag, what is in it, and all of it. */
interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/**
 * That this list of revoked certificates is the issuer's own and of this time. The library that
 * judges quotes takes the lists it is given on trust, and here whoever calls a contract gives them.
 * @param seconds since 1970. @throws {QuoteError}
 */
export function assertCrl(crl: Uint8Array, issuer: X509Certificate, seconds: number): void {
  const [list] = elements(crl);
  if (list?.tag !== SEQUENCE) throw new QuoteError("a list of revocations is no list");
  const [signed, , signature] = elements(list.content);
  const isSigned =
    signed?.tag === SEQUENCE &&
    signature?.tag === BIT_STRING &&
    signature.content[0] === 0 &&
    verify("sha256", signed.whole, issuer.publicKey, signature.content.subarray(1));
  if (!isSigned) throw new QuoteError("a list of revocations is not signed by its issuer");
  const fields = elements(signed.content);
  /** An optional version comes first; then algorithm and issuer, then the two times. */
  const first = fields[0]?.tag === INTEGER ? 3 : 2;
  const [issued, next] = [fields[first], fields[first + 1]].map(timeOf);
  if (issued === undefined || next === undefined || seconds < issued || seconds > next) {
    throw new QuoteError("a list of revocations is not of this time");
  }
}

function elements(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { length, start } = lengthAt(bytes, at + 1);
    const end = start + length;
    if (end > bytes.length) throw new QuoteError("DER is cut off");
    const whole = bytes.subarray(at, end);
    found.push({ tag: bytes[at]!, content: bytes.subarray(start, end), whole });
    at = end;
  }
  return found;
}

function lengthAt(
  bytes: Uint8Array,
  at: number,
): { readonly length: number; readonly start: number } {
  const first = bytes[at] ?? 0xff;
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  if (count < 1 || count > 3) throw new QuoteError("DER has no such length");
  let length = 0;
  for (let index = 1; index <= count; index++) length = length * 256 + (bytes[at + index] ?? 0);
  return { length, start: at + 1 + count };
}

/** Seconds since 1970 of a time in UTC, in one of the two forms of certificates. */
function timeOf(element: Element | undefined): number | undefined {
  if (element === undefined) return undefined;
  const { tag, content } = element;
  if (tag !== UTC_TIME && tag !== GENERALIZED_TIME) return undefined;
  const text = Buffer.from(content).toString("latin1");
  const match = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null || (match[1] !== undefined) !== (tag === GENERALIZED_TIME)) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(2).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const century = match[1] === undefined ? (year < 50 ? 20 : 19) : Number(match[1]);
  return Date.UTC(century * 100 + year, month - 1, day, hour, minute, second) / 1000;
}
