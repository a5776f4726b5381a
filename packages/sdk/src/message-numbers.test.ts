import { create } from "@bufbuild/protobuf";
import { MsgMultiSendSchema, MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { MsgUpdateParamsSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/tx";
import { MsgEditValidatorSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { describe, expect, it } from "vitest";
import { assertNumbers } from "./message-numbers.ts";

const coin = (amount: string) => ({ denom: "uscrt", amount });
const refused = expect.objectContaining({ code: "encoding/number" });

describe("numbers that a message writes as text", () => {
  it.each(["1\u0001", "ten", "1.5", " 1", "0x10", "1".repeat(80)])(
    "are refused as %j",
    (amount) => {
      const send = create(MsgSendSchema, { amount: [coin("5"), coin(amount)] });
      expect(() => assertNumbers(MsgSendSchema, send)).toThrow(refused);
      const outputs = [{ address: "", coins: [coin(amount)] }];
      const multi = create(MsgMultiSendSchema, { inputs: [], outputs });
      expect(() => assertNumbers(MsgMultiSendSchema, multi)).toThrow(refused);
      const edit = create(MsgEditValidatorSchema, { commissionRate: amount });
      expect(() => assertNumbers(MsgEditValidatorSchema, edit)).toThrow(refused);
    },
  );

  it.each([
    ["500000000000000000", true],
    ["0.5", false],
  ])("are digits in bytes where a message declares bytes: %j", (digits, isGood) => {
    const minSignedPerWindow = new TextEncoder().encode(digits);
    const update = create(MsgUpdateParamsSchema, { params: { minSignedPerWindow } });
    const judge = () => assertNumbers(MsgUpdateParamsSchema, update);
    if (isGood) expect(judge).not.toThrow();
    else expect(judge).toThrow(refused);
  });

  it.each(["", "0", "-5", "123456789012345678901234567890"])("may be %j", (amount) => {
    const send = create(MsgSendSchema, { amount: [coin(amount)] });
    expect(() => assertNumbers(MsgSendSchema, send)).not.toThrow();
  });
});
