import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as confio from "@confio/ics23";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeCommitmentProof,
  iavlSpec,
  LightError,
  verifyMembership,
  verifyNonMembership,
} from "../src/index.ts";

interface VectorProof {
  readonly kind: "exist" | "nonexist";
  readonly key: string;
  readonly value?: string;
  readonly commitment_proof: string;
}

interface Scenario {
  readonly versions: readonly { readonly root: string; readonly proofs: readonly VectorProof[] }[];
}

const file = join(import.meta.dirname, "../../../vectors/iavl/iavl.json");
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
const proofs = (JSON.parse(readFileSync(file, "utf8")) as Scenario[]).flatMap(({ versions }) =>
  versions.flatMap(({ root, proofs }) =>
    proofs.map(({ kind, key, value, commitment_proof }) => ({
      kind,
      root: unhex(root),
      key: unhex(key),
      value: unhex(value ?? ""),
      proof: unhex(commitment_proof),
      spec: iavlSpec,
    })),
  ),
);

const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** What ICS-23 cannot prove: empty values, of the key or of a neighbour, and an empty tree. */
function isProvable({ kind, value, proof, root }: (typeof proofs)[number]): boolean {
  if (Buffer.from(root).toString("hex") === EMPTY_ROOT) return false;
  if (kind === "exist") return value.length > 0;
  const decoded = decodeCommitmentProof(proof);
  if (!("nonexist" in decoded)) return false;
  const { left, right } = decoded.nonexist;
  return left?.value.length !== 0 && right?.value.length !== 0;
}

const provable = proofs.filter(isProvable);
type Claim = (typeof proofs)[number];
const verify = (claim: Claim) =>
  claim.kind === "exist" ? verifyMembership(claim) : verifyNonMembership(claim);
function confioVerify({ kind, root, key, value, proof }: Claim): boolean {
  try {
    const decoded = confio.ics23.CommitmentProof.decode(proof);
    return kind === "exist"
      ? confio.verifyMembership(decoded, confio.iavlSpec, root, key, value)
      : confio.verifyNonMembership(decoded, confio.iavlSpec, root, key);
  } catch {
    return false;
  }
}

describe("the recorded proofs of iavl", () => {
  it("verify, all that ICS-23 can prove", () => {
    expect(provable.filter((claim) => claim.kind === "exist").length).toBeGreaterThan(20);
    expect(provable.filter((claim) => claim.kind === "nonexist").length).toBeGreaterThan(20);
    for (const claim of proofs) expect(verify(claim)).toBe(isProvable(claim));
    for (const claim of proofs) expect(confioVerify(claim)).toBe(isProvable(claim));
  });

  it("do not verify another root, key, value or kind", () => {
    for (const claim of provable) {
      const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
      expect(verify({ ...claim, root: flip(claim.root) })).toBe(false);
      expect(verify({ ...claim, key: flip(claim.key) })).toBe(false);
      expect(verify({ ...claim, key: Uint8Array.of(...claim.key, 0) })).toBe(false);
      if (claim.kind === "exist")
        expect(verify({ ...claim, value: flip(claim.value) })).toBe(false);
      expect(verify({ ...claim, kind: claim.kind === "exist" ? "nonexist" : "exist" })).toBe(false);
    }
  });

  it("do not verify with any one bit changed", () => {
    for (const claim of provable.slice(0, 40)) {
      for (let at = 0; at < claim.proof.length; at++) {
        const proof = Uint8Array.from(claim.proof);
        proof[at]! ^= 1 << (at % 8);
        expect(verify({ ...claim, proof }), `byte ${at}`).toBe(false);
      }
    }
  });

  it("accept nothing that the independent verifier refuses", () => {
    const pick = fc.constantFrom(...provable);
    const mutation = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(pick, pick, fc.array(mutation, { maxLength: 4 }), (claim, other, mutations) => {
        const proof = Uint8Array.from(claim.proof);
        for (const [at, byte] of mutations) proof[at % proof.length] = byte;
        const mixed = { ...claim, proof, key: mutations.length % 2 ? other.key : claim.key };
        if (verify(mixed)) expect(confioVerify(mixed)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("decodeCommitmentProof", () => {
  it("refuses what is no single proof with a typed error", () => {
    const batch = Uint8Array.of(0x1a, 0);
    const compressed = Uint8Array.of(0x22, 0);
    for (const bytes of [batch, compressed, new Uint8Array(0)]) {
      expect(() => decodeCommitmentProof(bytes)).toThrow(LightError);
    }
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          decodeCommitmentProof(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(LightError);
        }
      }),
    );
  });
});
