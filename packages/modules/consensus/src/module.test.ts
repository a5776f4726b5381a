import { readFileSync } from "node:fs";
import { decodeMessage, toHex } from "@tacit/encoding";
import { QueryParamsResponseSchema } from "@tacit/encoding/proto/cosmos/consensus/v1/query";
import {
  type ConsensusParams,
  createAddressCodec,
  createContext,
  MessageRouter,
  QueryRouter,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { createConsensusModule, createConsensusParamsStore } from "./index.ts";
import { validateParams } from "./params.ts";

const params: ConsensusParams = {
  block: { maxBytes: 22_020_096n, maxGas: -1n },
  evidence: {
    maxAgeNumBlocks: 100_000n,
    maxAgeDurationNs: 172_800_000_000_000n,
    maxBytes: 1_048_576n,
  },
  validator: { pubKeyTypes: ["ed25519"] },
  version: { app: 0n },
  abci: { voteExtensionsEnableHeight: 0n },
};
const golden = new URL("../../../../vectors/sdk-golden/", import.meta.url);

function setUp() {
  const store = createMemoryMultiStore(["consensus"]);
  const stores = store.branch();
  const context = createContext({ stores, kvGas: upstreamKvGas });
  const paramsStore = createConsensusParamsStore();
  const addresses = createAddressCodec("cosmos");
  const authority = addresses.toText(new Uint8Array(20).fill(7));
  const services = {
    messages: new MessageRouter(),
    queries: new QueryRouter(),
    types: new TypeRegistry(),
  };
  const module = createConsensusModule({ addresses, authority }, { params: paramsStore });
  module.register?.(services);
  return { store, stores, context, paramsStore, authority, ...services };
}

describe("consensus parameters", () => {
  it("have the root that the recorded chain's genesis parameters have", () => {
    const { store, stores, context, paramsStore } = setUp();
    paramsStore.set(context, params);
    stores.write();
    store.commit();
    const line = readFileSync(new URL("blocks.jsonl", golden), "utf8").split("\n")[1]!;
    const expected = JSON.parse(line).expect.store_roots.consensus;
    expect(toHex(store.workingRoots().get("consensus")!)).toBe(expected);
  });

  it("come back as they were set", () => {
    const { context, paramsStore } = setUp();
    expect(paramsStore.get(context)).toBeUndefined();
    const others = { ...params, version: { app: 3n }, abci: { voteExtensionsEnableHeight: 9n } };
    paramsStore.set(context, others);
    expect(paramsStore.get(context)).toEqual(others);
  });

  it("answer the query of clients", () => {
    const { context, paramsStore, queries } = setUp();
    paramsStore.set(context, params);
    const handler = queries.handler("/cosmos.consensus.v1.Query/Params")!;
    const answer = decodeMessage(
      QueryParamsResponseSchema,
      handler.handle(context, new Uint8Array()),
    );
    expect(answer.params?.block?.maxBytes).toBe(22_020_096n);
    expect(answer.params?.evidence?.maxAgeDuration?.seconds).toBe(172_800n);
  });

  it("are changed by governance alone", () => {
    const { context, paramsStore, messages, authority } = setUp();
    paramsStore.set(context, { ...params, version: { app: 5n } });
    const route = messages.route("/cosmos.consensus.v1.MsgUpdateParams")!;
    const message = {
      authority,
      block: { maxBytes: 1_000_000n, maxGas: 50_000_000n },
      evidence: { maxAgeNumBlocks: 10n, maxAgeDuration: { seconds: 60n, nanos: 0 }, maxBytes: 9n },
      validator: { pubKeyTypes: ["ed25519"] },
    };
    const stranger = createAddressCodec("cosmos").toText(new Uint8Array(20).fill(8));
    expect(() => route.handle(context, { ...message, authority: stranger })).toThrow(
      expect.objectContaining({ code: "gov/13" }),
    );
    expect(() => route.handle(context, { ...message, evidence: undefined })).toThrow(
      expect.objectContaining({ code: "undefined/1" }),
    );
    route.handle(context, message);
    const changed = paramsStore.get(context)!;
    expect(changed.block).toEqual({ maxBytes: 1_000_000n, maxGas: 50_000_000n });
    expect(changed.version).toEqual({ app: 0n });
    expect(changed.abci).toEqual(params.abci);
  });

  it.each<[string, ConsensusParams]>([
    ["no bytes", { ...params, block: { maxBytes: 0n, maxGas: -1n } }],
    ["too many bytes", { ...params, block: { maxBytes: 104_857_601n, maxGas: -1n } }],
    ["gas below -1", { ...params, block: { maxBytes: 1n, maxGas: -2n } }],
    ["evidence of no age", { ...params, evidence: { ...params.evidence, maxAgeNumBlocks: 0n } }],
    ["evidence above the block", { ...params, block: { maxBytes: 9n, maxGas: -1n } }],
    ["no key types", { ...params, validator: { pubKeyTypes: [] } }],
    ["an unknown key type", { ...params, validator: { pubKeyTypes: ["sr25519"] } }],
    ["negative extensions", { ...params, abci: { voteExtensionsEnableHeight: -1n } }],
  ])("refuse %s", (_what, wrong) => {
    expect(() => validateParams(wrong)).toThrow(expect.objectContaining({ code: "undefined/1" }));
  });

  it("accept those of genesis", () => {
    expect(() => validateParams(params)).not.toThrow();
  });
});
