import {
  createAddressCodec,
  createContext,
  emptyBlockInfo,
  MessageRouter,
  QueryRouter,
  SdkError,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { createUpgradeModule, UpgradeHalt, type UpgradeHandler } from "./index.ts";
import { moduleVersions } from "./plans.ts";

const addresses = createAddressCodec("cosmos");
const authority = addresses.toText(new Uint8Array(20).fill(7));
const versions = new Map([["bank", 4n]]);

function setUp(handlers: ReadonlyMap<string, UpgradeHandler> = new Map()) {
  const stores = createMemoryMultiStore(["upgrade"]).branch();
  const contextAt = (height: bigint) =>
    createContext({ stores, kvGas: upstreamKvGas, block: { ...emptyBlockInfo, height } });
  const messages = new MessageRouter();
  const build = (known: ReadonlyMap<string, UpgradeHandler>) =>
    createUpgradeModule({ addresses, authority, moduleVersions: versions, handlers: known });
  const module = build(handlers);
  module.register?.({ messages, queries: new QueryRouter(), types: new TypeRegistry() });
  module.initGenesis!(contextAt(0n), {});
  const schedule = (plan: Record<string, unknown>, by = authority) =>
    messages
      .route("/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade")!
      .handle(contextAt(5n), { authority: by, plan: { info: "why", ...plan } });
  const cancel = () =>
    messages
      .route("/cosmos.upgrade.v1beta1.MsgCancelUpgrade")!
      .handle(contextAt(5n), { authority });
  const reach = (height: bigint, known = handlers) => build(known).preBlock!(contextAt(height));
  return { contextAt, schedule, cancel, reach };
}

function failure(run: () => unknown): SdkError | UpgradeHalt | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof SdkError || error instanceof UpgradeHalt) return error;
    throw error;
  }
  return undefined;
}

describe("an upgrade", () => {
  it("halts a node without its handler at its height, and says why", () => {
    const { schedule, reach } = setUp();
    schedule({ name: "next", height: 10n });
    expect(reach(9n)).toBe(false);
    const halt = failure(() => reach(10n));
    expect(halt?.code).toBe("upgrade/needed");
    expect(halt?.message).toBe('UPGRADE "next" NEEDED at height: 10: why');
  });

  it("runs its handler once, and writes the versions that come out", () => {
    const handlers = new Map([["next", () => new Map([["bank", 5n]])]]);
    const { schedule, reach, contextAt } = setUp();
    schedule({ name: "next", height: 10n });
    expect(failure(() => reach(9n, handlers))?.code).toBe("upgrade/too_early");
    expect(reach(10n, handlers)).toBe(true);
    expect(moduleVersions(contextAt(10n))).toEqual(new Map([["bank", 5n]]));
    expect(reach(11n, handlers)).toBe(false);
    expect(failure(() => reach(11n, new Map()))?.code).toBe("upgrade/handler_missing");
    expect(failure(() => schedule({ name: "next", height: 20n }))?.code).toBe("sdk/18");
  });

  it("is forgotten when it is cancelled", () => {
    const { schedule, cancel, reach } = setUp();
    schedule({ name: "next", height: 10n });
    cancel();
    expect(reach(10n)).toBe(false);
  });

  it("is governance's alone, and not in the past, without name, or by time", () => {
    const { schedule } = setUp();
    const other = addresses.toText(new Uint8Array(20).fill(1));
    expect(failure(() => schedule({ name: "next", height: 10n }, other))?.code).toBe("upgrade/6");
    expect(failure(() => schedule({ name: "next", height: 4n }))?.code).toBe("sdk/18");
    expect(failure(() => schedule({ name: "", height: 10n }))?.code).toBe("sdk/18");
    expect(failure(() => schedule({ name: "next", height: 0n }))?.code).toBe("sdk/18");
    const time = { seconds: 5n, nanos: 0 };
    expect(failure(() => schedule({ name: "next", height: 10n, time }))?.code).toBe("sdk/18");
  });
});
