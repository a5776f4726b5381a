/** Kills the node and its enclave at seeded points, and compares with an undisturbed twin. */
import { expect, it } from "vitest";
import { runCrashes } from "./support/crashes.ts";

const SEED = 20_261_121;
const POINTS = 25;

it(`loses nothing and forks nowhere over ${POINTS} kills of node and enclave (seed ${SEED})`, async () => {
  const report = await runCrashes({ seed: SEED, points: POINTS, log: () => {} });
  expect(report.kills.node + report.kills.enclave).toBe(POINTS);
  expect(report.kills.node).toBeGreaterThan(0);
  expect(report.kills.enclave).toBeGreaterThan(0);
  expect(report.committedTxs).toBeGreaterThan(POINTS);
  expect(report.twin).toEqual(report.crashed);
}, 600_000);
