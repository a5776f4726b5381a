/** Key generation, FROST, ECDSA and the beacon, beside noble alone. */
import { ed25519_FROST, ristretto255_FROST } from "@noble/curves/ed25519.js";
import { schnorr_FROST, secp256k1_FROST } from "@noble/curves/secp256k1.js";
import {
  type Group,
  loadEd25519,
  loadPairing,
  loadRistretto255,
  ristretto255Group,
  secp256k1Group,
} from "@tacit/threshold";
import { type BeaconScheme, createBeaconScheme } from "@tacit/threshold/beacon";
import { createDkg, type DkgConfig } from "@tacit/threshold/dkg";
import {
  combineEcdsa,
  createPresign,
  type PresignOutcome,
  signEcdsaShare,
} from "@tacit/threshold/ecdsa";
import {
  checkCommitments,
  createEd25519Frost,
  drawNonces,
  type FrostKey,
  type FrostSuite,
  type NonceCommitments,
  ristretto255Frost,
  secp256k1Frost,
  signShare,
  taprootFrost,
} from "@tacit/threshold/frost";
import type { Party } from "@tacit/threshold/protocol";
import { median } from "../statistics.ts";
import { report, type ThresholdOptions, threadMs, timesOf } from "./report.ts";

/** FROST by noble, as far as it is compared. */
type NobleFrost = typeof ed25519_FROST;

interface Compared {
  readonly name: string;
  readonly suite: FrostSuite<unknown>;
  readonly noble: NobleFrost;
  /** How much quicker than noble ours is to be. */
  readonly times: number;
}

const COMPARED = {
  ristretto: {
    name: "ristretto255",
    suite: ristretto255Frost,
    noble: ristretto255_FROST,
    times: 1,
  },
  secp256k1: { name: "secp256k1", suite: secp256k1Frost, noble: secp256k1_FROST, times: 1 },
  taproot: { name: "Taproot", suite: taprootFrost, noble: schnorr_FROST, times: 1 },
} as unknown as Record<"ristretto" | "secp256k1" | "taproot", Compared>;

export async function benchKeys(options: ThresholdOptions): Promise<void> {
  const sizes = options.tiny
    ? [[2, 3]]
    : [
        [2, 3],
        [7, 10],
        [67, 100],
      ];
  const ed25519 = {
    name: "Ed25519",
    suite: createEd25519Frost(await loadEd25519("wasm")),
    noble: ed25519_FROST,
    times: 5,
  } as unknown as Compared;
  for (const [threshold, count] of sizes as [number, number][]) {
    benchFrost(options, ed25519, threshold, count);
  }
  for (const item of [COMPARED.ristretto, COMPARED.secp256k1, COMPARED.taproot]) {
    benchFrost(options, item, 2, 3);
  }
  await benchDkg(options);
  benchEcdsa(options);
  await benchBeacon(options);
}

/**
 * A share of a signature with the check of the commitments that are not the signer's own, which are
 * new to it; what of that is the check; and noble's share, which checks them too.
 */
function benchFrost(
  options: ThresholdOptions,
  { name, suite, noble, times }: Compared,
  threshold: number,
  count: number,
): void {
  const { secretShares, public: pub } = noble.trustedDealer({ min: threshold, max: count });
  const names = Object.keys(secretShares).slice(0, threshold);
  const { group } = suite;
  const message = new Uint8Array(32);
  const theirs = names.map((own) => noble.commit(secretShares[own] as never));
  const theirList = theirs.map(({ commitments }) => commitments);
  const shares = names.map((own, i) => ({
    index: i + 1,
    value: group.decodeScalar(secretShares[own]?.signingShare as Uint8Array),
  }));
  const key: FrostKey = {
    publicKey: pub.commitments[0] as Uint8Array,
    threshold,
    publicShares: Object.values(pub.verifyingShares) as Uint8Array[],
  };
  const drawn = shares.map((share) => drawNonces(suite, share));
  const commitments = drawn.map((item) => item.commitments);
  for (const item of commitments) checkCommitments(suite, item);
  const request = { key, message, commitments };
  const runs = options.tiny ? 1 : 9;
  const [share, nonces] = [shares[0], drawn[0]?.nonces] as never[];
  const secret = secretShares[names[0] as string] as never;
  // noble wipes nonces that it has used.
  const { hiding, binding } = (theirs[0] as (typeof theirs)[0]).nonces;
  const theirNonces = () => ({ hiding: hiding.slice(), binding: binding.slice() }) as never;
  const nobleTimes = timesOf(runs, () =>
    noble.signShare(secret, pub as never, theirNonces(), theirList as never, message),
  );
  const check = () => decodeAll(group, commitments.slice(1));
  const sign = () => {
    check();
    return signShare(suite, request, share as never, nonces as never);
  };
  report(
    options,
    `FROST ${name}, a share of ${threshold} of ${count}`,
    [
      ["ours", timesOf(runs, sign)],
      ["of that the check of commitments", timesOf(runs, check)],
      [`noble, of whose time 1/${times} is the aim`, nobleTimes],
    ],
    median(nobleTimes) / times,
  );
}

/** What `checkCommitments` does with ones that it has not seen. */
function decodeAll(group: Group<unknown>, commitments: readonly NonceCommitments[]): void {
  for (const { hiding, binding } of commitments) {
    group.decode(hiding);
    group.decode(binding);
  }
}

/** All of a party's work, the messages of all others included. */
async function benchDkg(options: ThresholdOptions): Promise<void> {
  const [threshold, count] = options.tiny ? [2, 3] : [7, 10];
  const runs = options.tiny ? 1 : 3;
  const wasm = await loadRistretto255("wasm");
  report(
    options,
    `key generation ${threshold} of ${count}, a party`,
    [
      ["ours, unbiased and robust", timesOf(runs, () => runDkg(wasm, threshold, count)), count],
      ["ours on noble", timesOf(runs, () => runDkg(ristretto255Group, threshold, count)), count],
      ["noble's, which only aborts", timesOf(runs, () => runNobleDkg(threshold, count)), count],
    ],
    20,
  );
}

function runDkg<P>(group: Group<P>, threshold: number, count: number): void {
  const secrets = Array.from({ length: count }, () => group.randomScalar());
  const config: DkgConfig<P> = {
    group,
    run: { chainId: "bench", keyId: "key", epoch: 1n, sessionId: new Uint8Array(32) },
    threshold,
    holders: secrets.map((secret) => ({
      key: group.encode(group.multiplyBase(secret)),
      weight: 1,
    })),
  };
  const parties = secrets.map((keySecret, i) =>
    createDkg(config, { index: i + 1, keySecret, seed: new Uint8Array(32).fill(i) }),
  );
  deliver(parties);
}

/** Every message to everybody, in one order. @returns the outcomes. */
function deliver<Out>(parties: readonly Party<Out>[]): (Out | undefined)[] {
  const outcomes: (Out | undefined)[] = parties.map(() => undefined);
  const queue: { from: number; to: "all" | number; body: Uint8Array }[] = [];
  const send = (from: number, out: ReturnType<Party<Out>["start"]>["out"]): void => {
    for (const { to, body } of out) queue.push({ from, to, body });
  };
  parties.forEach((party, i) => {
    send(i + 1, party.start().out);
  });
  for (let at = 0; at < queue.length; at++) {
    const { from, to, body } = queue[at] as (typeof queue)[0];
    parties.forEach((party, i) => {
      if (to !== "all" && to !== i + 1) return;
      const step = party.receive(from, body);
      outcomes[i] ??= step.done;
      send(i + 1, step.out);
    });
  }
  return outcomes;
}

function runNobleDkg(min: number, max: number): void {
  const frost = ristretto255_FROST;
  const ids = Array.from({ length: max }, (_, i) => frost.Identifier.fromNumber(i + 1));
  const first = ids.map((id) => frost.DKG.round1(id, { min, max }));
  const others = (i: number) => first.filter((_, k) => k !== i).map((item) => item.public);
  const second = first.map((item, i) => frost.DKG.round2(item.secret, others(i)));
  first.forEach((item, i) => {
    const mine = second.flatMap((list, k) => (k === i ? [] : [list[ids[i] as string]]));
    frost.DKG.round3(item.secret, others(i), mine as never);
  });
}

function benchEcdsa(options: ThresholdOptions): void {
  const group = secp256k1Group;
  const threshold = options.tiny ? 2 : 16;
  const count = 2 * threshold - 1;
  const coefficients = Array.from({ length: threshold }, () => group.randomScalar());
  const signers = Array.from({ length: count }, (_, i) => i + 1);
  const shares = signers.map((index) => ({
    index,
    value: coefficients.reduceRight((sum, c) => group.reduce(sum * BigInt(index) + c), 0n),
  }));
  const key = {
    publicKey: group.encode(group.multiplyBase(coefficients[0] as bigint)),
    threshold,
    publicShares: shares.map(({ value }) => group.encode(group.multiplyBase(value))),
  };
  const config = { key, signers, session: new Uint8Array(32) };
  let outcomes: readonly (PresignOutcome | undefined)[] = [];
  const elapsed = threadMs(() => {
    outcomes = deliver<PresignOutcome>(
      shares.map((share) => createPresign(config, share, new Uint8Array(32).fill(share.index))),
    );
  });
  const what = `ECDSA presignature among ${count}, a party`;
  report(options, what, [["ours", [elapsed], count]], 150);
  const presignatures = outcomes.map((outcome) => {
    if (outcome?.status !== "presignature") throw new RangeError("no presignature");
    return outcome.presignature;
  });
  const request = {
    key,
    commitment: presignatures[0]?.commitment as Uint8Array,
    signers,
    messageHash: new Uint8Array(32).fill(1),
    entropy: new Uint8Array(32),
  };
  const signed = presignatures.map((item) => signEcdsaShare(request, item));
  const runs = options.tiny ? 1 : 9;
  report(
    options,
    `ECDSA signature among ${count}`,
    [
      ["a share", timesOf(runs, () => signEcdsaShare(request, presignatures[0] as never))],
      ["combining and verifying", timesOf(runs, () => combineEcdsa(request, signed))],
    ],
    5,
  );
}

async function benchBeacon(options: ThresholdOptions): Promise<void> {
  const [mcl, noble] = await Promise.all([loadPairing("mcl"), loadPairing("noble")]);
  const count = options.tiny ? 3 : 67;
  const runs = options.tiny ? 1 : 5;
  const secrets = Array.from({ length: count }, () => mcl.g2.randomScalar());
  const publicShares = secrets.map((secret) => mcl.g2.encode(mcl.g2.multiplyBase(secret)));
  const schemes = [
    ["mcl", createBeaconScheme(mcl)],
    ["noble", createBeaconScheme(noble)],
  ] as const;
  const partials = secrets.map((secret, i) => ({
    index: i + 1,
    signature: schemes[0][1].signRound(secret, 7n),
  }));
  const [secret, publicShare, partial] = [secrets[0], publicShares[0], partials[0]] as never[];
  const { signature } = partial as unknown as (typeof partials)[0];
  const both = (what: string, aim: number, run: (scheme: BeaconScheme) => unknown): void => {
    const measured = schemes.map(
      ([label, scheme]) => [label, timesOf(runs, () => run(scheme))] as const,
    );
    report(options, `beacon, ${what}`, measured, aim);
  };
  both("a partial", 0.5, (scheme) => scheme.signRound(secret as never, 7n));
  both("verifying one", 5.6, (scheme) => scheme.verifyRound(publicShare as never, 7n, signature));
  both(`combining ${count}`, 14, (scheme) => scheme.combineRound(partials, count));
  both(`verifying ${count} partials together, combining`, 100, (scheme) => {
    scheme.verifyPartials(publicShares, 7n, partials);
    scheme.combineRound(partials, count);
  });
}
