/** Invariants of `bank` and `auth`. */
import { equalBytes } from "@tacit/encoding";
import { readUint64BigEndian, utf8Bytes } from "@tacit/sdk";
import type { Invariant } from "./invariant.ts";

const nonnegative: Invariant = {
  name: "bank/nonnegative-outstanding",
  *broken({ state, composition }) {
    for (const { address, denom, amount } of state.balances()) {
      if (amount > 0n) continue;
      yield `${composition.addresses.toText(address)} has ${amount}${denom}`;
    }
  },
};

const totalSupply: Invariant = {
  name: "bank/total-supply",
  *broken({ state }) {
    const sums = new Map<string, bigint>();
    for (const { denom, amount } of state.balances()) {
      sums.set(denom, (sums.get(denom) ?? 0n) + amount);
    }
    const supply = state.supply();
    for (const denom of new Set([...sums.keys(), ...supply.keys()])) {
      const sum = sums.get(denom) ?? 0n;
      const stated = supply.get(denom) ?? 0n;
      if (sum !== stated) yield `accounts have ${sum}${denom}, the supply is ${stated}${denom}`;
    }
  },
};

/** Each balance is found by its denomination, and nothing else is. */
const denomIndex: Invariant = {
  name: "bank/denom-index",
  *broken({ state }) {
    const indexed = new Set(Array.from(state.entries("bank", 0x03), ({ key }) => key.join()));
    for (const { address, denom } of state.balances()) {
      const key = [...utf8Bytes(denom), 0, address.length, ...address].join();
      if (!indexed.delete(key)) yield `no index entry for ${denom} of ${address.join()}`;
    }
    for (const key of indexed) yield `an index entry without balance: ${key}`;
  },
};

const accountNumbers: Invariant = {
  name: "auth/account-numbers",
  *broken({ context, composition: { accounts } }) {
    const store = context.kvStore("acc");
    const bytes = store.get(Uint8Array.of(0x02));
    const next = bytes === undefined ? 0n : readUint64BigEndian(bytes);
    const seen = new Set<bigint>();
    for (const { address, accountNumber } of accounts.accounts(context)) {
      if (seen.has(accountNumber)) yield `two accounts have number ${accountNumber}`;
      seen.add(accountNumber);
      if (accountNumber >= next) yield `account number ${accountNumber} was not given yet`;
      const indexed = accounts.addressOfNumber(context, accountNumber);
      if (indexed === undefined || !equalBytes(indexed, address)) {
        yield `account number ${accountNumber} is not indexed`;
      }
    }
  },
};

export const bankInvariants: readonly Invariant[] = [
  nonnegative,
  totalSupply,
  denomIndex,
  accountNumbers,
];
