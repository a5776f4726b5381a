import { toHex } from "@tacit/encoding";
import type { ValidatorSet } from "@tacit/light";
import type { ValidatorUpdate } from "@tacit/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VOTING_POWER_TOTAL_MAX } from "../limits.ts";
import { createValidatorSet, nextValidatorSet } from "./validator-set.ts";

const update = (name: number, power: bigint): ValidatorUpdate => ({
  keyType: "ed25519",
  publicKey: new Uint8Array(32).fill(name),
  power,
});
const powers = ({ validators }: ValidatorSet) => validators.map(({ power }) => power);
const refused = (reason: string) =>
  expect.objectContaining({ failure: { code: "consensus/bad_validator_update", reason } });

describe("a validator set", () => {
  it("is ordered by power, then address", () => {
    const set = createValidatorSet([update(1, 5n), update(2, 7n), update(3, 5n)]);
    expect(powers(set)).toEqual([7n, 5n, 5n]);
    const equals = set.validators.slice(1).map(({ address }) => toHex(address));
    expect(equals).toEqual(equals.toSorted());
  });

  it("of one never gains priority", () => {
    let set = createValidatorSet([update(1, 10n)]);
    for (let i = 0; i < 5; i++) set = nextValidatorSet(set, []);
    expect(set.validators[0]?.proposerPriority).toBe(0n);
  });

  it("lets each propose as often as its power says", () => {
    let set = createValidatorSet([update(1, 1n), update(2, 2n), update(3, 5n)]);
    const turns = new Map<bigint, number>();
    for (let i = 0; i < 80; i++) {
      turns.set(set.proposer.power, (turns.get(set.proposer.power) ?? 0) + 1);
      set = nextValidatorSet(set, []);
    }
    expect(Object.fromEntries(turns)).toEqual({ 1: 10, 2: 20, 5: 50 });
  });

  it("begins its turns again after as many as the total power", () => {
    let set = createValidatorSet([update(1, 4n), update(2, 5n), update(3, 3n)]);
    const turns: bigint[] = [];
    for (let i = 0; i < 12; i++) {
      turns.push(set.proposer.power);
      set = nextValidatorSet(set, []);
    }
    const count = (power: bigint) => turns.filter((each) => each === power).length;
    expect([4n, 5n, 3n].map(count)).toEqual([4, 5, 3]);
    expect(set.proposer.power).toBe(turns[0]);
  });

  it("puts a newcomer at the end of the line", () => {
    const set = nextValidatorSet(createValidatorSet([update(1, 10n)]), [update(2, 10n)]);
    const [proposer] = set.validators.filter(({ publicKey }) => publicKey[0] === 1);
    expect(set.proposer).toEqual(proposer);
    const newcomer = set.validators.find(({ publicKey }) => publicKey[0] === 2);
    expect(newcomer?.proposerPriority).toBeLessThan(0n);
  });

  it("changes and removes", () => {
    const first = createValidatorSet([update(1, 10n), update(2, 5n)]);
    expect(powers(nextValidatorSet(first, [update(1, 1n)]))).toEqual([5n, 1n]);
    expect(powers(nextValidatorSet(first, [update(2, 0n)]))).toEqual([10n]);
  });

  it("refuses what CometBFT refuses", () => {
    const set = createValidatorSet([update(1, 10n)]);
    const change = (...updates: ValidatorUpdate[]) => nextValidatorSet(set, updates);
    expect(() => change(update(1, 0n))).toThrow(refused("no validator is left"));
    expect(() => change(update(2, 0n))).toThrow(refused("removal of an unknown validator"));
    expect(() => change(update(2, 1n), update(2, 2n))).toThrow(refused("the same validator twice"));
    expect(() => change(update(2, -1n))).toThrow(refused("negative power"));
    expect(() => change(update(2, VOTING_POWER_TOTAL_MAX))).toThrow(refused("too much power"));
    const secp: ValidatorUpdate = { ...update(2, 1n), keyType: "secp256k1" };
    expect(() => change(secp)).toThrow(refused("not an Ed25519 key"));
  });

  it("keeps priorities balanced and within twice the power, whatever happens", () => {
    const step = fc.array(fc.tuple(fc.integer({ min: 2, max: 6 }), fc.bigInt(1n, 1_000n)), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let set = createValidatorSet([update(1, 10n)]);
        for (const changes of steps) {
          const byName = new Map(changes);
          set = nextValidatorSet(
            set,
            [...byName].map(([name, power]) => update(name, power)),
          );
          const priorities = set.validators.map(({ proposerPriority }) => proposerPriority);
          const sum = priorities.reduce((a, b) => a + b, 0n);
          const total = powers(set).reduce((a, b) => a + b, 0n);
          const count = BigInt(priorities.length);
          expect(sum > -count && sum < count).toBe(true);
          const [low, high] = [priorities, priorities].map((list, i) =>
            list.reduce((a, b) => ((i === 0 ? a < b : a > b) ? a : b)),
          ) as [bigint, bigint];
          expect(high - low).toBeLessThanOrEqual(3n * total);
        }
      }),
    );
  });
});
