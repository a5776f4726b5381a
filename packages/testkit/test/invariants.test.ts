/** Each invariant notices the state that it is there for. */
import { readFileSync } from "node:fs";
import { moduleAddress } from "@tacit/crypto";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  DelegatorStartingInfoSchema,
  FeePoolSchema,
  ValidatorOutstandingRewardsSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import { DelegationSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, prefixEnd, utf8Bytes } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { brokenInvariants, invariants, networkFor, Simulation, StateReader } from "../src/index.ts";

const artifact = new URL("../../../contracts/artifacts/counter.wasm", import.meta.url);
const simulation = new Simulation({
  seed: 6,
  network: networkFor(6),
  wasm: new Uint8Array(readFileSync(artifact)),
});

/** Whether there is something of every kind that is damaged below. */
function isReady(): boolean {
  const context = simulation.chain.context();
  const state = new StateReader(context.stores);
  return (
    state.unbondings().length > 0 &&
    state.authzGrants().some(({ value }) => value.expiration !== undefined) &&
    keys(context, "feegrant", 0x01).length > 0 &&
    keys(context, "gov", 16).length > 0
  );
}
simulation.run(30);
while (!isReady() && simulation.chain.height < 300n) simulation.block();

/** Keys under a prefix. */
function keys(context: Context, store: string, prefix: number): readonly Uint8Array[] {
  const start = Uint8Array.of(prefix);
  return Array.from(context.kvStore(store).iterator(start, prefixEnd(start)), ([key]) =>
    key.slice(),
  );
}

function change(
  context: Context,
  store: string,
  key: Uint8Array,
  to: (value: Uint8Array) => Uint8Array,
): void {
  context.kvStore(store).set(key, to(context.kvStore(store).get(key) ?? new Uint8Array()));
}

function dropFirst(context: Context, store: string, prefix: number): void {
  context.kvStore(store).delete(keys(context, store, prefix)[0]!);
}

function dropAll(context: Context, store: string, prefix: number): void {
  const all = keys(context, store, prefix);
  expect(all.length).toBeGreaterThan(0);
  for (const key of all) context.kvStore(store).delete(key);
}

const text = (amount: string) => () => utf8Bytes(amount);

/** For each invariant a change that breaks it; others may break with it. */
const damages: Readonly<Record<string, (context: Context) => void>> = {
  "bank/nonnegative-outstanding": (context) =>
    change(context, "bank", keys(context, "bank", 0x02)[0]!, text("-1")),
  "bank/total-supply": (context) =>
    change(context, "bank", keys(context, "bank", 0x00)[0]!, text("1")),
  "bank/denom-index": (context) => dropFirst(context, "bank", 0x03),
  "auth/account-numbers": (context) =>
    context.kvStore("acc").set(Uint8Array.of(0x02), new Uint8Array(8)),
  "staking/module-accounts": (context) => {
    const pool = moduleAddress("bonded_tokens_pool");
    const key = Uint8Array.of(0x02, pool.length, ...pool, ...utf8Bytes("uscrt"));
    change(context, "bank", key, text("5"));
  },
  "staking/nonnegative-power": (context) => dropFirst(context, "staking", 0x23),
  "staking/positive-delegation": (context) =>
    change(context, "staking", keys(context, "staking", 0x31)[0]!, (value) =>
      encodeMessage(DelegationSchema, { ...decodeMessage(DelegationSchema, value), shares: "0" }),
    ),
  "staking/delegator-shares": (context) => dropFirst(context, "staking", 0x31),
  "staking/indexes": (context) => dropFirst(context, "staking", 0x71),
  "staking/queues": (context) => dropAll(context, "staking", 0x41),
  "staking/last-powers": (context) => dropFirst(context, "staking", 0x11),
  "slashing/signing-infos": (context) => dropAll(context, "slashing", 0x01),
  "distribution/nonnegative-outstanding": (context) =>
    change(context, "distribution", keys(context, "distribution", 0x02)[0]!, () =>
      encodeMessage(ValidatorOutstandingRewardsSchema, {
        rewards: [{ denom: "uscrt", amount: "-1" }],
      }),
    ),
  "distribution/can-withdraw": (context) => {
    for (const key of keys(context, "distribution", 0x04)) {
      change(context, "distribution", key, (value) =>
        encodeMessage(DelegatorStartingInfoSchema, {
          ...decodeMessage(DelegatorStartingInfoSchema, value),
          stake: "9".repeat(40),
        }),
      );
    }
  },
  "distribution/reference-count": (context) => dropFirst(context, "distribution", 0x05),
  "distribution/module-account": (context) =>
    change(context, "distribution", Uint8Array.of(0x00), () => encodeMessage(FeePoolSchema, {})),
  "distribution/starting-infos": (context) => dropFirst(context, "distribution", 0x04),
  "authz/queue": (context) => dropAll(context, "authz", 0x02),
  "gov/module-account": (context) => dropFirst(context, "gov", 16),
  "gov/queues": (context) => {
    dropFirst(context, "gov", keys(context, "gov", 1).length > 0 ? 1 : 2);
  },
  "gov/votes": (context) =>
    context.kvStore("gov").set(Uint8Array.of(32, ...new Array(7).fill(255), 1), Uint8Array.of()),
  "feegrant/queue": (context) => dropAll(context, "feegrant", 0x01),
};

describe("invariants", () => {
  const broken = (context: Context) =>
    brokenInvariants({
      state: new StateReader(context.stores),
      context,
      composition: simulation.chain.chain.composition,
      bondDenom: "uscrt",
    });

  it("hold before anything is damaged", () => {
    expect(broken(simulation.chain.context())).toEqual([]);
  });

  it("have a damage each", () => {
    expect(Object.keys(damages).sort()).toEqual(invariants.map(({ name }) => name).sort());
  });

  it.each(Object.entries(damages))("%s notices it", (name, damage) => {
    const context = simulation.chain.context();
    damage(context);
    expect(broken(context).some((found) => found.startsWith(`${name}: `))).toBe(true);
  });
});
