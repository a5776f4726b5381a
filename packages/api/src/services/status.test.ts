import { AppError } from "@tacit/app";
import { describe, expect, it } from "vitest";
import { httpStatus, toStatusError } from "./status.ts";

describe("the status of a question that got no answer", () => {
  it.each([
    [new AppError({ code: "app/query_timeout" }), 4, 504],
    [new AppError({ code: "app/queue_full", waiting: 1 }), 8, 429],
    [new AppError({ code: "app/client_busy", waiting: 1 }), 8, 429],
    [new AppError({ code: "app/closed" }), 2, 500],
  ])("%o is %i, over HTTP %i", (error, code, http) => {
    const { status, message } = toStatusError(error);
    expect([status, message, httpStatus(status)]).toEqual([code, error.message, http]);
  });

  it("says nothing of an error without type", () => {
    const { status, message } = toStatusError(new RangeError("secret"));
    expect([status, message]).toEqual([13, "internal error"]);
  });
});
