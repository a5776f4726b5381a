/** Schedules that call a contract: from the end of a block into the front of the next one. */
import { contractAddress } from "@tacit/crypto";
import { decodeMessage, fromBase64, toBase64 } from "@tacit/encoding";
import { TxRawSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import {
  QueryModuleVersionsRequestSchema,
  QueryModuleVersionsResponseSchema,
} from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/query";
import {
  QuerySecretContractRequestSchema,
  QuerySecretContractResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { createAddressCodec } from "@tacit/sdk";
import { MsgInstantiateContract, MsgStoreCode } from "secretjs";
import { describe, expect, it } from "vitest";
import { secretModuleVersions } from "../src/networks/network.ts";
import { LocalChain, readContract } from "./local-chain.ts";

const counter = readContract("counter");
const addresses = createAddressCodec("secret");
const creator = addresses.toBytes("secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03");
const contract = addresses.toText(contractAddress({ codeId: 1n, instanceId: 1n, creator }));

function scheduledChain(msg: string, period: string): LocalChain {
  const scheduleList = [{ name: "tick", period, msgs: [{ contract, msg }] }];
  return new LocalChain(
    {},
    { genesis: (state) => ({ ...state, cron: { ...state.cron, scheduleList } }) },
  );
}

/** What a proposer with an empty pool puts into the next block. */
function proposal(chain: LocalChain, txs: readonly Uint8Array[] = []): readonly Uint8Array[] {
  const height = BigInt(chain.made.length) + 1n;
  return chain.chain.prepareProposal({
    txs,
    height,
    maxTxBytes: 1_000_000n,
    localLastCommit: { round: 0, votes: [] },
    misbehavior: [],
    time: { seconds: 1_700_000_000n + height, nanos: 0 },
    nextValidatorsHash: new Uint8Array(32),
    proposerAddress: new Uint8Array(20),
  }).txs;
}

async function deploy(chain: LocalChain): Promise<void> {
  const { a } = chain.users;
  const upload = new MsgStoreCode({
    sender: a.address,
    wasm_byte_code: counter.wasm,
    source: "",
    builder: "",
  });
  expect(await chain.run(a, [upload], 5_000_000)).toMatchObject({ code: 0, log: "" });
  const make = new MsgInstantiateContract({
    sender: a.address,
    code_id: 1,
    code_hash: counter.hash,
    label: "counted",
    init_msg: { count: 40 },
  });
  expect(await chain.run(a, [make])).toMatchObject({ code: 0, log: "" });
}

async function count(chain: LocalChain): Promise<number> {
  const { encryption } = chain.users.a;
  const query = await encryption.encrypt(counter.hash, { get_count: {} });
  const { data } = chain.query(
    "/secret.compute.v1beta1.Query/QuerySecretContract",
    { input: QuerySecretContractRequestSchema, output: QuerySecretContractResponseSchema },
    { contractAddress: contract, query },
  );
  const text = new TextDecoder().decode(await encryption.decrypt(data, query.slice(0, 32)));
  return JSON.parse(new TextDecoder().decode(fromBase64(text))).count;
}

describe("a schedule", () => {
  it("executes its contract every period, encrypted, in ordinary transactions", async () => {
    const chain = scheduledChain(`${counter.hash}{"increment":{}}`, "4");
    await deploy(chain);
    expect(await count(chain)).toBe(40);
    // Genesis is height 0, so the first time is block 4, then 8.
    const counts = [];
    for (let height = chain.made.length + 1; height <= 9; height += 1) {
      const txs = proposal(chain);
      expect(txs).toHaveLength(height % 4 === 0 ? 1 : 0);
      for (const result of chain.block(...txs)) expect(result).toMatchObject({ code: 0, log: "" });
      counts.push(await count(chain));
    }
    expect(counts).toEqual([41, 41, 41, 41, 42, 42]);
  });

  it("stands before what the pool has, and is proposed alike by everybody", async () => {
    const chain = scheduledChain(`${counter.hash}{"increment":{}}`, "1");
    await deploy(chain);
    const own = await chain.users.a.sign([], 1).catch(() => new Uint8Array([1]));
    const txs = proposal(chain, [own]);
    expect(txs).toHaveLength(2);
    expect(txs[1]).toEqual(own);
    expect(decodeMessage(TxRawSchema, txs[0]!).signatures).toHaveLength(1);
    expect(proposal(chain, [own]).map(toBase64)).toEqual(txs.map(toBase64));
  });

  it("whose message fails goes on, and its sender's numbers too", async () => {
    const chain = scheduledChain(`${counter.hash}{"no_such":{}}`, "1");
    await deploy(chain);
    for (let round = 0; round < 2; round += 1) {
      const [result] = chain.block(...proposal(chain));
      expect(result).toMatchObject({ code: 3, codespace: "compute" });
    }
  });
});

describe("module versions", () => {
  it("name every module of the network, Secret's own too", () => {
    const { moduleVersions } = new LocalChain().query(
      "/cosmos.upgrade.v1beta1.Query/ModuleVersions",
      { input: QueryModuleVersionsRequestSchema, output: QueryModuleVersionsResponseSchema },
      {},
    );
    const found = new Map(moduleVersions.map(({ name, version }) => [name, version]));
    expect(found).toEqual(secretModuleVersions);
    expect(found.get("compute")).toBe(9n);
    expect(found.get("register")).toBe(1n);
    expect(found.get("cron")).toBe(1n);
    expect(found.get("emergencybutton")).toBe(2n);
    expect(found.size).toBe(27);
  });
});
