import * as confio from "@confio/ics23";
import { ics23 } from "@confio/ics23";
import { ReadVerifier, verifyProofOps, verifyRead, verifyStoreRoot } from "@tacit/light";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CommitMultiStore, createMemoryMultiStore } from "../src/index.ts";

const key = fc.uint8Array({ minLength: 1, maxLength: 6 });
const value = fc.uint8Array({ minLength: 1, maxLength: 40 });
const pairs = fc.array(fc.tuple(key, value), { maxLength: 60 });

function storeWith(content: readonly (readonly [Uint8Array, Uint8Array])[]): CommitMultiStore {
  const stores = createMemoryMultiStore(["acc", "bank", "ibc", "private", "zeta"]);
  // Three commits, so that nodes have several versions.
  for (let part = 0; part < 3; part++) {
    const branch = stores.branch();
    content.forEach(([k, v], i) => {
      if (i % 3 === part) branch.kvStore("private").set(k, v);
    });
    branch.write();
    stores.commit();
  }
  return stores;
}

describe("compact proofs of reads", () => {
  it("verify for every key that is there and for any that is not", () => {
    fc.assert(
      fc.property(pairs, fc.array(key, { maxLength: 10 }), (content, others) => {
        const view = storeWith(content).atVersion(3n);
        const { storeRoot: root } = view.proveStore("private");
        const verifier = new ReadVerifier(root, 20);
        for (const k of [...content.map(([one]) => one), ...others]) {
          const { value: v, proof } = view.proveRead("private", k);
          expect(v).toEqual(view.kvStore("private").get(k));
          expect(verifyRead({ root, key: k, value: v, proof })).toBe(true);
          expect(verifier.verify(k, v, proof)).toBe(true);
        }
      }),
    );
  });

  it("do not verify another value, another presence or another key", () => {
    fc.assert(
      fc.property(pairs, key, key, value, (content, k, otherKey, otherValue) => {
        const view = storeWith(content).atVersion(3n);
        const { storeRoot: root } = view.proveStore("private");
        const verifier = new ReadVerifier(root);
        const store = view.kvStore("private");
        const { value: v, proof } = view.proveRead("private", k);
        expect(verifier.verify(k, v, proof)).toBe(true);
        const claims: [Uint8Array, Uint8Array | undefined][] = [
          [k, otherValue],
          [k, v === undefined ? new Uint8Array(0) : undefined],
          [otherKey, v],
          [otherKey, undefined],
        ];
        for (const [claimKey, claimValue] of claims) {
          const truth = store.get(claimKey);
          const isTrue =
            truth === undefined || claimValue === undefined
              ? truth === claimValue
              : Buffer.from(truth).equals(claimValue);
          if (isTrue) continue;
          expect(verifier.verify(claimKey, claimValue, proof)).toBe(false);
          expect(verifyRead({ root, key: claimKey, value: claimValue, proof })).toBe(false);
        }
      }),
    );
  });

  it("do not verify with a byte changed, added or missing", () => {
    fc.assert(
      fc.property(pairs, key, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, k, at, by) => {
        const view = storeWith(content).atVersion(3n);
        const { storeRoot: root } = view.proveStore("private");
        const { value: v, proof } = view.proveRead("private", k);
        const changed = Uint8Array.from(proof);
        changed[at % proof.length]! ^= by;
        const wrong = [changed, proof.slice(0, -1), Uint8Array.of(...proof, 0), new Uint8Array(0)];
        for (const bytes of wrong) {
          expect(verifyRead({ root, key: k, value: v, proof: bytes })).toBe(false);
        }
        const otherRoot = Uint8Array.from(root);
        otherRoot[at % 32]! ^= by;
        expect(verifyRead({ root: otherRoot, key: k, value: v, proof })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("never throw, whatever the bytes", () => {
    const root = new Uint8Array(32);
    fc.assert(
      fc.property(key, fc.option(value, { nil: undefined }), fc.uint8Array(), (k, v, proof) => {
        expect(verifyRead({ root, key: k, value: v, proof })).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("do not skip over a key between neighbours that are not adjacent", () => {
    const content = [...Array(16).keys()].map(
      (i) => [Uint8Array.of(2 * i + 1), Uint8Array.of(i)] as const,
    );
    const view = storeWith(content).atVersion(3n);
    const { storeRoot: root } = view.proveStore("private");
    // The proof of a gap holds for that gap alone.
    for (let gap = 0; gap <= 32; gap += 2) {
      const { proof } = view.proveRead("private", Uint8Array.of(gap));
      for (let k = 0; k <= 33; k++) {
        const holds = verifyRead({ root, key: Uint8Array.of(k), value: undefined, proof });
        expect(holds).toBe(k === gap || (gap === 32 && k === 33));
      }
    }
  });

  it("are forgotten with their root", () => {
    const stores = storeWith([[Uint8Array.of(1), Uint8Array.of(1)]]);
    const before = stores.atVersion(3n);
    const old = before.proveRead("private", Uint8Array.of(1));
    const verifier = new ReadVerifier(before.proveStore("private").storeRoot);
    expect(verifier.verify(Uint8Array.of(1), old.value, old.proof)).toBe(true);
    const branch = stores.branch();
    branch.kvStore("private").set(Uint8Array.of(1), Uint8Array.of(2));
    branch.write();
    stores.commit();
    verifier.setRoot(stores.atVersion(4n).proveStore("private").storeRoot);
    expect(verifier.verify(Uint8Array.of(1), old.value, old.proof)).toBe(false);
  });
});

describe("proofs of a store's root", () => {
  it("verify for each store under its own name, and for no other root, name or byte", () => {
    const stores = storeWith([[Uint8Array.of(1), Uint8Array.of(1)]]);
    const view = stores.atVersion(3n);
    for (const store of stores.storeNames) {
      const { storeRoot, proof } = view.proveStore(store);
      const claim = { appHash: view.appHash, store, storeRoot, proof };
      expect(verifyStoreRoot(claim)).toBe(true);
      expect(verifyStoreRoot({ ...claim, store: `${store}x` })).toBe(false);
      expect(verifyStoreRoot({ ...claim, store: store === "acc" ? "ibc" : "acc" })).toBe(false);
      expect(verifyStoreRoot({ ...claim, storeRoot: new Uint8Array(32) })).toBe(false);
      for (let at = 0; at < proof.length; at++) {
        const changed = Uint8Array.from(proof);
        changed[at]! ^= 1;
        expect(verifyStoreRoot({ ...claim, proof: changed })).toBe(false);
      }
      for (const bytes of [proof.slice(0, -1), Uint8Array.of(...proof, 0), new Uint8Array(0)]) {
        expect(verifyStoreRoot({ ...claim, proof: bytes })).toBe(false);
      }
    }
  });
});

describe("ICS-23 proofs, checked by an independent verifier", () => {
  it("verify presence and absence against the app hash", () => {
    fc.assert(
      fc.property(
        pairs.filter((content) => content.length > 0),
        fc.array(key, { maxLength: 8 }),
        (content, others) => {
          const view = storeWith(content).atVersion(3n);
          for (const k of [...content.map(([one]) => one), ...others]) {
            const { value: v, proofOps } = view.query("private", k, true);
            const [iavl, simple] = proofOps!;
            const { storeRoot } = view.proveStore("private");
            const decoded = ics23.CommitmentProof.decode(iavl!.data);
            const holds =
              v === undefined
                ? confio.verifyNonMembership(decoded, confio.iavlSpec, storeRoot, k)
                : confio.verifyMembership(decoded, confio.iavlSpec, storeRoot, k, v);
            expect(holds).toBe(true);
            const upper = ics23.CommitmentProof.decode(simple!.data);
            expect(
              confio.verifyMembership(
                upper,
                confio.tendermintSpec,
                view.appHash,
                Buffer.from("private"),
                storeRoot,
              ),
            ).toBe(true);
            const claim = {
              appHash: view.appHash,
              store: "private",
              key: k,
              value: v,
              ops: proofOps!,
            };
            expect(verifyProofOps(claim)).toBe(true);
            expect(verifyProofOps({ ...claim, store: "bank" })).toBe(false);
            expect(verifyProofOps({ ...claim, value: Uint8Array.of(99, 98) })).toBe(false);
            expect(verifyProofOps({ ...claim, appHash: storeRoot })).toBe(false);
            expect(verifyProofOps({ ...claim, ops: proofOps!.toReversed() })).toBe(false);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
