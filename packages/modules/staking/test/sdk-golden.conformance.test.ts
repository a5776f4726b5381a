/** The store after each of the recorded chain's first blocks, before any message changes a stake. */
import { readFileSync } from "node:fs";
import { moduleAddress } from "@tacit/crypto";
import { Dec, fromBase64, fromBech32, fromHex, toHex } from "@tacit/encoding";
import type { Timestamp } from "@tacit/light";
import { AccountKeeper } from "@tacit/module-auth";
import { BankKeeper, createBankModule } from "@tacit/module-bank";
import {
  createAddressCodec,
  createContext,
  emptyAppHash,
  emptyBlockInfo,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import {
  bondedPoolName,
  createStakingModule,
  defaultParams,
  genesisWithValidator,
  notBondedPoolName,
} from "../src/index.ts";

const golden = new URL("../../../../vectors/sdk-golden/", import.meta.url);
const genesis = JSON.parse(readFileSync(new URL("genesis.json", golden), "utf8"));
const blocks = readFileSync(new URL("blocks.jsonl", golden), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

/** Blocks before the first staking message, which is in block 9. */
const LAST_HEIGHT = 8;

function parseTime(text: string): Timestamp {
  const [, seconds, fraction = ""] = /^(.*?)(?:\.(\d+))?Z$/.exec(text)!;
  const nanos = Number(fraction.padEnd(9, "0"));
  return { seconds: BigInt(Date.parse(`${seconds}Z`) / 1000), nanos };
}

function setUp() {
  const store = createMemoryMultiStore(["acc", "bank", "staking"]);
  const addresses = createAddressCodec("cosmos");
  const accounts = new AccountKeeper({
    addresses,
    modulePermissions: new Map([
      [bondedPoolName, ["burner", "staking"]],
      [notBondedPoolName, ["burner", "staking"]],
    ]),
    authority: moduleAddress("gov"),
  });
  const bank = new BankKeeper({ accounts, blocked: [], authority: moduleAddress("gov") });
  const module = createStakingModule({ addresses, bondDenom: "stake" }, { accounts, bank });
  const bankModule = createBankModule(bank, new TypeRegistry());
  return { store, addresses, module, bankModule };
}

const gentx = genesis.app_state.genutil.gen_txs[0].body.messages[0];

describe("the store staking", () => {
  it("has the recorded roots after each block, from genesis on", () => {
    const { store, addresses, module, bankModule } = setUp();
    const time = parseTime(genesis.genesis_time);
    const stores = store.branch();
    const genesisContext = createContext({
      mode: "genesis",
      stores,
      kvGas: upstreamKvGas,
      block: { ...emptyBlockInfo, chainId: genesis.chain_id, time },
    });
    const pool = { address: addresses.toText(moduleAddress(bondedPoolName)), coins: [gentx.value] };
    bankModule.initGenesis?.(genesisContext, {
      ...genesis.app_state.bank,
      balances: [pool],
      supply: [],
    });
    const params = {
      ...defaultParams("stake"),
      unbondingTime: {
        $typeName: "google.protobuf.Duration" as const,
        seconds: BigInt(genesis.app_state.staking.params.unbonding_time.replace("s", "")),
        nanos: 0,
      },
    };
    const state = genesisWithValidator(
      {
        operator: fromBech32("cosmosvaloper", gentx.validator_address),
        consensusPublicKey: fromBase64(gentx.pubkey.key),
        moniker: gentx.description.moniker,
        tokens: BigInt(gentx.value.amount),
        commission: {
          rate: Dec.parse(gentx.commission.rate),
          maxRate: Dec.parse(gentx.commission.max_rate),
          maxChangeRate: Dec.parse(gentx.commission.max_change_rate),
        },
      },
      { addresses, params, time },
    );
    const updates = module.initGenesis?.(genesisContext, state);
    expect(updates).toEqual([
      { keyType: "ed25519", publicKey: fromBase64(gentx.pubkey.key), power: 500_000n },
    ]);

    let appHash = emptyAppHash;
    let root = stores;
    for (const block of blocks.slice(0, LAST_HEIGHT)) {
      const context = createContext({
        stores: root,
        kvGas: upstreamKvGas,
        block: {
          ...emptyBlockInfo,
          chainId: genesis.chain_id,
          height: BigInt(block.height),
          time: parseTime(block.time),
          appHash,
          proposerAddress: fromHex(block.proposer_address),
          nextValidatorsHash: fromHex(block.next_validators_hash),
        },
      });
      module.beginBlock?.(context);
      expect(module.endBlock?.(context)).toEqual([]);
      root.write();
      store.commit();
      root = store.branch();
      appHash = fromHex(block.expect.app_hash);
      const expected = block.expect.store_roots.staking;
      if (expected === undefined) continue;
      expect(toHex(store.workingRoots().get("staking")!), `height ${block.height}`).toBe(expected);
    }
  });
});
