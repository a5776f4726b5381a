import { expect, it } from "vitest";
import { readUint64BigEndian, uint64BigEndian, utf8Bytes, utf8Text } from "./keys.ts";

it("gives back the text it was made of", () => {
  const long = "a".repeat(64);
  for (const text of [
    "",
    "uscrt",
    "ü옷\u{1f600}",
    "\ufeffmark",
    "plain, then ü",
    long,
    `${long}ü`,
  ]) {
    expect(utf8Text(utf8Bytes(text))).toBe(text);
  }
});

it("writes each byte that belongs to no character as U+FFFD, as Go does", () => {
  expect(utf8Text(Uint8Array.of(0x21, 0xf0, 0x9f, 0x80, 0x03))).toBe("!\ufffd\ufffd\ufffd\u0003");
  expect(utf8Text(Uint8Array.of(0xff, 0xc3, 0xbc, 0xc3))).toBe("\ufffdü\ufffd");
  expect(utf8Text(Uint8Array.of(0xed, 0xa0, 0x80))).toBe("\ufffd\ufffd\ufffd");
});

it("reads the numbers that it writes, and none past the end", () => {
  for (const value of [0n, 1n, 0x80_0000_0001n, 0x0102_0304_0506_0708n, 2n ** 64n - 1n]) {
    const bytes = Uint8Array.of(7, ...uint64BigEndian(value));
    expect(readUint64BigEndian(bytes, 1)).toBe(value);
    expect(() => readUint64BigEndian(bytes, 2)).toThrow(RangeError);
  }
});
