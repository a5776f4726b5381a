import { createContext, emptyBlockInfo, SdkError, upstreamKvGas } from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { type Allowance, acceptFee, encodeAllowance, validateAllowance } from "./allowance.ts";

const coins = (amount: bigint) => [
  { $typeName: "cosmos.base.v1beta1.Coin" as const, denom: "stake", amount: `${amount}` },
];
const time = (seconds: bigint) => ({
  $typeName: "google.protobuf.Timestamp" as const,
  seconds,
  nanos: 0,
});
const contextAt = (seconds: bigint) =>
  createContext({
    stores: createMemoryMultiStore(["feegrant"]).branch(),
    kvGas: upstreamKvGas,
    block: { ...emptyBlockInfo, time: { seconds, nanos: 0 } },
  });

function basic(limit: bigint | undefined, expiration?: bigint): Allowance & { basic?: never } {
  return {
    $typeName: "cosmos.feegrant.v1beta1.BasicAllowance",
    spendLimit: limit === undefined ? [] : coins(limit),
    expiration: expiration === undefined ? undefined : time(expiration),
  };
}

function periodic(total: bigint): Extract<Allowance, { periodSpendLimit: unknown }> {
  return {
    $typeName: "cosmos.feegrant.v1beta1.PeriodicAllowance",
    basic: basic(total) as never,
    period: { $typeName: "google.protobuf.Duration", seconds: 10n, nanos: 0 },
    periodSpendLimit: coins(30n),
    periodCanSpend: coins(30n),
    periodReset: time(100n),
  };
}

const pay = (allowance: Allowance, amount: bigint, at = 50n, typeUrls = ["/a.Msg"]) =>
  acceptFee(contextAt(at), allowance, { fee: [{ denom: "stake", amount }], typeUrls });

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof SdkError) return error.code;
    throw error;
  }
  return undefined;
}

describe("a basic allowance", () => {
  it("pays up to its limit, is spent with its last coin, and ends in time", () => {
    expect(pay(basic(10n), 4n)).toEqual({ allowance: basic(6n), isSpent: false });
    expect(pay(basic(10n), 10n).isSpent).toBe(true);
    expect(codeOf(() => pay(basic(10n), 11n))).toBe("feegrant/2");
    expect(codeOf(() => pay(basic(10n, 49n), 1n))).toBe("feegrant/3");
    expect(pay(basic(10n, 50n), 1n).isSpent).toBe(false);
    expect(pay(basic(undefined), 10n ** 30n).isSpent).toBe(false);
  });
});

describe("a periodic allowance", () => {
  it("pays up to its period's limit, and again after the reset", () => {
    expect(codeOf(() => pay(periodic(1000n), 31n))).toBe("feegrant/2");
    const { allowance } = pay(periodic(1000n), 30n);
    expect(codeOf(() => pay(allowance, 1n, 99n))).toBe("feegrant/2");
    expect(pay(allowance, 1n, 100n).allowance).toMatchObject({
      periodCanSpend: coins(29n),
      periodReset: time(110n),
    });
  });

  it("counts its next period from now if a whole one was missed", () => {
    expect(pay(periodic(1000n), 1n, 500n).allowance).toMatchObject({ periodReset: time(510n) });
  });

  it("never pays more than its total", () => {
    const { allowance, isSpent } = pay(periodic(20n), 5n, 200n);
    expect(allowance).toMatchObject({ periodCanSpend: coins(15n), basic: basic(15n) });
    expect(isSpent).toBe(false);
    expect(pay(periodic(20n), 20n).isSpent).toBe(true);
  });
});

describe("a filtered allowance", () => {
  const filtered = (allowedMessages: string[]): Allowance => ({
    $typeName: "cosmos.feegrant.v1beta1.AllowedMsgAllowance",
    allowance: encodeAllowance(basic(10n)),
    allowedMessages,
  });

  it("pays only for the messages it names", () => {
    expect(pay(filtered(["/a.Msg"]), 4n).allowance).toMatchObject({
      allowance: encodeAllowance(basic(6n)),
    });
    expect(codeOf(() => pay(filtered(["/b.Msg"]), 4n))).toBe("feegrant/7");
    expect(codeOf(() => validateAllowance(filtered([])))).toBe("feegrant/6");
  });
});
