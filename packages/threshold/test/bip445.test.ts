import { schnorr } from "@noble/curves/secp256k1.js";
import { describe, expect, it } from "vitest";
import {
  aggregateBip445,
  aggregateBip445Nonces,
  deriveSharedKey,
  generateBip445Nonces,
  type SigningContext,
  type SigningTask,
  signBip445,
  signBip445Deterministically,
  signersOf,
  signingKeyOf,
  verifyBip445Partial,
} from "../src/bip445/index.ts";
import { openContext } from "../src/bip445/session.ts";
import { deterministicNonces, deterministicParts } from "../src/bip445/sign.ts";
import { concatBytes, integerToBytes, utf8 } from "../src/bytes.ts";
import * as chilldkg from "../src/chilldkg/index.ts";
import { recoverChillDkg } from "../src/chilldkg/index.ts";
import { secp256k1Cocktail } from "../src/cocktail/index.ts";
import { type KeyTweak, taprootTweak } from "../src/frost/index.ts";
import { secp256k1Group as group } from "../src/groups/noble-group.ts";
import { BurnVault } from "../src/protocol/index.ts";
import { dealShares } from "../src/vss.ts";
import { createCocktailMembers, runCocktail } from "./cocktail-helpers.ts";
import { createMachine, failureOf } from "./machine.ts";
import { createDice } from "./simulator.ts";
import { catchFailure, codeOf } from "./vectors.ts";

const dice = createDice("bip445");
const message = utf8("tacit");

function dealKey(threshold: number, count: number) {
  const secret = group.randomScalar(dice.bytes);
  const { shares } = dealShares(group, { secret, threshold, count }, dice.bytes);
  const publicShares = shares.map(({ value }) => group.encode(group.multiplyBase(value)));
  const publicKey = group.encode(group.multiplyBase(secret));
  const secretShares = shares.map(({ value }) => group.encodeScalar(value));
  return { key: { publicKey, threshold, publicShares }, secretShares };
}

interface Key {
  readonly key: Parameters<typeof signersOf>[0];
  readonly secretShares: readonly Uint8Array[];
}

/** Everything that is said when these sign. */
function runSigning(
  { key, secretShares }: Key,
  ids: readonly number[],
  more: Partial<SigningTask> = {},
) {
  const task: SigningTask = { signers: signersOf(key, ids), message, ...more };
  const nonces = ids.map((id) =>
    generateBip445Nonces({ secretShare: secretShares[id] as Uint8Array }, dice.bytes),
  );
  const publicNonces = nonces.map(({ publicNonce }) => publicNonce);
  const context: SigningContext = { ...task, aggregateNonce: aggregateBip445Nonces(publicNonces) };
  const partials = ids.map((identifier, i) =>
    signBip445(
      (nonces[i] as (typeof nonces)[0]).secretNonce,
      { identifier, secretShare: secretShares[identifier] as Uint8Array },
      context,
    ),
  );
  return { task, nonces, publicNonces, context, partials };
}

/** Contribution and signer, or the code of another failure; undefined if nothing is thrown. */
function blameOf(run: () => unknown): string | undefined {
  const failure = catchFailure(run);
  if (failure?.code !== "threshold/contribution") return failure?.code;
  return `${failure.contribution} ${failure.signer ?? "coordinator"}`;
}

describe("BIP-445", () => {
  const shared = dealKey(2, 4);

  it.each([[[0, 1]], [[3, 1]], [[2, 0, 3, 1]]])("signers %j make a signature of BIP-340", (ids) => {
    const { context, partials } = runSigning(shared, ids);
    const signature = aggregateBip445(partials, context);
    expect(schnorr.verify(signature, message, shared.key.publicKey.slice(1))).toBe(true);
  });

  it("signs for an address derived of the shared key, Taproot's tweak last", () => {
    const { publicKey, tweaks } = deriveSharedKey(shared.key.publicKey, [0, 5]);
    const all = [...tweaks, taprootTweak(publicKey)];
    const { task, context, partials } = runSigning(shared, [1, 2], { tweaks: all });
    const signature = aggregateBip445(partials, context);
    expect(schnorr.verify(signature, message, signingKeyOf(task))).toBe(true);
    expect(schnorr.verify(signature, message, publicKey.slice(1))).toBe(false);
  });

  it("signs with keys of ChillDKG and of COCKTAIL-DKG", () => {
    const secrets = [1, 2, 3].map(() => dice.bytes(32));
    const params = { hostPublicKeys: secrets.map(chilldkg.hostPublicKey), threshold: 2 };
    const first = secrets.map((secret) =>
      chilldkg.participantStep1(secret, params, dice.bytes(32)),
    );
    const { state, message: body } = chilldkg.coordinatorStep1(
      first.map((item) => item.message),
      params,
    );
    const second = secrets.map((secret, i) =>
      chilldkg.participantStep2(secret, first[i]?.state as never, body, dice.bytes(32)),
    );
    const { recoveryData } = chilldkg.coordinatorFinalize(
      state,
      second.map((item) => item.message),
    );
    const outputs = secrets.map((secret) => recoverChillDkg(secret, recoveryData).output);
    const [{ publicKey, publicShares }] = outputs as [(typeof outputs)[0]];
    const chill = {
      key: { publicKey, publicShares, threshold: 2 },
      secretShares: outputs.map(({ secretShare }) => secretShare as Uint8Array),
    };
    const cocktail = runCocktail(
      createCocktailMembers(secp256k1Cocktail, dice, { threshold: 2, count: 3 }),
      dice,
    ).results.map(({ output }) => output);
    const mixed = {
      key: cocktail[0] as (typeof cocktail)[0],
      secretShares: cocktail.map(({ share }) => group.encodeScalar(share.value)),
    };
    for (const [made, tweaks] of [
      [chill, []],
      [mixed, [taprootTweak(mixed.key.publicKey)]],
    ] as [Key, KeyTweak[]][]) {
      const { task, context, partials } = runSigning(made, [2, 0], { tweaks });
      const signature = aggregateBip445(partials, context);
      expect(schnorr.verify(signature, message, signingKeyOf(task))).toBe(true);
    }
  });

  it("works for 34 signers of 50", () => {
    const large = dealKey(34, 50);
    const ids = Array.from({ length: 34 }, (_, i) => 49 - i);
    const { context, partials } = runSigning(large, ids);
    expect(aggregateBip445(partials, context)).toHaveLength(64);
  });
});

describe("a nonce of BIP-445", () => {
  const { key, secretShares } = dealKey(2, 3);

  it("is gone with the signature, whatever is asked next", () => {
    const { nonces, context } = runSigning({ key, secretShares }, [0, 1]);
    const { secretNonce } = nonces[0] as (typeof nonces)[0];
    expect(secretNonce).toEqual(new Uint8Array(64));
    const share = { identifier: 0, secretShare: secretShares[0] as Uint8Array };
    expect(codeOf(() => signBip445(secretNonce, share, context))).toBe("threshold/nonce");
  });

  it("waits in a vault under its public half, once", async () => {
    const machine = createMachine();
    const vault = await BurnVault.open(machine);
    const { publicNonce, secretNonce } = generateBip445Nonces({}, dice.bytes);
    await vault.put([{ name: publicNonce, secret: secretNonce }]);
    const [disk, restarted] = [machine.disk(), await BurnVault.open(machine)];
    expect(await restarted.take(publicNonce)).toEqual(secretNonce);
    expect(await failureOf(restarted.take(publicNonce))).toBe("threshold/nonce");
    machine.restoreDisk(disk);
    const old = await BurnVault.open(machine);
    expect(await failureOf(old.take(publicNonce))).toBe("threshold/nonce");
  });

  it("depends on every input, also if the random source is stuck", () => {
    const [secretShare, publicShare] = [secretShares[0], key.publicShares[0]] as [
      Uint8Array,
      Uint8Array,
    ];
    const stuck = () => new Uint8Array(32).fill(7);
    const inputs = {
      secretShare,
      publicShare,
      publicKey: key.publicKey.slice(1),
      message,
      extra: utf8("extra"),
    };
    const lists = [
      inputs,
      ...Object.keys(inputs).map((name) => {
        const { [name as keyof typeof inputs]: _, ...rest } = inputs;
        return rest;
      }),
      { ...inputs, message: utf8("other") },
      { ...inputs, secretShare: secretShares[1] as Uint8Array },
      { ...inputs, message: new Uint8Array(0) },
    ];
    const seen = lists.map((list) => String(generateBip445Nonces(list, stuck).publicNonce));
    expect(new Set(seen).size).toBe(lists.length);
  });

  it("is of inputs of the right length only", () => {
    const generate = (inputs: Parameters<typeof generateBip445Nonces>[0]) =>
      codeOf(() => generateBip445Nonces(inputs));
    expect(generate({ secretShare: new Uint8Array(31) })).toBe("threshold/length");
    expect(generate({ publicShare: new Uint8Array(32) })).toBe("threshold/length");
    expect(generate({ publicKey: new Uint8Array(33) })).toBe("threshold/length");
    expect(codeOf(() => generateBip445Nonces({}, () => new Uint8Array(16)))).toBe(
      "threshold/length",
    );
  });
});

describe("who disrupts BIP-445 is named", () => {
  const shared = dealKey(3, 5);
  const ids = [4, 0, 2];
  const { task, publicNonces, context, partials } = runSigning(shared, ids);
  const verify = (partial: Uint8Array, place: number, nonces = publicNonces) =>
    blameOf(() => verifyBip445Partial(partial, place, nonces, task));
  const [one, two, three] = partials as [Uint8Array, Uint8Array, Uint8Array];

  it("for a partial signature that is wrong, another's, of another run, or no scalar", () => {
    expect(partials.map((partial, i) => verify(partial, i))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const again = runSigning(shared, ids).partials[1] as Uint8Array;
    const turned = group.encodeScalar(group.reduce(-group.decodeScalar(two)));
    for (const bad of [
      one,
      again,
      turned,
      two.slice(1),
      integerToBytes(group.order, 32, false),
      new Uint8Array(32),
    ]) {
      expect(verify(bad, 1)).toBe("partial_signature 1");
    }
    expect(codeOf(() => aggregateBip445([one, again, three], context))).toBe("threshold/signature");
    const none = integerToBytes(group.order, 32, false);
    expect(blameOf(() => aggregateBip445([one, none, three], context))).toBe("partial_signature 1");
    expect(codeOf(() => aggregateBip445([one, two], context))).toBe("threshold/too_few");
    expect(verify(two, 3)).toBe("threshold/index");
  });

  it("for a nonce that is no element, the identity, or of another length", () => {
    const good = publicNonces[1] as Uint8Array;
    for (const bad of [
      concatBytes(new Uint8Array(33), good.slice(33)),
      concatBytes(good.slice(0, 33), new Uint8Array(33)),
      concatBytes(good.slice(0, 33), new Uint8Array(33).fill(255)),
      good.slice(1),
      concatBytes(good, Uint8Array.of(0)),
    ]) {
      const nonces = [publicNonces[0], bad, publicNonces[2]] as Uint8Array[];
      expect(blameOf(() => aggregateBip445Nonces(nonces))).toBe("public_nonce 1");
      expect(verify(two, 1, nonces)).toBe("public_nonce 1");
    }
    expect(verify(two, 1, publicNonces.slice(1))).toBe("threshold/too_few");
    for (const bad of [new Uint8Array(66).fill(4), new Uint8Array(65)]) {
      expect(blameOf(() => aggregateBip445(partials, { ...context, aggregateNonce: bad }))).toMatch(
        /^(aggregate_nonce coordinator|threshold\/length)$/,
      );
    }
  });

  it("even if all nonces add up to nothing: who meant well is told from who did not", () => {
    const honest = [0, 2].map((id) =>
      generateBip445Nonces({ secretShare: shared.secretShares[id] as Uint8Array }, dice.bytes),
    );
    const sum = aggregateBip445Nonces(honest.map(({ publicNonce }) => publicNonce));
    const negated = [0, 33].map((at) =>
      group.encode(group.negate(group.decode(sum.slice(at, at + 33)))),
    );
    const nonces = [concatBytes(...negated), ...honest.map(({ publicNonce }) => publicNonce)];
    const aggregateNonce = aggregateBip445Nonces(nonces);
    expect(aggregateNonce).toEqual(new Uint8Array(66));
    const made = honest.map(({ secretNonce }, i) => {
      const identifier = ids[i + 1] as number;
      const secretShare = shared.secretShares[identifier] as Uint8Array;
      return signBip445(secretNonce, { identifier, secretShare }, { ...task, aggregateNonce });
    }) as [Uint8Array, Uint8Array];
    expect(verify(made[0], 1, nonces)).toBeUndefined();
    expect(verify(made[1], 2, nonces)).toBeUndefined();
    expect(verify(dice.bytes(32), 0, nonces)).toBe("partial_signature 0");
  });

  it("not the honest one, if a coordinator showed each signer another sum of nonces", () => {
    // Its partial verifies under what it was shown: keep the coordinator's word, signed.
    const fresh = ids.map((id) =>
      generateBip445Nonces({ secretShare: shared.secretShares[id] as Uint8Array }, dice.bytes),
    );
    const nonces = fresh.map(({ publicNonce }) => publicNonce);
    const shown = [...nonces.slice(0, 2), generateBip445Nonces({}, dice.bytes).publicNonce];
    const partial = signBip445(
      (fresh[0] as (typeof fresh)[0]).secretNonce,
      { identifier: 4, secretShare: shared.secretShares[4] as Uint8Array },
      { ...task, aggregateNonce: aggregateBip445Nonces(shown) },
    );
    expect(verify(partial, 0, nonces)).toBe("partial_signature 0");
    expect(verify(partial, 0, shown)).toBeUndefined();
  });

  it("and nobody signs in a set that makes no sense", () => {
    const { signers } = task;
    const open = (change: Partial<typeof signers>) =>
      codeOf(() => openContext({ ...context, signers: { ...signers, ...change } }));
    const places = (list: number[]) => ({
      identifiers: list.map((i) => ids[i] as number),
      publicShares: list.map((i) => signers.publicShares[i] as Uint8Array),
    });
    expect(open({})).toBeUndefined();
    expect(open(places([0, 1]))).toBe("threshold/too_few");
    // Two colluding holders who claim that two are enough.
    expect(open({ ...places([0, 1]), threshold: 2 })).toBe("threshold/key");
    expect(open(places([0, 1, 1]))).toBe("threshold/duplicate_index");
    expect(open({ identifiers: [4, 0, 5] })).toBe("threshold/index");
    expect(open({ identifiers: [4, 0, -1] })).toBe("threshold/index");
    expect(open({ identifiers: [4, 0, 1] })).toBe("threshold/key");
    expect(open({ identifiers: [0, 4, 2] })).toBe("threshold/key");
    expect(open({ threshold: 0 })).toBe("threshold/parameters");
    expect(open({ threshold: 6 })).toBe("threshold/parameters");
    expect(open({ count: 2 })).toBe("threshold/parameters");
    expect(open({ publicShares: signers.publicShares.slice(1) })).toBe("threshold/parameters");
    expect(open({ publicKey: signers.publicShares[0] as Uint8Array })).toBe("threshold/key");
    expect(codeOf(() => signersOf(shared.key, [0, 5]))).toBe("threshold/index");
    const share = { identifier: 0, secretShare: shared.secretShares[2] as Uint8Array };
    const { secretNonce } = generateBip445Nonces({}, dice.bytes);
    expect(codeOf(() => signBip445(secretNonce, share, context))).toBe("threshold/key");
  });
});

describe("signing without keeping a nonce", () => {
  const shared = dealKey(2, 6);
  const share = { identifier: 0, secretShare: shared.secretShares[0] as Uint8Array };
  const other = generateBip445Nonces({}, dice.bytes);

  it("adds up with another's partial, and alone for a threshold of 1", () => {
    const task = { signers: signersOf(shared.key, [0, 3]), message };
    const { publicNonce, partialSignature } = signBip445Deterministically(
      share,
      other.publicNonce,
      task,
      dice.bytes(32),
    );
    const aggregateNonce = aggregateBip445Nonces([publicNonce, other.publicNonce]);
    const partial = signBip445(
      Uint8Array.from(other.secretNonce),
      { identifier: 3, secretShare: shared.secretShares[3] as Uint8Array },
      { ...task, aggregateNonce },
    );
    const signature = aggregateBip445([partialSignature, partial], { ...task, aggregateNonce });
    expect(schnorr.verify(signature, message, signingKeyOf(task))).toBe(true);
    const lone = dealKey(1, 2);
    const own = { identifier: 1, secretShare: lone.secretShares[1] as Uint8Array };
    const single = { signers: signersOf(lone.key, [1]), message };
    const made = signBip445Deterministically(own, undefined, single);
    const context = { ...single, aggregateNonce: made.publicNonce };
    expect(aggregateBip445([made.partialSignature], context)).toHaveLength(64);
    expect(blameOf(() => signBip445Deterministically(share, new Uint8Array(66), task))).toBe(
      "other_nonces coordinator",
    );
  });

  /** Three tasks that differ in one thing, by the place of what is hashed of it. */
  const base = { signers: signersOf(shared.key, [0, 3]), message };
  const nonceOf = (fill: number) =>
    generateBip445Nonces({}, () => new Uint8Array(32).fill(fill)).publicNonce;
  const tweak = (value: number): KeyTweak => ({
    value: integerToBytes(BigInt(value), 32, false),
    isXOnly: true,
  });
  const variants: Record<string, { place: number; asked: [SigningTask, Uint8Array][] }> = {
    "signers' identifiers": {
      place: 3,
      asked: [1, 2, 3].map((id) => [
        { ...base, signers: signersOf(shared.key, [0, id]) },
        other.publicNonce,
      ]),
    },
    "others' nonces": { place: 4, asked: [1, 2, 3].map((fill) => [base, nonceOf(fill)]) },
    "tweaked key": {
      place: 5,
      asked: [1, 2, 3].map((value) => [{ ...base, tweaks: [tweak(value)] }, other.publicNonce]),
    },
    message: {
      place: 7,
      asked: ["a", "b", "c"].map((text) => [{ ...base, message: utf8(text) }, other.publicNonce]),
    },
  };

  it.each(Object.entries(variants))(
    "whose hash leaves out the %s gives the share away to who asks three times",
    (_, { place, asked }) => {
      const found = (isWeak: boolean) =>
        solveShare(
          asked.map(([task, others]) => {
            const parts = deterministicParts(share, others, task, undefined).map((part, i) =>
              isWeak && i === place ? new Uint8Array(part.length) : part,
            );
            const { publicNonce, secretNonce } = deterministicNonces(parts);
            const context = {
              ...task,
              aggregateNonce: aggregateBip445Nonces([publicNonce, others]),
            };
            return { context, partial: signBip445(secretNonce, share, context) };
          }),
        );
      expect(found(true)).toEqual(share.secretShare);
      expect(found(false)).not.toEqual(share.secretShare);
    },
  );
});

/** Signer 0's share, of three partials made with one pair of nonces: three equations, by Cramer. */
function solveShare(
  made: readonly { readonly context: SigningContext; readonly partial: Uint8Array }[],
): Uint8Array {
  const rows = made.map(({ context, partial }) => {
    const { isTurned, binding, challenge, key, signers } = openContext(context);
    const sign = isTurned ? -1n : 1n;
    const weight = challenge * (signers[0]?.weight ?? 0n) * key.factor;
    return [sign, sign * binding, weight, group.decodeScalar(partial)];
  });
  const column = (k: number) => rows.map((row) => row[k] as bigint) as [bigint, bigint, bigint];
  const determinant = (...[a, b, c]: [bigint, bigint, bigint][]) => {
    const [x, y, z] = [a, b, c] as [bigint[], bigint[], bigint[]];
    const term = (i: number, j: number, k: number) =>
      (x[i] ?? 0n) * ((y[j] ?? 0n) * (z[k] ?? 0n) - (y[k] ?? 0n) * (z[j] ?? 0n));
    return group.reduce(term(0, 1, 2) - term(1, 0, 2) + term(2, 0, 1));
  };
  const all = determinant(column(0), column(1), column(2));
  const replaced = determinant(column(0), column(1), column(3));
  return group.encodeScalar(group.reduce(replaced * group.invert(all)));
}
