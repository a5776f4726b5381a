import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage } from "./codec.ts";
import { EncodingError } from "./errors.ts";
import { MsgSendSchema } from "./generated/cosmos/bank/v1beta1/tx_pb.ts";
import { CoinSchema } from "./generated/cosmos/base/v1beta1/coin_pb.ts";
import { ParamsSchema } from "./generated/cosmos/staking/v1beta1/staking_pb.ts";
import { TxBodySchema, TxRawSchema } from "./generated/cosmos/tx/v1beta1/tx_pb.ts";
import { ExecTxResultSchema } from "./generated/tendermint/abci/types_pb.ts";
import { CanonicalVoteSchema } from "./generated/tendermint/types/canonical_pb.ts";
import { HeaderSchema } from "./generated/tendermint/types/types_pb.ts";

const writer = () => new BinaryWriter();
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("encodeMessage", () => {
  it("agrees with plain protobuf where gogoproto has nothing to add", () => {
    const result = create(ExecTxResultSchema, {
      code: 5,
      gasWanted: 200_000n,
      gasUsed: -1n,
      log: "grüße",
    });
    expect(hex(encodeMessage(ExecTxResultSchema, result))).toBe(
      hex(toBinary(ExecTxResultSchema, result)),
    );
  });

  it("writes empty embedded values and zero numbers as Go does", () => {
    // Time is Go's zero time, version and last block id are empty but there.
    expect(hex(encodeMessage(HeaderSchema, {}))).toBe("0a00220b088092b8c398feffffff012a021200");
    expect(hex(encodeMessage(CoinSchema, { denom: "uscrt" }))).toBe("0a05757363727412" + "0130");
  });

  it("writes an empty duration that is a value, and zero decimals as text", () => {
    expect(hex(encodeMessage(ParamsSchema, {}))).toBe("0a00320130");
  });

  it("writes fixed-size integers, and the zero time that is a value", () => {
    expect(hex(encodeMessage(CanonicalVoteSchema, { height: 3n, round: 1n }))).toBe(
      "110300000000000000190100000000000000" + "2a0b088092b8c398feffffff01",
    );
  });
});

describe("decodeMessage", () => {
  it("gives what protobuf-es gives", () => {
    const bytes = encodeMessage(MsgSendSchema, {
      fromAddress: "a",
      toAddress: "b",
      amount: [{ denom: "x", amount: "1" }],
    });
    expect(decodeMessage(MsgSendSchema, bytes)).toEqual(fromBinary(MsgSendSchema, bytes));
  });

  it("shares its bytes only if asked, and then only long fields that are most of them", () => {
    const field = new Uint8Array(300).fill(7);
    const bytes = encodeMessage(TxRawSchema, { bodyBytes: field });
    const sharing = { sharesBytes: true };
    expect(decodeMessage(TxRawSchema, bytes).bodyBytes.buffer).not.toBe(bytes.buffer);
    const shared = decodeMessage(TxRawSchema, bytes, sharing).bodyBytes;
    expect(shared).toEqual(field);
    expect(shared.buffer).toBe(bytes.buffer);
    const signatures = [field, field, field, field, field.subarray(0, 64)];
    const more = encodeMessage(TxRawSchema, { bodyBytes: field, signatures });
    const copied = decodeMessage(TxRawSchema, more, sharing);
    for (const part of [copied.bodyBytes, ...copied.signatures]) {
      expect(part.buffer).not.toBe(more.buffer);
    }
    expect(copied).toMatchObject({ bodyBytes: field, signatures });
  });

  it("merges a message that stands twice, as Go and protobuf-es do", () => {
    const merged = decodeMessage(HeaderSchema, Buffer.from("0a020801" + "0a021002", "hex"));
    expect(merged.version).toMatchObject({ block: 1n, app: 2n });
  });

  it.each([
    ["a length past the end", "0a05", "encoding/truncated"],
    ["a wrong wire type", "0800", "encoding/wire_type"],
    ["field number zero", "0200", "encoding/tag"],
    ["an end of no group", "0c", "encoding/wire_type"],
    ["a varint without end", "ffffffffffffffffffffff01", "encoding/varint"],
    ["text that is no UTF-8", "0a01ff", "encoding/utf8"],
  ])("refuses %s", (_name, bytes, code) => {
    const error = caught(() => decodeMessage(MsgSendSchema, Buffer.from(bytes, "hex")));
    expect(error.code).toBe(code);
  });

  it("refuses unknown fields only when asked, and tolerates those with bit 11", () => {
    const critical = Buffer.from("a00600", "hex");
    const tolerable = Buffer.from("804000", "hex");
    expect(() => decodeMessage(TxBodySchema, critical)).not.toThrow();
    expect(
      caught(() => decodeMessage(TxBodySchema, critical, { unknown: "reject_critical" })).code,
    ).toBe("encoding/unknown_field");
    expect(decodeMessage(TxBodySchema, tolerable, { unknown: "reject_critical" }).memo).toBe("");
    const text = Buffer.from("824003616263" + "120178", "hex");
    expect(decodeMessage(TxBodySchema, text, { unknown: "reject_critical" }).memo).toBe("x");
    expect(caught(() => decodeMessage(TxBodySchema, tolerable, { unknown: "reject" })).code).toBe(
      "encoding/unknown_field",
    );
  });

  it("passes over unknown fields of every kind and length, and reads on behind them", () => {
    /** Field 100: a number, eight bytes, text, a group with a number in it, four bytes. */
    const unknown = fc.oneof(
      fc
        .bigInt({ min: 0n, max: 2n ** 64n - 1n })
        .map((value) => writer().tag(100, 0).uint64(value)),
      fc.constant(writer().tag(100, 1).fixed64(7n)),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => writer().tag(100, 2).bytes(bytes)),
      fc.constant(writer().tag(100, 3).tag(1, 0).uint32(300).tag(100, 4)),
      fc.constant(writer().tag(100, 5).fixed32(7)),
    );
    const known = encodeMessage(MsgSendSchema, { fromAddress: "a", toAddress: "b" });
    const from = known.subarray(0, 3);
    const to = known.subarray(3);
    fc.assert(
      fc.property(
        fc.array(
          unknown.map((one) => one.finish()),
          { maxLength: 5 },
        ),
        (fields) => {
          const bytes = Buffer.concat([from, ...fields, to, ...fields]);
          expect(decodeMessage(MsgSendSchema, bytes)).toMatchObject({
            fromAddress: "a",
            toAddress: "b",
          });
        },
      ),
    );
  });

  it("throws nothing untyped, whatever the bytes", () => {
    const schemas = [TxBodySchema, TxRawSchema, HeaderSchema, MsgSendSchema];
    fc.assert(
      fc.property(
        fc.constantFrom(...schemas),
        fc.uint8Array({ maxLength: 64 }),
        (schema, bytes) => {
          try {
            decodeMessage(schema, bytes);
          } catch (error) {
            if (!(error instanceof EncodingError)) throw error;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function caught(run: () => unknown): EncodingError {
  try {
    run();
  } catch (error) {
    if (error instanceof EncodingError) return error;
    throw error;
  }
  return expect.unreachable("nothing was thrown");
}
