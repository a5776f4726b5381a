/** What the host says comes next: it may win time, and can do nothing else. */
import { Secret } from "@tacit/crypto";
import { connectInProcess, type SignerAccount, type TxNotice } from "@tacit/enclave-channel";
import { toHex } from "@tacit/encoding";
import { beforeEach, describe, expect, it } from "vitest";
import {
  account,
  type CallAnswer,
  contractCode,
  executeMessage,
  NETWORK,
  outputOf,
  SEALING_KEY,
  signTx,
  TestChain,
} from "../test/chain.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";
import { createKeyRing, type KeyRing } from "./keys/key-ring.ts";
import { UpcomingTransaction } from "./transaction/upcoming.ts";

const alice = account(1);
const mallory = account(2);
let chain: TestChain;
let client: Client;
let counter: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };
let increment: Uint8Array;

beforeEach(async () => {
  const engine = createEnclave({ sealingKey: SEALING_KEY }).createEngine();
  chain = new TestChain(connectInProcess(engine, { runsMeanwhile: true }));
  client = secretjsClient(chain.start().info.ioPublicKey);
  const codeHash = chain.storeCode(contractCode("counter"));
  const init = await client.encrypt(codeHash, { count: 41 });
  counter = { contract: chain.instantiate(alice, codeHash, init).contract, codeHash };
  increment = await client.encrypt(codeHash, { increment: {} });
});

function transaction(signer = alice, message = increment): Omit<TxNotice, "index"> {
  const { contract } = counter;
  return signTx(signer, [executeMessage({ sender: signer.address, contract, message })]);
}

const request = () => chain.executeRequest({ sender: alice, ...counter, message: increment });

function announce(...notices: readonly Partial<TxNotice>[]): void {
  for (const notice of notices) {
    const next = { index: 0, txBytes: new Uint8Array(0), signers: [], ...notice };
    chain.client.call({ kind: "info" }, chain.handler, () => next);
  }
}

/** The block with Alice's transaction, which is not kept: it can run again. */
function attempt(prepare: () => void, tx = transaction()): CallAnswer {
  expect(chain.ask(chain.beginRequest(chain.height + 1n))).toMatchObject({ kind: "begun" });
  prepare();
  chain.client.notify({ kind: "begin_tx", index: 0, ...tx });
  const answer = chain.ask(request());
  if (answer.kind !== "call") throw new TypeError(JSON.stringify(answer));
  return answer;
}

function flipLast(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[changed.length - 1]! ^= 1;
  return changed;
}

const withSigner = (changes: Partial<SignerAccount>) => {
  const tx = transaction();
  return { ...tx, signers: tx.signers.map((signer) => ({ ...signer, ...changes })) };
};

describe("a transaction that was announced", () => {
  it("is refused or runs to the same bytes as one that was not, whatever was announced", () => {
    const plain = attempt(() => {});
    outputOf(plain);
    const { txBytes, signers } = transaction();
    const lowOrder = Uint8Array.from(increment).fill(0, 32, 64);
    const announced: readonly (readonly Partial<TxNotice>[])[] = [
      [transaction()],
      [transaction(), transaction()],
      [transaction(), transaction(mallory)],
      [transaction(mallory)],
      [transaction(alice, lowOrder)],
      [transaction(alice, new Uint8Array(0))],
      [{ txBytes: flipLast(txBytes), signers }],
      [{ txBytes: Uint8Array.of(1, 2, 3), signers }],
      [{}],
      [{ txBytes, signers: [] }],
      [{ txBytes, signers: [...signers, ...signers] }],
      [{ ...transaction(), index: 1 }],
      [withSigner({ accountNumber: 99n })],
      [withSigner({ sequence: 99n })],
      [withSigner({ address: mallory.address })],
      [withSigner({ publicKey: new Uint8Array(0) })],
    ];
    for (const notices of announced) {
      expect(attempt(() => announce(...notices))).toEqual(plain);
    }
  });

  it("is judged by what it begins with", () => {
    const bad = { result: { failure: { code: "enclave/bad_signature" } }, writes: [] };
    const wrong = [
      withSigner({ accountNumber: 99n }),
      { ...transaction(), signers: [] },
      { ...transaction(), txBytes: flipLast(transaction().txBytes) },
      transaction(mallory),
    ];
    for (const tx of wrong) {
      expect(attempt(() => announce(transaction()), tx)).toMatchObject(bad);
    }
  });

  it("runs once, and needs a block of its own", () => {
    announce(transaction());
    outputOf(attempt(() => announce(transaction())));
    announce(transaction());
    chain.client.notify({ kind: "begin_tx", index: 0, ...transaction() });
    expect(chain.ask(request())).toMatchObject({ kind: "refused", code: "enclave/replayed" });
  });

  it("may be announced from within a contract's question", () => {
    const plain = attempt(() => {});
    chain.intercept = (_asked, honest) => {
      announce(transaction(mallory));
      return honest();
    };
    expect(attempt(() => announce(transaction()))).toEqual(plain);
  });
});

describe("preparing a transaction", () => {
  const seeds = [1, 2].map((fill) => new Secret(new Uint8Array(32).fill(fill), "seed"));
  const real = createKeyRing(seeds);

  function setUp() {
    const agreed: string[] = [];
    const ring: KeyRing = Object.create(real, {
      agree: {
        value: (publicKey: Uint8Array) => {
          agreed.push(toHex(publicKey));
          real.agree(publicKey);
        },
      },
    });
    return { agreed, upcoming: new UpcomingTransaction(ring, NETWORK) };
  }

  it("agrees with the authors of its messages on their keys", () => {
    const { agreed, upcoming } = setUp();
    upcoming.prepare({ index: 0, ...transaction() });
    expect(agreed).toEqual([toHex(increment.subarray(32, 64))]);
  });

  it("is for one beginning, of the same bytes and signers", () => {
    const { upcoming } = setUp();
    const notice = () => ({ index: 0, ...transaction() });
    const prepared = upcoming.prepare(notice());
    expect(upcoming.take(notice())).toBe(prepared);
    expect(upcoming.take(notice())).not.toBe(prepared);
    const others = [
      { ...notice(), index: 1 },
      { ...notice(), ...withSigner({ sequence: 4n }) },
      { index: 0, ...transaction(mallory) },
    ];
    for (const other of others) {
      const ours = upcoming.prepare(notice());
      expect(upcoming.take(other)).not.toBe(ours);
      expect(upcoming.take(notice())).not.toBe(ours);
    }
  });

  it("is forgotten with its block", () => {
    const { upcoming } = setUp();
    const notice = { index: 0, ...transaction() };
    const prepared = upcoming.prepare(notice);
    upcoming.drop();
    expect(upcoming.take(notice)).not.toBe(prepared);
  });
});
