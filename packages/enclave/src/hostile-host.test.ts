import { sha256 } from "@tacit/crypto";
import { connectInProcess, type EnclaveAnswer, type HostAnswer } from "@tacit/enclave-channel";
import { beforeEach, describe, expect, it } from "vitest";
import {
  account,
  contractCode,
  executeMessage,
  instantiateMessage,
  NETWORK,
  outputOf,
  SEALING_KEY,
  signTx,
  TestChain,
} from "../test/chain.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);
const mallory = account(2);
let chain: TestChain;
let client: Client;
let codeHash: Uint8Array;
let counter: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };
let increment: Uint8Array;

/** A fresh enclave without anything remembered, on the same sealed state and store. */
function restart(): void {
  const { sealed, store, codes, height } = chain;
  chain = Object.assign(
    new TestChain(connectInProcess(createEnclave({ sealingKey: SEALING_KEY }).createEngine())),
    { sealed, store, codes, height },
  );
  chain.start();
}

beforeEach(async () => {
  chain = new TestChain(
    connectInProcess(createEnclave({ sealingKey: SEALING_KEY }).createEngine()),
  );
  client = secretjsClient(chain.start().info.ioPublicKey);
  codeHash = chain.storeCode(contractCode("counter"));
  const init = await client.encrypt(codeHash, { count: 41 });
  counter = { contract: chain.instantiate(alice, codeHash, init).contract, codeHash };
  increment = await client.encrypt(codeHash, { increment: {} });
  restart();
});

function begin(message = increment, signer = alice): void {
  const { contract } = counter;
  chain.beginBlock();
  chain.beginTx(signTx(signer, [executeMessage({ sender: signer.address, contract, message })]));
}

const request = (message = increment) =>
  chain.executeRequest({ sender: alice, ...counter, message });

const refused = (code: string) => ({ kind: "refused", code });
const failed = (code: string) => ({ kind: "call", result: { failure: { code } }, writes: [] });

describe("a host that lies about records", () => {
  /** Answers that are wrong in one way each; the rest of the conversation is honest. */
  const lies: readonly (readonly [
    string,
    (answer: HostAnswer & { kind: "private" }) => HostAnswer,
  ])[] = [
    ["says a record is absent", (answer) => ({ ...answer, value: undefined })],
    ["changes a value", ({ value, ...rest }) => ({ ...rest, value: flip(value, 0) })],
    ["changes a value's last byte", ({ value, ...rest }) => ({ ...rest, value: flip(value, -1) })],
    ["leaves the proof out", (answer) => ({ ...answer, proof: new Uint8Array(0) })],
    ["changes the proof", ({ proof, ...rest }) => ({ ...rest, proof: flip(proof, -1) })],
    [
      "makes up an empty tree",
      (answer) => ({ ...answer, value: undefined, proof: Uint8Array.of(4) }),
    ],
  ];

  it.each(lies)("is refused when it %s", (_what, lie) => {
    begin();
    chain.intercept = (asked, honest) => {
      const answer = honest();
      return asked.kind === "read_private" && answer.kind === "private" ? lie(answer) : answer;
    };
    expect(chain.ask(request())).toMatchObject(refused("enclave/bad_proof"));
    chain.intercept = (_asked, honest) => honest();
    outputOf(chain.call(request()));
  });

  it("is refused when it serves a record of an earlier state with its old, good proof", () => {
    const before = chain.store.lastCommitId().version;
    outputOf(chain.execute(alice, counter, increment));
    restart();
    begin();
    chain.intercept = (asked, honest) => {
      if (asked.kind !== "read_private") return honest();
      return { kind: "private", ...chain.store.atVersion(before).proveRead("private", asked.key) };
    };
    expect(chain.ask(request())).toMatchObject(refused("enclave/bad_proof"));
  });

  it("is refused when it serves another record with that one's proof", () => {
    begin();
    const seen: HostAnswer[] = [];
    chain.intercept = (asked, honest) => {
      if (asked.kind !== "read_private") return honest();
      seen.push(honest());
      return seen[0]!;
    };
    expect(chain.ask(request())).toMatchObject(refused("enclave/bad_proof"));
  });

  it("is refused when it fails or answers something else", () => {
    begin();
    for (const answer of [{ kind: "logged" }, { kind: "failed" }] as const) {
      chain.intercept = (asked, honest) => (asked.kind === "read_private" ? answer : honest());
      expect(chain.ask(request())).toMatchObject(refused("enclave/host_failed"));
    }
  });

  it("is refused when it brings other code", () => {
    begin();
    const other = contractCode("host_probe");
    chain.intercept = (asked, honest) =>
      asked.kind === "load_code" ? { kind: "code", code: other } : honest();
    expect(chain.ask(request())).toMatchObject(refused("enclave/bad_code"));
  });
});

describe("a host that lies about blocks", () => {
  it("cannot name a root that is not under the state root", () => {
    const honest = chain.beginRequest();
    const changes = [
      { privateRoot: sha256(honest.privateRoot) },
      { appHash: sha256(honest.appHash) },
      { privateRootProof: flip(honest.privateRootProof, -1) },
      { privateRoot: new Uint8Array(0) },
      { privateRoot: new Uint8Array(0), privateRootProof: new Uint8Array(0) },
    ];
    for (const change of changes) {
      expect(chain.ask({ ...honest, ...change })).toMatchObject(refused("enclave/bad_root"));
    }
  });

  it("cannot go back, or run another block of a height that has run", () => {
    chain.beginBlock();
    const { height } = chain;
    const again = chain.beginRequest(height);
    expect(chain.ask(again)).toMatchObject({ kind: "begun" });
    const other = { ...again, blockHash: sha256(again.blockHash) };
    expect(chain.ask(other)).toMatchObject(refused("enclave/other_block"));
    const earlier = chain.beginRequest(height - 1n);
    expect(chain.ask(earlier)).toMatchObject(refused("enclave/height_rewound"));
    restart();
    expect(chain.ask(other)).toMatchObject(refused("enclave/other_block"));
    expect(chain.ask(again)).toMatchObject({ kind: "begun" });
  });

  it("cannot call without a block, or close branches that are not open", () => {
    expect(chain.ask(request())).toMatchObject(refused("enclave/no_block"));
    chain.beginBlock();
    chain.client.notify({ kind: "revert" });
    expect(chain.ask(request())).toMatchObject(refused("enclave/unbalanced"));
    expect(chain.ask(request())).toMatchObject(refused("enclave/no_block"));
  });

  it("cannot run a transaction twice in a block", () => {
    begin();
    outputOf(chain.call(request()));
    expect(chain.ask(request())).toMatchObject(failed("enclave/bad_signature"));
    chain.endTx(true);
    const { contract } = counter;
    const message = executeMessage({ sender: alice.address, contract, message: increment });
    chain.beginTx(signTx(alice, [message]));
    expect(chain.ask(request())).toMatchObject(refused("enclave/replayed"));
  });

  it("cannot start the enclave with another's state or for another network", () => {
    const damaged = flip(chain.sealed!, -1);
    const fresh = () => new TestChain(connectInProcess(newEngine()));
    const newEngine = () => createEnclave({ sealingKey: SEALING_KEY }).createEngine();
    const network = { ...NETWORK, chainId: "other-1" };
    expect(fresh().ask({ kind: "start", network: NETWORK, sealed: damaged })).toMatchObject(
      refused("enclave/bad_sealed_state"),
    );
    expect(fresh().ask({ kind: "start", network, sealed: chain.sealed })).toMatchObject(
      refused("enclave/other_network"),
    );
    expect(chain.ask({ kind: "start", network, sealed: undefined })).toMatchObject(
      refused("enclave/started"),
    );
  });
});

describe("a host or user that lies about messages", () => {
  const bad = failed("enclave/bad_signature");

  it("cannot replay a ciphertext as another sender", () => {
    begin();
    expect(chain.ask({ ...request(), sender: mallory.address })).toMatchObject(bad);
    chain.endTx(false);
    /** With a transaction of her own, Mallory runs it, but as herself. */
    const { contract } = counter;
    const fields = { sender: mallory.address, contract, message: increment };
    chain.beginTx(signTx(mallory, [executeMessage(fields)]));
    expect(chain.ask(request())).toMatchObject(bad);
    outputOf(chain.call({ ...request(), sender: mallory.address }));
  });

  it("cannot change contract, funds, ciphertext or kind of what was signed", () => {
    begin();
    const honest = request();
    expect(chain.ask({ ...honest, funds: [{ denom: "uscrt", amount: "1" }] })).toMatchObject(bad);
    expect(chain.ask({ ...honest, message: flip(increment, -1) })).toMatchObject(bad);
    expect(
      chain.ask({ ...honest, kind: "migrate", codeId: 1n, admin: alice.address }),
    ).toMatchObject(failed("enclave/wrong_admin"));
    const callback = { kind: "callback", signature: new Uint8Array(32) } as const;
    expect(chain.ask({ ...honest, authorization: callback })).toMatchObject(bad);
    outputOf(chain.call(honest));
  });

  it("cannot use a signature for another chain, account number or transaction", () => {
    const { contract } = counter;
    const tx = signTx(alice, [
      executeMessage({ sender: alice.address, contract, message: increment }),
    ]);
    const [signer] = tx.signers;
    const wrong = [
      { ...tx, signers: [{ ...signer!, accountNumber: 99n }] },
      { ...tx, signers: [] },
      { ...tx, txBytes: flip(tx.txBytes, 10) },
      { ...tx, txBytes: flip(tx.txBytes, -1) },
      { ...tx, txBytes: new Uint8Array(0) },
    ];
    chain.beginBlock();
    for (const each of wrong) {
      chain.beginTx(each);
      expect(chain.ask(request())).toMatchObject(bad);
      chain.endTx(false);
    }
    expect(chain.ask(request())).toMatchObject(bad);
  });

  it("cannot make a contract run a message for other code, or another contract's message", async () => {
    const otherCode = chain.storeCode(contractCode("host_probe"));
    const message = await client.encrypt(otherCode, { increment: {} });
    begin(message);
    expect(chain.ask(request(message))).toMatchObject(failed("enclave/wrong_code_hash"));
    const swapped = { ...request(message), codeHash: otherCode };
    expect(chain.ask(swapped)).toMatchObject(failed("enclave/unknown_contract"));
  });

  it("gets the network's texts for what cannot be decrypted", async () => {
    const garbage = new Uint8Array(120).fill(9);
    begin(garbage);
    expect(chain.ask(request(garbage))).toMatchObject(bad);
    const query = chain.query(counter, garbage);
    expect(query).toMatchObject({ result: { failure: { code: "enclave/cannot_decrypt" } } });
    const lowOrder = Uint8Array.from(increment);
    lowOrder.fill(0, 32, 64);
    expect(chain.query(counter, lowOrder)).toMatchObject({
      result: { failure: { code: "enclave/cannot_decrypt" } },
    });
  });

  it("cannot give a contract an address or keys that are not its own", async () => {
    const init = await client.encrypt(codeHash, { count: 1 });
    const honest = chain.instantiateRequest({ sender: alice, codeHash, message: init, codeId: 2n });
    const { codeId, label } = honest;
    const body = instantiateMessage({ sender: alice.address, codeId, label, message: init });
    chain.beginBlock();
    chain.beginTx(signTx(alice, [body]));
    const wrong = refused("enclave/bad_request");
    expect(chain.ask({ ...honest, contract: counter.contract })).toMatchObject(wrong);
    expect(chain.ask({ ...honest, instanceId: 9n })).toMatchObject(wrong);
    expect(chain.ask({ ...honest, admin: mallory.address })).toMatchObject(bad);
    expect(chain.ask({ ...honest, label: "another" })).toMatchObject(bad);
    outputOf(chain.call(honest));
    expect(chain.ask(honest)).toMatchObject(wrong);
  });
});

describe("a host that nests calls", () => {
  it("cannot run a message while a contract waits for an answer", () => {
    begin();
    const nested: EnclaveAnswer[] = [];
    chain.intercept = (_asked, honest) => {
      if (nested.length === 0) nested.push(chain.ask(chain.beginRequest(chain.height)));
      return honest();
    };
    outputOf(chain.call(request()));
    expect(nested[0]).toMatchObject(refused("enclave/bad_request"));
  });
});

/** A copy with one bit of the byte at `at` changed; negative counts from the end. */
function flip(bytes: Uint8Array | undefined, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes ?? [0]);
  changed[at < 0 ? changed.length + at : at]! ^= 1;
  return changed;
}
