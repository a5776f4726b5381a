import { PlainError } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { blockOf, createBankChain, testChainId } from "./bank-chain.ts";
import { sendMessage, signTx, testAccount } from "./signing.ts";

const accounts = [testAccount(0), testAccount(1)];

/** A chain on which money moved and an account was made. */
function busyChain() {
  const chain = createBankChain({ accounts });
  const [from, to, fresh] = [0, 1, 2].map((index) =>
    chain.addresses.toText(testAccount(index).address),
  ) as [string, string, string];
  const tx = signTx({
    account: accounts[0]!,
    chainId: testChainId,
    sequence: 0n,
    messages: [sendMessage(from, to, "7"), sendMessage(from, fresh, "9")],
    fee: [{ denom: "uscrt", amount: "2500" }],
  });
  chain.machine.finalizeBlock(blockOf(1n, [tx]));
  chain.machine.commit();
  return chain;
}

function exported(chain: ReturnType<typeof createBankChain>) {
  return chain.machine.exportGenesis(chain.store.atVersion(1n), chain.machine.lastBlock);
}

describe("genesis", () => {
  it("exported and imported again is the same", () => {
    const state = exported(busyChain());
    const second = createBankChain({ accounts: [], appState: state });
    second.machine.finalizeBlock(blockOf(1n, []));
    second.machine.commit();
    expect(exported(second)).toEqual(state);
  });

  it("shows what happened: keys, sequences, new accounts, fees", () => {
    const state = exported(busyChain()) as unknown as {
      readonly auth: { readonly accounts: readonly Record<string, unknown>[] };
      readonly bank: { readonly balances: readonly { readonly coins: unknown }[] };
    };
    const base = state.auth.accounts.filter((each) => "sequence" in each);
    expect(base.map(({ sequence }) => sequence).sort()).toEqual(["0", "0", "1"]);
    expect(base.filter(({ pub_key }) => pub_key !== null).length).toBe(1);
    expect(state.bank.balances.length).toBe(4);
  });

  it("gives accounts with one number numbers of their own", () => {
    const twins = accounts.map((account) => ({ ...account, accountNumber: 0n }));
    const chain = createBankChain({ accounts: twins });
    chain.machine.finalizeBlock(blockOf(1n, []));
    chain.machine.commit();
    const state = exported(chain) as unknown as {
      readonly auth: { readonly accounts: readonly { readonly account_number?: string }[] };
    };
    const numbers = state.auth.accounts.flatMap(({ account_number }) => account_number ?? []);
    expect(numbers.sort()).toEqual(["0", "1"]);
  });

  it("is refused if its supply is not the sum of its balances", () => {
    const state = JSON.parse(JSON.stringify(exported(busyChain())));
    state.bank.supply[0].amount = "1";
    expect(() => createBankChain({ accounts: [], appState: state })).toThrow(PlainError);
  });
});
