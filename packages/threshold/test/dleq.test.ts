import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { concatBytes, u16BigEndian, utf8 } from "../src/bytes.ts";
import type { Group } from "../src/groups/group.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import { p256Group, ristretto255Group, secp256k1Group } from "../src/groups/noble-group.ts";
import { proveBip374, verifyBip374 } from "../src/proofs/bip374.ts";
import {
  claimDleq,
  proveDleq,
  proveDleqBatchable,
  verifyDleq,
  verifyDleqBatchable,
} from "../src/proofs/dleq.ts";
import {
  hashToScalar,
  proveVoprfDleq,
  type VoprfMode,
  verifyVoprfDleq,
} from "../src/proofs/voprf-dleq.ts";
import { findFalseClaims } from "../src/sigma/claims.ts";
import { codeOf, findVectors, fromHex, listFiles, readCases, toHex } from "./vectors.ts";

const wasm = await loadRistretto255("wasm");
const binding = utf8("request 1");

describe("equality of logarithms in ristretto255", () => checkDleq(wasm));
describe("equality of logarithms in P-256", () => checkDleq(p256Group));

function checkDleq<P>(group: Group<P>): void {
  const secret = group.reduce(7n ** 99n);
  const bases = [
    group.generator,
    group.multiplyBase(11n),
    group.hashToGroup(utf8("x"), "dleq-test"),
  ];
  const pairs = bases.map((base) => ({ base, image: group.multiplyPublic(base, secret) }));
  const proof = proveDleq(group, binding, pairs, secret);
  const long = proveDleqBatchable(group, binding, pairs, secret);

  it("proves two and more pairs, in 64 bytes when compact", () => {
    expect(proof).toHaveLength(64);
    verifyDleq(group, binding, pairs, proof);
    verifyDleqBatchable(group, binding, pairs, long);
    const two = pairs.slice(0, 2);
    verifyDleq(group, binding, two, proveDleq(group, binding, two, secret));
  });

  it("refuses another request, order, element or number of pairs", () => {
    const [a, b, c] = pairs as [(typeof pairs)[0], (typeof pairs)[0], (typeof pairs)[0]];
    const wrong = { base: b.base, image: group.add(b.image, group.generator) };
    const lists = [
      [b, a, c],
      [a, b],
      [a, b, c, a],
      [a, wrong, c],
      [a, b, { base: c.image, image: c.base }],
    ];
    for (const list of lists) {
      expect(codeOf(() => verifyDleq(group, binding, list, proof))).toBe("threshold/proof");
      expect(codeOf(() => verifyDleqBatchable(group, binding, list, long))).toMatch(
        /proof|length|element|scalar/,
      );
    }
    expect(codeOf(() => verifyDleq(group, utf8("request 2"), pairs, proof))).toBe(
      "threshold/proof",
    );
    expect(codeOf(() => verifyDleqBatchable(group, utf8("request 2"), pairs, long))).toBe(
      "threshold/proof",
    );
    expect(codeOf(() => verifyDleq(group, binding, [], proof))).toBe("threshold/statement");
  });

  it("refuses identities, of whom any secret would be right", () => {
    const list = [...pairs, { base: group.identity, image: group.identity }];
    expect(codeOf(() => verifyDleq(group, binding, list, proof))).toBe("threshold/relation");
    expect(codeOf(() => proveDleq(group, binding, list, secret))).toBe("threshold/relation");
  });

  it("does not prove what is not so", () => {
    const unequal = [...pairs, { base: group.multiplyBase(5n), image: group.multiplyBase(6n) }];
    expect(codeOf(() => proveDleq(group, binding, unequal, secret))).toBe("threshold/witness");
  });

  it("names the bad one of a batch", () => {
    const claims = [0, 1, 2].map((i) =>
      claimDleq(group, utf8(`request ${i === 2 ? 9 : 1}`), pairs, long),
    );
    expect(findFalseClaims(group, claims)).toEqual([2]);
  });
}

interface VoprfSuite {
  readonly identifier: string;
  readonly mode: number;
  readonly keyInfo: string;
  readonly skSm: string;
  readonly pkSm?: string;
  readonly vectors: readonly {
    readonly Batch: number;
    readonly BlindedElement: string;
    readonly EvaluationElement: string;
    readonly Info?: string;
    readonly Proof?: { proof: string; r: string };
  }[];
}

const SUITE_FIELDS = [
  "groupDST",
  "hash",
  "identifier",
  "keyInfo",
  "mode",
  "pkSm",
  "seed",
  "skSm",
  "vectors",
];
const VECTOR_FIELDS = [
  "Batch",
  "Blind",
  "BlindedElement",
  "EvaluationElement",
  "Info",
  "Input",
  "Output",
  "Proof",
];
/** Suites of groups that this package does not have. */
const OTHER_GROUPS = ["decaf448-SHAKE256", "P384-SHA384", "P521-SHA512"];
const oprf = findVectors("rfc9497-oprf-dleq");

describe.runIf(oprf !== undefined)("vectors of RFC 9497", () => {
  const folder = oprf ?? "";
  const suites =
    oprf === undefined ? [] : readCases<VoprfSuite>(join(folder, "rfc9497.json"), SUITE_FIELDS);

  it("are all known", () => {
    expect(listFiles(folder)).toEqual(["SOURCE.txt", "rfc9497.json"]);
    for (const { identifier, mode, vectors } of suites) {
      expect([...OTHER_GROUPS, "ristretto255-SHA512", "P256-SHA256"]).toContain(identifier);
      expect([0, 1, 2]).toContain(mode);
      for (const field of vectors.flatMap((item) => Object.keys(item))) {
        expect(VECTOR_FIELDS).toContain(field);
      }
    }
  });

  it.each([
    ["ristretto255-SHA512", 1, ristretto255Group as Group<unknown>],
    ["ristretto255-SHA512", 2, wasm as Group<unknown>],
    ["P256-SHA256", 1, p256Group as Group<unknown>],
    ["P256-SHA256", 2, p256Group as Group<unknown>],
  ] as const)("%s in mode %i: the same proofs, single and batched", (identifier, mode, group) => {
    const suite = suites.find((item) => item.identifier === identifier && item.mode === mode);
    expect(suite?.vectors.length).toBeGreaterThan(2);
    for (const vector of suite?.vectors ?? []) runVoprf(group, suite as VoprfSuite, vector);
  });
});

function runVoprf(
  group: Group<unknown>,
  suite: VoprfSuite,
  vector: VoprfSuite["vectors"][0],
): void {
  const mode: VoprfMode = suite.mode === 1 ? "voprf" : "poprf";
  const split = (text: string): unknown[] =>
    text.split(",").map((hex) => group.decode(fromHex(hex)));
  const blinded = split(vector.BlindedElement);
  const evaluated = split(vector.EvaluationElement);
  expect(blinded).toHaveLength(vector.Batch);
  const secret = group.decodeScalar(fromHex(suite.skSm));
  const info = fromHex(vector.Info ?? "");
  const tweak = hashToScalar(
    group,
    mode,
    concatBytes(utf8("Info"), u16BigEndian(info.length), info),
  );
  const key = mode === "voprf" ? secret : group.reduce(secret + tweak);
  const statement = {
    base: group.generator,
    publicKey: group.multiplyBase(key),
    sources: mode === "voprf" ? blinded : evaluated,
    images: mode === "voprf" ? evaluated : blinded,
  };
  const proof = fromHex(vector.Proof?.proof ?? "");
  verifyVoprfDleq(group, mode, statement, proof);
  const nonce = group.decodeScalar(fromHex(vector.Proof?.r ?? ""));
  const fixed = { ...group, randomScalar: () => nonce };
  expect(toHex(proveVoprfDleq(fixed, mode, statement, key))).toBe(toHex(proof));
  for (let bit = 0; bit < 8 * proof.length; bit += 37) {
    const changed = proof.slice();
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(codeOf(() => verifyVoprfDleq(group, mode, statement, changed))).toMatch(/proof|scalar/);
  }
  const other = mode === "voprf" ? "poprf" : "voprf";
  expect(codeOf(() => verifyVoprfDleq(group, other, statement, proof))).toBe("threshold/proof");
  const empty = { ...statement, sources: [], images: [] };
  expect(codeOf(() => verifyVoprfDleq(group, mode, empty, proof))).toBe("threshold/statement");
}

const bips = findVectors("bitcoin-bips");

describe.runIf(bips !== undefined)("vectors of BIP-374", () => {
  const folder = join(bips ?? "", "bip-0374");
  const read = (file: string, header: string): string[][] => {
    const [first, ...lines] = readFileSync(join(folder, file), "utf8").trim().split(/\r?\n/);
    expect(first).toBe(header);
    expect(lines.length).toBeGreaterThan(5);
    return lines.map((line) => line.split(","));
  };
  const point = (hex: string | undefined) => group.decode(fromHex(hex ?? ""));
  const group = secp256k1Group;
  const messageOf = (hex: string | undefined) => (hex ? { message: fromHex(hex) } : {});

  it("are all known", () => {
    expect(bips === undefined ? [] : listFiles(folder)).toEqual([
      "test_vectors_generate_proof.csv",
      "test_vectors_verify_proof.csv",
    ]);
  });

  it("generates the same proofs, and none where there is none", () => {
    const header = "index,point_G,scalar_a,point_B,auxrand_r,message,result_proof,comment";
    for (const [, g, a, b, aux, message, result, comment] of read(
      "test_vectors_generate_proof.csv",
      header,
    )) {
      const prove = () =>
        proveBip374(BigInt(`0x${a}`), fromHex(aux ?? ""), {
          generator: point(g),
          keyB: point(b),
          ...messageOf(message),
        });
      if (result === "INVALID") expect(codeOf(prove), comment).toBeDefined();
      else expect(toHex(prove()), comment).toBe(result);
    }
  });

  it("verifies the valid ones only", () => {
    const header = "index,point_G,point_A,point_B,point_C,proof,message,result_success,comment";
    for (const [, g, a, b, c, proof, message, result, comment] of read(
      "test_vectors_verify_proof.csv",
      header,
    )) {
      const code = codeOf(() =>
        verifyBip374(
          {
            generator: point(g),
            keyA: point(a),
            keyB: point(b),
            keyC: point(c),
            ...messageOf(message),
          },
          fromHex(proof ?? ""),
        ),
      );
      expect(["TRUE", "FALSE"]).toContain(result);
      if (result === "TRUE") expect(code, comment).toBeUndefined();
      else expect(code, comment).toBeDefined();
    }
  });
});
