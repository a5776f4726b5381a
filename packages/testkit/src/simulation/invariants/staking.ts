/** Invariants of `staking` and `slashing`. */
import { moduleAddress, truncatedHashAddress } from "@tacit/crypto";
import { Dec, decodeMessage, equalBytes, type Instant } from "@tacit/encoding";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { ValidatorSigningInfoSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/slashing";
import {
  BondStatus,
  DVPairsSchema,
  DVVTripletsSchema,
  type Validator,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { createAddressCodec, readUint64BigEndian, sortableTime, utf8Text } from "@tacit/sdk";
import type { Entry, StateReader } from "../state.ts";
import type { Checked, Invariant } from "./invariant.ts";

const powerReduction = 1_000_000n;
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

const moduleAccounts: Invariant = {
  name: "staking/module-accounts",
  *broken({ state, bondDenom }) {
    const validators = state.validators();
    const tokensOf = (isBonded: boolean) =>
      sum(
        validators
          .filter(({ status }) => (status === BondStatus.BONDED) === isBonded)
          .map(({ tokens }) => BigInt(tokens)),
      );
    const unbonding = sum(
      state.unbondings().flatMap(({ entries }) => entries.map(({ balance }) => BigInt(balance))),
    );
    yield* differs("bonded_tokens_pool", tokensOf(true));
    yield* differs("not_bonded_tokens_pool", tokensOf(false) + unbonding);

    function* differs(name: string, expected: bigint): Iterable<string> {
      const pool = moduleAddress(name);
      const balance = state
        .balances()
        .find(({ address, denom }) => denom === bondDenom && equalBytes(address, pool));
      const amount = balance?.amount ?? 0n;
      if (amount !== expected) yield `${name} has ${amount}, its validators ${expected}`;
    }
  },
};

const nonnegativePower: Invariant = {
  name: "staking/nonnegative-power",
  *broken({ state, composition }) {
    const indexed = new Map(
      Array.from(state.entries("staking", 0x23), ({ key, value }) => [
        composition.addresses.toText(value),
        readUint64BigEndian(key),
      ]),
    );
    for (const validator of state.validators()) {
      const { operatorAddress, tokens, jailed } = validator;
      if (BigInt(tokens) < 0n) yield `${operatorAddress} has ${tokens} tokens`;
      const account = accountOf(composition, operatorAddress);
      const power = indexed.get(account);
      indexed.delete(account);
      const expected = jailed ? undefined : BigInt(tokens) / powerReduction;
      if (power !== expected) {
        yield `${operatorAddress} stands in the power index with ${power} instead of ${expected}`;
      }
    }
    for (const account of indexed.keys())
      yield `the power index has ${account}, who is no validator`;
  },
};

/** Every operator has an account of the same bytes. */
function accountOf(composition: Checked["composition"], operator: string): string {
  const bytes = createAddressCodec(`${composition.addresses.prefix}valoper`).toBytes(operator);
  return composition.addresses.toText(bytes);
}

const positiveDelegation: Invariant = {
  name: "staking/positive-delegation",
  *broken({ state }) {
    for (const { delegatorAddress, validatorAddress, shares } of state.delegations()) {
      if (Dec.fromWire(shares).isPositive) continue;
      yield `${delegatorAddress} has ${shares} shares of ${validatorAddress}`;
    }
  },
};

const delegatorShares: Invariant = {
  name: "staking/delegator-shares",
  *broken({ state }) {
    const shares = new Map<string, Dec>();
    for (const each of state.delegations()) {
      const before = shares.get(each.validatorAddress) ?? Dec.ZERO;
      shares.set(each.validatorAddress, before.add(Dec.fromWire(each.shares)));
    }
    for (const { operatorAddress, delegatorShares: stated } of state.validators()) {
      const held = shares.get(operatorAddress) ?? Dec.ZERO;
      shares.delete(operatorAddress);
      if (held.equals(Dec.fromWire(stated))) continue;
      yield `${operatorAddress} has ${stated} shares, its delegators ${held.toWire()}`;
    }
    for (const operator of shares.keys()) yield `delegations to ${operator}, which is no validator`;
  },
};

/**
 * Indexes have what the records have, no more and no less; but for the index of unbonding ids, which
 * the SDK does not keep: it forgets cancelled unbondings there, and imports none.
 */
const indexes: Invariant = {
  name: "staking/indexes",
  *broken({ state }) {
    const count = (prefix: number) => [...state.entries("staking", prefix)].length;
    yield* unequal("delegations by validator", count(0x71), count(0x31));
    yield* unequal("unbondings by validator", count(0x33), count(0x32));
    yield* unequal("redelegations by source", count(0x35), count(0x34));
    yield* unequal("redelegations by destination", count(0x36), count(0x34));
    yield* unequal("validators by consensus address", count(0x22), count(0x21));
    for (const { delegatorAddress, entries: own } of state.unbondings()) {
      if (own.length === 0) yield `an unbonding of ${delegatorAddress} without entries`;
    }
  },
};

function* unequal(what: string, found: number, expected: number): Iterable<string> {
  if (found !== expected) yield `${what}: ${found} instead of ${expected}`;
}

/** What unbonds stands in the queue of its time. */
const queues: Invariant = {
  name: "staking/queues",
  *broken({ state }) {
    const pairs = queued(state.decoded(DVPairsSchema, "staking", 0x41), ({ pairs }) => pairs);
    for (const { entries, delegatorAddress, validatorAddress } of state.unbondings()) {
      for (const { completionTime } of entries) {
        const text = `${timeText(completionTime)} ${delegatorAddress} ${validatorAddress}`;
        if (!pairs.has(text)) yield `not in the queue of unbondings: ${text}`;
      }
    }
    const triplets = queued(
      state.decoded(DVVTripletsSchema, "staking", 0x42),
      ({ triplets }) => triplets,
    );
    for (const { entries, delegatorAddress, ...path } of state.redelegations()) {
      const { validatorSrcAddress, validatorDstAddress } = path;
      for (const { completionTime } of entries) {
        const text = `${timeText(completionTime)} ${delegatorAddress} ${validatorSrcAddress} ${validatorDstAddress}`;
        if (!triplets.has(text)) yield `not in the queue of redelegations: ${text}`;
      }
    }
  },
};

const timeText = (time: Instant | undefined) =>
  time === undefined ? "never" : utf8Text(sortableTime(time));

/** `time addresses` of everything in a queue; keys are times. */
function queued<Slot>(
  slots: readonly Entry<Slot>[],
  itemsOf: (slot: Slot) => readonly { readonly $typeName: string }[],
): ReadonlySet<string> {
  return new Set(
    slots.flatMap(({ key, value }) =>
      itemsOf(value).map(({ $typeName, ...addresses }) =>
        [utf8Text(key), ...Object.values(addresses)].join(" "),
      ),
    ),
  );
}

/** The last powers are those of bonded validators, and their sum is the total. */
const lastPowers: Invariant = {
  name: "staking/last-powers",
  *broken({ state, composition }) {
    const bonded = state.validators().filter(({ status }) => status === BondStatus.BONDED);
    const last = new Set(
      Array.from(state.entries("staking", 0x11), ({ key }) =>
        composition.addresses.toText(key.slice(1)),
      ),
    );
    for (const validator of bonded) {
      if (!last.delete(accountOf(composition, validator.operatorAddress))) {
        yield `${validator.operatorAddress} is bonded and has no last power`;
      }
    }
    for (const account of last) yield `${account} has a last power and is not bonded`;
  },
};

const signingInfos: Invariant = {
  name: "slashing/signing-infos",
  *broken({ state }) {
    const infos = new Map(
      state
        .decoded(ValidatorSigningInfoSchema, "slashing", 0x01)
        .map(({ key, value }) => [key.slice(1).join(), { address: key.slice(1), value }]),
    );
    for (const validator of state.validators()) {
      const info = infos.get(consensusAddress(validator).join());
      const isBonded = validator.status === BondStatus.BONDED;
      if (isBonded && info === undefined) yield `${validator.operatorAddress} has no signing info`;
      if (info?.value.tombstoned && !validator.jailed) {
        yield `${validator.operatorAddress} signed twice and is not in jail`;
      }
    }
    for (const { address, value } of infos.values()) {
      const missed = missedBlocks(state, address);
      if (BigInt(missed) === value.missedBlocksCounter) continue;
      yield `${value.address} missed ${missed} blocks, counted ${value.missedBlocksCounter}`;
    }
  },
};

function consensusAddress({ consensusPubkey }: Validator): Uint8Array {
  const { key } = decodeMessage(PubKeySchema, consensusPubkey?.value ?? new Uint8Array());
  return truncatedHashAddress(key);
}

/** Bits set in the chunks of a validator's bitmap (bits-and-blooms: length, then words). */
function missedBlocks(state: StateReader, address: Uint8Array): number {
  let bits = 0;
  for (const { value } of state.entries("slashing", 0x02, address.length, ...address)) {
    for (const byte of value.subarray(8)) bits += byte.toString(2).replaceAll("0", "").length;
  }
  return bits;
}

export const stakingInvariants: readonly Invariant[] = [
  moduleAccounts,
  nonnegativePower,
  positiveDelegation,
  delegatorShares,
  indexes,
  queues,
  lastPowers,
  signingInfos,
];
