/**
 * What a Go application exports after a recorded chain, ours exports too, value for value; and a
 * chain that begins from either goes on as the Go application did.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseTimestamp, toHex } from "@tacit/encoding";
import { createContext, upstreamKvGas } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import type { GenesisState } from "./local-chain.ts";
import { createRecordedChain, recordedStores } from "./recorded-chain.ts";
import { type RecordedBlock, readBlocks, readRecording } from "./recording.ts";
import { replayRecording } from "./replay.ts";

const directory = join(import.meta.dirname, "../../../vectors/sdk-export");
const read = (name: string) => JSON.parse(readFileSync(join(directory, name), "utf8"));

const recording = readRecording(directory);
const recorded = read("export.json");
const chain = createRecordedChain(recording);
for (const { request } of recording.blocks) {
  chain.machine.finalizeBlock(request);
  chain.machine.commit();
}
const view = chain.store.atVersion(BigInt(recording.blocks.length));
const ours = plain(chain.machine.exportGenesis(view, chain.machine.lastBlock));

/** Without what Secret's fork adds to the messages of distribution: the schema here has it. */
function plain(state: unknown): GenesisState {
  return JSON.parse(JSON.stringify(state), (key, value) =>
    /^(secret_foundation_|minimum_restake_threshold|restake_period)/.test(key) ? undefined : value,
  );
}

/** The parts that both have: Go's application has IBC, groups and crisis besides. */
function ofOurModules(state: GenesisState): GenesisState {
  return Object.fromEntries(Object.keys(ours).map((name) => [name, state[name]]));
}

describe("the export of a recorded chain", () => {
  it("is of a chain whose blocks are ours", () => {
    const found = [...replayRecording(recording)].flatMap(({ differences }) => differences);
    expect(found).toEqual([]);
  });

  it("is Go's, value for value", () => {
    expect(ours).toEqual(ofOurModules(recorded.app_state));
  });

  it("writes a proposal about rewards without what only Secret's fork has", () => {
    const { gov } = chain.machine.exportGenesis(view, chain.machine.lastBlock) as GenesisState;
    const messages = gov.proposals.flatMap((proposal: GenesisState) => proposal.messages);
    const type = "/cosmos.distribution.v1beta1.MsgUpdateParams";
    const update = messages.find((message: GenesisState) => message["@type"] === type);
    expect(Object.keys(update.params)).toEqual([
      "community_tax",
      "base_proposer_reward",
      "bonus_proposer_reward",
      "withdraw_addr_enabled",
    ]);
  });

  it("has slashes, unbondings, redelegations, missed blocks, evidence, grants and proposals", () => {
    const { distribution, staking, slashing, evidence, authz, feegrant, gov } = ours;
    const lists = [
      distribution.validator_slash_events,
      staking.unbonding_delegations,
      staking.redelegations,
      slashing.missed_blocks,
      evidence.evidence,
      authz.authorization,
      feegrant.allowances,
      gov.proposals,
    ];
    for (const list of lists) expect(list.length).toBeGreaterThan(0);
  });

  it("for height zero is Go's, value for value", () => {
    const zero = read("zero.json");
    const stores = view.branch();
    const context = createContext({
      mode: "query",
      block: chain.machine.lastBlock,
      stores,
      kvGas: upstreamKvGas,
    });
    chain.stake.distribution.prepareForZeroHeight(context);
    chain.stake.staking.prepareForZeroHeight(context, zero.jail_allowed);
    chain.stake.slashing.resetStartHeights(context);
    expect(plain(chain.modules.exportGenesis(context))).toEqual(ofOurModules(zero.app_state));
  });
});

describe.each([
  ["Go's", ofOurModules(recorded.app_state)],
  ["ours", ours],
])("a chain that begins from the export, %s", (_, appState) => {
  it("has the results, events and store roots that Go's has", () => {
    const after = readBlocks(join(directory, "after.jsonl"));
    const consensusParams = chain.consensusParams.get(
      createContext({ mode: "query", stores: view, kvGas: upstreamKvGas }),
    )!;
    // Where a block stands tells its height.
    const blocks: RecordedBlock[] = [];
    for (const block of after) blocks[Number(block.request.height) - 1] = block;
    const next = createRecordedChain({
      genesis: {
        ...recording.genesis,
        consensusParams,
        time: parseTimestamp(recorded.time),
        initialHeight: BigInt(recorded.initial_height),
        appStateBytes: new TextEncoder().encode(JSON.stringify(appState)),
      },
      blocks,
    });
    expect(after).toHaveLength(8);
    for (const block of after) {
      const response = next.machine.finalizeBlock(block.request);
      const roots = next.store.workingRoots();
      next.machine.commit();
      expect(response.events).toEqual(block.events);
      expect(response.validatorUpdates).toEqual(block.validatorUpdates);
      const found = recordedStores.map((name) => [
        name,
        toHex(roots.get(name) ?? new Uint8Array()),
      ]);
      const expected = recordedStores.map((name) => [name, block.storeRoots[name]]);
      expect(found).toEqual(expected);
    }
  });
});
