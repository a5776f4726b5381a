/** Each kind of bad input with the code and the text that it is documented to get. */
import { gzipSync } from "node:zlib";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256 } from "@tacit/crypto";
import { concatBytes, decodeMessage, encodeMessage } from "@tacit/encoding";
import { TxRawSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { QuerySecretContractRequestSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import type { AnyValue, ExecTxResult } from "@tacit/sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { v1Contract } from "../../../vm/test/contracts.ts";
import { readContract } from "../local-chain.ts";
import { compute, ProbeChain, probe, write } from "../probe-chain.ts";
import { sendMessage, signTx } from "../signing.ts";
import { startEnclaveProcess } from "./enclave-process.ts";
import { executeMessage, flip, goodInput, instantiateMessage, storeMessage } from "./messages.ts";
import { assertDocumented } from "./outcomes.ts";
import { Signer } from "./signer.ts";

const { enclave, deaths, stop } = startEnclaveProcess();
const MESSAGE_0 = "failed to execute message; message index: 0: ";
const ENCLAVE = `${MESSAGE_0}Execution error: Enclave: `;
const utf8 = (text: string) => new TextEncoder().encode(text);
const counter = readContract("counter");
const otherHash = sha256(counter.wasm);

let chain: ProbeChain;
let alice: Signer;
let bob: Signer;
let survivals = 0;

beforeAll(async () => {
  chain = await new ProbeChain({}, { enclave }).prepare();
  alice = new Signer(chain, chain.users.a);
  bob = new Signer(chain, chain.users.b);
});

afterAll(stop);

/** Whatever was sent, the chain goes on, the enclave lives, and what was written is there. */
afterEach(async () => {
  survivals += 1;
  const { result } = await chain.steps([write("survivor", `${survivals}`)]);
  expect(result).toMatchObject({ code: 0, log: "" });
  expect(await chain.read(chain.first, "survivor")).toBe(`${survivals}`);
  expect(await deaths()).toBe(0);
});

/** In a block of its own; the sequence is used up if the check passed. */
function run(by: Signer, message: AnyValue, gasLimit = 3_000_000n): ExecTxResult {
  const tx = by.sign([message], gasLimit);
  if (chain.chain.checkTx({ tx, recheck: false }).code === 0) by.spend();
  return chain.block(tx)[0] as ExecTxResult;
}

const execute = (msg: Uint8Array, contract = chain.first) =>
  run(alice, executeMessage(alice, { msg, contract }));

const payment = () => sendMessage(chain.users.a.address, chain.users.b.address, "5");

describe("a transaction", () => {
  const refused = (tx: Uint8Array) => {
    const check = chain.chain.checkTx({ tx, recheck: false });
    const [result] = chain.block(tx);
    expect(check.code).toBe(result?.code);
    return result as ExecTxResult;
  };

  it("cut short anywhere is refused", () => {
    const tx = alice.sign([payment()], 200_000n);
    const cuts = Array.from({ length: tx.length }, (_, length) => tx.slice(0, length));
    for (const [length, result] of chain.block(...cuts).entries()) {
      assertDocumented(result, `${length} bytes`);
      expect(result.code, `${length} bytes`).not.toBe(0);
    }
  });

  it("with a signature that is not the signer's is unauthorized", () => {
    const raw = decodeMessage(TxRawSchema, alice.sign([payment()], 200_000n));
    const signature = raw.signatures[0] as Uint8Array;
    const high = secp256k1.Signature.fromBytes(signature);
    const highS = new secp256k1.Signature(high.r, secp256k1.Point.Fn.ORDER - high.s).toBytes();
    const zero = new Uint8Array(64);
    const wrong = [
      flip(signature, 5),
      flip(signature, -1),
      highS,
      zero,
      signature.slice(1),
      concatBytes(signature, zero),
    ];
    for (const each of wrong) {
      const result = refused(encodeMessage(TxRawSchema, { ...raw, signatures: [each] }));
      expect(result).toMatchObject({ code: 4, codespace: "sdk" });
      expect(result.log).toMatch(
        /^signature verification failed; please verify account number \(1\) and chain-id \(secretdev-1\): .*: unauthorized$/,
      );
    }
    const other = { account: { ...bob.account, accountNumber: 1n }, chainId: "secretdev-1" };
    const asAlice = { ...other, messages: [payment()], sequence: BigInt(chain.users.a.sequence) };
    expect(refused(signTx(asAlice))).toMatchObject({ code: 8, codespace: "sdk" });
  });

  it("for another chain, account number or sequence is refused", () => {
    const sequence = BigInt(chain.users.a.sequence);
    const parts = {
      account: alice.account,
      chainId: "secretdev-1",
      sequence,
      messages: [payment()],
    };
    expect(refused(signTx({ ...parts, chainId: "secret-4" }))).toMatchObject({ code: 4 });
    const account = { ...alice.account, accountNumber: 2n };
    expect(refused(signTx({ ...parts, account }))).toMatchObject({ code: 4 });
    for (const wrong of [sequence - 1n, sequence + 1n, 1n << 63n]) {
      expect(refused(signTx({ ...parts, sequence: wrong }))).toMatchObject({
        code: 32,
        codespace: "sdk",
        log: `account sequence mismatch, expected ${sequence}, got ${wrong}: incorrect account sequence`,
      });
    }
  });

  it("runs once, however often it is sent", () => {
    const tx = alice.sign(
      [executeMessage(alice, { msg: goodInput(alice), contract: chain.first })],
      200_000n,
    );
    alice.spend();
    expect(chain.block(tx, tx, tx).map(({ code }) => code)).toEqual([0, 32, 32]);
    expect(refused(tx)).toMatchObject({ code: 32, codespace: "sdk" });
  });
});

describe("a message to a contract", () => {
  const UNVERIFIED = `${ENCLAVE}failed to verify transaction signature: execute contract failed`;
  const INVALID = `${ENCLAVE}failed to validate transaction: execute contract failed`;

  it.each<[string, () => Uint8Array]>([
    ["with a changed tag", () => flip(goodInput(alice), 64)],
    ["with a changed end", () => flip(goodInput(alice), -1)],
    ["with a changed nonce", () => flip(goodInput(alice), 0)],
    [
      "with a public key that everybody knows the secret of",
      () => goodInput(alice).fill(0, 32, 64),
    ],
    ["that is cut short", () => goodInput(alice).subarray(0, 80)],
    ["that is empty", () => new Uint8Array(0)],
    ["that is not encrypted", () => utf8('{"run":{"steps":[]}}')],
  ])("%s counts as plaintext that nobody signed", (_, msg) => {
    expect(execute(msg())).toMatchObject({ code: 3, codespace: "compute", log: UNVERIFIED });
  });

  it.each<[string, () => Uint8Array]>([
    ["of another code", () => alice.encrypt(otherHash, '{"increment":{}}')],
    ["of no code", () => alice.encrypt(new Uint8Array(0), `${"{}".repeat(64)}`)],
  ])("for a contract %s is not run", (_, msg) => {
    expect(execute(msg())).toMatchObject({ code: 3, codespace: "compute", log: INVALID });
  });

  it("with a callback signature of the user's own making is not run", () => {
    const fields = { msg: goodInput(alice), contract: chain.first };
    const callbackSig = new Uint8Array(32).fill(1);
    expect(run(alice, executeMessage(alice, { ...fields, callbackSig })).log).toBe(UNVERIFIED);
  });

  it("that another user sends again runs as that user's, and not in the first one's name", async () => {
    const msg = alice.encrypt(sha256(probe.wasm), '{"run":{"steps":[{"info_as_data":{}}]}}');
    const copy = run(bob, executeMessage(bob, { msg, contract: chain.first }));
    expect(copy).toMatchObject({ code: 0 });
    const events = JSON.stringify(copy.events);
    expect(events).toContain(chain.users.b.address);
    expect(events).not.toContain(chain.users.a.address);
    const claimed = run(bob, executeMessage(alice, { msg, contract: chain.first }));
    expect(claimed).toMatchObject({ code: 8, codespace: "sdk" });
  });

  it("to what is no contract is not found", () => {
    expect(execute(goodInput(alice), chain.users.b.address)).toMatchObject({
      code: 9,
      codespace: "compute",
      log: `${MESSAGE_0}contract: not found`,
    });
  });

  it.each<[string, () => AnyValue, number, string]>([
    [
      "cannot be decrypted",
      () => instantiateMessage(alice, new Uint8Array(200).fill(7)),
      2,
      "Execution error: Enclave: failed to verify transaction signature: instantiate contract failed",
    ],
    [
      "is not encrypted",
      () => instantiateMessage(alice, utf8("{}")),
      2,
      "Execution error: Enclave: failed to verify transaction signature: instantiate contract failed",
    ],
    [
      "is for other code",
      () => instantiateMessage(alice, alice.encrypt(otherHash, "{}")),
      2,
      "Execution error: Enclave: failed to validate transaction: instantiate contract failed",
    ],
    ["names no code", () => instantiateMessage(alice, goodInput(alice), 99n), 9, "code: not found"],
  ])("that would make one is refused if it %s", (_, message, code, text) => {
    const log = MESSAGE_0 + text;
    expect(run(alice, message())).toMatchObject({ code, codespace: "compute", log });
  });
});

describe("a contract that", () => {
  const failed = (text: string) => ({
    code: 3,
    codespace: "compute",
    log: `${ENCLAVE}${text}: execute contract failed`,
  });
  const outOfGas = {
    code: 11,
    codespace: "sdk",
    log: expect.stringMatching(
      /^out of gas in location: .+; gasWanted: 2000000, gasUsed: \d+: out of gas$/,
    ),
  };

  it.each<[string, object, object]>([
    ["panics", { panic: { message: "as asked" } }, failed("the contract panicked")],
    ["traps", { unreachable: {} }, failed("the contract panicked")],
    ["loops without end", { loop: {} }, outOfGas],
    [
      "recurses without end",
      { recurse: {} },
      failed("the contract has run out of space on the stack"),
    ],
    [
      "grows its memory without end",
      { grow_memory: { pages: null } },
      failed("the contract panicked"),
    ],
    ["burns gas without end", { evaporate: { gas: 2 ** 32 - 1 } }, outOfGas],
    ["writes without end", { write_many: { count: 2 ** 32 - 1, bytes: 10_000 } }, outOfGas],
  ])("%s fails alone, and its writes are dropped", async (_, step, expected) => {
    const { result } = await chain.steps([write("lost", "x"), step as Record<string, unknown>]);
    expect(result).toMatchObject(expected);
    expect(await chain.read(chain.first, "lost")).toBeNull();
  });
});

describe("a query", () => {
  const ask = (query: Uint8Array, contractAddress = chain.first) =>
    chain.abci(
      `${compute}/QuerySecretContract`,
      encodeMessage(QuerySecretContractRequestSchema, { contractAddress, query }),
    );
  const asking = (message: object) => alice.encrypt(sha256(probe.wasm), JSON.stringify(message));
  const failed = (text: string) =>
    `Execution error: Enclave: ${text}: query contract failed: unknown request`;

  it.each<[string, () => Uint8Array, string]>([
    ["that cannot be decrypted", () => new Uint8Array(200).fill(7), "failed to decrypt data"],
    ["that is not encrypted", () => utf8("{}"), "failed to decrypt data"],
    ["for other code", () => alice.encrypt(otherHash, "{}"), "failed to validate transaction"],
    ["that panics", () => asking({ panic: { message: "x" } }), "the contract panicked"],
    [
      "that recurses",
      () => asking({ recurse: {} }),
      "the contract has run out of space on the stack",
    ],
    [
      "that writes",
      () => asking({ write_anyway: {} }),
      "contract tried to write to storage during a query",
    ],
  ])("%s fails with the network's text", (_, query, text) => {
    expect(ask(query())).toMatchObject({ code: 6, codespace: "sdk", log: failed(text) });
  });

  it("that loops ends with its gas", () => {
    expect(ask(asking({ loop: {} })).log).toContain("out of gas");
  });

  it("of no contract finds none", () => {
    expect(ask(asking({}), chain.users.b.address).log).toContain("contract: not found");
    expect(ask(asking({}), "secret1nonsense").log).toContain("decoding bech32 failed");
  });
});

describe("an upload of", () => {
  const TOO_LONG = 2 * 1024 * 1024 + 1;

  it.each<[string, () => Uint8Array, number, RegExp]>([
    ["no WebAssembly", () => utf8("not wasm at all"), 15, /tried to load invalid wasm code/],
    ["nothing", () => new Uint8Array(0), 18, /code bytes is required/],
    [
      "a module with nothing in it",
      () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
      15,
      /memory/,
    ],
    [
      "floating point",
      () => v1Contract("(func (result f64) (f64.const 1))"),
      15,
      /found floating point operation in module code/,
    ],
    ["a start function", () => v1Contract("(func $start) (start $start)"), 15, /start function/],
    [
      "an unknown import",
      () => v1Contract("", '(import "env" "abort" (func (param i32)))'),
      15,
      /env\.abort/,
    ],
    [
      "a module cut short",
      () => counter.wasm.slice(0, 1_000),
      15,
      /tried to load invalid wasm code/,
    ],
    [
      "more than 2 MiB",
      () => new Uint8Array(TOO_LONG),
      18,
      /longer than 2097152 bytes: exceeds limit/,
    ],
    [
      "gzip that unpacks to more",
      () => new Uint8Array(gzipSync(new Uint8Array(50_000_000))),
      15,
      /uncompressed code exceeds 2097152 bytes/,
    ],
    [
      "gzip cut short",
      () => new Uint8Array(gzipSync(counter.wasm)).subarray(0, 500),
      15,
      /gzip: invalid data/,
    ],
  ])("%s is refused", (_, wasm, code, text) => {
    const result = run(alice, storeMessage(alice, wasm()), 60_000_000n);
    expect(result).toMatchObject({ code, codespace: code === 15 ? "compute" : "sdk" });
    expect(result.log).toMatch(text);
    expect(result.log).toMatch(code === 15 ? /: create contract failed$/ : /: invalid request$/);
  });
});
