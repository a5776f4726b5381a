/** Every import, with good and bad arguments, as the interface says. */
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Arg,
  b64,
  bytes,
  type CallResult,
  call,
  fromB64,
  number,
  queried,
  sections,
  space,
  text,
} from "./support/host-interface.ts";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import {
  type Actor,
  actor,
  artifact,
  ask,
  type Contract,
  dataOf,
  execute,
  instantiate,
  txOptions,
  upload,
} from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
let node: NodeProcess;
let alice: Actor;
let codeId: string;
let contract: Contract;
let other: Contract;

beforeAll(async () => {
  node = await startNodeProcess(home);
  alice = actor("a", node);
  codeId = await upload(alice, artifact("host_interface"));
  contract = await instantiate(alice, codeId, {}, alice.address);
  other = await instantiate(alice, codeId, {});
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const run = (script: object, gas = 500_000) => execute(alice, contract, script, { gas });
const one = async (name: string, ...args: Arg[]): Promise<CallResult> =>
  (await queried(alice, contract, call(name, ...args)))[0] as CallResult;
const returned = async (name: string, ...args: Arg[]) => (await one(name, ...args)).returned;
const stored = async (key: string) => fromB64((await one("db_read", bytes(key))).bytes);

describe("storage imports", () => {
  it("write, read, replace and remove", async () => {
    const tx = await run({
      calls: [
        call("db_read", bytes("k")),
        call("db_write", bytes("k"), bytes("first")),
        call("db_read", bytes("k")),
        call("db_write", bytes("k"), bytes("second")),
        call("db_read", bytes("k")),
        call("db_remove", bytes("k")),
        call("db_read", bytes("k")),
        call("db_write", bytes("kept"), bytes("yes")),
      ],
    });
    const results = JSON.parse(text(dataOf(tx))) as CallResult[];
    expect(results.map((result) => result.returned)).toEqual([
      "0",
      null,
      "region",
      null,
      "region",
      null,
      "0",
      null,
    ]);
    expect(text(fromB64(results[2]?.bytes ?? null))).toBe("first");
    expect(text(fromB64(results[4]?.bytes ?? null))).toBe("second");
    expect(text(await stored("kept"))).toBe("yes");
    expect(await returned("db_read", bytes("k"))).toBe("0");
  });

  it.each([
    ["db_write", [bytes("k"), bytes("v")]],
    ["db_remove", [bytes("k")]],
  ])("%s is refused in a query", async (name, args) => {
    const answer = await ask(alice, contract, { calls: [call(name, ...args)] }).catch(
      (error) => error,
    );
    expect(JSON.stringify(answer)).toContain("contract tried to write to storage during a query");
  });

  it.each(["db_scan", "db_next"])("%s passes the upload but is not there", async (name) => {
    const args = name === "db_scan" ? [number(0), number(0), number(1)] : [number(0)];
    const tx = await run({ calls: [call(name, ...args)] });
    expect(tx.code).not.toBe(0);
    expect(tx.rawLog).toContain("Enclave");
  });
});

describe("regions", () => {
  it.each([
    ["a null pointer", number(0)],
    ["a pointer behind the memory", number(0xfffffff0)],
    ["bytes behind the memory", { region: { offset: 0xffff0000, capacity: 8, length: 8 } }],
    ["bytes at null", { region: { offset: 0, capacity: 4, length: 4 } }],
  ] satisfies [string, Arg][])("%s ends the call, and nothing of it stays", async (_, bad) => {
    const tx = await run({
      calls: [call("db_write", bytes("lost"), bytes("x")), call("db_read", bad)],
    });
    expect(tx.code).not.toBe(0);
    expect(tx.rawLog).toContain("Execution error: Enclave:");
    expect(await returned("db_read", bytes("lost"))).toBe("0");
  });

  it("are read at their length, whatever room they claim", async () => {
    const results = await queried(
      alice,
      contract,
      call("db_read", { region: { offset: 1024, capacity: 4, length: 8 } }),
    );
    expect(results[0]?.returned).toBe("0");
  });

  it("too small for an answer end the call", async () => {
    const tx = await run({ calls: [call("addr_canonicalize", bytes(alice.address), space(3))] });
    expect(tx.code).not.toBe(0);
    expect(tx.rawLog).toContain("Execution error: Enclave:");
  });
});

describe("address imports", () => {
  it("translate in both directions", async () => {
    const result = await one("addr_canonicalize", bytes(alice.address), space(64));
    expect(result.returned).toBe("0");
    const canonical = fromB64(result.written);
    expect(canonical).toHaveLength(20);
    const back = await one("addr_humanize", bytes(canonical), space(90));
    expect([back.returned, text(fromB64(back.written))]).toEqual(["0", alice.address]);
    expect(await returned("addr_validate", bytes(alice.address))).toBe("0");
  });

  it.each([
    ["addr_validate", "", "Input is empty"],
    ["addr_canonicalize", "", "Input is empty"],
    ["addr_validate", Uint8Array.of(0xff, 0xfe), "Input is not valid UTF-8"],
    ["addr_validate", "SECRET", /./],
    ["addr_canonicalize", "cosmos1fl48vsnmsdzcv85q5d2q4z5ajdha8yu34mf0eh", /prefix/],
  ] satisfies [string, string | Uint8Array, string | RegExp][])(
    "%s of %j says why not",
    async (name, input, reason) => {
      const args = name === "addr_validate" ? [bytes(input)] : [bytes(input), space(64)];
      const result = await one(name, ...args);
      expect(result.returned).toBe("region");
      expect(text(fromB64(result.bytes))).toMatch(reason);
    },
  );

  it("refuse an address that is written in capitals", async () => {
    const result = await one("addr_validate", bytes(alice.address.toUpperCase()));
    expect(text(fromB64(result.bytes))).toBe("Address is not normalized");
  });
});

describe("secp256k1 imports", () => {
  const key = createHash("sha256").update("a key of this test").digest();
  const ecdh = createECDH("secp256k1");
  ecdh.setPrivateKey(key);
  const compressed = ecdh.getPublicKey(null, "compressed");
  const uncompressed = ecdh.getPublicKey();
  const message = "what is signed";
  const hash = createHash("sha256").update(message).digest();
  let signature: Uint8Array;

  beforeAll(async () => {
    signature = fromB64((await one("secp256k1_sign", bytes(message), bytes(key))).bytes);
  });

  it("sign as others verify, with a low S", () => {
    const jwk = {
      kty: "EC",
      crv: "secp256k1",
      x: uncompressed.subarray(1, 33).toString("base64url"),
      y: uncompressed.subarray(33).toString("base64url"),
    };
    const publicKey = createPublicKey({ key: jwk, format: "jwk" });
    const options = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha256", Buffer.from(message), options, signature)).toBe(true);
    expect((signature[32] as number) < 0x80).toBe(true);
  });

  it("verify both forms of a key, and tell wrong from malformed", async () => {
    const check = (h: Uint8Array, s: Uint8Array, k: Uint8Array) =>
      returned("secp256k1_verify", bytes(h), bytes(s), bytes(k));
    const wrong = Uint8Array.from(hash, (byte) => byte ^ 1);
    expect(await check(hash, signature, compressed)).toBe("0");
    expect(await check(hash, signature, uncompressed)).toBe("0");
    expect(await check(wrong, signature, compressed)).toBe("1");
    expect(await check(hash.subarray(1), signature, compressed)).toBe("3");
    expect(await check(hash, signature.subarray(1), compressed)).toBe("4");
    expect(await check(hash, signature, compressed.subarray(1))).toBe("5");
    expect(await check(hash, signature, Uint8Array.of(9, ...compressed.subarray(1)))).toBe("5");
    expect(await check(hash, signature, new Uint8Array(33).fill(2))).toMatch(/^(1|5|10)$/);
  });

  it("recover the key in its compressed form", async () => {
    const recover = (h: Uint8Array, s: Uint8Array, parameter: number) =>
      one("secp256k1_recover_pubkey", bytes(h), bytes(s), number(parameter));
    const candidates = await Promise.all([0, 1].map((bit) => recover(hash, signature, bit)));
    const keys = candidates.map((result) => b64(fromB64(result.bytes)));
    expect(keys).toContain(b64(compressed));
    expect((await recover(hash, signature, 4)).returned).toMatch(/^code (6|10)$/);
    expect((await recover(hash.subarray(1), signature, 0)).returned).toBe("code 3");
    expect((await recover(hash, signature.subarray(1), 0)).returned).toBe("code 4");
  });

  it("do not sign with what is no key", async () => {
    const signed = (k: Uint8Array) => returned("secp256k1_sign", bytes(message), bytes(k));
    expect(await signed(key.subarray(1))).toBe("code 1000");
    expect(await signed(new Uint8Array(32))).toBe("code 1000");
    expect(await signed(new Uint8Array(32).fill(255))).toBe("code 1000");
  });
});

describe("ed25519 imports", () => {
  const seed = createHash("sha256").update("another key of this test").digest();
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const publicKey = new Uint8Array(spki.subarray(-32));
  const signed = (message: string) => new Uint8Array(sign(null, Buffer.from(message), privateKey));

  it("sign as others do, and not with what is no key", async () => {
    const result = await one("ed25519_sign", bytes("m"), bytes(seed));
    expect(fromB64(result.bytes)).toEqual(signed("m"));
    expect(await returned("ed25519_sign", bytes("m"), bytes(seed.subarray(1)))).toBe("code 1000");
  });

  it("verify, and tell wrong from malformed", async () => {
    const check = (m: string, s: Uint8Array, k: Uint8Array) =>
      returned("ed25519_verify", bytes(m), bytes(s), bytes(k));
    expect(await check("m", signed("m"), publicKey)).toBe("0");
    expect(await check("n", signed("m"), publicKey)).toBe("1");
    expect(await check("m", signed("m").subarray(1), publicKey)).toBe("4");
    expect(await check("m", signed("m"), publicKey.subarray(1))).toBe("5");
  });

  it("verify batches; one message or one key stands for all", async () => {
    const batch = (m: string[], s: Uint8Array[], k: Uint8Array[]) =>
      returned("ed25519_batch_verify", sections(m), sections(s), sections(k));
    expect(await batch([], [], [])).toBe("0");
    expect(await batch(["a", "b"], [signed("a"), signed("b")], [publicKey, publicKey])).toBe("0");
    expect(await batch(["a", "b"], [signed("a"), signed("b")], [publicKey])).toBe("0");
    expect(await batch(["a"], [signed("a"), signed("a")], [publicKey, publicKey])).toBe("0");
    expect(await batch(["a", "c"], [signed("a"), signed("b")], [publicKey])).toBe("1");
    expect(await batch(["a", "b"], [signed("a")], [publicKey])).toBe("7");
    expect(await batch(["a"], [signed("a")], [publicKey, publicKey])).toBe("7");
    expect(await batch(["a"], [signed("a").subarray(1)], [publicKey])).toBe("4");
    expect(await batch(["a"], [signed("a")], [publicKey.subarray(1)])).toBe("5");
  });
});

describe("the other imports", () => {
  it("check_gas counts up, gas_evaporate burns what it says and at least 8", async () => {
    const gas = await queried(
      alice,
      contract,
      call("check_gas"),
      call("gas_evaporate", number(1000)),
      call("check_gas"),
      call("gas_evaporate", number(0)),
      call("check_gas"),
    );
    const [first, evaporated, second, , third] = gas.map(({ returned: value }) => Number(value));
    expect(evaporated).toBe(0);
    expect(first).toBeGreaterThan(0);
    expect((second as number) - (first as number)).toBeGreaterThanOrEqual(1008);
    expect((second as number) - (first as number)).toBeLessThan(1100);
    expect((third as number) - (second as number)).toBeGreaterThanOrEqual(16);
  });

  it("gas_evaporate of more than there is ends in out of gas", async () => {
    const tx = await run({ calls: [call("gas_evaporate", number(0xffffffff))] });
    expect(tx).toMatchObject({ code: 11, codespace: "sdk" });
  });

  it("debug is heard by nobody and needs no sound pointer", async () => {
    expect(await returned("debug", bytes("text"))).toBeNull();
    expect(await returned("debug", number(0))).toBeNull();
  });

  it("dcap_quote_verify refuses what is no quote", async () => {
    const result = BigInt((await returned("dcap_quote_verify", bytes("q"), bytes("c"))) ?? "0");
    expect(result).toBe(1n << 32n);
    const empty = BigInt((await returned("dcap_quote_verify", bytes("q"), bytes(""))) ?? "0");
    expect(empty).toBe(10n << 32n);
  });

  it("query_chain answers every kind of question, if only with a refusal", async () => {
    const ok = (answer: unknown) => {
      const inner = (answer as { Ok?: { Ok?: string } }).Ok?.Ok;
      return inner === undefined ? answer : JSON.parse(text(fromB64(inner)));
    };
    const chain = async (request: unknown) => {
      const body = typeof request === "string" ? request : JSON.stringify(request);
      return ok(JSON.parse(text(fromB64((await one("query_chain", bytes(body))).bytes))));
    };
    const balance = { bank: { balance: { address: alice.address, denom: "uscrt" } } };
    expect(await chain(balance)).toMatchObject({ amount: { denom: "uscrt" } });
    expect(await chain({ bank: { all_balances: { address: alice.address } } })).toHaveProperty(
      "amount",
    );
    const smart = (msg: object, hash = other.code_hash) => ({
      wasm: {
        smart: {
          contract_addr: other.contract_address,
          callback_code_hash: hash,
          msg: b64(JSON.stringify(msg)),
        },
      },
    });
    expect(await chain(smart({ data: b64('"hello"') }))).toBe("hello");
    expect(await chain(smart({ error: "no" }))).toHaveProperty("Err.invalid_response");
    expect(await chain(smart({}, "00".repeat(32)))).not.toEqual([]);
    const info = { wasm: { contract_info: { contract_addr: other.contract_address } } };
    expect(await chain(info)).toMatchObject({ code_id: Number(codeId), creator: alice.address });
    for (const request of [
      "no json",
      { unknown: {} },
      { wasm: { raw: { contract_addr: other.contract_address, key: "" } } },
      { custom: {} },
      { stargate: { path: "/not.allowed/Query", data: "" } },
    ]) {
      expect(JSON.stringify(await chain(request))).toMatch(/Err|error/);
    }
    for (const request of [
      { staking: { bonded_denom: {} } },
      { staking: { all_validators: {} } },
      { staking: { validators: {} } },
      { staking: { validator: { address: "secretvaloper1x" } } },
      { staking: { all_delegations: { delegator: alice.address } } },
      { staking: { unbonding_delegations: { delegator: alice.address } } },
      { staking: { delegation: { delegator: alice.address, validator: "secretvaloper1x" } } },
      { dist: { rewards: { delegator: alice.address } } },
      { mint: { inflation: {} } },
      { mint: { bonded_ratio: {} } },
      { gov: { proposals: {} } },
      { ibc: { port_id: {} } },
      { ibc: { list_channels: {} } },
      { ibc: { channel: { channel_id: "channel-0", port_id: null } } },
    ]) {
      expect(await chain(request)).toBeTypeOf("object");
    }
  });
});

describe("the price of an import", () => {
  const h = bytes(new Uint8Array(32).fill(1));
  const s = bytes(new Uint8Array(64).fill(1));
  const lists = [["a", "b"], [1, 2].map(() => new Uint8Array(64)), [new Uint8Array(32)]] as const;
  const address = bytes("secret1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq3x5k6p");

  /** In gas of the chain; the contract's own instructions around a call cost a little more. */
  const prices: readonly [string, number, readonly Arg[]][] = [
    ["db_read", 1, [bytes("nothing")]],
    ["db_write", 2 + 5 * 100, [bytes("k"), bytes(new Uint8Array(100).fill(1))]],
    ["db_remove", 0, [bytes("nothing")]],
    ["addr_canonicalize", 8, [address, space(64)]],
    ["addr_humanize", 8, [bytes(new Uint8Array(20)), space(90)]],
    ["addr_validate", 8, [address]],
    ["secp256k1_verify", 98, [h, s, bytes(new Uint8Array(33).fill(2))]],
    ["secp256k1_recover_pubkey", 98, [h, s, number(0)]],
    ["secp256k1_sign", 100, [h, h]],
    ["ed25519_verify", 73, [h, s, h]],
    ["ed25519_batch_verify", 5 + 2 * 70, lists.map(sections)],
    ["ed25519_sign", 75, [h, h]],
    ["dcap_quote_verify", 100, [h, h]],
    ["gas_evaporate", 50, [number(50)]],
    ["check_gas", 8, []],
  ];

  it.each(prices)("%s is about %d", async (name, price, args) => {
    const tx = await run({ calls: [call("check_gas"), call(name, ...args), call("check_gas")] });
    expect(tx.rawLog).toBe("");
    const results = JSON.parse(text(dataOf(tx))) as CallResult[];
    const [before, after] = [results[0], results[2]].map((r) => Number(r?.returned));
    const paid = (after as number) - (before as number) - 8;
    expect(paid).toBeGreaterThanOrEqual(price);
    expect(paid).toBeLessThan(price + 30);
  });

  it("is asked for malformed arguments too", async () => {
    const calls = [call("check_gas"), call("secp256k1_verify", h, h, h), call("check_gas")];
    const [before, bad, after] = await queried(alice, contract, ...calls);
    expect(bad?.returned).toBe("4");
    expect(Number(after?.returned) - Number(before?.returned)).toBeGreaterThan(98);
  });

  it("of a written byte is given back to messages, and not to an instantiation", async () => {
    const probeCode = await upload(alice, artifact("host_probe"));
    const probe = await instantiate(alice, probeCode, {});
    const steps = (length: number) => [{ write_many: { count: 1, bytes: length } }];
    const executed = async (length: number) =>
      Number((await execute(alice, probe, { run: { steps: steps(length) } })).gasUsed);
    const created = async (length: number) => {
      const label = `a probe that writes ${length}`;
      const { code_hash } = probe;
      const message = { sender: alice.address, code_id: probeCode, code_hash, label };
      const init_msg = { steps: steps(length) };
      const tx = await alice.client.tx.compute.instantiateContract(
        { ...message, init_msg },
        txOptions(500_000),
      );
      return Number(tx.gasUsed);
    };
    // The store's own 5 a byte are always paid, the import's 5 only at an instantiation.
    const [message, birth] = [await difference(executed), await difference(created)];
    expect(message / 2_000).toBeCloseTo(5, 0);
    expect(birth / 2_000).toBeCloseTo(10, 0);
  });
});

/** Of 2,000 more bytes. */
async function difference(gasOf: (length: number) => Promise<number>): Promise<number> {
  const less = await gasOf(1_000);
  return (await gasOf(3_000)) - less;
}
