import { decodeMessage, encodeMessage, fromBase64, toBase64 } from "@tacit/encoding";
import {
  KeySchema,
  RaAuthenticateSchema,
} from "@tacit/encoding/proto/secret/registration/v1beta1/msg";
import { QueryEncryptedSeedRequestSchema } from "@tacit/encoding/proto/secret/registration/v1beta1/query";
import {
  createContext,
  MessageRouter,
  QueryRouter,
  secretKvGas,
  TypeRegistry,
  utf8Text,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { createRegistrationModule, registrationGenesis, registrationStoreName } from "./index.ts";

const keys = {
  ioPublicKey: new Uint8Array(32).fill(1),
  seedExchangePublicKey: new Uint8Array(32).fill(2),
};
const nothing = new Uint8Array();
const service = "/secret.registration.v1beta1.Query";

function setUp() {
  const stores = createMemoryMultiStore([registrationStoreName]).branch();
  const context = createContext({ stores, kvGas: secretKvGas });
  const module = createRegistrationModule();
  const services = {
    messages: new MessageRouter(),
    queries: new QueryRouter(),
    types: new TypeRegistry(),
  };
  module.register?.(services);
  return { context, module, ...services };
}

describe("registration", () => {
  it("publishes the key that clients encrypt to", () => {
    const { context, module, queries } = setUp();
    module.initGenesis?.(context, registrationGenesis(keys));
    const answer = queries.handler(`${service}/TxKey`)!.handle(context, nothing);
    expect(decodeMessage(KeySchema, answer).key).toEqual(keys.ioPublicKey);
  });

  it("publishes both keys as the JSON that nodes read", () => {
    const { context, module, queries } = setUp();
    module.initGenesis?.(context, registrationGenesis(keys));
    const answer = queries.handler(`${service}/RegistrationKey`)!.handle(context, nothing);
    expect(utf8Text(decodeMessage(KeySchema, answer).key)).toBe(
      `{"reg_info":null,"node_exch_key":{"bytes":"${toBase64(keys.seedExchangePublicKey)}"},` +
        `"io_exch_key":{"bytes":"${toBase64(keys.ioPublicKey)}"}}`,
    );
  });

  it("has a genesis with the original field names, and exports what it took in", () => {
    const { context, module } = setUp();
    const genesis = registrationGenesis(keys);
    expect(genesis).toEqual({
      registration: [],
      node_exch_master_key: { bytes: toBase64(keys.seedExchangePublicKey) },
      io_master_key: { bytes: toBase64(keys.ioPublicKey) },
    });
    module.initGenesis?.(context, genesis);
    expect(module.exportGenesis?.(context)).toEqual(genesis);
  });

  it("writes the keys where the network has them", () => {
    const { context, module } = setUp();
    module.initGenesis?.(context, registrationGenesis(keys));
    const pairs = [...context.kvStore(registrationStoreName).iterator()];
    expect(pairs.map(([key]) => utf8Text(key))).toEqual([
      "\u0002IoExchMasterKey",
      "\u0002NodeExchMasterKey",
    ]);
    expect(pairs[0]![1]).toEqual(Uint8Array.of(0x0a, 32, ...keys.ioPublicKey));
  });

  it.each([
    ["no keys", { registration: [] }],
    ["one key", { io_master_key: { bytes: toBase64(keys.ioPublicKey) } }],
    [
      "a short key",
      {
        io_master_key: { bytes: "AAAA" },
        node_exch_master_key: { bytes: toBase64(new Uint8Array(32)) },
      },
    ],
  ])("refuses a genesis with %s", (_what, genesis) => {
    const { context, module } = setUp();
    expect(() => module.initGenesis?.(context, genesis)).toThrow(
      expect.objectContaining({ code: "register/4" }),
    );
  });

  it("says that a chain without genesis has no keys", () => {
    const { context, queries } = setUp();
    expect(() => queries.handler(`${service}/TxKey`)!.handle(context, nothing)).toThrow(
      expect.objectContaining({
        code: "sdk/9",
        message: "Chain has not been initialized yet: unknown address",
      }),
    );
  });

  it("says that a node is not registered", () => {
    const { context, queries } = setUp();
    const ask = (pubKey: Uint8Array) =>
      queries
        .handler(`${service}/EncryptedSeed`)!
        .handle(context, encodeMessage(QueryEncryptedSeedRequestSchema, { pubKey }));
    expect(() => ask(new Uint8Array(32))).toThrow(
      expect.objectContaining({
        code: "sdk/9",
        message: "Node has not been authenticated yet: unknown address",
      }),
    );
    expect(() => ask(nothing)).toThrow(expect.objectContaining({ code: "register/8" }));
  });

  it("lets no node in while attestation is simulated", () => {
    const { context, messages, types } = setUp();
    const route = messages.route("/secret.registration.v1beta1.RaAuthenticate")!;
    const bytes = encodeMessage(RaAuthenticateSchema, {
      sender: new Uint8Array(20),
      certificate: fromBase64("AAAA"),
    });
    const message = route.decode(bytes, types);
    expect(() => route.validateBasic?.(message)).not.toThrow();
    expect(() => route.handle(context, message)).toThrow(
      expect.objectContaining({ code: "register/2" }),
    );
  });
});
