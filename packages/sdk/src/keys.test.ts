import { expect, it } from "vitest";
import { utf8Bytes, utf8Text } from "./keys.ts";

it("gives back the text it was made of", () => {
  for (const text of ["", "uscrt", "ü옷\u{1f600}", "\ufeffmark"]) {
    expect(utf8Text(utf8Bytes(text))).toBe(text);
  }
});

it("writes each byte that belongs to no character as U+FFFD, as Go does", () => {
  expect(utf8Text(Uint8Array.of(0x21, 0xf0, 0x9f, 0x80, 0x03))).toBe("!\ufffd\ufffd\ufffd\u0003");
  expect(utf8Text(Uint8Array.of(0xff, 0xc3, 0xbc, 0xc3))).toBe("\ufffdü\ufffd");
  expect(utf8Text(Uint8Array.of(0xed, 0xa0, 0x80))).toBe("\ufffd\ufffd\ufffd");
});
