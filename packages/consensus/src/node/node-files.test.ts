import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { inDirectory, testGenesis, validatorKey } from "../../test/node.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../embedded/params.ts";
import { openDataDir } from "./data-dir.ts";
import { genesisFromJson, genesisToJson, readGenesis, writeGenesis } from "./genesis.ts";
import { loadNodeKey, loadValidatorKey, nodeIdOf } from "./key-files.ts";

describe("a genesis document", () => {
  it("is read as it was written", () =>
    inDirectory(async (directory) => {
      const path = join(directory, "genesis.json");
      const genesis = testGenesis({
        initialHeight: 7n,
        appHash: Uint8Array.of(0xab, 0xcd),
        appState: { bank: { supply: [{ denom: "uscrt", amount: "18446744073709551616" }] } },
      });
      writeGenesis(path, genesis);
      expect(readGenesis(path)).toEqual(genesis);
      expect(genesisToJson(genesis)).toMatchObject({
        initial_height: "7",
        app_hash: "ABCD",
        validators: [{ power: "10", name: "one", pub_key: { type: "tendermint/PubKeyEd25519" } }],
        consensus_params: { evidence: { max_age_duration: "172800000000000" } },
      });
      expect(() => writeGenesis(path, genesis)).toThrow("EEXIST");
    }));

  it("has CometBFT's defaults for what it leaves out", () => {
    const json = { chain_id: "a", genesis_time: "2026-01-01T00:00:00.5Z" };
    expect(genesisFromJson(json)).toMatchObject({
      initialHeight: 1n,
      genesisTime: { nanos: 500_000_000 },
      consensusParams: DEFAULT_CONSENSUS_PARAMS,
      validators: [],
    });
  });

  const good = genesisToJson(testGenesis()) as Record<string, unknown>;
  it.each([
    ["document", []],
    ["chain_id", { ...good, chain_id: "" }],
    ["chain_id", { ...good, chain_id: "x".repeat(51) }],
    ["genesis_time", { ...good, genesis_time: "yesterday" }],
    ["initial_height", { ...good, initial_height: "-1" }],
    ["initial_height", { ...good, initial_height: 1.5 }],
    ["validators", { ...good, validators: {} }],
    ["validators[0].power", { ...good, validators: [validator({ power: "0" })] }],
    ["validators[0].pub_key.type", { ...good, validators: [validator({ pub_key: {} })] }],
    ["app_hash", { ...good, app_hash: 5 }],
  ])("is refused for %s", (field, json) => {
    expect(() => genesisFromJson(json)).toThrow(
      expect.objectContaining({ failure: { code: "consensus/bad_genesis", field } }),
    );
  });

  it("is refused for parameters that cannot be", () => {
    const json = { ...good, consensus_params: { block: { max_bytes: "0" } } };
    expect(() => genesisFromJson(json)).toThrow(
      expect.objectContaining({
        failure: { code: "consensus/bad_param_update", field: "block.max_bytes" },
      }),
    );
  });

  it("is refused when it is no JSON, without quoting it", () =>
    inDirectory(async (directory) => {
      const path = join(directory, "genesis.json");
      writeFileSync(path, "{ secret");
      expect(() => readGenesis(path)).toThrow(
        expect.objectContaining({ failure: { code: "consensus/bad_genesis", field: "JSON" } }),
      );
    }));
});

describe("key files", () => {
  it("are made once, for their owner alone, and read again", () =>
    inDirectory(async (directory) => {
      const path = join(directory, "priv_validator_key.json");
      const key = loadValidatorKey(path);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(loadValidatorKey(path).publicKey()).toEqual(key.publicKey());
      const json = JSON.parse(readFileSync(path, "utf8"));
      expect(json.pub_key.value).toBe(Buffer.from(key.publicKey()).toString("base64"));
      expect(Buffer.from(json.priv_key.value, "base64")).toHaveLength(64);
      const nodeKey = loadNodeKey(join(directory, "node_key.json"));
      expect(nodeIdOf(nodeKey)).toMatch(/^[0-9a-f]{40}$/);
    }));

  it("can be made from a given seed", () =>
    inDirectory(async (directory) => {
      const seed = new Uint8Array(32).fill(1);
      const key = loadValidatorKey(join(directory, "key.json"), seed);
      expect(toHex(key.publicKey())).toBe(toHex(validatorKey.publicKey()));
    }));

  it.each(["", "{}", '{"priv_key":{"type":"tendermint/PrivKeyEd25519","value":"AAAA"}}'])(
    "that are damaged are refused without a word of their content",
    (text) =>
      inDirectory(async (directory) => {
        const path = join(directory, "key.json");
        writeFileSync(path, text);
        expect(() => loadValidatorKey(path)).toThrow(
          expect.objectContaining({ failure: { code: "consensus/bad_key_file", path } }),
        );
      }),
  );
});

describe("a data directory", () => {
  it("belongs to one node at a time", () =>
    inDirectory(async (directory) => {
      const first = openDataDir(directory);
      expect(() => openDataDir(directory)).toThrow(
        expect.objectContaining({
          failure: { code: "consensus/data_dir_locked", path: directory, pid: process.pid },
        }),
      );
      first.release();
      openDataDir(directory).release();
    }));

  it("is taken over from a process that no longer runs, even if its id is used again", () =>
    inDirectory(async (directory) => {
      for (const owner of ["2147483646 12345", `${process.pid} 1`, "", "garbage"]) {
        writeFileSync(join(directory, "lock"), owner);
        openDataDir(directory).release();
      }
    }));

  it("of another format is left alone", () =>
    inDirectory(async (directory) => {
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, "format"), "99\n");
      expect(() => openDataDir(directory)).toThrow(
        expect.objectContaining({
          failure: {
            code: "consensus/data_dir_format",
            path: directory,
            found: "99",
            expected: "1",
          },
        }),
      );
    }));
});

function validator(changes: object) {
  const key = { type: "tendermint/PubKeyEd25519", value: Buffer.alloc(32).toString("base64") };
  return { address: "", pub_key: key, power: "1", name: "", ...changes };
}
