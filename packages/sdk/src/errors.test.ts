import { InvariantError, ProtocolError } from "@tacit/encoding/errors";
import { describe, expect, it } from "vitest";
import {
  errorToAbci,
  grpcError,
  isFatal,
  PanicError,
  PlainError,
  sdkErrors,
  wrapError,
} from "./errors.ts";
import { OutOfGasError } from "./gas.ts";

describe("errors", () => {
  it("print from the outside in and keep their code", () => {
    const error = sdkErrors.insufficientFunds.wrap("inner").wrap("outer");
    expect(errorToAbci(error)).toEqual({
      codespace: "sdk",
      code: 5,
      log: "outer: inner: insufficient funds",
    });
    expect(error.code).toBe("sdk/5");
    expect(error.grpcText).toBe("codespace sdk code 5: insufficient funds: inner: outer");
  });

  it("without a code are code 1 of undefined, with their text", () => {
    const error = wrapError(new PlainError("inner"), "outer");
    expect(errorToAbci(error)).toEqual({ codespace: "undefined", code: 1, log: "outer: inner" });
  });

  it("of other packages are plain ones too", () => {
    const error = wrapError(new ProtocolError({ code: "encoding/bech32" }, "bad"), "outer");
    expect(errorToAbci(error)).toEqual({ codespace: "undefined", code: 1, log: "outer: bad" });
  });

  it("of queries inside a transaction are printed with their status", () => {
    const error = wrapError(grpcError.notFound("no such entry"), "outer");
    const log = "outer: rpc error: code = NotFound desc = no such entry";
    expect(errorToAbci(error)).toEqual({ codespace: "undefined", code: 1, log });
  });

  it("that nobody made on purpose show no text", () => {
    const error = new TypeError("secret is 42");
    expect(errorToAbci(error)).toEqual({
      codespace: "undefined",
      code: 111222,
      log: "recovered: internal error: panic",
    });
  });

  it("that are panics stay what they are when wrapped", () => {
    const panic = new PanicError("nil");
    expect(wrapError(panic, "outer")).toBe(panic);
    const outOfGas = new OutOfGasError("ReadFlat");
    expect(wrapError(outOfGas, "outer")).toBe(outOfGas);
  });

  it("print as Go does for gRPC", () => {
    expect(grpcError.notFound("account x not found").goText).toBe(
      "rpc error: code = NotFound desc = account x not found",
    );
  });

  it("of the host and of our own making stop the block, others do not", () => {
    expect(isFatal(new InvariantError("x"))).toBe(true);
    expect(isFatal(new ProtocolError({ code: "channel/enclave_died" }, "x"))).toBe(true);
    expect(isFatal(new ProtocolError({ code: "store/read_only" }, "x"))).toBe(true);
    expect(isFatal(sdkErrors.unauthorized.make())).toBe(false);
    expect(isFatal(new RangeError("stack"))).toBe(false);
  });
});
