/** What nodes without an enclave are told of blocks, on a whole chain in memory. */
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { sha256 } from "@tacit/crypto";
import { encodeMessage, fromBech32, toHex } from "@tacit/encoding";
import {
  QueryAnalyzeCodeRequestSchema,
  QueryAnalyzeCodeResponseSchema,
  QueryBlockCreateResultsRequestSchema,
  QueryBlockCreateResultsResponseSchema,
  QueryBlockTracesRequestSchema,
  QueryBlockTracesResponseSchema,
  QueryEcallRecordRequestSchema,
  QueryEcallRecordResponseSchema,
  QueryEcallRecordsRequestSchema,
  QueryEcallRecordsResponseSchema,
  QueryEncryptedSeedRequestSchema,
  QueryMachineIDProofRequestSchema,
  QueryNetworkPubkeyRequestSchema,
  QueryNetworkPubkeyResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { RaAuthenticateSchema } from "@tacit/encoding/proto/secret/registration/v1beta1/msg";
import { grpcCodes } from "@tacit/sdk";
import { type Msg, MsgStoreCode } from "secretjs";
import { beforeAll, describe, expect, it } from "vitest";
import { LocalChain } from "./local-chain.ts";
import { compute, nonceOf, ProbeChain, probe, write } from "./probe-chain.ts";

let chain: ProbeChain;
beforeAll(async () => {
  chain = await new ProbeChain().prepare();
});

const height = () => BigInt(chain.made.length);

function ask<Input extends DescMessage, Output extends DescMessage>(
  method: string,
  schemas: { readonly input: Input; readonly output: Output },
  request: MessageInitShape<Input>,
): MessageShape<Output> {
  return chain.query(`${compute}/${method}`, schemas, request);
}

/** What a gRPC client sees of a query that fails. */
function failureOf<Input extends DescMessage>(
  method: string,
  input: Input,
  request: MessageInitShape<Input>,
) {
  return chain.abci(`${compute}/${method}`, encodeMessage(input, request)).grpcStatus;
}

const tracesOf = (block: bigint) =>
  ask(
    "BlockTraces",
    { input: QueryBlockTracesRequestSchema, output: QueryBlockTracesResponseSchema },
    { height: block },
  ).traces;

const createsOf = (block: bigint) =>
  ask(
    "BlockCreateResults",
    { input: QueryBlockCreateResultsRequestSchema, output: QueryBlockCreateResultsResponseSchema },
    { height: block },
  ).results;

function privateRecords(version: bigint): Map<string, string> {
  const view = chain.store.atVersion(version);
  const pairs = [...view.kvStore("private").iterator()];
  return new Map(pairs.map(([key, value]) => [toHex(key), toHex(value)]));
}

describe("the beginning of a block", () => {
  const schemas = {
    input: QueryEcallRecordRequestSchema,
    output: QueryEcallRecordResponseSchema,
  };

  it("is known for every block but the newest, each with a random of its own", () => {
    const randoms = new Set<string>();
    for (let block = 1n; block < height(); block += 1n) {
      const record = ask("EcallRecord", schemas, { height: block });
      expect(record.height).toBe(block);
      expect(record.randomSeed).toHaveLength(32);
      randoms.add(toHex(record.randomSeed));
    }
    expect(randoms.size).toBe(Number(height()) - 1);
    expect(failureOf("EcallRecord", schemas.input, { height: height() })).toEqual({
      code: grpcCodes.failedPrecondition,
      message: `cannot query ecall record for height ${height()}: must be less than current height ${height()}`,
    });
    expect(failureOf("EcallRecord", schemas.input, { height: 0n })).toEqual({
      code: grpcCodes.invalidArgument,
      message: "height must be positive",
    });
  });

  it("comes for a range of blocks, cut at the newest", () => {
    const range = {
      input: QueryEcallRecordsRequestSchema,
      output: QueryEcallRecordsResponseSchema,
    };
    const { records } = ask("EcallRecords", range, { startHeight: 2n, endHeight: 900n });
    expect(records.map((record) => record.height)).toEqual(
      Array.from({ length: Number(height()) - 2 }, (_, index) => BigInt(index) + 2n),
    );
    expect(records[0]).toEqual(ask("EcallRecord", schemas, { height: 2n }));
    const failures: [bigint, bigint, number][] = [
      [0n, 1n, grpcCodes.invalidArgument],
      [3n, 2n, grpcCodes.invalidArgument],
      [1n, 1002n, grpcCodes.invalidArgument],
      [height(), height(), grpcCodes.failedPrecondition],
    ];
    for (const [startHeight, endHeight, code] of failures) {
      expect(failureOf("EcallRecords", range.input, { startHeight, endHeight })?.code).toBe(code);
    }
  });
});

describe("the traces of a block", () => {
  it("are the writes that the block made among encrypted records", async () => {
    const before = privateRecords(height());
    const { result } = await chain.steps([write("one", "1"), write("two", "2")]);
    expect(result.code).toBe(0);
    const block = height();
    chain.block();
    const after = privateRecords(block);
    const changed = [...after].filter(([key, value]) => before.get(key) !== value);
    const [trace, ...others] = tracesOf(block);
    expect(others).toEqual([]);
    expect(trace).toMatchObject({ index: 1n, hasError: false, errorMsg: "", crossOps: [] });
    const prefix = `03${toHex(fromBech32("secret", chain.first))}`;
    const sets = trace!.ops.filter(({ isDelete }) => !isDelete);
    expect(new Map(sets.map(({ key, value }) => [prefix + toHex(key), toHex(value)]))).toEqual(
      new Map(changed),
    );
    expect(changed.length).toBeGreaterThanOrEqual(2);
    expect(trace!.gasUsed).toBeGreaterThan(0n);
    expect(trace!.gasUsed).toBeLessThan(result.gasUsed);
    expect(trace!.callbackGas).toBe(0n);
  });

  it("number the calls of a block, whether they succeed or not, and say nothing in the clear", async () => {
    const { a } = chain.users;
    const called = chain.execute([write("inner", "kept inside")]);
    const good = chain.call([called, { data: { data: "AQID" } }]);
    const bad = chain.call([{ error: { message: "not today" } }]);
    const results = chain.block(await a.sign([good], 2_000_000), await a.sign([bad], 2_000_000));
    expect(results.map(({ code }) => code)).toEqual([0, 3]);
    const block = height();
    chain.block();
    const traces = tracesOf(block);
    expect(traces.map(({ index, hasError }) => [index, hasError])).toEqual([
      [1n, false],
      [2n, false],
      [3n, true],
    ]);
    expect(traces[2]).toMatchObject({ ops: [], crossOps: [] });
    expect(results[1]!.log).toContain(traces[2]!.errorMsg);
    const texts = traces.map(({ result }) => new TextDecoder().decode(result));
    const output = JSON.parse(texts[0]!);
    expect(output).toMatchObject({ abi: "v1", has_ibc_entry_points: false });
    expect(output.messages).toHaveLength(1);
    for (const text of texts) expect(text).not.toMatch(/sig|proof/i);
    const opened = await a.open(
      Uint8Array.from(Buffer.from(output.data, "base64")),
      await nonceOf(a, good),
    );
    expect(new TextDecoder().decode(opened).trim()).toBe("AQID");
    for (const shown of [...texts, traces[2]!.errorMsg]) {
      expect(shown).not.toMatch(/kept inside|not today/);
    }
  });

  it("show a new contract's keys as writes outside of its records", async () => {
    const address = await chain.instantiate("traced");
    const block = height();
    chain.block();
    const [trace] = tracesOf(block);
    const key = `06${toHex(fromBech32("secret", address))}`;
    const keys = trace!.crossOps.map((op) => [op.storeKey, toHex(op.key)]);
    expect(keys).toContainEqual(["private", key]);
    expect(privateRecords(block).get(key)).toBe(toHex(trace!.crossOps[0]!.value));
  });

  it("are none for a block without calls, and not found for one that this node never ran", () => {
    chain.block();
    chain.block();
    expect(tracesOf(height() - 1n)).toEqual([]);
    expect(createsOf(height() - 1n)).toEqual([]);
    const input = QueryBlockTracesRequestSchema;
    expect(failureOf("BlockTraces", input, { height: height() })?.code).toBe(
      grpcCodes.failedPrecondition,
    );
    expect(failureOf("BlockTraces", input, { height: -1n })?.code).toBe(grpcCodes.invalidArgument);
    const late = new LocalChain({}, { initialHeight: 100n });
    late.block();
    for (const [block, code] of [
      [99n, grpcCodes.notFound],
      [100n, undefined],
    ] as const) {
      for (const method of ["EcallRecord", "BlockTraces", "BlockCreateResults"]) {
        const request = encodeMessage(input, { height: block });
        expect(late.abci(`${compute}/${method}`, request).grpcStatus?.code).toBe(code);
      }
    }
  });
});

describe("uploads of a block", () => {
  it("are told with what became of them", async () => {
    const { a } = chain.users;
    const upload = (wasm: Uint8Array) =>
      new MsgStoreCode({ sender: a.address, wasm_byte_code: wasm, source: "", builder: "" });
    const broken = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0xff);
    const results = chain.block(
      await a.sign([upload(probe.wasm)], 5_000_000),
      await a.sign([upload(broken)], 5_000_000),
    );
    expect(results.map(({ code }) => code)).toEqual([0, 15]);
    const block = height();
    chain.block();
    const [refused, taken] = [sha256(broken), sha256(probe.wasm)].map(
      (hash) => createsOf(block).find(({ wasmHash }) => toHex(wasmHash) === toHex(hash))!,
    );
    expect(taken).toMatchObject({ codeHash: sha256(probe.wasm), hasError: false, errorMsg: "" });
    expect(refused).toMatchObject({ hasError: true, codeHash: new Uint8Array() });
    expect(results[1]!.log).toContain(refused!.errorMsg);
    expect(createsOf(block)).toHaveLength(2);
  });

  it("can be analyzed by hash", () => {
    const schemas = {
      input: QueryAnalyzeCodeRequestSchema,
      output: QueryAnalyzeCodeResponseSchema,
    };
    const answer = ask("AnalyzeCode", schemas, { codeHash: sha256(probe.wasm) });
    expect(answer).toMatchObject({ hasIbcEntryPoints: false });
    expect(answer.requiredFeatures.split(",")).toContain("random");
    expect(failureOf("AnalyzeCode", schemas.input, {})?.code).toBe(grpcCodes.invalidArgument);
    for (const codeHash of [new Uint8Array(32), new Uint8Array(5_000)]) {
      expect(failureOf("AnalyzeCode", schemas.input, { codeHash })?.code).toBe(grpcCodes.internal);
    }
  });
});

describe("keys and seeds", () => {
  it("names the public keys of both seeds, the newest as registration has them", () => {
    const schemas = {
      input: QueryNetworkPubkeyRequestSchema,
      output: QueryNetworkPubkeyResponseSchema,
    };
    const { ioPublicKey, seedExchangePublicKey } = chain.chain.enclaveInfo;
    expect(ask("NetworkPubkey", schemas, { height: 0n, iSeed: 1 })).toMatchObject({
      ioPubkey: ioPublicKey,
      nodePubkey: seedExchangePublicKey,
    });
    const genesis = ask("NetworkPubkey", schemas, { height: 2n, iSeed: 0 });
    expect(genesis.ioPubkey).toHaveLength(32);
    expect(genesis.ioPubkey).not.toEqual(ioPublicKey);
    for (const request of [
      { height: 0n, iSeed: 2 },
      { height: height() + 1n, iSeed: 0 },
      { height: -1n, iSeed: 0 },
    ]) {
      expect(failureOf("NetworkPubkey", schemas.input, request)).toEqual({
        code: grpcCodes.notFound,
        message: `No network pubkey recorded for height ${request.height} seed ${request.iSeed}`,
      });
    }
  });

  it("answers for a node that asked to be let in why it was not", async () => {
    const { a } = chain.users;
    const certificate = Uint8Array.of(1, 2, 3);
    const sender = fromBech32("secret", a.address);
    const message = {
      toProto: async () => ({
        type_url: "/secret.registration.v1beta1.RaAuthenticate",
        value: { sender, certificate },
        encode: async () => encodeMessage(RaAuthenticateSchema, { sender, certificate }),
      }),
      toAmino: async () => ({ type: "", value: {} }),
    } as unknown as Msg;
    const result = await chain.run(a, [message]);
    expect(result).toMatchObject({ code: 2, codespace: "register" });
    const input = QueryEncryptedSeedRequestSchema;
    const certHash = toHex(sha256(certificate));
    const seed = (request: MessageInitShape<typeof input>) =>
      failureOf("EncryptedSeed", input, request);
    const refusal = seed({ certHash, height: height() });
    expect(refusal?.code).toBe(grpcCodes.failedPrecondition);
    expect(result.log).toContain(refusal!.message);
    expect(seed({ certHash, height: height() - 1n })).toEqual({
      code: grpcCodes.notFound,
      message: "no encrypted seed found for the given certificate hash",
    });
    expect(seed({ certHash: "xyz", height: 1n })?.code).toBe(grpcCodes.invalidArgument);
    expect(seed({})?.code).toBe(grpcCodes.invalidArgument);
  });

  it("has approved no machine", () => {
    const input = QueryMachineIDProofRequestSchema;
    const proof = (request: MessageInitShape<typeof input>) =>
      failureOf("MachineIDProof", input, request)?.code;
    expect(proof({ height: 1n, machineId: "00ff" })).toBe(grpcCodes.notFound);
    expect(proof({ height: 0n, machineId: "00ff" })).toBe(grpcCodes.invalidArgument);
    expect(proof({ height: 1n })).toBe(grpcCodes.invalidArgument);
  });
});
