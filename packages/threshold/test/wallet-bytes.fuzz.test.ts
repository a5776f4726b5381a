/** Whatever bytes come from outside, wallets' protocols refuse them with an error of theirs. */
import fc from "fast-check";
import { describe, it } from "vitest";
import {
  aggregateBip445,
  aggregateBip445Nonces,
  deriveSharedKey,
  signersOf,
  verifyBip445Partial,
} from "../src/bip445/index.ts";
import { utf8 } from "../src/bytes.ts";
import { verifyAcknowledgements } from "../src/chilldkg/index.ts";
import {
  cocktailDistribute,
  cocktailFinalize,
  cocktailStep2,
  createCocktail,
  readCocktailRecord,
  recoverCocktail,
  restoreCocktail,
  ristretto255Cocktail,
  verifyCocktailFault,
} from "../src/cocktail/index.ts";
import { secp256k1Group as group } from "../src/groups/noble-group.ts";
import {
  decodePaillierKey,
  decodeRingPedersen,
  verifyFactors,
  verifyRingPedersen,
} from "../src/paillier/index.ts";
import type { FaultKind } from "../src/protocol/party.ts";
import { createCocktailMembers, runCocktail } from "./cocktail-helpers.ts";
import { createDice } from "./simulator.ts";
import { codeOf } from "./vectors.ts";

const dice = createDice("fuzz");
const members = createCocktailMembers(ristretto255Cocktail, dice, { threshold: 2, count: 3 });
const session = runCocktail(members, dice);
const { params, secrets } = session;
const [secret] = secrets as [bigint];
const { state } = session.first[0] as (typeof session.first)[0];
const second = (session.second[0] as (typeof session.second)[0]).state;
const { recovery } = session.results[0] as (typeof session.results)[0];
const identity = { keySecret: secret, seed: new Uint8Array(32) };
const party = createCocktail(params, identity);
const said = party.start().out[0]?.body as Uint8Array;

/** Anything, and what was good once: cut, grown, or with some bytes changed. */
function nearly(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const changes = fc.array(fc.tuple(fc.nat(Math.max(0, good.length - 1)), fc.nat(255)), {
    maxLength: 3,
  });
  return fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    changes.map((list) => {
      const copy = Uint8Array.from(good);
      for (const [at, value] of list) copy[at] = value;
      return copy;
    }),
    fc.nat(good.length).map((end) => good.slice(0, end)),
    fc.uint8Array({ maxLength: 40 }).map((more) => Uint8Array.of(...good, ...more)),
  );
}

/** An error that is not one of the package's goes through and fails the property. */
function survives(good: Uint8Array, read: (bytes: Uint8Array) => unknown): void {
  fc.assert(
    fc.property(nearly(good), (bytes) => {
      codeOf(() => read(bytes));
    }),
    { numRuns: 40 },
  );
}

const KINDS: readonly FaultKind[] = [
  ...(["absent", "malformed", "equivocation", "bad_share", "false_complaint"] as const),
  ...(["bad_finish", "bad_reveal"] as const),
];

describe("bytes of anybody's choice", () => {
  it("do not break COCKTAIL-DKG's coordinator, participants or recovery", () => {
    const [first, ...others] = session.messages as [Uint8Array, ...Uint8Array[]];
    survives(first, (bytes) => cocktailDistribute(params, [bytes, ...others]));
    const forMe = session.distributed[0] as Uint8Array;
    survives(forMe, (bytes) => cocktailStep2(params, secret, state, bytes));
    survives(session.certificate, (bytes) => cocktailFinalize(params, second, bytes));
    survives(recovery.transcript, (transcript) =>
      readCocktailRecord(ristretto255Cocktail, { ...recovery, transcript }),
    );
    survives(recovery.bundle, (bundle) =>
      recoverCocktail(ristretto255Cocktail, secret, { ...recovery, bundle }),
    );
  });

  it("do not break COCKTAIL-DKG over a channel, its snapshots or its evidence", () => {
    survives(said, (bytes) => createCocktail(params, identity).receive(2, bytes));
    survives(party.snapshot(), (bytes) => restoreCocktail(params, secret, bytes));
    for (const kind of KINDS) {
      survives(said, (evidence) => verifyCocktailFault(params, { index: 1, kind, evidence }));
    }
  });

  it("do not break BIP-445 or BIP-328", () => {
    const publicKey = group.encode(group.generator);
    const signers = signersOf({ publicKey, threshold: 1, publicShares: [publicKey] }, [0]);
    const task = { signers, message: utf8("message") };
    const nonce = Uint8Array.of(...publicKey, ...publicKey);
    const partial = new Uint8Array(32).fill(1);
    survives(nonce, (bytes) => aggregateBip445Nonces([nonce, bytes]));
    survives(nonce, (bytes) => verifyBip445Partial(partial, 0, [bytes], task));
    survives(partial, (bytes) => verifyBip445Partial(bytes, 0, [nonce], task));
    survives(nonce, (aggregateNonce) => aggregateBip445([partial], { ...task, aggregateNonce }));
    survives(publicKey, (bytes) => deriveSharedKey(bytes, [1]));
    const tweaked = (value: Uint8Array) => ({ ...task, tweaks: [{ value, isXOnly: true }] });
    survives(partial, (bytes) => verifyBip445Partial(partial, 0, [nonce], tweaked(bytes)));
  });

  it("do not break ChillDKG's acknowledgements", () => {
    const hostPublicKeys = [group.encode(group.generator)];
    const data = new Uint8Array(4 + 33 + 162).fill(2);
    survives(data, (bytes) =>
      verifyAcknowledgements(bytes, { hostPublicKeys, threshold: 1 }, [new Uint8Array(64)]),
    );
  });

  it("do not break the proofs about a modulus", () => {
    const modulus = (1n << 2047n) + 12_345_678_911n;
    const key = { modulus, modulusSquared: modulus ** 2n, modulusBytes: 256 };
    const parameters = { modulus, modulusBytes: 256, s: 4n, t: 9n };
    const proof = new Uint8Array(3596).fill(1);
    survives(proof, (bytes) => verifyFactors(key, parameters, utf8("whom"), bytes));
    survives(new Uint8Array(80 * 512), (bytes) =>
      verifyRingPedersen(parameters, utf8("whom"), bytes),
    );
    survives(new Uint8Array(768).fill(3), (bytes) => decodeRingPedersen(bytes));
    survives(new Uint8Array(256).fill(5), (bytes) => decodePaillierKey(bytes));
  });
});
