/** The network's whole state, exported, imported and going on; and beginning anew at height 0. */

import { truncatedHashAddress } from "@tacit/crypto";
import {
  QueryBalanceRequestSchema,
  QueryBalanceResponseSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import { MsgDelegate, MsgSend, MsgSetAutoRestake, MsgUndelegate } from "secretjs";
import { describe, expect, it } from "vitest";
import type { SealedFile } from "../src/enclave/session.ts";
import { type ExportedState, type ExportOptions, exportState, storeNames } from "../src/index.ts";
import { blockAt } from "../src/query/versions.ts";
import { type GenesisState, LocalChain } from "./local-chain.ts";
import { differences, storeContents } from "./store-contents.ts";

const operator = "secretvaloper14aj08vd2ntty7dvskdmdu4zhf23mcwgtdvh6qt";

/** One enclave's sealed state for all chains of a test: they are one network. */
function sealedFile(): SealedFile {
  let sealed: Uint8Array | undefined;
  return { read: () => sealed, write: (bytes) => (sealed = bytes) };
}

/** Sends, stakes, unstakes and restakes; the export's height is 6. */
async function busyChain(file: SealedFile): Promise<LocalChain> {
  const chain = new LocalChain({}, { sealedFile: file });
  const { a, b } = chain.users;
  chain.votes = [
    {
      address: truncatedHashAddress(new Uint8Array(32).fill(5)),
      power: 10n ** 11n,
      blockIdFlag: 2,
    },
  ];
  const coin = (amount: string) => ({ denom: "uscrt", amount });
  const own = { delegator_address: a.address, validator_address: operator };
  const results = [
    await chain.run(a, [new MsgDelegate({ ...own, amount: coin("5000000000") })]),
    await chain.run(b, [
      new MsgSend({ from_address: b.address, to_address: a.address, amount: [coin("7")] }),
    ]),
    await chain.run(a, [new MsgUndelegate({ ...own, amount: coin("1000000") })]),
    await chain.run(a, [new MsgSetAutoRestake({ ...own, enabled: true })]),
  ];
  chain.block();
  expect(results.map(({ log }) => log)).toEqual(["", "", "", ""]);
  return chain;
}

function exported(chain: LocalChain, options: ExportOptions = {}): ExportedState {
  const { store } = chain;
  const height = store.lastCommitId().version;
  const reader = { lastVersion: () => height, atVersion: store.atVersion, blobs: store.blobs };
  const view = store.atVersion(height);
  const block = blockAt(reader, "secretdev-1", height);
  return exportState(chain.chain.composition, { view, block }, options);
}

function imported(file: SealedFile, { appState, initialHeight }: ExportedState): LocalChain {
  const state = JSON.parse(JSON.stringify(appState));
  return new LocalChain({}, { sealedFile: file, genesis: () => state, initialHeight });
}

/**
 * Numbers of unbondings, old headers and the transaction counter are not exported; compute's
 * sequences are, even where nothing counted yet.
 */
function isNotExported(store: string, key: Uint8Array): boolean {
  const prefix = key[0]!;
  if (store === "staking") return (prefix >= 0x37 && prefix <= 0x39) || prefix === 0x50;
  return store === "compute" && (prefix === 0x04 || prefix === 0x08);
}

describe("the network's export", () => {
  it("goes on as the chain itself", async () => {
    const file = sealedFile();
    const original = await busyChain(file);
    const state = exported(original);
    expect(state.initialHeight).toBe(7n);
    expect(state.validators).toMatchObject([{ power: 100_000_004_999n, name: "test" }]);
    const copy = imported(file, state);
    const { a } = original.users;
    const send = new MsgSend({
      from_address: a.address,
      to_address: original.users.b.address,
      amount: [{ denom: "uscrt", amount: "9" }],
    });
    const { votes } = original;
    original.votes = [];
    original.block();
    original.votes = votes;
    copy.votes = votes;
    const tx = await a.sign([send], 100_000);
    expect(copy.block(tx)).toEqual(original.block(tx));
    const contentsOf = ({ store }: LocalChain) =>
      storeContents(store.atVersion(8n), storeNames, isNotExported);
    expect(differences(contentsOf(original), contentsOf(copy))).toEqual([]);
  });

  it("says who restakes, beside what the network's form has", async () => {
    const file = sealedFile();
    const original = await busyChain(file);
    const { appState, ...state } = exported(original);
    const { distribution, ...others } = appState as GenesisState;
    const entry = {
      delegator_address: original.users.a.address,
      validator_address: operator,
    };
    expect(distribution.restake_entries).toEqual([entry]);
    const beginning = (restake_entries: unknown) =>
      imported(file, {
        ...state,
        appState: { ...others, distribution: { ...distribution, restake_entries } },
      } as ExportedState);
    const again = (entries: unknown) => exported(beginning(entries)).appState as GenesisState;
    expect(again([entry]).distribution.restake_entries).toEqual([entry]);
    expect(again(undefined).distribution).not.toHaveProperty("restake_entries");
    for (const entries of [{}, "a", [null], [{ ...entry, validator_address: 7 }], [{}]]) {
      expect(() => beginning(entries)).toThrow("restake_entries");
    }
    expect(() => beginning([{ ...entry, delegator_address: operator }])).toThrow();
  });

  it("comes back from the next export", async () => {
    const file = sealedFile();
    const original = await busyChain(file);
    const copy = imported(file, exported(original));
    original.votes = [];
    original.block();
    expect(exported(copy)).toEqual(exported(original));
  });
});

describe("the export for height zero", () => {
  it("begins a chain whose stakes are the same and whose rewards are paid", async () => {
    const file = sealedFile();
    const original = await busyChain(file);
    const state = exported(original, { forZeroHeight: true });
    expect(state.initialHeight).toBe(1n);
    const { distribution, staking, slashing } = state.appState as GenesisState;
    expect(distribution.validator_slash_events).toEqual([]);
    expect(distribution.outstanding_rewards[0].outstanding_rewards).toEqual([]);
    expect(distribution.delegator_starting_infos).toMatchObject([
      { starting_info: { height: "0" } },
      { starting_info: { height: "0" } },
    ]);
    expect(staking.unbonding_delegations[0].entries).toMatchObject([{ creation_height: "0" }]);
    expect(slashing.signing_infos[0].validator_signing_info.start_height).toBe("0");
    const copy = imported(sealedFile(), state);
    copy.block();
    const { balance } = copy.query(
      "/cosmos.bank.v1beta1.Query/Balance",
      { input: QueryBalanceRequestSchema, output: QueryBalanceResponseSchema },
      { address: original.users.b.address, denom: "uscrt" },
    );
    expect(balance?.amount).toBe(`${10n ** 18n - 7n - 200_000n}`);
  });

  it("changes nothing of the chain it is made from", async () => {
    const chain = await busyChain(sealedFile());
    const before = exported(chain);
    exported(chain, { forZeroHeight: true });
    expect(exported(chain)).toEqual(before);
  });

  it("jails who is not allowed", async () => {
    const chain = await busyChain(sealedFile());
    const others = "secretvaloper1ap26qrlp8mcq2pg6r47w43l0y8zkqm8aynpdzc";
    const state = exported(chain, { forZeroHeight: true, jailAllowedAddresses: [others] });
    expect(state.validators).toEqual([]);
    const { staking } = state.appState as GenesisState;
    expect(staking.validators).toMatchObject([{ jailed: true, status: "BOND_STATUS_UNBONDING" }]);
    expect(() =>
      exported(chain, { forZeroHeight: true, jailAllowedAddresses: ["nobody"] }),
    ).toThrow(expect.objectContaining({ code: "app/export" }));
  });
});
