import {
  createAddressCodec,
  createContext,
  MessageRouter,
  QueryRouter,
  type SdkError,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { assertNotPaused, createEmergencyButtonModule, isPaused } from "./index.ts";

const addresses = createAddressCodec("secret");
const account = (byte: number) => addresses.toText(new Uint8Array(20).fill(byte));
const authority = account(7);
const prefix = "/secret.emergencybutton.v1beta1";

function setUp(params = { switch_status: "on", pauser_address: "" }) {
  const stores = createMemoryMultiStore(["emergencybutton"]).branch();
  const context = createContext({ stores, kvGas: upstreamKvGas });
  const messages = new MessageRouter();
  const module = createEmergencyButtonModule({ addresses, authority });
  module.register?.({ messages, queries: new QueryRouter(), types: new TypeRegistry() });
  module.initGenesis?.(context, { params });
  const send = (name: string, value: Record<string, unknown>) =>
    messages.route(`${prefix}.${name}`)!.handle(context, value);
  const failureOf = (name: string, value: Record<string, unknown>) => {
    try {
      send(name, value);
    } catch (error) {
      return (error as SdkError).code;
    }
    return "none";
  };
  return { context, module, send, failureOf };
}

describe("the emergency button", () => {
  it("is turned off and on by its pauser", () => {
    const { context, send } = setUp({ switch_status: "on", pauser_address: account(1) });
    send("MsgToggleIbcSwitch", { sender: account(1) });
    expect(isPaused(context)).toBe(true);
    expect(() => assertNotPaused(context)).toThrow(
      expect.objectContaining({ code: "emergencybutton/1" }),
    );
    send("MsgToggleIbcSwitch", { sender: account(1) });
    expect(isPaused(context)).toBe(false);
    assertNotPaused(context);
  });

  it("is turned by nobody else, and by nobody while there is no pauser", () => {
    const others = setUp({ switch_status: "on", pauser_address: account(1) });
    expect(others.failureOf("MsgToggleIbcSwitch", { sender: account(2) })).toBe(
      "emergencybutton/2",
    );
    const none = setUp();
    expect(none.failureOf("MsgToggleIbcSwitch", { sender: account(1) })).toBe("emergencybutton/3");
    expect(isPaused(none.context)).toBe(false);
  });

  it("is governed by the authority alone", () => {
    const { failureOf, send, module, context } = setUp();
    const params = { switchStatus: "off", pauserAddress: account(3) };
    expect(failureOf("MsgUpdateParams", { authority: account(1), params })).toBe("gov/13");
    send("MsgUpdateParams", { authority, params });
    expect(module.exportGenesis?.(context)).toEqual({
      params: { switch_status: "off", pauser_address: account(3) },
    });
  });

  it("refuses a pauser that is no address", () => {
    const { failureOf } = setUp();
    const params = { switchStatus: "on", pauserAddress: "cosmos1nobody" };
    expect(failureOf("MsgUpdateParams", { authority, params })).toBe("encoding/bech32");
  });

  it("keeps its parameters in one value of the store", () => {
    const { context } = setUp({ switch_status: "off", pauser_address: "" });
    const pairs = [...context.kvStore("emergencybutton").iterator()].map(([key, value]) => [
      Buffer.from(key).toString("hex"),
      Buffer.from(value).toString("hex"),
    ]);
    expect(pairs).toEqual([["01", "0a036f6666"]]);
  });
});
