import { decodeMessage } from "@tacit/encoding";
import { TxBodySchema, TxRawSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { MsgExecuteContractSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  type Context,
  createAddressCodec,
  createContext,
  emptyBlockInfo,
  MessageRouter,
  QueryRouter,
  type SdkError,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { createCronModule, cronSender } from "./index.ts";

const addresses = createAddressCodec("secret");
const account = (byte: number) => addresses.toText(new Uint8Array(20).fill(byte));
const authority = account(7);
const contract = account(9);
const msgs = [{ contract, msg: "hash{}" }];

function setUp(limit = "5") {
  const stores = createMemoryMultiStore(["cron"]).branch();
  const base = createContext({ stores, kvGas: upstreamKvGas });
  const made: string[] = [];
  const module = createCronModule(
    { addresses, authority },
    {
      accounts: {
        getAccount: () => (made.length > 0 ? { accountNumber: 4n, sequence: 11n } : undefined),
        createAccount: (_, address) => made.push(addresses.toText(address)),
      },
      ioPublicKey: () => new Uint8Array(32).fill(9),
    },
  );
  const messages = new MessageRouter();
  module.register?.({ messages, queries: new QueryRouter(), types: new TypeRegistry() });
  const at = (height: bigint): Context =>
    base.with({ block: { ...emptyBlockInfo, chainId: "secret-test", height } });
  module.initGenesis?.(at(0n), { params: { security_address: "", limit }, scheduleList: [] });
  const send = (height: bigint, name: string, value: Record<string, unknown>) =>
    messages.route(`/secret.cron.${name}`)!.handle(at(height), { authority, ...value });
  const failureOf = (name: string, value: Record<string, unknown>) => {
    try {
      send(1n, name, value);
    } catch (error) {
      const { code, message } = error as SdkError;
      return { code, message };
    }
    return undefined;
  };
  /** Ends the block and asks for the next one's transactions. */
  const end = (height: bigint) => {
    module.endBlock?.(at(height));
    return module.scheduledTxs(at(height), height + 1n);
  };
  const lastHeights = () => {
    const state = module.exportGenesis?.(base) as unknown as {
      readonly scheduleList: readonly { readonly last_execute_height: string }[];
    };
    return state.scheduleList.map(({ last_execute_height }) => last_execute_height);
  };
  return { module, at, send, failureOf, end, lastHeights, made, stores };
}

describe("schedules", () => {
  it("run every period from the block they were made in", () => {
    const { send, end } = setUp();
    send(10n, "MsgAddSchedule", { name: "three", period: 3n, msgs });
    const ran = [];
    for (let height = 10n; height <= 19n; height += 1n) {
      if (end(height).length > 0) ran.push(height + 1n);
    }
    expect(ran).toEqual([13n, 16n, 19n]);
  });

  it("run by name, at most as many as the limit, and those left over in the next block", () => {
    const { send, end, lastHeights } = setUp("2");
    for (const name of ["c", "a", "b"]) {
      send(1n, "MsgAddSchedule", { name, period: 1n, msgs: [{ contract, msg: name }] });
    }
    expect(end(1n)).toHaveLength(2);
    expect(lastHeights()).toEqual(["2", "2", "1"]);
    send(2n, "MsgRemoveSchedule", { name: "a" });
    expect(end(2n)).toHaveLength(2);
    expect(lastHeights()).toEqual(["3", "3"]);
  });

  it("with a contract that is no address run none of their messages, and count as run", () => {
    const { send, end, lastHeights } = setUp();
    const mixed = [...msgs, { contract: "nobody", msg: "" }];
    send(1n, "MsgAddSchedule", { name: "mixed", period: 1n, msgs: mixed });
    expect(end(1n)).toEqual([]);
    expect(lastHeights()).toEqual(["2"]);
  });

  it("are transactions of the published key, numbered on, encrypted, without a fee", () => {
    const { send, end, made } = setUp();
    send(1n, "MsgAddSchedule", { name: "two", period: 1n, msgs: [...msgs, ...msgs] });
    const txs = end(1n);
    expect(made).toEqual([addresses.toText(cronSender)]);
    expect(txs).toHaveLength(2);
    expect(end(1n)).toEqual(txs);
    for (const tx of txs) {
      const { bodyBytes, signatures } = decodeMessage(TxRawSchema, tx);
      expect(signatures[0]).toHaveLength(64);
      const [any] = decodeMessage(TxBodySchema, bodyBytes).messages;
      const execute = decodeMessage(MsgExecuteContractSchema, any!.value);
      expect(execute.sender).toEqual(cronSender);
      expect(addresses.toText(execute.contract)).toBe(contract);
      // Nonce, key and tag stand around as many bytes as the message has.
      expect(execute.msg).toHaveLength(32 + 32 + 16 + "hash{}".length);
    }
    expect(txs[0]).not.toEqual(txs[1]);
  });

  it("keep their state as upstream: prefix and name, count, parameters", () => {
    const { send, stores } = setUp();
    send(5n, "MsgAddSchedule", { name: "n", period: 2n, msgs: [{ contract: "c", msg: "m" }] });
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    const pairs = () =>
      [...stores.kvStore("cron").iterator()].map(([key, value]) => [hex(key), hex(value)]);
    expect(pairs()).toEqual([
      ["016e", "0a016e10021a060a016312016d2005"],
      ["02", "0801"],
      ["03", "1005"],
    ]);
    send(6n, "MsgRemoveSchedule", { name: "n" });
    expect(pairs()).toEqual([
      ["02", ""],
      ["03", "1005"],
    ]);
  });
});

describe("messages of cron", () => {
  it.each([
    ["a name that is taken", { name: "old", period: 1n, msgs }, "undefined/1"],
    ["no name", { name: "", period: 1n, msgs }, "sdk/18"],
    ["no period", { name: "new", period: 0n, msgs }, "sdk/18"],
    ["no messages", { name: "new", period: 1n, msgs: [] }, "sdk/18"],
    ["another authority", { authority: account(1), name: "new", period: 1n, msgs }, "sdk/4"],
  ])("refuse %s", (_, value, code) => {
    const { send, failureOf, lastHeights } = setUp();
    send(1n, "MsgAddSchedule", { name: "old", period: 1n, msgs });
    expect(failureOf("MsgAddSchedule", value)?.code).toBe(code);
    expect(lastHeights()).toHaveLength(1);
  });

  it("say what is wrong as upstream", () => {
    const { failureOf } = setUp();
    expect(failureOf("MsgAddSchedule", { name: "", period: 1n, msgs })?.message).toBe(
      "failed to validate MsgAddSchedule: name is invalid: invalid request",
    );
    expect(
      failureOf("MsgUpdateParams", { params: { securityAddress: "", limit: 0n } })?.message,
    ).toBe(
      "failed to validate MsgUpdateParams: params validation failed: invalid limit: limit cannot be zero",
    );
  });

  it("change parameters for the authority", () => {
    const { send, module, at } = setUp();
    send(1n, "MsgUpdateParams", { params: { securityAddress: account(2), limit: 9n } });
    expect(module.exportGenesis?.(at(1n))).toEqual({
      params: { security_address: account(2), limit: "9" },
      scheduleList: [],
    });
  });
});

describe("genesis of cron", () => {
  it("counts periods from its own height", () => {
    const { module, at } = setUp();
    const schedule = { name: "s", period: "5", msgs, last_execute_height: "77" };
    const state = { params: { security_address: "", limit: "5" }, scheduleList: [schedule] };
    module.initGenesis?.(at(100n), state);
    expect(module.exportGenesis?.(at(100n))).toEqual({
      ...state,
      scheduleList: [{ ...schedule, last_execute_height: "100" }],
    });
  });

  it("refuses a name that is there twice", () => {
    const { module, at } = setUp();
    const schedule = { name: "s", period: "5", msgs };
    const state = {
      params: { security_address: "", limit: "5" },
      scheduleList: [schedule, schedule],
    };
    expect(() => module.initGenesis?.(at(0n), state)).toThrow("already exists");
  });
});
