/** A block whose transactions look at the next one while they run, beside one where none does. */
import type { TxPlace, TxPreview, TxScope } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { blockOf, createBankChain, testChainId } from "./bank-chain.ts";
import { sendMessage, signTx, type TxParts, testAccount } from "./signing.ts";

const [alice, bob, newcomer] = [testAccount(0), testAccount(1), testAccount(2)];

function setUp(onBegin: (place: TxPlace, scope: TxScope) => void) {
  const silent = () => {};
  return createBankChain({
    accounts: [alice, bob],
    observer: {
      beginTx: (_context, scope, place) => onBegin(place, scope),
      endTx: silent,
      branch: silent,
      commit: silent,
      revert: silent,
    },
  });
}

const { addresses } = setUp(() => {});
const text = addresses.toText;

function send(parts: Partial<TxParts> & { readonly to?: Uint8Array; readonly amount?: string }) {
  const { account = alice, to = bob.address, amount = "1000000" } = parts;
  return signTx({
    account,
    chainId: testChainId,
    sequence: 0n,
    messages: [sendMessage(text(account.address), text(to), amount)],
    fee: [{ denom: "uscrt", amount: "2500" }],
    ...parts,
  });
}

function flipLast(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[changed.length - 1]! ^= 1;
  return changed;
}

/** What follows a transfer of Alice's, and what the look at it makes of it. */
const FOLLOWERS: readonly (readonly [string, Uint8Array, "found" | "nothing"])[] = [
  ["another of hers", send({ sequence: 1n }), "found"],
  ["one of somebody else", send({ account: bob }), "found"],
  ["one with an old sequence", send({ sequence: 0n, memo: "again" }), "nothing"],
  ["one with a sequence to come", send({ sequence: 2n }), "nothing"],
  ["one whose signature is wrong", flipLast(send({ sequence: 1n })), "nothing"],
  ["one for another chain", send({ sequence: 1n, chainId: "test-2" }), "nothing"],
  ["one of an account that does not exist", send({ account: newcomer }), "nothing"],
  ["one that cannot pay", send({ account: bob, fee: [{ denom: "uscrt", amount: "1" }] }), "found"],
  ["one that is too late", send({ account: bob, timeoutHeight: 1n }), "found"],
  ["bytes that are no transaction", Uint8Array.of(1, 2, 3), "nothing"],
];

describe("a look at the transaction that comes next", () => {
  it.each(FOLLOWERS)("changes nothing for %s", (_what, follower, expected) => {
    const previews: (TxPreview | undefined)[] = [];
    const chains = [setUp((place) => previews.push(place.lookAhead())), setUp(() => {})];
    const [looking, plain] = chains.map(({ machine }) => {
      machine.finalizeBlock(blockOf(1n, []));
      machine.commit();
      const last = send({ account: bob, sequence: 1n });
      const response = machine.finalizeBlock(blockOf(2n, [send({}), follower, last]));
      return { ...response, commit: machine.commit() };
    });
    expect(looking).toEqual(plain);
    expect(looking?.txResults[0]?.code).toBe(0);
    expect(previews[0] === undefined ? "nothing" : "found").toBe(expected);
    if (previews[0] !== undefined) expect(previews[0].tx.bytes).toBe(follower);
  });

  it("names the signers as the run then sees them, a first key included", () => {
    const previews: (TxPreview | undefined)[] = [];
    const { machine } = setUp((place) => previews.push(place.lookAhead(), place.lookAhead()));
    machine.finalizeBlock(blockOf(1n, [send({}), send({ account: bob })]));
    const [first, again, afterTheLast] = previews;
    expect(first?.signers).toEqual([
      {
        address: bob.address,
        accountNumber: bob.accountNumber,
        sequence: 0n,
        publicKey: expect.objectContaining({ typeUrl: "/cosmos.crypto.secp256k1.PubKey" }),
      },
    ]);
    expect([again, afterTheLast]).toEqual([undefined, undefined]);
  });

  it("decodes it for its run", () => {
    const seen: unknown[] = [];
    const { machine } = setUp((place, { tx }) => seen.push(tx, place.lookAhead()?.tx));
    machine.finalizeBlock(blockOf(1n, [send({}), send({ account: bob })]));
    expect(seen[1]).toBeDefined();
    expect(seen[2]).toBe(seen[1]);
  });

  it("tells each transaction's place among all of them", () => {
    const places: number[] = [];
    const { machine } = setUp(({ index }) => places.push(index));
    const poor = send({ account: bob, fee: [{ denom: "uscrt", amount: "9999999999" }] });
    machine.finalizeBlock(blockOf(1n, [send({}), poor, send({ account: bob })]));
    expect(places).toEqual([0, 2]);
  });
});
