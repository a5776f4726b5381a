/** DATE and TIME values of queries and attributes, as nanoseconds since the epoch. */

const NANOS_PER_MILLISECOND = 1_000_000n;

/** @returns undefined unless `text` is a calendar day `YYYY-MM-DD` of 1900 to 2999. */
export function parseDate(text: string): bigint | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseTime(`${text}T00:00:00Z`) : undefined;
}

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** @returns undefined unless `text` is an RFC 3339 time of 1900 to 2999. */
export function parseTime(text: string): bigint | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1900 || year > 2999 || hour > 23 || minute > 59 || second > 59) return undefined;
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  if (month < 1 || month > 12) return undefined;
  const sign = match[8] === "-" ? 1 : -1;
  const offsetMinutes = sign * (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0));
  const nanos = BigInt((match[7] ?? "").padEnd(9, "0"));
  return (BigInt(milliseconds) + BigInt(offsetMinutes) * 60_000n) * NANOS_PER_MILLISECOND + nanos;
}
