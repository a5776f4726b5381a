/** A bounded part of what `npm run soak -- simulation` does for hours. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  networkFor,
  operations,
  runSeed,
  type SeedReport,
  Simulation,
  SimulationFailure,
} from "../src/index.ts";

const artifact = new URL("../../../contracts/artifacts/counter.wasm", import.meta.url);
const wasm = new Uint8Array(readFileSync(artifact));
const timeoutMs = 300_000;

const wholeRuns: SeedReport[] = [];

describe("a simulated chain", () => {
  it.each([
    [0, "Secret's network", 90],
    [1, "upstream's gas and prefix", 90],
  ])(
    "of seed %i, on %s, keeps every invariant",
    (seed, _name, blocks) => {
      wholeRuns.push(runSeed({ seed, blocks, wasm }));
    },
    timeoutMs,
  );

  it.each([2, 3])(
    "of seed %i goes on from its export as if nothing had happened",
    (seed) => {
      const { exports } = runSeed({ seed, blocks: 45, wasm });
      expect(exports).toBe(1);
    },
    timeoutMs,
  );

  it(
    "of seed 18 calls contracts after its export that it made before",
    () => {
      const taken = (blocks: number, typeUrl: string) => {
        const { exports, tallies } = runSeed({ seed: 18, blocks, wasm });
        return { exports, ok: tallies.get(typeUrl)?.ok ?? 0 };
      };
      const made = taken(24, "/secret.compute.v1beta1.MsgInstantiateContract");
      expect(made).toEqual({ exports: 0, ok: 2 });
      const called = taken(24, "/secret.compute.v1beta1.MsgExecuteContract");
      expect(called).toEqual({ exports: 0, ok: 0 });
      const after = taken(45, "/secret.compute.v1beta1.MsgExecuteContract");
      expect(after).toEqual({ exports: 1, ok: 4 });
    },
    timeoutMs,
  );

  it(
    "is the same in two runs of a seed",
    () => {
      const run = () => runSeed({ seed: 4, blocks: 25, wasm });
      expect(run()).toEqual(run());
    },
    timeoutMs,
  );

  it("has an operation for every message of the network, and for no other", () => {
    const { chain } = new Simulation({ seed: 0, network: networkFor(0), wasm });
    const routed = chain.chain.composition.messages.typeUrls;
    expect(operations.map(({ typeUrl }) => typeUrl).sort()).toEqual([...routed].sort());
  });

  it("sends most kinds of messages even in a short run, and most of them are taken", () => {
    const taken = new Set<string>();
    for (const { tallies } of wholeRuns) {
      for (const [typeUrl, { ok }] of tallies) if (ok > 0) taken.add(typeUrl);
    }
    const expected = operations.filter(
      ({ refused, isGoverned }) => refused === undefined && !isGoverned,
    );
    expect(taken.size).toBeGreaterThan(0.8 * expected.length);
  });

  it("says how a failure is seen again", () => {
    const failure = new SimulationFailure({ seed: 12, height: 345n, faults: ["x: y"] });
    expect(failure.failure).toMatchObject({ code: "testkit/simulation_failed", seed: 12 });
    expect(failure.message).toContain("npm run soak -- simulation --seed 12 --blocks 345");
  });
});
