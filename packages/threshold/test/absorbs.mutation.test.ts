/**
 * Deletes each absorption of each protocol in turn, and forges. What the verifier does not absorb
 * a forger may choose after the challenges: its equation is then solved for that one value, all
 * the rest being random. The solving is done in a group with known logarithms; three forgeries of
 * history follow in ristretto255. Restored, each verifier refuses what it had accepted.
 */
import { afterEach, describe, expect, it, vi } from "vitest";
import { proveRange, type RangeStatement, verifyRange } from "../src/bulletproofs/range.ts";
import { utf8 } from "../src/bytes.ts";
import { partialDecrypt, verifyPartial } from "../src/decryption/partial.ts";
import { fixedCommitmentBase } from "../src/elgamal/keys.ts";
import type { Group } from "../src/groups/group.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import { proveOneOfMany, verifyOneOfMany } from "../src/proofs/one-of-many.ts";
import { RelationBuilder } from "../src/sigma/builder.ts";
import {
  proveStatement,
  type Statement,
  verifyStatement,
  type Witness,
} from "../src/sigma/compose.ts";
import { proveRelation, verifyRelation } from "../src/sigma/linear.ts";
import { DuplexSponge } from "../src/sigma/transcript.ts";
import { createTransparentGroup } from "./transparent-group.ts";
import { codeOf } from "./vectors.ts";

const wasm = await loadRistretto255("wasm");
const group = createTransparentGroup();
const WIDTH = 32;
const CHUNKS_RANDOM = (count: number): Uint8Array[] =>
  Array.from({ length: count }, () => group.encodeScalar(group.randomScalar()));

/** Which absorption: of which sponge, in the order of their making, and which of it. */
interface Place {
  readonly sponge: number;
  readonly absorb: number;
}

/** Runs with every absorption noted, and the one at `skip` left out. */
function withAbsorbs<Result>(
  skip: Place | undefined,
  run: () => Result,
): { places: Place[]; result: Result } {
  const original = DuplexSponge.prototype.absorb;
  const known = new Map<DuplexSponge, { sponge: number; count: number }>();
  const places: Place[] = [];
  const spy = vi.spyOn(DuplexSponge.prototype, "absorb").mockImplementation(function (
    this: DuplexSponge,
    bytes,
  ) {
    const state = known.get(this) ?? { sponge: known.size, count: 0 };
    known.set(this, state);
    const place = { sponge: state.sponge, absorb: state.count };
    state.count += 1;
    places.push(place);
    if (place.sponge !== skip?.sponge || place.absorb !== skip.absorb) original.call(this, bytes);
  });
  try {
    return { places, result: run() };
  } finally {
    spy.mockRestore();
  }
}

afterEach(() => vi.restoreAllMocks());

/** A verifier whose statement has one element to choose, and whose proof is chunks of 32 bytes. */
interface Protocol {
  readonly chunks: number;
  verify(tag: Uint8Array, element: bigint, proof: Uint8Array): void;
  /** An honest proof, and the statement's element that it is for. */
  prove(tag: Uint8Array): { readonly element: bigint; readonly proof: Uint8Array };
}

/** B = 5·G; the element is what is claimed to be as far from B as 7·G is from G. */
function dleq<P>(on: Group<P>, element: P): Statement<P> {
  const builder = new RelationBuilder(on);
  const secret = builder.secret();
  const base = on.multiplyBase(5n);
  builder
    .equation([[on.multiplyBase(7n), 1n]], [[secret, on.generator]])
    .equation([[element, 1n]], [[secret, base]]);
  return { kind: "relation", relation: builder.build() };
}

const oneOf = (element: bigint): Statement<bigint> => ({
  kind: "any",
  of: [dleq(group, element), dleq(group, 36n)],
});
const both = (element: bigint): Statement<bigint> => ({
  kind: "all",
  of: [dleq(group, element), dleq(group, 35n)],
});
const know: Witness = { kind: "relation", scalars: [7n] };
const range = (element: bigint): RangeStatement<bigint> => ({
  group,
  commitmentBase: 11n,
  bits: 8,
  commitments: [element],
});
const many = (element: bigint) => ({
  group,
  commitmentBase: 11n,
  commitments: [2n, 3n, element, 5n],
});

/** The share 7 of holder 1; the element is the ciphertext's handle. */
const request = (id: Uint8Array, handle: bigint) => ({
  group,
  key: { commitmentBase: 13n, handleBase: 1n },
  ciphertexts: [{ commitment: 4n, handle }],
  id,
});

const protocols: Record<string, Protocol> = {
  "partial decryption": {
    chunks: 1 + 2 + 1,
    verify: (tag, element, bytes) =>
      verifyPartial(request(tag, element), () => 7n, { index: 1, bytes }),
    prove: (tag) => ({
      element: 6n,
      proof: partialDecrypt(request(tag, 6n), { index: 1, value: 7n }, { acceptTiming: true })
        .bytes,
    }),
  },
  "all of": {
    chunks: 4 + 2,
    verify: (tag, element, proof) => verifyStatement(tag, both(element), proof),
    prove: (tag) => ({
      element: 35n,
      proof: proveStatement(tag, both(35n), { kind: "all", of: [know, know] }),
    }),
  },
  "any of": {
    chunks: 4 + 3,
    verify: (tag, element, proof) => verifyStatement(tag, oneOf(element), proof),
    prove: (tag) => ({
      element: 35n,
      proof: proveStatement(tag, oneOf(35n), { kind: "any", index: 0, witness: know }),
    }),
  },
  range: {
    chunks: 4 + 6 + 5,
    verify: (tag, element, proof) => verifyRange(tag, range(element), proof),
    prove: (tag) => ({
      element: 200n + 110n,
      proof: proveRange(tag, range(310n), [{ value: 200n, blinding: 10n }]),
    }),
  },
  "one of many": {
    chunks: 2 * 4 + 2 * 3 + 1,
    verify: (tag, element, proof) => verifyOneOfMany(tag, many(element), proof),
    prove: (tag) => ({
      element: 99n,
      proof: proveOneOfMany(tag, many(99n), { index: 2, blinding: 9n }),
    }),
  },
};

const [here, there] = [utf8("here"), utf8("there")];

/** Solves the verifier's last sum for the value at `chunk` of the proof, or for the statement's. */
function solve(protocol: Protocol, skip: Place, chunk: number | "statement") {
  const chunks = CHUNKS_RANDOM(protocol.chunks);
  const element = group.randomScalar();
  const attempt = (value: bigint) => {
    const sent = chunks.map((bytes, i) => (i === chunk ? group.encodeScalar(value) : bytes));
    return {
      proof: Uint8Array.from(sent.flatMap((bytes) => [...bytes])),
      element: chunk === "statement" ? value : element,
    };
  };
  const remainder = (value: bigint): bigint => {
    const { proof, element: claimed } = attempt(value);
    withAbsorbs(skip, () => codeOf(() => protocol.verify(here, claimed, proof)));
    return group.lastSum();
  };
  const [one, two] = [remainder(1n), remainder(2n)];
  return attempt(group.reduce(1n - one * group.invert(group.reduce(two - one))));
}

describe.each(Object.entries(protocols))("%s", (_, protocol) => {
  const honest = protocol.prove(here);
  const { places } = withAbsorbs(undefined, () =>
    protocol.verify(here, honest.element, honest.proof),
  );

  it("absorbs the tag, the statement, each value sent, and the whole before weighing", () => {
    expect(places).toEqual([
      { sponge: 0, absorb: 0 },
      ...Array.from({ length: 1 + protocol.chunks }, (_unused, absorb) => ({ sponge: 1, absorb })),
      { sponge: 2, absorb: 0 },
    ]);
    expect(honest.proof).toHaveLength(WIDTH * protocol.chunks);
  });

  it("without its tag accepts a proof that was made for another use", () => {
    const skip = { sponge: 0, absorb: 0 };
    const { result } = withAbsorbs(skip, () => protocol.prove(here));
    const verify = () => protocol.verify(there, result.element, result.proof);
    expect(withAbsorbs(skip, () => codeOf(verify)).result).toBeUndefined();
    expect(codeOf(verify)).toBe("threshold/proof");
  });

  it.each(places.filter(({ sponge }) => sponge > 0))(
    "without absorption $absorb of sponge $sponge is forged",
    (skip) => {
      const chunk =
        skip.sponge === 2 ? protocol.chunks - 1 : skip.absorb === 0 ? "statement" : skip.absorb - 1;
      const { element, proof } = solve(protocol, skip, chunk);
      const verify = () => protocol.verify(here, element, proof);
      expect(withAbsorbs(skip, () => codeOf(verify)).result).toBeUndefined();
      expect(codeOf(verify)).toBe("threshold/proof");
    },
  );
});

describe("compact proofs in ristretto255", () => {
  const unequal = (
    dleq(wasm, wasm.multiplyBase(36n)) as Statement<typeof wasm.generator> & { kind: "relation" }
  ).relation;
  const verifyWithout = (skip: Place | undefined, run: () => void) =>
    withAbsorbs(skip, () => codeOf(run)).result;

  it("without the first commitment or the second prove unequal logarithms equal", () => {
    // A prover of X = x·G alone: whichever commitment is not absorbed need not fit.
    for (const [absorb, secret] of [
      [2, 7n],
      [1, wasm.reduce(36n * wasm.invert(5n))],
    ] as const) {
      const skip = { sponge: 1, absorb };
      const nonce = wasm.randomScalar();
      const commitment = wasm.multiplyPublic(
        absorb === 2 ? wasm.generator : wasm.multiplyBase(5n),
        nonce,
      );
      const challenge = withAbsorbs(skip, () => {
        // The verifier's own transcript, asked for its challenge with a response that fits later.
        let asked = 0n;
        const spy = vi.spyOn(wasm, "sumOfProducts").mockReturnValue(commitment);
        const original = DuplexSponge.prototype.squeeze;
        const squeeze = vi.spyOn(DuplexSponge.prototype, "squeeze").mockImplementation(function (
          this: DuplexSponge,
          length,
        ) {
          const bytes = original.call(this, length);
          if (length === 48)
            asked = wasm.reduce(BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`));
          return bytes;
        });
        codeOf(() =>
          verifyRelation(
            here,
            unequal,
            Uint8Array.of(...wasm.encodeScalar(1n), ...wasm.encodeScalar(1n)),
          ),
        );
        spy.mockRestore();
        squeeze.mockRestore();
        return asked;
      }).result;
      const response = wasm.reduce(nonce + challenge * secret);
      const proof = Uint8Array.of(...wasm.encodeScalar(challenge), ...wasm.encodeScalar(response));
      const verify = () => verifyRelation(here, unequal, proof);
      expect(verifyWithout(skip, verify)).toBeUndefined();
      expect(codeOf(verify)).toBe("threshold/proof");
    }
  });

  it("without the statement move to another one (Helios)", () => {
    const skip = { sponge: 1, absorb: 0 };
    const equal = (
      dleq(wasm, wasm.multiplyBase(35n)) as Statement<typeof wasm.generator> & { kind: "relation" }
    ).relation;
    // The same elements, in a statement that says nothing of the first.
    const weaker = {
      ...equal,
      elements: [...equal.elements, wasm.multiplyBase(9n)],
      equations: equal.equations.map((equation, i) =>
        i === 0
          ? {
              ...equation,
              image: [
                ...equation.image,
                { element: 4, coefficient: 1n },
                { element: 4, coefficient: wasm.order - 1n },
              ],
            }
          : equation,
      ),
    };
    const { result } = withAbsorbs(skip, () => proveRelation(here, equal, [7n]));
    const verify = () => verifyRelation(here, weaker, result);
    expect(verifyWithout(skip, verify)).toBeUndefined();
    expect(codeOf(verify)).toBe("threshold/proof");
  });

  it("without the tag move to another use", () => {
    const skip = { sponge: 0, absorb: 0 };
    const equal = (
      dleq(wasm, wasm.multiplyBase(35n)) as Statement<typeof wasm.generator> & { kind: "relation" }
    ).relation;
    const { result } = withAbsorbs(skip, () => proveRelation(here, equal, [7n]));
    expect(verifyWithout(skip, () => verifyRelation(there, equal, result))).toBeUndefined();
    expect(codeOf(() => verifyRelation(there, equal, result))).toBe("threshold/proof");
  });
});

it("a range proof without its commitment is moved to a value outside (Frozen Heart)", () => {
  const skip = { sponge: 1, absorb: 0 };
  const commitmentBase = fixedCommitmentBase(wasm);
  const commit = (value: bigint, blinding: bigint) =>
    wasm.add(wasm.multiplyBase(wasm.reduce(value)), wasm.multiplyPublic(commitmentBase, blinding));
  const statementOf = (
    commitment: typeof wasm.generator,
  ): RangeStatement<typeof wasm.generator> => ({
    group: wasm,
    commitmentBase,
    bits: 8,
    commitments: [commitment],
  });
  const honest = statementOf(commit(44n, 3n));
  // The prover shifts the first coefficient's commitment by K; the verifier's equation is then
  // right for the commitment moved by x/z² of it, which is known only after x.
  let shifted = wasm.identity;
  const proof = withAbsorbs(skip, () => {
    const original = wasm.multiplyBase;
    let calls = 0;
    const spy = vi.spyOn(wasm, "multiplyBase").mockImplementation((scalar) => {
      calls += 1;
      // Openings are checked with the first call; t1 is committed to with the next.
      return calls === 2 ? wasm.add(original(scalar), original(1n << 100n)) : original(scalar);
    });
    const made = proveRange(here, honest, [{ value: 44n, blinding: 3n }]);
    spy.mockRestore();
    return made;
  }).result;
  withAbsorbs(skip, () => {
    const sums = vi.spyOn(wasm, "sumOfProducts");
    codeOf(() => verifyRange(here, honest, proof));
    const [points, scalars] = sums.mock.lastCall as unknown as [
      (typeof wasm.generator)[],
      bigint[],
    ];
    const own = points.indexOf(honest.commitments[0] as typeof wasm.generator);
    const rest = wasm.sumOfProducts(
      points.filter((_, i) => i !== own),
      scalars.filter((_, i) => i !== own),
    );
    shifted = wasm.multiplyPublic(rest, wasm.invert(wasm.reduce(-(scalars[own] as bigint))));
    sums.mockRestore();
  });
  expect(wasm.equal(shifted, honest.commitments[0] as typeof wasm.generator)).toBe(false);
  const verify = () => verifyRange(here, statementOf(shifted), proof);
  expect(withAbsorbs(skip, () => codeOf(verify)).result).toBeUndefined();
  expect(codeOf(verify)).toBe("threshold/proof");
});
