import { create } from "@bufbuild/protobuf";
import { encodeMessage } from "@tacit/encoding";
import { MsgExecSchema, MsgGrantSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/tx";
import { MsgMultiSendSchema, MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { MsgUpdateParamsSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/tx";
import { MsgEditValidatorSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { describe, expect, it } from "vitest";
import { assertNumbers } from "./message-numbers.ts";

const coin = (amount: string) => ({ denom: "uscrt", amount });
const noTypes = { getMessage: () => undefined };
const refused = expect.objectContaining({ code: "encoding/number" });

describe("numbers that a message writes as text", () => {
  it.each(["1\u0001", "ten", "1.5", " 1", "0x10", "1".repeat(100)])(
    "are refused as %j",
    (amount) => {
      const send = create(MsgSendSchema, { amount: [coin("5"), coin(amount)] });
      expect(() => assertNumbers(MsgSendSchema, send, noTypes)).toThrow(refused);
      const outputs = [{ address: "", coins: [coin(amount)] }];
      const multi = create(MsgMultiSendSchema, { inputs: [], outputs });
      expect(() => assertNumbers(MsgMultiSendSchema, multi, noTypes)).toThrow(refused);
      const edit = create(MsgEditValidatorSchema, { commissionRate: amount });
      expect(() => assertNumbers(MsgEditValidatorSchema, edit, noTypes)).toThrow(refused);
    },
  );

  it.each([
    ["500000000000000000", true],
    ["0.5", false],
  ])("are digits in bytes where a message declares bytes: %j", (digits, isGood) => {
    const minSignedPerWindow = new TextEncoder().encode(digits);
    const update = create(MsgUpdateParamsSchema, { params: { minSignedPerWindow } });
    const judge = () => assertNumbers(MsgUpdateParamsSchema, update, noTypes);
    if (isGood) expect(judge).not.toThrow();
    else expect(judge).toThrow(refused);
  });

  it("are decimals of up to 315 bits where a message says decimal", () => {
    const judge = (commissionRate: string) => () =>
      assertNumbers(
        MsgEditValidatorSchema,
        create(MsgEditValidatorSchema, { commissionRate }),
        noTypes,
      );
    expect(judge(`${(1n << 315n) - 1n}`)).not.toThrow();
    expect(judge(`${1n << 315n}`)).toThrow(refused);
  });

  it("are looked for in an Any too", () => {
    const types = {
      getMessage: (name: string) => (name === MsgSendSchema.typeName ? MsgSendSchema : undefined),
    };
    const exec = (amount: string) => {
      const value = encodeMessage(MsgSendSchema, { amount: [coin(amount)] });
      return create(MsgExecSchema, { msgs: [{ typeUrl: `/${MsgSendSchema.typeName}`, value }] });
    };
    expect(() => assertNumbers(MsgExecSchema, exec("5"), types)).not.toThrow();
    expect(() => assertNumbers(MsgExecSchema, exec("ten"), types)).toThrow(refused);
  });

  it("are looked for in a hundred messages, the one that holds them included", () => {
    const msgs = (count: number) =>
      create(MsgExecSchema, {
        msgs: Array.from({ length: count }, () => ({ typeUrl: "/x.Y", value: new Uint8Array() })),
      });
    expect(() => assertNumbers(MsgExecSchema, msgs(99), noTypes)).not.toThrow();
    expect(() => assertNumbers(MsgExecSchema, msgs(100), noTypes)).toThrow("call limit exceeded");
  });

  it.each(["", "0", "-5", "123456789012345678901234567890"])("may be %j", (amount) => {
    const send = create(MsgSendSchema, { amount: [coin(amount)] });
    expect(() => assertNumbers(MsgSendSchema, send, noTypes)).not.toThrow();
  });
});

describe("times that a message carries", () => {
  const wrong = expect.objectContaining({ code: "encoding/time" });
  const grant = (seconds: bigint, nanos: number) => () =>
    assertNumbers(
      MsgGrantSchema,
      create(MsgGrantSchema, { grant: { expiration: { seconds, nanos } } }),
      noTypes,
    );
  const jail = (seconds: bigint, nanos: number) => () =>
    assertNumbers(
      MsgUpdateParamsSchema,
      create(MsgUpdateParamsSchema, { params: { downtimeJailDuration: { seconds, nanos } } }),
      noTypes,
    );

  it("are of years 1 to 9999", () => {
    expect(grant(253_402_300_799n, 999_999_999)).not.toThrow();
    expect(grant(253_402_300_800n, 0)).toThrow(wrong);
    expect(grant(-62_135_596_801n, 0)).toThrow(wrong);
    expect(grant(0n, 1_000_000_000)).toThrow(wrong);
    expect(grant(0n, -1)).toThrow(wrong);
  });

  it("are durations of 64 bits of nanoseconds", () => {
    expect(jail(9_223_372_036n, 0)).not.toThrow();
    expect(jail(9_223_372_037n, 0)).toThrow(wrong);
    expect(jail(1n, -1)).toThrow(wrong);
    expect(jail(0n, 1_000_000_000)).toThrow(wrong);
  });
});
