/**
 * The recorded chain, exported in its middle, imported, and both going on with the recorded
 * blocks: transactions have the same results, and the stores the same contents but for what Go's
 * modules do not export either.
 */
import { decodeMessage } from "@tacit/encoding";
import { ValidatorSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { describe, expect, it } from "vitest";
import { createRecordedChain, recordedStores } from "./recorded-chain.ts";
import { goldenRecording } from "./recording.ts";
import { differences, storeContents } from "./store-contents.ts";

const lastHeight = 91;
const recording = goldenRecording();
const { blocks } = recording;

type Chain = ReturnType<typeof createRecordedChain>;

function run(chain: Chain, from: number, to: number) {
  return blocks.slice(from, to).map(({ request }) => {
    const { txResults, events, validatorUpdates } = chain.machine.finalizeBlock(request);
    chain.machine.commit();
    return { txResults, events, validatorUpdates };
  });
}

function exported(chain: Chain, height: number) {
  const view = chain.store.atVersion(BigInt(height));
  return chain.machine.exportGenesis(view, chain.machine.lastBlock);
}

function imported(height: number, appState: unknown): Chain {
  const time = blocks[height - 1]!.request.time;
  const appStateBytes = new TextEncoder().encode(JSON.stringify(appState));
  const genesis = { ...recording.genesis, time, initialHeight: BigInt(height + 1), appStateBytes };
  return createRecordedChain({ ...recording, genesis });
}

/**
 * Not exported: the numbers of unbondings with their indexes (keys 0x37 to 0x39), and headers of
 * blocks before the import (0x50; the first block after it names another state root).
 */
function isNotExported(initialHeight: number) {
  return (store: string, key: Uint8Array) => {
    if (store !== "staking") return false;
    const prefix = key[0]!;
    if (prefix >= 0x37 && prefix <= 0x39) return true;
    return (
      prefix === 0x50 && Number(Buffer.from(key.subarray(1)).readBigUInt64BE()) <= initialHeight
    );
  };
}

describe.each([60, 72, 86])("exported at height %d and imported", (height) => {
  const original = createRecordedChain(recording);
  run(original, 0, height);
  const state = exported(original, height);
  const copy = imported(height, state);

  it("has grants, delegations and proposals in it", () => {
    expect(state).toMatchObject({
      authz: { authorization: expect.arrayContaining([expect.anything()]) },
      feegrant: { allowances: expect.arrayContaining([expect.anything()]) },
      gov: { proposals: expect.arrayContaining([expect.anything()]) },
      staking: { delegations: expect.arrayContaining([expect.anything()]) },
    });
  });

  it("comes back from the next export", () => {
    const fresh = imported(height, JSON.parse(JSON.stringify(state)));
    const [first] = run(fresh, height, height + 1);
    expect(first).toBeDefined();
    const other = createRecordedChain(recording);
    run(other, 0, height + 1);
    expect(exported(fresh, height + 1)).toEqual(exported(other, height + 1));
  });

  it("goes on as the original", () => {
    expect(run(copy, height, lastHeight)).toEqual(run(original, height, lastHeight));
    const contentsOf = (chain: Chain) =>
      storeContents(
        chain.store.atVersion(BigInt(lastHeight)),
        recordedStores,
        isNotExported(height + 1),
      );
    const contents = contentsOf(original);
    expect(differences(contents, contentsOf(copy))).toEqual([]);
    expect(contents.size).toBeGreaterThan(100);
  });

  it("has the state root of every other import", () => {
    const [a, b] = [imported(height, state), imported(height, state)];
    run(a, height, lastHeight);
    run(b, height, lastHeight);
    expect(a.store.lastCommitId()).toEqual(b.store.lastCommitId());
  });
});

describe("exported before a validator is jailed again, and imported", () => {
  it("gives unbondings after it other numbers, and differs in nothing else", () => {
    const height = 47;
    const original = createRecordedChain(recording);
    run(original, 0, height);
    const copy = imported(height, exported(original, height));
    expect(run(copy, height, lastHeight)).toEqual(run(original, height, lastHeight));
    const [a, b] = [original, copy].map((chain) =>
      storeContents(
        chain.store.atVersion(BigInt(lastHeight)),
        recordedStores,
        (store, key) =>
          // Headers name validators, whose records have the numbers of their unbondings.
          isNotExported(height + 1)(store, key) || (store === "staking" && key[0] === 0x50),
      ),
    ) as [Map<string, string>, Map<string, string>];
    const found = differences(a, b);
    expect(found).toHaveLength(1);
    const [, before, after] = /^staking\/21.*: ([0-9a-f]+) ≠ ([0-9a-f]+)$/.exec(found[0]!)!;
    const numbersOf = (hex: string) =>
      decodeMessage(ValidatorSchema, Buffer.from(hex, "hex")).unbondingIds;
    expect([numbersOf(before!), numbersOf(after!)]).toEqual([
      [3n, 4n],
      [3n, 1n],
    ]);
  });
});
