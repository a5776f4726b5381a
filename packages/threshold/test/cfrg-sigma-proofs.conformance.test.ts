import { join } from "node:path";
import { shake128 } from "@noble/hashes/sha3.js";
import { turboshake128 } from "@noble/hashes/sha3-addons.js";
import { describe, expect, it } from "vitest";
import type { Group, Scalar } from "../src/groups/group.ts";
import { bls12381G1Group, p256Group } from "../src/groups/noble-group.ts";
import {
  proveRelation,
  proveRelationBatchable,
  verifyRelation,
  verifyRelationBatchable,
} from "../src/sigma/linear.ts";
import { decodeRelation, encodeRelation } from "../src/sigma/relation.ts";
import {
  DuplexSponge,
  decodeChallenge,
  decodeField,
  decodeString,
  deriveSessionId,
  encodeField,
  encodeString,
  type SpongeHash,
} from "../src/sigma/transcript.ts";
import { codeOf, findVectors, fromHex, listFiles, readCases, toHex } from "./vectors.ts";

interface SpongeCase {
  readonly Name: string;
  readonly Function: string;
  readonly Tag: string;
  readonly Modulus: string;
  readonly Challenge: string;
  readonly Hash: string;
  readonly SessionId: string;
  readonly Operations: readonly { type: "absorb" | "squeeze"; data?: string; length?: number }[];
  readonly Output: string;
}

interface CodecCase {
  readonly Name: string;
  readonly Function: string;
  readonly ByteOrder?: string;
  readonly Modulus: string;
  readonly ExtensionDegree?: number;
  readonly Value: string;
  readonly Input: string;
  readonly Output: string;
  readonly Challenge: string;
  readonly Coordinates: readonly string[];
  readonly Expected?: string;
}

interface ProofCase {
  readonly Id: string;
  readonly Flavor: string;
  readonly Tag: string;
  readonly SessionId?: string;
  readonly Instance: string;
  readonly Witness?: string;
  readonly NargString: string;
  readonly Expected: string;
}

const SPONGE_FIELDS = [
  ...["Id", "Name", "Title", "Function", "Hash", "Tag", "SessionId", "Operations", "Output"],
  ...["Group", "Modulus", "Challenge", "Expected"],
  ...["NumVariables", "Witness", "ClaimedSum", "Narg", "FinalEvaluation"],
];
const CODEC_FIELDS = [
  ...["Id", "Name", "Title", "Function", "ByteOrder", "Group", "Modulus", "ExtensionDegree"],
  ...["Value", "Input", "Output", "Challenge", "Coordinates", "Expected"],
  ...["NumVariables", "SessionId", "ClaimedSum", "Narg"],
];
const PROOF_FIELDS = [
  ...["Id", "BaseId", "Function", "Ciphersuite", "Relation", "Flavor", "Tag", "SessionId"],
  ...["Instance", "Witness", "NargString", "Expected", "Comment"],
];
const directory = findVectors("cfrg-sigma-proofs");

describe.runIf(directory !== undefined)("vectors of the two CFRG drafts", () => {
  const folder = directory ?? "";
  const files = directory === undefined ? [] : listFiles(directory);

  it.each(files.filter((file) => file !== "SOURCE.txt"))("%s", (file) => {
    const path = join(folder, file);
    if (file === "fiatShamirShake128Vectors.json") {
      for (const item of readCases<SpongeCase>(path, SPONGE_FIELDS)) runSponge(item);
    } else if (file === "fiatShamirCodecVectors.json") {
      for (const item of readCases<CodecCase>(path, CODEC_FIELDS)) runCodec(item);
    } else if (file === "fiatShamirTurboShake128Vectors.json") {
      for (const item of readCases<SpongeCase>(path, SPONGE_FIELDS)) runSponge(item, turboshake128);
    } else if (/^sigma-proofs(-invalid)?_Shake128_(P256|BLS12381)\.json$/.test(file)) {
      const cases = readCases<ProofCase>(path, PROOF_FIELDS);
      expect(cases.length).toBeGreaterThan(10);
      for (const item of cases) {
        if (file.includes("P256")) runProof(p256Group, item);
        else runProof(bls12381G1Group, item);
      }
    } else {
      expect.unreachable(`unknown file ${file}`);
    }
  });
});

function runSponge(item: SpongeCase, hash: SpongeHash = shake128): void {
  expect(item.Hash).toBe(hash === shake128 ? "SHAKE128" : "TurboSHAKE128");
  // The drafts' sumcheck example is a protocol of its own, which nothing here uses.
  if (item.Function === "Sumcheck") return;
  if (item.Function === "DeriveSessionID") {
    expect(toHex(deriveSessionId(fromHex(item.Tag), hash))).toBe(item.Output);
    return;
  }
  expect(["DuplexSponge", "DecodeUint"]).toContain(item.Function);
  const sponge = new DuplexSponge(fromHex(item.SessionId), hash);
  let out = "";
  for (const { type, data, length } of item.Operations) {
    if (type === "absorb") sponge.absorb(fromHex(data ?? ""));
    else out += toHex(sponge.squeeze(length as number));
  }
  expect(out, item.Name).toBe(item.Output);
  if (item.Function === "DecodeUint") {
    const challenge = decodeChallenge(fromHex(out), BigInt(item.Modulus));
    expect(challenge).toBe(BigInt(item.Challenge));
  }
}

function runCodec(item: CodecCase): void {
  // The drafts' sumcheck example is a protocol of its own, which nothing here uses.
  if (item.Function === "Sumcheck") return;
  const modulus = BigInt(item.Modulus ?? 0);
  const run = (): unknown => {
    switch (item.Function) {
      case "SerializeVarLenString":
        return toHex(encodeString(fromHex(item.Input)));
      case "DeserializeVarLenString":
        return toHex(decodeString(fromHex(item.Input)).value);
      case "SerializeUint":
      case "SerializeField":
        return toHex(encodeField([BigInt(item.Value)], modulus, item.ByteOrder !== "big-endian"));
      case "DeserializeUint":
      case "DeserializeField":
        return decodeField(fromHex(item.Input), modulus, item.ExtensionDegree);
      case "DecodeUint":
        return decodeChallenge(fromHex(item.Input), modulus);
      default:
        return expect.unreachable(`unknown function ${item.Function}`);
    }
  };
  if (item.Expected === "reject") expect(codeOf(run), item.Name).toBeDefined();
  else {
    const expected = item.Output ?? item.Coordinates?.map(BigInt) ?? BigInt(item.Challenge);
    expect(run(), item.Name).toEqual(expected);
  }
}

const FLAVORS = {
  compact: { prove: proveRelation, verify: verifyRelation },
  batchable: { prove: proveRelationBatchable, verify: verifyRelationBatchable },
} as const;

function runProof<P>(group: Group<P>, item: ProofCase): void {
  const tag = new TextEncoder().encode(item.Tag);
  const flavor = FLAVORS[item.Flavor as keyof typeof FLAVORS];
  expect(flavor, item.Flavor).toBeDefined();
  const verify = () =>
    flavor.verify(tag, decodeRelation(group, fromHex(item.Instance)), fromHex(item.NargString));
  if (item.Expected === "reject") {
    expect(codeOf(verify), item.Id).toBeDefined();
    return;
  }
  expect(item.Expected).toBe("accept");
  expect(codeOf(verify), item.Id).toBeUndefined();
  if (item.Witness !== undefined) proveAgain(group, tag, item, item.Witness);
}

function proveAgain<P>(group: Group<P>, tag: Uint8Array, item: ProofCase, hex: string): void {
  const { prove, verify } = FLAVORS[item.Flavor as keyof typeof FLAVORS];
  const relation = decodeRelation(group, fromHex(item.Instance));
  expect(toHex(encodeRelation(relation)), item.Id).toBe(item.Instance);
  const bytes = fromHex(hex);
  const witness: Scalar[] = [];
  for (let i = 0; i < bytes.length; i += group.scalarBytes) {
    witness.push(group.decodeScalar(bytes.subarray(i, i + group.scalarBytes)));
  }
  const proof = prove(tag, relation, witness);
  expect(
    codeOf(() => verify(tag, relation, proof)),
    item.Id,
  ).toBeUndefined();
  const wrong = [(witness[0] as Scalar) + 1n, ...witness.slice(1)];
  expect(
    codeOf(() => prove(tag, relation, wrong)),
    item.Id,
  ).toBe("threshold/witness");
}
