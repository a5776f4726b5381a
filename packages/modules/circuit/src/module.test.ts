import {
  MsgCancelUpgradeResponseSchema,
  MsgCancelUpgradeSchema,
} from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/tx";
import {
  createAddressCodec,
  createContext,
  MessageRouter,
  messageRoute,
  QueryRouter,
  SdkError,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { circuitGuard, createCircuitModule } from "./index.ts";

const addresses = createAddressCodec("cosmos");
const account = (byte: number) => addresses.toText(new Uint8Array(20).fill(byte));
const authority = account(7);
const probeUrl = `/${MsgCancelUpgradeSchema.typeName}`;

function setUp() {
  const stores = createMemoryMultiStore(["circuit"]).branch();
  const context = createContext({ stores, kvGas: upstreamKvGas });
  const types = new TypeRegistry();
  const messages = new MessageRouter(circuitGuard);
  const module = createCircuitModule({ addresses, authority, types });
  module.register?.({ messages, queries: new QueryRouter(), types });
  messages.register(
    messageRoute({
      schema: MsgCancelUpgradeSchema,
      response: MsgCancelUpgradeResponseSchema,
      signers: () => [],
      handle: () => ({}),
    }),
  );
  const send = (typeUrl: string, value: Record<string, unknown>) =>
    messages.route(typeUrl)!.handle(context, value);
  return { context, module, send };
}

const trip = (by: string, msgTypeUrls: string[] = [probeUrl]) =>
  ["/cosmos.circuit.v1.MsgTripCircuitBreaker", { authority: by, msgTypeUrls }] as const;
const reset = (by: string) =>
  [
    "/cosmos.circuit.v1.MsgResetCircuitBreaker",
    { authority: by, msgTypeUrls: [probeUrl] },
  ] as const;
const authorize = (granter: string, grantee: string, level: number, limitTypeUrls: string[] = []) =>
  [
    "/cosmos.circuit.v1.MsgAuthorizeCircuitBreaker",
    { granter, grantee, permissions: { level, limitTypeUrls } },
  ] as const;

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof SdkError ? error.code : (error as Error).message;
  }
  return undefined;
}

describe("the circuit breaker", () => {
  it("refuses a tripped type until it is reset", () => {
    const { send } = setUp();
    send(probeUrl, {});
    send(...trip(authority));
    expect(codeOf(() => send(probeUrl, {}))).toBe(
      `circuit breaker disables execution of this message: ${probeUrl}`,
    );
    expect(codeOf(() => send(...trip(authority)))).toBe(`message ${probeUrl} is already disabled`);
    send(...reset(authority));
    expect(codeOf(() => send(probeUrl, {}))).toBeUndefined();
    expect(codeOf(() => send(...reset(authority)))).toBe(`message ${probeUrl} is not disabled`);
  });

  it("is tripped only by whom governance or a super admin authorized, for the types named", () => {
    const { send } = setUp();
    expect(codeOf(() => send(...trip(account(1))))).toBe("sdk/4");
    expect(codeOf(() => send(...authorize(account(1), account(2), 2)))).toBe("sdk/4");
    send(...authorize(authority, account(1), 3));
    send(...authorize(account(1), account(2), 1, ["/other.Msg"]));
    expect(codeOf(() => send(...trip(account(2))))).toBe("sdk/4");
    send(...authorize(account(1), account(2), 1, [probeUrl]));
    expect(codeOf(() => send(...trip(account(2))))).toBeUndefined();
    expect(codeOf(() => send(...authorize(account(2), account(3), 1)))).toBe("sdk/4");
  });

  it("comes back from its own export", () => {
    const { context, module, send } = setUp();
    send(...authorize(authority, account(1), 3));
    send(...trip(authority));
    const exported = module.exportGenesis!(context);
    const again = setUp();
    again.module.initGenesis!(again.context, exported);
    expect(again.module.exportGenesis!(again.context)).toEqual(exported);
    expect(codeOf(() => again.send(probeUrl, {}))).toContain("circuit breaker");
  });
});
