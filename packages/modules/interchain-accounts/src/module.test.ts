import { decodeMessage, encodeMessage, toHex } from "@tacit/encoding";
import {
  Query as ControllerQuery,
  QueryInterchainAccountRequestSchema,
} from "@tacit/encoding/proto/ibc/applications/interchain_accounts/controller/v1/query";
import { Query as HostQuery } from "@tacit/encoding/proto/ibc/applications/interchain_accounts/host/v1/query";
import { Query as ForwardQuery } from "@tacit/encoding/proto/packetforward/v1/query";
import {
  createContext,
  type JsonValue,
  MessageRouter,
  QueryRouter,
  secretKvGas,
  TypeRegistry,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import {
  controllerStoreName,
  createInterchainAccountsModule,
  createPacketForwardModule,
  hostStoreName,
} from "./index.ts";

function setUp() {
  const stores = createMemoryMultiStore([controllerStoreName, hostStoreName]).branch();
  const context = createContext({ stores, kvGas: secretKvGas });
  const queries = new QueryRouter();
  const module = createInterchainAccountsModule();
  for (const each of [module, createPacketForwardModule()]) {
    each.register?.({ messages: new MessageRouter(), queries, types: new TypeRegistry() });
  }
  const ask = (path: string, data: Uint8Array = new Uint8Array()) =>
    queries.handler(path)!.handle(context, data);
  const start = (state: JsonValue) => module.initGenesis!(context, state);
  return { context, module, ask, start };
}

const paramsOf = (service: { readonly typeName: string }) => `/${service.typeName}/Params`;

describe("interchain accounts", () => {
  it("keep their parameters as ibc-go does, and give them back", () => {
    const { context, module, ask, start } = setUp();
    start(module.defaultGenesis!());
    expect(toHex(context.kvStore("icacontroller").get(Buffer.from("params"))!)).toBe("0801");
    expect(toHex(context.kvStore("icahost").get(Buffer.from("params"))!)).toBe("080112012a");
    expect(
      decodeMessage(ControllerQuery.method.params.output, ask(paramsOf(ControllerQuery))),
    ).toMatchObject({ params: { controllerEnabled: true } });
    expect(decodeMessage(HostQuery.method.params.output, ask(paramsOf(HostQuery)))).toMatchObject({
      params: { hostEnabled: true, allowMessages: ["*"] },
    });
    expect(module.exportGenesis!(context)).toEqual(module.defaultGenesis!());
  });

  it("refuse a genesis without parameters, with accounts, or with an empty type", () => {
    const { module, start } = setUp();
    const genesis = module.defaultGenesis!() as Record<string, Record<string, JsonValue>>;
    const account = { connection_id: "connection-0", port_id: "p", account_address: "a" };
    const host = genesis.host_genesis_state;
    for (const wrong of [
      {},
      { ...genesis, host_genesis_state: { ...host, interchain_accounts: [account] } },
      { ...genesis, host_genesis_state: { ...host, params: { allow_messages: [" "] } } },
    ]) {
      expect(() => start(wrong as JsonValue)).toThrow(/params|parameter|accounts/);
    }
  });

  it.each([
    ["secret1x", "grpc/5"],
    ["", "grpc/3"],
    ["x".repeat(2_049), "grpc/3"],
  ])("are found for nobody: owner %.10s", (owner, code) => {
    const { ask } = setUp();
    const request = encodeMessage(QueryInterchainAccountRequestSchema, { owner });
    const path = `/${ControllerQuery.typeName}/InterchainAccount`;
    expect(() => ask(path, request)).toThrow(expect.objectContaining({ code }));
  });

  it("have no parameters on a chain that began without them", () => {
    const { ask } = setUp();
    expect(() => ask(paramsOf(HostQuery))).toThrow("have not been set");
  });
});

it("packet forwarding takes no fee", () => {
  const { ask } = setUp();
  const answer = decodeMessage(ForwardQuery.method.params.output, ask(paramsOf(ForwardQuery)));
  expect(answer).toMatchObject({ params: { feePercentage: "0" } });
});
