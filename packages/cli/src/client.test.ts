import { describe, expect, it } from "vitest";
import { clientError } from "./client.ts";

describe("an answer of a node that is none", () => {
  const said = (code: number, message = "no") =>
    clientError({ code, message }, "http://127.0.0.1:1317");

  it("says what to do next where the question took too long or was one of too many", () => {
    const failed = { code: "cli/refused", message: "The node says: no" };
    expect(said(4)).toMatchObject({
      ...failed,
      failure: { hint: expect.stringContaining("--query-timeout") },
    });
    expect(said(8)).toMatchObject({
      ...failed,
      failure: { hint: expect.stringContaining("--client-queries") },
    });
    expect(said(2, "out of gas in location: wasm contract")).toMatchObject({
      failure: { hint: expect.stringContaining("--query-gas") },
    });
    expect(said(2)).toMatchObject({ ...failed, failure: { code: failed.code } });
    expect(said(5)).toMatchObject({ ...failed, code: "cli/not_found" });
  });
});
