/** Messages that only governance may send, sent by somebody else: the codes of Go's modules. */
import { moduleAddress } from "@tacit/crypto";
import { createAddressCodec, createContext, type SdkError, secretKvGas } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { LocalChain } from "./local-chain.ts";

const addresses = createAddressCodec("secret");
const other = addresses.toText(moduleAddress("somebody"));
const { chain, store } = new LocalChain();

function failureOf(typeUrl: string): string {
  const route = chain.composition.messages.route(typeUrl);
  const context = createContext({ stores: store.branch(), kvGas: secretKvGas });
  try {
    route!.handle(context, { authority: other });
    return "none";
  } catch (error) {
    return (error as SdkError).code;
  }
}

describe("a message of governance's, from another account", () => {
  it.each([
    "/cosmos.bank.v1beta1.MsgUpdateParams",
    "/cosmos.bank.v1beta1.MsgSetSendEnabled",
    "/cosmos.consensus.v1.MsgUpdateParams",
    "/cosmos.distribution.v1beta1.MsgUpdateParams",
    "/cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
    "/cosmos.mint.v1beta1.MsgUpdateParams",
    "/cosmos.slashing.v1beta1.MsgUpdateParams",
    "/cosmos.staking.v1beta1.MsgUpdateParams",
    "/secret.compute.v1beta1.MsgUpdateParams",
    "/secret.emergencybutton.v1beta1.MsgUpdateParams",
  ])("%s fails with code 13 of gov", (typeUrl) => {
    expect(failureOf(typeUrl)).toBe("gov/13");
  });

  it("fails without a code in auth", () => {
    expect(failureOf("/cosmos.auth.v1beta1.MsgUpdateParams")).toBe("undefined/1");
  });

  it("fails with a code of its own in upgrade", () => {
    expect(failureOf("/cosmos.upgrade.v1beta1.MsgCancelUpgrade")).toBe("upgrade/6");
    expect(failureOf("/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade")).toBe("upgrade/6");
  });
});
