import { encodeMessage } from "@tacit/encoding";
import { InvariantError } from "@tacit/encoding/errors";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import {
  MsgCreateValidatorResponseSchema,
  MsgCreateValidatorSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import {
  type AnyValue,
  type Context,
  createContext,
  type MessageRoute,
  messageRoute,
  secretKvGas,
} from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import {
  type BankChainOptions,
  blockOf,
  createBankChain,
  testBalance,
  testChainId,
} from "./bank-chain.ts";
import { sendMessage, signTx, type TxParts, testAccount } from "./signing.ts";

const [alice, bob] = [testAccount(0), testAccount(1)];
const fee = [{ denom: "uscrt", amount: "2500" }];

function setUp(options: Partial<BankChainOptions> = {}) {
  const chain = createBankChain({ accounts: [alice, bob], ...options });
  const text = chain.addresses.toText;
  let height = 0n;
  const committed = () =>
    createContext({ stores: chain.store.branch(), kvGas: secretKvGas, mode: "query" });
  return {
    ...chain,
    to: text(bob.address),
    send: (amount: string) => sendMessage(text(alice.address), text(bob.address), amount),
    sign: (parts: Partial<TxParts>) =>
      signTx({
        account: alice,
        chainId: testChainId,
        sequence: 0n,
        messages: [],
        fee,
        ...parts,
      }),
    block: (...txs: Uint8Array[]) => {
      height += 1n;
      const response = chain.machine.finalizeBlock(blockOf(height, txs));
      chain.machine.commit();
      return response;
    },
    balance: (address: Uint8Array) => chain.bank.getBalance(committed(), address, "uscrt"),
    sequence: (address: Uint8Array) => chain.accounts.getAccount(committed(), address)?.sequence,
    check: (tx: Uint8Array) => chain.machine.checkTx(tx, "check"),
  };
}

/** A message whose handler is the test's. */
function probe(run: (context: Context) => void): MessageRoute<never> {
  return messageRoute({
    schema: MsgCreateValidatorSchema,
    response: MsgCreateValidatorResponseSchema,
    signers: () => [alice.address],
    handle: (context) => {
      run(context);
      return {};
    },
  }) as MessageRoute<never>;
}

const probeMessage: AnyValue = {
  typeUrl: "/cosmos.staking.v1beta1.MsgCreateValidator",
  value: new Uint8Array(),
};

describe("a transaction in a block", () => {
  it("keeps fee and sequence when its messages fail, and nothing of the messages", () => {
    const chain = setUp();
    const tx = chain.sign({ messages: [chain.send("5"), chain.send(`${testBalance}`)] });
    const [result] = chain.block(tx).txResults;
    expect(result).toMatchObject({ code: 5, codespace: "sdk" });
    expect(result?.log).toMatch(/^failed to execute message; message index: 1: /);
    expect(chain.balance(bob.address)).toBe(testBalance);
    expect(chain.balance(alice.address)).toBe(testBalance - 2500n);
    expect(chain.sequence(alice.address)).toBe(1n);
  });

  it("keeps nothing when an ante check fails", () => {
    const chain = setUp();
    const tx = chain.sign({ messages: [chain.send("5")], sequence: 3n });
    const [result] = chain.block(tx).txResults;
    expect(result).toMatchObject({
      code: 32,
      log: "account sequence mismatch, expected 0, got 3: incorrect account sequence",
      events: [],
    });
    expect(chain.balance(alice.address)).toBe(testBalance);
  });

  it("fails with code 2 and no gas if its bytes are none", () => {
    const chain = setUp();
    const [result] = chain.block(Uint8Array.of(1, 2, 3)).txResults;
    expect(result).toMatchObject({ code: 2, codespace: "sdk", gasWanted: 0n, gasUsed: 0n });
  });

  it("fails with 111222 where code of ours throws, and the block goes on", () => {
    const chain = setUp({
      routes: [
        probe(() => {
          throw new TypeError("plaintext");
        }),
      ],
    });
    const bad = chain.sign({ messages: [probeMessage] });
    const good = chain.sign({ messages: [chain.send("7")], sequence: 1n });
    const [first, second] = chain.block(bad, good).txResults;
    expect(first).toMatchObject({ code: 111222, codespace: "undefined" });
    expect(first?.log).not.toContain("plaintext");
    expect(second?.code).toBe(0);
  });

  it("stops the block on a broken invariant, and the block can run again", () => {
    let isBroken = true;
    const chain = setUp({
      routes: [
        probe(() => {
          if (isBroken) throw new InvariantError("broken");
        }),
      ],
    });
    const tx = chain.sign({ messages: [probeMessage] });
    expect(() => chain.machine.finalizeBlock(blockOf(1n, [tx]))).toThrow(InvariantError);
    isBroken = false;
    expect(chain.block(tx).txResults[0]?.code).toBe(0);
    expect(chain.sequence(alice.address)).toBe(1n);
  });

  it("is forgotten with a block that is abandoned", () => {
    const chain = setUp();
    const tx = chain.sign({ messages: [chain.send("5")] });
    expect(() => chain.machine.abandonBlock()).not.toThrow();
    chain.block();
    chain.machine.finalizeBlock(blockOf(2n, [tx]));
    chain.machine.abandonBlock();
    chain.block();
    expect(chain.balance(bob.address)).toBe(testBalance);
    expect(chain.sequence(alice.address)).toBe(0n);
  });

  it("runs out of gas where it says", () => {
    const chain = setUp();
    const tx = chain.sign({ messages: [chain.send("5")], gasLimit: 3_000n });
    const [result] = chain.block(tx).txResults;
    expect(result).toMatchObject({ code: 11, gasWanted: 3_000n });
    expect(result?.log).toMatch(
      /^out of gas in location: \w+( verify: \w+)?; gasWanted: 3000, gasUsed: \d+: out of gas$/,
    );
  });

  it("is refused past the block's gas, which the transactions before it used", () => {
    const chain = setUp({ maxGas: 30_000n });
    const tx = (sequence: bigint) =>
      chain.sign({ messages: [chain.send("5")], sequence, gasLimit: 20_000n });
    const [first, second, third] = chain.block(tx(0n), tx(1n), tx(2n), tx(3n)).txResults;
    expect(first?.code).toBe(0);
    expect(second?.code).toBe(0);
    expect(third).toMatchObject({ code: 11 });
  });

  it("emits message events behind ante events, with the message's index", () => {
    const chain = setUp();
    const tx = chain.sign({ messages: [chain.send("5"), chain.send("6")] });
    const [result] = chain.block(tx).txResults;
    const indexes = result?.events.map(
      ({ attributes }) => attributes.find(({ key }) => key === "msg_index")?.value,
    );
    expect(indexes?.filter((value) => value === "0").length).toBe(5);
    expect(indexes?.filter((value) => value === "1").length).toBe(5);
    expect(indexes?.slice(0, 7).every((value) => value === undefined)).toBe(true);
  });

  it("may not go on after a message that said it is the last", () => {
    const chain = setUp({
      routes: [
        probe((context) => {
          if (context.scope !== undefined) context.scope.lastMessageMarked = true;
        }),
      ],
    });
    const tx = chain.sign({ messages: [probeMessage, chain.send("5")] });
    const [result] = chain.block(tx).txResults;
    expect(result).toMatchObject({ code: 40404, codespace: "sdk" });
    expect(result?.log).toBe(
      "message was attempted but last message was marked by a contract; message index: 1: Cannot send messages after last tx marker was set",
    );
  });

  it("tells the observer of its branches in strict nesting", () => {
    const seen: string[] = [];
    const note = (what: string) => () => void seen.push(what);
    const chain = setUp({
      observer: {
        beginTx: note("begin"),
        endTx: note("end"),
        branch: note("branch"),
        commit: note("commit"),
        revert: note("revert"),
      },
      routes: [
        probe((context) => {
          context.branched(() => {});
          const failing = () =>
            context.branched(() => {
              throw new TypeError();
            });
          expect(failing).toThrow(TypeError);
        }),
      ],
    });
    chain.block(chain.sign({ messages: [probeMessage] }));
    expect(seen).toEqual([
      "begin",
      "branch",
      "branch",
      "commit",
      "branch",
      "revert",
      "commit",
      "end",
    ]);
  });
});

describe("a check", () => {
  it("advances the sequence for the next check and forgets it at the commit", () => {
    const chain = setUp();
    const tx = (sequence: bigint) => chain.sign({ messages: [chain.send("5")], sequence });
    chain.block();
    expect(chain.check(tx(0n)).code).toBe(0);
    expect(chain.check(tx(1n)).code).toBe(0);
    expect(chain.check(tx(1n)).code).toBe(32);
    chain.block();
    expect(chain.check(tx(0n)).code).toBe(0);
  });

  it("asks for the node's price", () => {
    const chain = setUp({ minGasPrices: [{ denom: "uscrt", amount: 10n ** 17n }] });
    chain.block();
    const tx = (amount: string) =>
      chain.sign({
        messages: [chain.send("5")],
        gasLimit: 20_000n,
        fee: [{ denom: "uscrt", amount }],
      });
    expect(chain.check(tx("1999"))).toMatchObject({
      code: 13,
      log: "insufficient fees; got: 1999uscrt required: 2000uscrt: insufficient fee",
    });
    expect(chain.check(tx("2000")).code).toBe(0);
  });

  it("refuses a transaction of another chain, of another signer, too late, too long", () => {
    const chain = setUp();
    chain.block();
    chain.block();
    const messages = [chain.send("5")];
    const refused = (parts: Partial<TxParts>) => chain.check(chain.sign({ messages, ...parts }));
    expect(refused({ chainId: "other-1" })).toMatchObject({
      code: 4,
      log: expect.stringMatching(
        /^signature verification failed; please verify account number \(0\) and chain-id \(test-1\): \(unable to verify single signer signature .*\): unauthorized$/,
      ),
    });
    expect(refused({ account: bob })).toMatchObject({ code: 8 });
    expect(refused({ timeoutHeight: 1n })).toMatchObject({ code: 30 });
    expect(refused({ memo: "x".repeat(257) })).toMatchObject({
      code: 12,
      log: "maximum number of characters is 256 but received 257 characters: memo too large",
    });
    expect(refused({ gasLimit: 0n })).toMatchObject({ code: 11 });
    expect(refused({ messages: [] })).toMatchObject({ code: 18 });
    expect(refused({ fee: [{ denom: "uscrt", amount: `${testBalance + 1n}` }] })).toMatchObject({
      code: 5,
    });
  });

  it("says what is wrong with unknown messages and fields", () => {
    const chain = setUp();
    const unknown = { typeUrl: "/secret.nothing.v1.MsgNothing", value: new Uint8Array() };
    expect(chain.check(chain.sign({ messages: [unknown] }))).toMatchObject({ code: 2 });
    const { typeUrl, value } = chain.send("5");
    const extra = { typeUrl, value: Uint8Array.of(...value, 0x7a, 0x01, 0x00) };
    expect(chain.check(chain.sign({ messages: [extra] }))).toMatchObject({ code: 2 });
  });

  it("refuses a blocked receiver and a negative, zero or unsorted amount in the block", () => {
    const chain = setUp();
    const from = chain.addresses.toText(alice.address);
    const feeCollector = chain.addresses.toText(chain.accounts.moduleAddress("fee_collector")!);
    const raw = (amount: readonly { denom: string; amount: string }[]): AnyValue => ({
      typeUrl: "/cosmos.bank.v1beta1.MsgSend",
      value: encodeMessage(MsgSendSchema, {
        fromAddress: from,
        toAddress: chain.to,
        amount: [...amount],
      }),
    });
    const messages = [
      sendMessage(from, feeCollector, "5"),
      raw([{ denom: "uscrt", amount: "0" }]),
      raw([{ denom: "uscrt", amount: "-5" }]),
      raw([
        { denom: "uscrt", amount: "1" },
        { denom: "atom", amount: "1" },
      ]),
    ];
    const txs = messages.map((message, index) =>
      chain.sign({ messages: [message], sequence: BigInt(index) }),
    );
    expect(chain.block(...txs).txResults.map(({ code }) => code)).toEqual([4, 10, 10, 10]);
  });
});
