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

  it.each([
    ["raw", (key: Buffer) => Buffer.concat([Buffer.from("x"), key, Buffer.from("y")])],
    ["hex", (key: Buffer) => Buffer.from(`0x${key.toString("hex")}`)],
    ["HEX", (key: Buffer) => Buffer.from(key.toString("hex").toUpperCase())],
    ["base64+0", (key: Buffer) => Buffer.from(key.toString("base64"))],
  ])("finds a key as %s", (form, write) => {
    const key = Buffer.from(
      "00ff10ee20dd30cc40bb50aa6099708800ff10ee20dd30cc40bb50aa60997088",
      "hex",
    );
    const keys = new MarkerSearch([{ name: "key", bytes: key }]);
    expect(keys.search(write(key)).map((sighting) => sighting.form)).toContain(form);
    expect(keys.search(write(Buffer.from(key).reverse()))).toEqual([]);
  });

  it("finds base64 in base64 and in hex if it is told to", () => {
    const nested = new MarkerSearch([marker], { nested: true });
    for (let inner = 0; inner < 3; inner++) {
      for (let outer = 0; outer < 3; outer++) {
        const once = Buffer.from("z".repeat(inner) + marker).toString("base64");
        const message = Buffer.from("y".repeat(outer) + JSON.stringify({ once }));
        for (const encoding of ["base64", "hex"] as const) {
          const written = Buffer.from(message.toString(encoding));
          expect(nested.search(written).map(({ form }) => form)).toContainEqual(
            expect.stringMatching(new RegExp(`^base64\\+. in ${encoding}`)),
          );
        }
      }
    }
  });

  it("finds nothing in bytes that do not hold it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => forms(bytes).length === 0),
    );
  });

  it("refuses markers that could turn up by chance", () => {
    expect(() => new MarkerSearch(["short"])).toThrow(RangeError);
    const short = { name: "short", bytes: Uint8Array.of(1, 2, 3) };
    expect(() => new MarkerSearch([short])).toThrow(RangeError);
  });
});
