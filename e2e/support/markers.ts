/**
 * Finds a secret text or secret bytes in bytes however they may have been written down: as they
 * are, in hex, in any alignment of base64; texts also percent-encoded, as UTF-16, or JSON-escaped.
 */

/** Bytes that nobody outside may see, such as a key. */
export interface SecretBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Sighting {
  readonly marker: string;
  readonly form: string;
  readonly offset: number;
  /** A few bytes around it, printable. */
  readonly context: string;
}

interface Needle {
  readonly marker: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Markers shorter than this would be found by chance. */
const MARKER_BYTES_MIN = 12;
/** The same for bytes that are as good as random. */
const SECRET_BYTES_MIN = 8;

export class MarkerSearch {
  readonly #needles: readonly Needle[];

  /**
   * @param options.nested looks also for forms inside base64 and hex, such as the base64 of a
   * transaction whose JSON has the marker in base64.
   */
  constructor(
    markers: readonly (string | SecretBytes)[],
    options: { readonly nested?: boolean } = {},
  ) {
    const needles = markers.flatMap((marker) =>
      typeof marker === "string" ? needlesOf(marker) : secretNeedles(marker),
    );
    this.#needles = options.nested ? [...needles, ...needles.flatMap(nestedNeedles)] : needles;
  }

  /** All forms of all markers in `haystack`, at most one sighting for each. */
  search(haystack: Uint8Array): Sighting[] {
    const buffer = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
    return this.#needles.flatMap(({ marker, form, bytes }) => {
      const offset = buffer.indexOf(bytes);
      if (offset < 0) return [];
      const around = buffer.subarray(Math.max(0, offset - 24), offset + bytes.length + 24);
      return [
        { marker, form, offset, context: around.toString("latin1").replaceAll(/[^ -~]/g, ".") },
      ];
    });
  }
}

function needlesOf(marker: string): Needle[] {
  const bytes = Buffer.from(marker, "utf8");
  if (bytes.length < MARKER_BYTES_MIN) throw new RangeError(`marker too short: ${marker}`);
  const needle = (form: string, form_: Buffer): Needle => ({ marker, form, bytes: form_ });
  return [
    needle("utf-8", bytes),
    needle("utf-16", Buffer.from(marker, "utf16le")),
    needle("hex", Buffer.from(bytes.toString("hex"))),
    needle("HEX", Buffer.from(bytes.toString("hex").toUpperCase())),
    needle("json", Buffer.from(JSON.stringify(JSON.stringify(marker)).slice(3, -3))),
    needle("percent", Buffer.from(encodeURIComponent(marker))),
    ...base64Needles(bytes, needle),
  ];
}

function secretNeedles({ name, bytes }: SecretBytes): Needle[] {
  if (bytes.length < SECRET_BYTES_MIN) throw new RangeError(`secret too short: ${name}`);
  const raw = Buffer.from(bytes);
  const needle = (form: string, bytes: Buffer): Needle => ({ marker: name, form, bytes });
  return [
    needle("raw", raw),
    needle("hex", Buffer.from(raw.toString("hex"))),
    needle("HEX", Buffer.from(raw.toString("hex").toUpperCase())),
    ...base64Needles(raw, needle),
  ];
}

/** The same needle as part of something longer that was written in hex or base64. */
function nestedNeedles({ marker, form, bytes }: Needle): Needle[] {
  const needle = (outer: string, bytes: Buffer): Needle => ({
    marker,
    form: `${form} in ${outer}`,
    bytes,
  });
  return [
    needle("hex", Buffer.from(bytes.toString("hex"))),
    needle("HEX", Buffer.from(bytes.toString("hex").toUpperCase())),
    ...base64Needles(bytes, needle),
  ];
}

function base64Needles(bytes: Buffer, needle: (form: string, bytes: Buffer) => Needle): Needle[] {
  return [0, 1, 2].map((shift) => needle(`base64+${shift}`, Buffer.from(base64Core(bytes, shift))));
}

/** The base64 digits that depend on `bytes` alone when `shift` other bytes stand before them. */
function base64Core(bytes: Buffer, shift: number): string {
  const skipped = (3 - shift) % 3;
  const whole = bytes.subarray(skipped, skipped + Math.floor((bytes.length - skipped) / 3) * 3);
  return whole.toString("base64");
}
