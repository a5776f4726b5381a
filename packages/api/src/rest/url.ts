/** Taking URLs apart the way clients build them. */

export interface ParsedUrl {
  /** Decoded, without empty segments: clients with a trailing slash send double ones. */
  readonly parts: readonly string[];
  readonly query: readonly (readonly [string, string])[];
}

/**
 * A `+` in a query value is kept when the value is base64 that would otherwise hold a space:
 * some clients send standard base64 unescaped.
 *
 * @returns undefined if a percent escape is malformed.
 */
export function parseUrl(url: string): ParsedUrl | undefined {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? "" : url.slice(mark + 1);
  try {
    return {
      parts: path
        .split("/")
        .filter((part) => part !== "")
        .map(decodeURIComponent),
      query: query
        .split("&")
        .filter((pair) => pair !== "")
        .map(parsePair),
    };
  } catch {
    return undefined;
  }
}

function parsePair(pair: string): [string, string] {
  const equals = pair.indexOf("=");
  const name = equals < 0 ? pair : pair.slice(0, equals);
  const value = equals < 0 ? "" : pair.slice(equals + 1);
  return [decodeURIComponent(name.replaceAll("+", " ")), decodeValue(value)];
}

function decodeValue(text: string): string {
  const decoded = decodeURIComponent(text);
  if (!decoded.includes("+") || !text.includes("+")) return decoded;
  const isBase64 = decoded.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(decoded);
  return isBase64 ? decoded : decodeURIComponent(text.replaceAll("+", " "));
}
