/**
 * Finds a secret text in bytes however it may have been written down: as it is, in hex, in any
 * alignment of base64, percent-encoded, as UTF-16, or JSON-escaped.
 */

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

export class MarkerSearch {
  readonly #needles: readonly Needle[];

  constructor(markers: readonly string[]) {
    for (const marker of markers) {
      if (Buffer.byteLength(marker) < MARKER_BYTES_MIN)
        throw new RangeError(`marker too short: ${marker}`);
    }
    this.#needles = markers.flatMap(needlesOf);
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
  const needle = (form: string, form_: Buffer): Needle => ({ marker, form, bytes: form_ });
  return [
    needle("utf-8", bytes),
    needle("utf-16", Buffer.from(marker, "utf16le")),
    needle("hex", Buffer.from(bytes.toString("hex"))),
    needle("HEX", Buffer.from(bytes.toString("hex").toUpperCase())),
    needle("json", Buffer.from(JSON.stringify(JSON.stringify(marker)).slice(3, -3))),
    needle("percent", Buffer.from(encodeURIComponent(marker))),
    ...[0, 1, 2].map((shift) => needle(`base64+${shift}`, Buffer.from(base64Core(bytes, shift)))),
  ];
}

/** The base64 digits that depend on `bytes` alone when `shift` other bytes stand before them. */
function base64Core(bytes: Buffer, shift: number): string {
  const skipped = (3 - shift) % 3;
  const whole = bytes.subarray(skipped, skipped + Math.floor((bytes.length - skipped) / 3) * 3);
  return whole.toString("base64");
}
