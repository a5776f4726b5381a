/**
 * Whether time tells of secrets, after dudect (Reparaz, Balasch, Verbauwhede 2017): samples with one
 * secret and samples with random ones, in random order, compared by Welch's t-test.
 */
import { partialDecrypt } from "../src/decryption/partial.ts";
import { encryptWith } from "../src/elgamal/ciphertext.ts";
import { sharedKey } from "../src/elgamal/keys.ts";
import {
  createEd25519Frost,
  drawNonces,
  type FrostSuite,
  ristretto255Frost,
  signShare,
} from "../src/frost/index.ts";
import type { Group } from "../src/groups/group.ts";
import { loadEd25519, loadPairing, loadRistretto255 } from "../src/groups/load.ts";
import { p256Group, ristretto255Group, secp256k1Group } from "../src/groups/noble-group.ts";
import { modPow } from "../src/paillier/modular.ts";
import { createDice, type Dice } from "./simulator.ts";

/** Something that computes with a secret. */
export interface TimedPath {
  readonly name: string;
  readonly backend: string;
  /** Whether the documents say that its time does not depend on which ordinary secret it is. */
  readonly isClaimed: boolean;
  readonly order: bigint;
  readonly run: (secret: bigint) => unknown;
}

export interface TimingResult {
  readonly medianMs: number;
  /** One secret like any other, against random ones: the largest |t|. */
  readonly ordinary: number;
  /** A secret of 64 bits, against random ones. */
  readonly short: number;
}

/** Of equal distributions |t| passes it once in 150,000 times; over several crops, more often. */
export const T_SUSPECT = 4.5;
/** Above it two distributions differ. */
export const T_CERTAIN = 10;
/** Runs before the first sample, so that everything is compiled. */
const WARM_UP = 300;
/** Shares of the fastest samples that are compared: what interrupts a process is slow. */
const CROPS = [1, 0.99, 0.95, 0.9, 0.75, 0.5];

export async function timedPaths(): Promise<TimedPath[]> {
  const [sodium, wasm, ed25519, mcl, noble] = await Promise.all([
    loadRistretto255("libsodium"),
    loadRistretto255("wasm"),
    loadEd25519("wasm"),
    loadPairing("mcl"),
    loadPairing("noble"),
  ]);
  return [
    ...[wasm, ed25519, sodium].flatMap((group) => groupPaths(group as Group<unknown>, true)),
    ...[wasm, sodium].map((group) => decryptionPath(group as Group<unknown>)),
    ...[ristretto255Group, secp256k1Group, p256Group, noble.g1, mcl.g1, mcl.g2].flatMap((group) =>
      groupPaths(group as Group<unknown>, false),
    ),
    frostPath(ristretto255Frost as FrostSuite<unknown>),
    frostPath(createEd25519Frost(ed25519) as FrostSuite<unknown>),
    inverse(ristretto255Group),
    paillierPath(),
  ];
}

function groupPaths(group: Group<unknown>, isClaimed: boolean): TimedPath[] {
  const point = group.hashToGroup(new Uint8Array(1), "timing");
  const { backend, order, name } = group;
  return [
    {
      ...{ name: `foreign element, ${name}`, backend, isClaimed, order },
      run: (secret) => group.multiplySecret(point, secret),
    },
    {
      ...{ name: `generator, ${name}`, backend, isClaimed, order },
      run: (secret) => group.multiplyBase(secret),
    },
  ];
}

function decryptionPath(group: Group<unknown>): TimedPath {
  const { backend, order } = group;
  const key = sharedKey(group, group.multiplyBase(9n));
  const { ciphertext } = encryptWith(group, key, 1n, 5n);
  const request = { group, key, ciphertexts: [ciphertext], id: new Uint8Array(1) };
  const run = (value: bigint) => partialDecrypt(request, { index: 1, value });
  return { name: "partial decryption", backend, isClaimed: false, order, run };
}

function frostPath(suite: FrostSuite<unknown>): TimedPath {
  const { group } = suite;
  const share = { index: 1, value: 7n };
  const drawn = [share, { index: 2, value: 9n }].map((own) => drawNonces(suite, own));
  const commitments = drawn.map((item) => item.commitments);
  const publicShares = [7n, 9n].map((value) => group.encode(group.multiplyBase(value)));
  const publicKey = group.encode(group.multiplyBase(5n));
  const key = { publicKey, threshold: 2, publicShares };
  const request = { key, message: new Uint8Array(32), commitments };
  const nonces = (drawn[0] as (typeof drawn)[0]).nonces;
  const run = (value: bigint) => signShare(suite, request, { index: 1, value }, nonces);
  return {
    name: "FROST share",
    backend: group.backend,
    isClaimed: false,
    order: group.order,
    run,
  };
}

/** Euclid's algorithm, as single holders' keys are made with. */
function inverse({ order, invert }: Group<unknown>): TimedPath {
  return { name: "inverse of a scalar", backend: "bigint", isClaimed: false, order, run: invert };
}

/** With an exponent as secret as a prime of a key; of a third of the bits, to be done in time. */
function paillierPath(): TimedPath {
  const order = 2n ** 512n - 1n;
  const square = 2n ** 1024n - 105n;
  const run = (secret: bigint) => modPow(3n ** 600n, secret, square);
  return { name: "Paillier's power", backend: "bigint", isClaimed: false, order, run };
}

/** @param samples of either kind together, for each of the two comparisons. */
export function measureTiming(
  path: TimedPath,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): TimingResult {
  const dice = createDice(`timing ${seed} ${path.name} ${path.backend}`);
  for (let i = 0; i < WARM_UP; i++) path.run(randomSecret(path, dice));
  const first = sample(path, randomSecret(path, dice), samples, dice);
  const second = sample(path, randomSecret(path, dice) % 2n ** 64n, samples, dice);
  const all = [...first.one, ...first.random].sort((left, right) => left - right);
  return {
    medianMs: all[all.length >> 1] as number,
    ordinary: largestT(first.one, first.random),
    short: largestT(second.one, second.random),
  };
}

function randomSecret({ order }: TimedPath, dice: Dice): bigint {
  const bytes = dice.bytes(Math.ceil(order.toString(16).length / 2) + 16);
  return (BigInt(`0x${Buffer.from(bytes).toString("hex")}`) % (order - 1n)) + 1n;
}

/** Secrets are drawn before, each a value of its own, so that nothing but the work is measured. */
function sample(
  path: TimedPath,
  secret: bigint,
  samples: number,
  dice: Dice,
): { readonly one: number[]; readonly random: number[] } {
  const text = secret.toString();
  const drawn = Array.from({ length: samples }, () => {
    const isOne = dice.below(2) === 0;
    const other = randomSecret(path, dice);
    return { isOne, secret: isOne ? BigInt(text) : other };
  });
  const one: number[] = [];
  const random: number[] = [];
  for (const item of drawn) {
    const start = process.hrtime.bigint();
    path.run(item.secret);
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    (item.isOne ? one : random).push(ms);
  }
  return { one, random };
}

/** Over several crops of both samples at the same times. */
export function largestT(left: readonly number[], right: readonly number[]): number {
  const all = [...left, ...right].sort((a, b) => a - b);
  return Math.max(
    ...CROPS.map((crop) => {
      const limit = all[Math.ceil(all.length * crop) - 1] as number;
      const [a, b] = [left, right].map((list) => list.filter((value) => value <= limit));
      return a === undefined || b === undefined ? 0 : Math.abs(welchT(a, b));
    }),
  );
}

function welchT(left: readonly number[], right: readonly number[]): number {
  if (left.length < 2 || right.length < 2) return 0;
  const [a, b] = [momentsOf(left), momentsOf(right)];
  const deviation = Math.sqrt(a.variance / left.length + b.variance / right.length);
  return deviation === 0 ? 0 : (a.mean - b.mean) / deviation;
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, values.length - 1) };
}
