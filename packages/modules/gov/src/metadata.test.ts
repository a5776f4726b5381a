import type { SdkError } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { assertMetadataAgree } from "./metadata.ts";

const proposal = { title: "title", summary: "summary" };

function codeOf(metadata: string): string {
  try {
    assertMetadataAgree(metadata, proposal);
    return "";
  } catch (error) {
    return (error as SdkError).code;
  }
}

describe("metadata", () => {
  it.each([
    "",
    "ipfs://somewhere",
    "[1]",
    "7",
    '{"title":"title","summary":"summary"}',
    '{"Title":"title","SUMMARY":"summary","details":null,"authors":["x"],"more":{}}',
    '{"title":7}',
    '{"title":"other","authors":"x"}',
    '{"title":"other","authors":[7]}',
  ])("may be %s", (metadata) => {
    expect(codeOf(metadata)).toBe("");
  });

  it.each([
    "null",
    "{}",
    '{"title":"title"}',
    '{"title":"other","summary":"summary"}',
    '{"title":null,"summary":"summary"}',
  ])("that contradict the proposal are refused: %s", (metadata) => {
    expect(codeOf(metadata)).toBe("gov/5");
  });
});
