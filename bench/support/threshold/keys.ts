/** Key generation, FROST, ECDSA and the beacon, beside noble alone. */
import { ed25519_FROST, ristretto255_FROST } from "@noble/curves/ed25519.js";
import {
  type Group,
  loadPairing,
  loadRistretto255,
  ristretto255Group,
  secp256k1Group,
} from "@tacit/threshold";
import { createBeaconScheme } from "@tacit/threshold/beacon";
import { createDkg, type DkgConfig } from "@tacit/threshold/dkg";
import {
  combineEcdsa,
  createPresign,
  type PresignOutcome,
  signEcdsaShare,
} from "@tacit/threshold/ecdsa";
import {
  checkCommitments,
  drawNonces,
  ed25519Frost,
  type FrostKey,
  signShare,
} from "@tacit/threshold/frost";
import type { Party } from "@tacit/threshold/protocol";
import { report, type ThresholdOptions, timesOf } from "./report.ts";

export async function benchKeys(options: ThresholdOptions): Promise<void> {
  for (const [threshold, count] of options.tiny
    ? [[2, 3]]
    : [
        [2, 3],
        [7, 10],
      ]) {
    benchFrost(options, threshold as number, count as number);
  }
  await benchDkg(options);
  benchEcdsa(options);
  await benchBeacon(options);
}

/** A share of a signature whose commitments have been checked as they came, and noble's. */
function benchFrost(options: ThresholdOptions, threshold: number, count: number): void {
  const { secretShares, public: pub } = ed25519_FROST.trustedDealer({ min: threshold, max: count });
  const names = Object.keys(secretShares).slice(0, threshold);
  const { group } = ed25519Frost;
  const message = new Uint8Array(32);
  const theirs = names.map((name) => ed25519_FROST.commit(secretShares[name] as never));
  const theirList = theirs.map(({ commitments }) => commitments);
  const shares = names.map((name, i) => ({
    index: i + 1,
    value: group.decodeScalar(secretShares[name]?.signingShare as Uint8Array),
  }));
  const key: FrostKey = {
    publicKey: pub.commitments[0] as Uint8Array,
    threshold,
    publicShares: Object.values(pub.verifyingShares) as Uint8Array[],
  };
  const drawn = shares.map((share) => drawNonces(ed25519Frost, share));
  const commitments = drawn.map((item) => item.commitments);
  for (const item of commitments) checkCommitments(ed25519Frost, item);
  const request = { key, message, commitments };
  const runs = options.tiny ? 1 : 9;
  const [share, nonces] = [shares[0], drawn[0]?.nonces] as never[];
  const secret = secretShares[names[0] as string] as never;
  // noble wipes nonces that it has used.
  const { hiding, binding } = (theirs[0] as (typeof theirs)[0]).nonces;
  const theirNonces = () => ({ hiding: hiding.slice(), binding: binding.slice() }) as never;
  report(options, `FROST Ed25519, a share of ${threshold} of ${count}`, [
    [
      "ours",
      timesOf(runs, () => signShare(ed25519Frost, request, share as never, nonces as never)),
    ],
    [
      "noble",
      timesOf(runs, () =>
        ed25519_FROST.signShare(secret, pub as never, theirNonces(), theirList as never, message),
      ),
    ],
  ]);
}

/** All of a party's work, the messages of all others included. */
async function benchDkg(options: ThresholdOptions): Promise<void> {
  const [threshold, count] = options.tiny ? [2, 3] : [7, 10];
  const runs = options.tiny ? 1 : 3;
  const wasm = await loadRistretto255("wasm");
  report(options, `key generation ${threshold} of ${count}, a party`, [
    ["ours, unbiased and robust", timesOf(runs, () => runDkg(wasm, threshold, count)), count],
    ["ours on noble", timesOf(runs, () => runDkg(ristretto255Group, threshold, count)), count],
    ["noble's, which only aborts", timesOf(runs, () => runNobleDkg(threshold, count)), count],
  ]);
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
  const started = performance.now();
  const outcomes = deliver<PresignOutcome>(
    shares.map((share) => createPresign(config, share, new Uint8Array(32).fill(share.index))),
  );
  const elapsed = performance.now() - started;
  report(options, `ECDSA presignature among ${count}, a party`, [["ours", [elapsed], count]]);
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
  report(options, `ECDSA signature among ${count}`, [
    ["a share", timesOf(runs, () => signEcdsaShare(request, presignatures[0] as never))],
    ["combining and verifying", timesOf(runs, () => combineEcdsa(request, signed))],
  ]);
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
  report(
    options,
    "beacon, a partial",
    schemes.map(([label, scheme]) => [
      label,
      timesOf(runs, () => scheme.signRound(secret as never, 7n)),
    ]),
  );
  report(
    options,
    "beacon, verifying one",
    schemes.map(([label, scheme]) => [
      label,
      timesOf(runs, () => scheme.verifyRound(publicShare as never, 7n, signature)),
    ]),
  );
  report(
    options,
    `beacon, verifying ${count} partials together`,
    schemes.map(([label, scheme]) => [
      label,
      timesOf(runs, () => scheme.verifyPartials(publicShares, 7n, partials)),
    ]),
  );
  report(
    options,
    `beacon, combining ${count}`,
    schemes.map(([label, scheme]) => [
      label,
      timesOf(runs, () => scheme.combineRound(partials, count)),
    ]),
  );
}
