/** Contracts exported, imported into a chain of the same network, and going on there. */
import {
  QueryByCodeIdRequestSchema,
  QueryByContractAddressRequestSchema,
  QueryContractHistoryResponseSchema,
  QueryContractInfoResponseSchema,
  QueryContractsByCodeIdResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { MsgMigrateContract, MsgUpdateAdmin } from "secretjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { SealedFile } from "../src/enclave/session.ts";
import { type ExportedState, exportState } from "../src/index.ts";
import { blockAt } from "../src/query/versions.ts";
import type { GenesisState } from "./local-chain.ts";
import { compute, ProbeChain, probe, write } from "./probe-chain.ts";

function sealedFile(): SealedFile {
  let sealed: Uint8Array | undefined;
  return { read: () => sealed, write: (bytes) => (sealed = bytes) };
}

function exported({ store, chain }: ProbeChain): ExportedState {
  const height = store.lastCommitId().version;
  const reader = { lastVersion: () => height, atVersion: store.atVersion, blobs: store.blobs };
  const block = blockAt(reader, "secretdev-1", height);
  return exportState(chain.composition, { view: store.atVersion(height), block });
}

function imported(file: SealedFile, from: ExportedState, change = (state: GenesisState) => state) {
  const state = change(JSON.parse(JSON.stringify(from.appState)));
  const { initialHeight } = from;
  return new ProbeChain({}, { sealedFile: file, genesis: () => state, initialHeight });
}

const file = sealedFile();
let original: ProbeChain;
let state: ExportedState;
let admin: string;
let owned: string;

beforeAll(async () => {
  original = await new ProbeChain({}, { sealedFile: file }).prepare();
  const { a } = original.users;
  admin = a.address;
  owned = await original.instantiate("owned", admin);
  const migrate = new MsgMigrateContract({
    sender: admin,
    contract_address: owned,
    code_id: 1,
    code_hash: probe.hash,
    msg: { fail: false },
  });
  expect(await original.run(a, [migrate])).toMatchObject({ code: 0, log: "" });
  await original.steps([write("name", "value")]);
  await original.steps([write("name", "of the owned")], owned);
  state = exported(original);
});

/** A copy whose users go on where those of the original are. */
function copy(): ProbeChain {
  const chain = imported(file, state);
  const { first, second } = original;
  Object.assign(chain, { first, second });
  chain.users.a.sequence = original.users.a.sequence;
  return chain;
}

const byContract = (chain: ProbeChain, contract: string) => ({
  info: chain.query(
    `${compute}/ContractInfo`,
    { input: QueryByContractAddressRequestSchema, output: QueryContractInfoResponseSchema },
    { contractAddress: contract },
  ),
  history: chain.query(
    `${compute}/ContractHistory`,
    { input: QueryByContractAddressRequestSchema, output: QueryContractHistoryResponseSchema },
    { contractAddress: contract },
  ),
});

const ofCode = (chain: ProbeChain) =>
  chain.query(
    `${compute}/ContractsByCodeId`,
    { input: QueryByCodeIdRequestSchema, output: QueryContractsByCodeIdResponseSchema },
    { codeId: 1n },
  );

describe("contracts in an export", () => {
  it("answer on a chain that begins from it, and go on", async () => {
    const chain = copy();
    expect(await chain.read(chain.first, "name")).toBe("value");
    expect(await chain.read(owned, "name")).toBe("of the owned");
    const { result } = await chain.steps([write("name", "new"), chain.execute([write("a", "b")])]);
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(await chain.read(chain.first, "name")).toBe("new");
    expect(await chain.read(chain.second, "a")).toBe("b");
  });

  it("keep their infos, their histories and their places", () => {
    const chain = copy();
    for (const contract of [original.first, owned]) {
      expect(byContract(chain, contract)).toEqual(byContract(original, contract));
    }
    expect(byContract(chain, owned).history.entries.map(({ operation }) => operation)).toEqual([
      1, 2,
    ]);
    expect(ofCode(chain)).toEqual(ofCode(original));
    expect(exported(chain).appState.compute).toEqual(state.appState.compute);
  });

  it("keep their admins, whom the enclave believes again", async () => {
    const chain = copy();
    const { a, b } = chain.users;
    const update = { sender: admin, contract_address: owned, new_admin: b.address };
    expect(await chain.run(a, [new MsgUpdateAdmin(update)])).toMatchObject({ code: 0, log: "" });
    expect(byContract(chain, owned).info.contractInfo?.admin).toBe(b.address);
  });

  it("leave their numbers to later ones", async () => {
    const chain = copy();
    const address = await chain.instantiate("after the import");
    expect([original.first, original.second, owned]).not.toContain(address);
    expect(byContract(chain, address).history.entries).toHaveLength(1);
  });

  it("do not run under other seeds: their enclave knows none of them", async () => {
    const chain = imported(sealedFile(), state);
    chain.first = original.first;
    chain.users.a.sequence = original.users.a.sequence;
    expect((await chain.steps([write("name", "x")])).result).toMatchObject({
      codespace: "compute",
      code: 3,
      log: expect.stringContaining("failed to authenticate secret contract"),
    });
  });

  it("begin a history where the genesis has none, as those of other programs", () => {
    const chain = imported(
      file,
      state,
      ({ compute: { contract_histories, ...rest }, ...others }) => {
        expect(contract_histories).toHaveLength(3);
        return { ...others, compute: rest };
      },
    );
    const { history } = byContract(chain, owned);
    expect(history.entries).toMatchObject([{ operation: 3, codeId: 1n }]);
    expect(ofCode(chain).contractInfos).toHaveLength(3);
  });

  const broken: readonly (readonly [string, string, (compute: GenesisState) => void])[] = [
    ["twice", "duplicate", ({ contracts }) => contracts.push(contracts[0])],
    ["of no code", "code id: 9", ({ contracts }) => change(contracts[0], { code_id: "9" })],
    [
      "under one label",
      "label",
      ({ contracts }) => contracts.map((each: GenesisState) => change(each, { label: "same" })),
    ],
    ["without keys", "without info", ({ contracts }) => delete contracts[0].contract_custom_info],
    ["with a record twice", "key of a record", ({ contracts }) => repeatRecord(contracts)],
    ["with numbers still to be used", "lastContractId", ({ sequences }) => lower(sequences[1])],
    ["with a history that is none", "histor", (genesis) => (genesis.contract_histories = [7])],
  ];

  function change(contract: GenesisState, info: object): void {
    Object.assign(contract.contract_info, info);
  }

  function lower(sequence: GenesisState): void {
    sequence.value = "3";
  }

  function repeatRecord(contracts: readonly GenesisState[]): void {
    const { contract_state: records } = contracts.find((each) => each.contract_state.length > 0)!;
    records.push(records[0]);
  }

  it.each(broken)("are refused %s", (_what, text, breakIt) => {
    const changed = () =>
      imported(file, state, (appState) => {
        breakIt(appState.compute);
        return appState;
      });
    expect(changed).toThrow(expect.objectContaining({ message: expect.stringContaining(text) }));
  });
});
