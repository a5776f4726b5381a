/** What a host and an observer can measure of calls that differ only in the lengths of secrets. */
import {
  type CallFailure,
  connectInProcess,
  type EnclaveAnswer,
  type NetworkParams,
} from "@tacit/enclave-channel";
import { fromBase64, toBase64, toBech32, toHex } from "@tacit/encoding";
import { beforeAll, describe, expect, it } from "vitest";
import {
  account,
  type CallAnswer,
  contractCode,
  NETWORK,
  outputOf,
  SEALING_KEY,
  TestChain,
} from "../test/chain.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);
const base64 = (text: string) => toBase64(new TextEncoder().encode(text));

class PaddedChain {
  readonly chain: TestChain;
  readonly codeHash: Uint8Array;
  client!: Client;
  probe!: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };
  message!: Uint8Array;
  readonly #padding: NetworkParams["padding"];

  constructor(padding: NetworkParams["padding"]) {
    const enclave = createEnclave({ sealingKey: SEALING_KEY });
    this.#padding = padding;
    this.chain = new TestChain(connectInProcess(enclave.createEngine()));
    this.codeHash = this.chain.storeCode(contractCode("host_probe"));
  }

  async start(): Promise<void> {
    const network = { ...NETWORK, padding: this.#padding };
    this.client = secretjsClient(this.chain.start(network).info.ioPublicKey);
    const init = await this.client.encrypt(this.codeHash, {});
    const { contract } = this.chain.instantiate(alice, this.codeHash, init);
    this.probe = { contract, codeHash: this.codeHash };
  }

  async run(...steps: readonly object[]): Promise<CallAnswer> {
    this.message = await this.client.encrypt(this.codeHash, { run: { steps } });
    return this.chain.execute(alice, this.probe, this.message);
  }

  async query(query: object): Promise<EnclaveAnswer> {
    this.message = await this.client.encrypt(this.codeHash, query);
    return this.chain.query(this.probe, this.message);
  }

  /** As secretjs reads it, before it trims or parses. */
  read(sealed: Uint8Array): Promise<string> {
    return this.client.decryptText(sealed, this.message);
  }
}

const plain = new PaddedChain("none");
const unseen = new PaddedChain("unseen");
const all = new PaddedChain("all");
const chains = [plain, unseen, all];

beforeAll(async () => {
  for (const chain of chains) await chain.start();
});

const short = "a";
const long = "a much longer value";
const write = (key: string, value: string) => ({
  write: { key: base64(key), value: base64(value) },
});
const attribute = (value: string) => ({ encrypted: { key: value, value } });

/** Lengths, for both texts, of what `measure` finds. */
async function lengths(
  measure: (text: string) => Promise<Uint8Array | string | undefined>,
): Promise<readonly number[]> {
  const found: number[] = [];
  for (const text of [short, long]) found.push((await measure(text))?.length ?? -1);
  return found;
}

function failureOf(answer: EnclaveAnswer): CallFailure {
  if (answer.kind !== "call" && answer.kind !== "query") throw new TypeError(answer.kind);
  if (!("failure" in answer.result)) throw new TypeError("it went well");
  return answer.result.failure;
}

function encryptedOf(failure: CallFailure): string {
  if (failure.kind !== "contract") throw new TypeError(failure.kind);
  return failure.encrypted;
}

function answerOf(answer: EnclaveAnswer): Uint8Array {
  if (answer.kind !== "query" || !("ok" in answer.result)) throw new TypeError(answer.kind);
  return answer.result.ok;
}

function executeStep(text: string, replyOn: string): object {
  const { contract, codeHash } = unseen.probe;
  const msg = base64(JSON.stringify({ run: { steps: [attribute(text)] } }));
  const address = toBech32("secret", contract);
  const fields = { address, code_hash: toHex(codeHash), msg, funds: [], gas_limit: null };
  return { execute: { ...fields, id: text.length ** 9, reply_on: replyOn } };
}

/** The texts' lengths show without padding, so that a measure that sees nothing fails, and not with it. */
async function expectHidden(
  measure: (chain: PaddedChain, text: string) => Promise<Uint8Array | string | undefined>,
): Promise<void> {
  const [one, other] = await lengths((text) => measure(plain, text));
  expect(one).not.toBe(other);
  for (const chain of [unseen, all]) {
    const [first, second] = await lengths((text) => measure(chain, text));
    expect(first).toBe(second);
  }
}

describe("lengths on a network that pads what no client sees", () => {
  it("do not tell those of records and their names", async () => {
    await expectHidden(async (chain, text) => (await chain.run(write("k", text))).writes[0]!.value);
    await expectHidden(async (chain, text) => (await chain.run(write(text, "v"))).writes[0]!.key);
  });

  it("do not tell those of encrypted attributes", async () => {
    const attributeOf = async (chain: PaddedChain, text: string) =>
      outputOf(await chain.run(attribute(text))).attributes[0]!;
    await expectHidden(async (chain, text) => (await attributeOf(chain, text)).key);
    await expectHidden(async (chain, text) => (await attributeOf(chain, text)).value);
  });

  it("do not tell those of messages to contracts", async () => {
    for (const replyOn of ["never", "always"]) {
      await expectHidden(
        async (chain, text) =>
          outputOf(await chain.run(executeStep(text, replyOn))).messages[0]!.message,
      );
    }
  });

  it("do not tell that of a query's answer", async () => {
    await expectHidden(async (chain, text) => {
      await chain.run(write("q", text));
      return answerOf(await chain.query({ get: { key: base64("q") } }));
    });
  });
});

describe("lengths of errors and data for clients", () => {
  const error = async (chain: PaddedChain, text: string) =>
    encryptedOf(failureOf(await chain.run({ error: { message: text } })));
  const queryError = async (chain: PaddedChain, text: string) =>
    encryptedOf(failureOf(await chain.query({ error: { message: text } })));
  const data = async (chain: PaddedChain, text: string) =>
    outputOf(await chain.run({ data: { data: base64(JSON.stringify({ text })) } })).data;

  it("are those of a bucket where the network pads all", async () => {
    for (const measure of [error, queryError, data]) {
      const [one, other] = await lengths((text) => measure(all, text));
      expect(one).toBe(other);
    }
  });

  it("otherwise tell the texts' own, because clients show and compare these texts as they are", async () => {
    for (const measure of [error, queryError, data]) {
      const [one, other] = await lengths((text) => measure(unseen, text));
      expect(one).toBeLessThan(other!);
    }
    expect(await unseen.read(fromBase64(await error(unseen, short)))).toBe("Generic error: a");
  });

  it("leave data alone that is no JSON", async () => {
    const output = outputOf(await all.run({ data: { data: base64("bytes") } }));
    expect(await all.read(output.data!)).toBe(base64("bytes"));
  });
});

describe("padding and those who did not ask for it", () => {
  it("leaves secretjs the texts: it trims attributes and parses answers", async () => {
    for (const chain of chains) {
      const [first] = outputOf(await chain.run(write("q", long), attribute(long))).attributes;
      expect((await chain.read(fromBase64(first!.value))).trim()).toBe(long);
      const answer = answerOf(await chain.query({ get: { key: base64("q") } }));
      const text = Buffer.from(await chain.read(answer), "base64").toString();
      expect(JSON.parse(text)).toBe(base64(long));
    }
  });

  it("gives a contract its own values back, byte by byte, also those that end like padding", async () => {
    const values = ["", "\0", "\u0080\0\0", "x".repeat(63), "x".repeat(64), "x".repeat(5_000)];
    for (const chain of chains) {
      for (const value of values) {
        await chain.run(write("own", value));
        const { data } = outputOf(await chain.run({ read_as_data: { key: base64("own") } }));
        expect(await chain.read(data!)).toBe(base64(value));
      }
    }
  });

  it("costs no gas and saves none", async () => {
    const steps = [
      write("gas", long),
      attribute(long),
      { read_as_data: { key: base64("gas") } },
      write(short, short),
      write(long, long),
      { remove: { key: base64(short) } },
      executeStep(long, "always"),
    ];
    const gas: unknown[] = [];
    for (const chain of chains) gas.push((await chain.run(...steps)).gas);
    expect(gas[1]).toEqual(gas[0]);
    expect(gas[2]).toEqual(gas[0]);
    const queries: unknown[] = [];
    for (const chain of chains) {
      const answer = await chain.query({ get: { key: base64("gas") } });
      queries.push(answer.kind === "query" && answer.gas);
    }
    expect(new Set(queries.map((each) => JSON.stringify(each, bigText))).size).toBe(1);
  });
});

const bigText = (_key: string, value: unknown) =>
  typeof value === "bigint" ? value.toString() : value;
