import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarkerSearch } from "./markers.ts";

const marker = 'marker "für" 0123456789';
const search = new MarkerSearch([marker]);
const forms = (bytes: Uint8Array) => search.search(bytes).map((sighting) => sighting.form);

describe("MarkerSearch", () => {
  it("finds the marker as base64 at every alignment", () => {
    for (let shift = 0; shift < 9; shift++) {
      const text = Buffer.concat([
        Buffer.alloc(shift, 7),
        Buffer.from(marker),
        Buffer.alloc(5, 9),
      ]).toString("base64");
      expect(forms(Buffer.from(text)).some((form) => form.startsWith("base64"))).toBe(true);
    }
  });

  it.each([
    ["utf-8", Buffer.from(`x${marker}y`)],
    ["utf-16", Buffer.from(`x${marker}y`, "utf16le")],
    ["hex", Buffer.from(Buffer.from(marker).toString("hex"))],
    ["HEX", Buffer.from(Buffer.from(marker).toString("hex").toUpperCase())],
    ["percent", Buffer.from(`?q=${encodeURIComponent(marker)}`)],
    ["json", Buffer.from(JSON.stringify(JSON.stringify({ a: marker })))],
  ])("finds the marker as %s", (form, bytes) => {
    expect(forms(bytes)).toContain(form);
  });

  it("finds nothing in bytes that do not hold it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => forms(bytes).length === 0),
    );
  });

  it("refuses markers that could turn up by chance", () => {
    expect(() => new MarkerSearch(["short"])).toThrow(RangeError);
  });
});
