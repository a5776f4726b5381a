/** The rushing party's attack on a key: deal last, and step back when the key would not please. */
import { sha256 } from "@noble/hashes/sha2.js";
import { decodeDealing } from "../src/dkg/dealing.ts";
import { createDkg, createDkgPlan } from "../src/dkg/dkg-party.ts";
import type { RunOutcome } from "../src/dkg/shared-key.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import { createMembers } from "./dkg-helpers.ts";
import { createDice } from "./simulator.ts";

const group = await loadRistretto255("wasm");
type P = typeof group.generator;

const pleases = (point: P): boolean => ((sha256(group.encode(point))[0] as number) & 1) === 0;

/**
 * One run of two honest holders and one that rushes. It sees all dealings before it says whether
 * its own counts, and wants a bit of the key to be 0. What it knows is the sum of the first
 * commitments: in plain Joint-Feldman that is the key.
 *
 * @returns whether the bit is 0 in our key, and whether it would be in Joint-Feldman's.
 */
export function runRush(seed: string): { ours: boolean; feldman: boolean } {
  const dice = createDice(`bias ${seed}`);
  const members = createMembers(group, dice, { weights: [1, 1, 1], threshold: 2 });
  const plan = createDkgPlan(members.config);
  const parties = members.secrets.map((keySecret, i) =>
    createDkg(members.config, { index: i + 1, keySecret, seed: dice.bytes(32) }),
  );
  const bodies = parties.map((party) => party.start().out[0]?.body as Uint8Array);
  const firsts = bodies.map((body, i) => decodeDealing(plan, i + 1, body).commitments[0]?.[0] as P);
  const sum = (points: readonly P[]) => points.reduce((left, right) => group.add(left, right));
  const stays = pleases(sum(firsts));
  const feldman = stays || pleases(sum(firsts.slice(0, 2)));
  const log = bodies.slice(0, stays ? 3 : 2).map((body, i) => ({ from: i + 1, body }));
  let outcome: RunOutcome | undefined;
  let position = 0;
  while (outcome === undefined) {
    const entry = log[position];
    if (entry !== undefined) position++;
    parties.forEach((party, k) => {
      const step = entry === undefined ? party.closeRound() : party.receive(entry.from, entry.body);
      outcome ??= step.done;
      const silent = k === 2 && !stays;
      if (!silent) for (const { body } of step.out) log.push({ from: k + 1, body });
    });
  }
  if (outcome.status !== "key") throw new TypeError("the run failed");
  return { ours: pleases(group.decode(outcome.publicKey)), feldman };
}

/** Of the two-sided normal test: how many standard deviations `hits` of `runs` are from half. */
export function deviation(hits: number, runs: number): number {
  return Math.abs(hits - runs / 2) / Math.sqrt(runs / 4);
}

/** @returns how often the bit was 0. */
export function measureBias(runs: number): { ours: number; feldman: number } {
  let ours = 0;
  let feldman = 0;
  for (let i = 0; i < runs; i++) {
    const result = runRush(String(i));
    ours += Number(result.ours);
    feldman += Number(result.feldman);
  }
  return { ours, feldman };
}
