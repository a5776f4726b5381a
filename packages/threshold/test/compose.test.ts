import { describe, expect, it } from "vitest";
import type { Group } from "../src/groups/group.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import { p256Group } from "../src/groups/noble-group.ts";
import { checkClaims, findFalseClaims } from "../src/sigma/claims.ts";
import {
  claimStatement,
  proveStatement,
  type Statement,
  verifyStatement,
  type Witness,
} from "../src/sigma/compose.ts";
import {
  claimRelation,
  proveRelation,
  proveRelationBatchable,
  verifyRelation,
  verifyRelationBatchable,
} from "../src/sigma/linear.ts";
import { protocolTag } from "../src/sigma/narg.ts";
import { codeOf } from "./vectors.ts";

const wasm = await loadRistretto255("wasm");
const tag = protocolTag("test/v1", "ristretto255", Uint8Array.of(1));

/** X = x·G. */
function logarithm<P>(group: Group<P>, image: P): Statement<P> {
  return {
    kind: "relation",
    relation: {
      group,
      elements: [group.generator, image],
      equations: [
        {
          image: [{ element: 1, coefficient: 1n }],
          terms: [{ scalar: 0, element: 0, coefficient: 1n }],
        },
      ],
    },
  };
}
const know = (scalar: bigint): Witness => ({ kind: "relation", scalars: [scalar] });
const flavors = ["compact", "batchable"] as const;

describe("all and any in P-256", () => checkComposition(p256Group));
describe("all and any in ristretto255", () => checkComposition(wasm));

function checkComposition<P>(group: Group<P>): void {
  const [a, b, c] = [3n, 5n, 7n].map((factor) => group.reduce(factor ** 90n)) as [
    bigint,
    bigint,
    bigint,
  ];
  const [A, B, C] = [a, b, c].map((scalar) => logarithm(group, group.multiplyBase(scalar))) as [
    Statement<P>,
    Statement<P>,
    Statement<P>,
  ];
  const statement: Statement<P> = {
    kind: "all",
    of: [A, { kind: "any", of: [B, { kind: "all", of: [B, C] }, C] }],
  };
  const witnesses: Witness[] = [
    { kind: "all", of: [know(a), { kind: "any", index: 0, witness: know(b) }] },
    {
      kind: "all",
      of: [know(a), { kind: "any", index: 1, witness: { kind: "all", of: [know(b), know(c)] } }],
    },
    { kind: "all", of: [know(a), { kind: "any", index: 2, witness: know(c) }] },
  ];

  it.each(flavors)("prove whichever branch is known, %s", (flavor) => {
    const lengths = witnesses.map((witness) => {
      const proof = proveStatement(tag, statement, witness, { flavor });
      verifyStatement(tag, statement, proof, flavor);
      return proof.length;
    });
    expect(new Set(lengths).size).toBe(1);
  });

  it.each(flavors)("refuse a wrong or missing witness, %s", (flavor) => {
    const bad: Witness[] = [
      { kind: "all", of: [know(b), { kind: "any", index: 0, witness: know(b) }] },
      { kind: "all", of: [know(a), { kind: "any", index: 0, witness: know(c) }] },
      { kind: "all", of: [know(a), { kind: "any", index: 3, witness: know(c) }] },
      { kind: "all", of: [know(a)] },
      know(a),
    ];
    for (const witness of bad) {
      expect(codeOf(() => proveStatement(tag, statement, witness, { flavor }))).toBe(
        "threshold/witness",
      );
    }
  });

  it.each(flavors)(
    "refuse every proof with one scalar changed, cut, lengthened or moved, %s",
    (flavor) => {
      const proof = proveStatement(tag, statement, witnesses[1] as Witness, { flavor });
      const width = group.scalarBytes;
      for (let end = proof.length; end > 0; end -= width) {
        const at =
          flavor === "compact" || end > 5 * group.elementBytes
            ? end - (group.name === "P-256" ? 1 : width)
            : end - 1;
        const changed = proof.slice();
        changed[at] = (changed[at] as number) ^ 1;
        expect(
          codeOf(() => verifyStatement(tag, statement, changed, flavor)),
          String(at),
        ).toBeDefined();
      }
      for (const other of [proof.subarray(1), Uint8Array.of(...proof, 0), new Uint8Array(0)]) {
        expect(codeOf(() => verifyStatement(tag, statement, other, flavor))).toBe(
          "threshold/length",
        );
      }
      const moved = protocolTag("test/v1", "ristretto255", Uint8Array.of(2));
      expect(codeOf(() => verifyStatement(moved, statement, proof, flavor))).toBe(
        "threshold/proof",
      );
      const swapped: Statement<P> = {
        kind: "all",
        of: [A, { kind: "any", of: [B, { kind: "all", of: [C, B] }, C] }],
      };
      expect(codeOf(() => verifyStatement(tag, swapped, proof, flavor))).toBe("threshold/proof");
    },
  );

  it("refuse an empty list, which would hold without a proof, and a mix of groups", () => {
    for (const kind of ["all", "any"] as const) {
      expect(codeOf(() => verifyStatement(tag, { kind, of: [] }, new Uint8Array(0)))).toBe(
        "threshold/statement",
      );
      expect(
        codeOf(() =>
          verifyStatement(tag, { kind: "all", of: [A, { kind, of: [] }] }, new Uint8Array(0)),
        ),
      ).toBe("threshold/statement");
    }
    const other = { ...group };
    const mixed: Statement<P> = { kind: "all", of: [A, logarithm(other, group.multiplyBase(b))] };
    expect(codeOf(() => proveStatement(tag, mixed, { kind: "all", of: [know(a), know(b)] }))).toBe(
      "threshold/statement",
    );
  });

  it("refuse a proof of the other flavor, and one of a plain relation for a composed one", () => {
    const single: Statement<P> = { kind: "all", of: [A] };
    const plain = proveRelationBatchable(tag, (A as Statement<P> & { kind: "relation" }).relation, [
      a,
    ]);
    expect(codeOf(() => verifyStatement(tag, single, plain))).toBe("threshold/proof");
    verifyRelationBatchable(tag, (A as Statement<P> & { kind: "relation" }).relation, plain);
    const compact = proveRelation(tag, (A as Statement<P> & { kind: "relation" }).relation, [a]);
    verifyRelation(tag, (A as Statement<P> & { kind: "relation" }).relation, compact);
    expect(
      codeOf(() =>
        verifyRelationBatchable(tag, (A as Statement<P> & { kind: "relation" }).relation, compact),
      ),
    ).toBeDefined();
  });
}

describe("claims checked as one", () => {
  const claims = Array.from({ length: 9 }, (_, i) => {
    const statement = logarithm(wasm, wasm.multiplyBase(BigInt(i + 2)));
    return claimStatement(tag, statement, proveStatement(tag, statement, know(BigInt(i + 2))));
  });
  const { relation } = logarithm(wasm, wasm.multiplyBase(2n)) as Statement<
    typeof wasm.generator
  > & { kind: "relation" };
  const proof = proveRelationBatchable(tag, relation, [2n]);
  const spoil = (delta: bigint) => {
    const bad = proof.slice();
    bad.set(wasm.encodeScalar(wasm.decodeScalar(bad.subarray(32)) + delta), 32);
    return claimRelation(tag, relation, bad);
  };

  it("hold together, and no claims hold nothing", () => {
    checkClaims(wasm, claims);
    expect(findFalseClaims(wasm, claims)).toEqual([]);
    expect(codeOf(() => checkClaims(wasm, []))).toBe("threshold/proof");
    expect(codeOf(() => checkClaims(wasm, [{ digest: new Uint8Array(32), sums: [] }]))).toBe(
      "threshold/proof",
    );
  });

  it("name each that does not hold", () => {
    const mixed = [...claims];
    mixed.splice(3, 0, spoil(1n));
    mixed.push(spoil(2n));
    expect(codeOf(() => checkClaims(wasm, mixed))).toBe("threshold/proof");
    expect(findFalseClaims(wasm, mixed)).toEqual([3, 10]);
  });

  it("do not cancel each other when wrong by opposite amounts", () => {
    expect(findFalseClaims(wasm, [spoil(1n), spoil(-1n)])).toEqual([0, 1]);
  });
});
