/** What governance decides about contracts and enclaves, from proposal to effect. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { moduleAddress } from "@tacit/crypto";
import { encodeMessage, fromHex } from "@tacit/encoding";
import { VoteOption } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { MsgSubmitProposalSchema, MsgVoteSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { MsgSoftwareUpgradeSchema } from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/tx";
import {
  MsgContractGovernanceProposalSchema,
  MsgSetContractGovernanceSchema,
  MsgUpdateMachineWhitelistProposalSchema,
  MsgUpdateMachineWhitelistSchema,
  MsgUpgradeProposalPassedSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { createAddressCodec, type ExecTxResult } from "@tacit/sdk";
import {
  MsgClearAdmin,
  MsgDelegate,
  MsgMigrateContract,
  MsgStoreCode,
  MsgUpdateAdmin,
} from "secretjs";
import { beforeAll, describe, expect, it } from "vitest";
import { toMessage } from "./ibc-relay.ts";
import { eventTexts, type GenesisState } from "./local-chain.ts";
import { ProbeChain, probe } from "./probe-chain.ts";

const operator = "secretvaloper14aj08vd2ntty7dvskdmdu4zhf23mcwgtdvh6qt";
const authority = createAddressCodec("secret").toText(moduleAddress("gov"));
const measurement = "ab".repeat(32);

/** Votes last two blocks, and those who vote decide. */
function quickGovernance(state: GenesisState): GenesisState {
  Object.assign(state.gov.params, {
    min_deposit: [{ denom: "uscrt", amount: "1" }],
    voting_period: "2s",
    expedited_voting_period: "1s",
    quorum: "0.000000000000000001",
  });
  return state;
}

let chain: ProbeChain;
let contract: string;
let proposals = 0n;

beforeAll(async () => {
  chain = await new ProbeChain({}, { genesis: quickGovernance }).prepare();
  const { a } = chain.users;
  const amount = { denom: "uscrt", amount: "1000000" };
  const stake = { delegator_address: a.address, validator_address: operator, amount };
  expect(await chain.run(a, [new MsgDelegate(stake)])).toMatchObject({ code: 0, log: "" });
  const upload = { sender: a.address, wasm_byte_code: probe.wasm, source: "", builder: "" };
  expect(await chain.run(a, [new MsgStoreCode(upload)], 5_000_000)).toMatchObject({ code: 0 });
  contract = await chain.instantiate("governed", a.address);
});

function message<Schema extends DescMessage>(schema: Schema, fields: MessageInitShape<Schema>) {
  return toMessage(`/${schema.typeName}`, encodeMessage(schema, fields));
}

async function send<Schema extends DescMessage>(
  schema: Schema,
  fields: MessageInitShape<Schema>,
): Promise<ExecTxResult> {
  return await chain.run(chain.users.a, [message(schema, fields)]);
}

/** Lets governance decide for a message of its own. */
async function decide<Schema extends DescMessage>(
  schema: Schema,
  fields: MessageInitShape<Schema>,
): Promise<bigint> {
  const { address } = chain.users.a;
  const submitted = await send(MsgSubmitProposalSchema, {
    messages: [{ typeUrl: `/${schema.typeName}`, value: encodeMessage(schema, fields) }],
    initialDeposit: [{ denom: "uscrt", amount: "1" }],
    proposer: address,
    title: "a decision",
    summary: "about contracts",
  });
  expect(submitted).toMatchObject({ code: 0, log: "" });
  proposals += 1n;
  const vote = { proposalId: proposals, voter: address, option: VoteOption.YES };
  expect(await send(MsgVoteSchema, vote)).toMatchObject({ code: 0, log: "" });
  for (let block = 0; block < 3; block += 1) chain.block();
  return proposals;
}

const migrate = async (codeId = 2) =>
  await chain.run(chain.users.a, [
    new MsgMigrateContract({
      sender: chain.users.a.address,
      contract_address: contract,
      code_id: codeId,
      code_hash: probe.hash,
      msg: { fail: false },
    }),
  ]);

const updateAdmin = async (newAdmin: string) =>
  await chain.run(chain.users.a, [
    new MsgUpdateAdmin({
      sender: chain.users.a.address,
      contract_address: contract,
      new_admin: newAdmin,
    }),
  ]);

describe("a contract whose admin submits to governance", () => {
  it("asks for it for good", async () => {
    const { a } = chain.users;
    const fields = { sender: a.address, contractAddress: contract };
    expect(await send(MsgSetContractGovernanceSchema, fields)).toMatchObject({ code: 0, log: "" });
    expect(await migrate()).toMatchObject({
      codespace: "compute",
      code: 5,
      log: expect.stringContaining(
        "requires governance approval for migration: migrate contract failed",
      ),
    });
    expect(await updateAdmin(chain.users.b.address)).toMatchObject({
      codespace: "sdk",
      code: 4,
      log: expect.stringContaining("requires governance approval for admin change: unauthorized"),
    });
  });

  it("migrates once to the code that was decided", async () => {
    await decide(MsgContractGovernanceProposalSchema, {
      authority,
      title: "migrate",
      description: "to code 2",
      contracts: [{ address: contract, newCodeId: 2n }],
    });
    expect(await migrate(1)).toMatchObject({
      code: 5,
      log: expect.stringContaining("mismatch code id for migration: migrate contract failed"),
    });
    expect(await migrate(2)).toMatchObject({ code: 0, log: "" });
    expect(await migrate(2)).toMatchObject({
      code: 5,
      log: expect.stringContaining("requires governance approval for migration"),
    });
  });

  it("has the next admin that was decided, and no other", async () => {
    const { a, b } = chain.users;
    await decide(MsgContractGovernanceProposalSchema, {
      authority,
      title: "admin",
      description: "to b",
      adminUpdates: [{ address: contract, newAdmin: b.address }],
    });
    const clear = new MsgClearAdmin({ sender: a.address, contract_address: contract });
    expect(await chain.run(a, [clear])).toMatchObject({
      codespace: "sdk",
      code: 4,
      log: expect.stringContaining(
        `admin mismatch: governance authorized '${b.address}', attempting ''`,
      ),
    });
    expect(await updateAdmin(b.address)).toMatchObject({ code: 0, log: "" });
  });

  it("is none of anybody's but governance", async () => {
    const fields = { authority: chain.users.a.address, contracts: [] };
    expect(await send(MsgContractGovernanceProposalSchema, fields)).toMatchObject({
      codespace: "gov",
      code: 13,
    });
  });
});

describe("an upgrade of the enclave", () => {
  const report = async (hash = measurement) =>
    await send(MsgUpgradeProposalPassedSchema, {
      senderAddress: chain.users.a.address,
      mrEnclaveHash: fromHex(hash),
    });

  it("is reported when governance has passed it, and by its measurement", async () => {
    expect(await report()).toMatchObject({ code: 1, log: "no latest upgrade proposal" });
    chain.users.a.sequence -= 1;
    const plan = { name: "v2", height: 1_000n, info: `MREnclaveHash:${measurement.toUpperCase()}` };
    await decide(MsgSoftwareUpgradeSchema, { authority, plan });
    expect(await report("cd".repeat(32))).toMatchObject({
      codespace: "sdk",
      code: 4,
      log: "software upgrade proposal: mrenclave hash mismatch: unauthorized",
    });
    chain.users.a.sequence -= 1;
    const reported = await report();
    expect(reported).toMatchObject({ code: 0, log: "" });
    const sender = chain.users.a.address;
    expect(eventTexts(reported)).toContain(`execute{sender=${sender},mrenclave=${measurement}}`);
  });

  it("has a measurement of 32 bytes", async () => {
    expect(await report("ab")).toMatchObject({
      codespace: "sdk",
      code: 18,
      log: expect.stringContaining("MREnclave hash length is not equal 32!"),
    });
    chain.users.a.sequence -= 1;
  });
});

describe("a list of machines", () => {
  const machineId = "0a0b,0c";
  const report = async (fields: object) =>
    await send(MsgUpdateMachineWhitelistSchema, {
      sender: chain.users.a.address,
      machineId,
      ...fields,
    });

  it("is reported when governance has passed it, machine for machine", async () => {
    const refused: readonly (readonly [object, string])[] = [
      [{ proposalId: 0n }, "proposal ID cannot be zero: invalid request"],
      [{ proposalId: 99n }, "collections: not found: key '99' of type"],
      [{ proposalId: 1n }, "is not of type MsgUpdateMachineWhitelist: invalid request"],
      [{ proposalId: 1n, machineId: " " }, "machine_id must not be empty: invalid"],
      [{ proposalId: 1n, machineId: "xyz" }, "machine_id malformed: invalid"],
    ];
    for (const [fields, log] of refused) {
      expect(await report(fields)).toMatchObject({ log: expect.stringContaining(log) });
      chain.users.a.sequence -= 1;
    }
    const proposalId = await decide(MsgUpdateMachineWhitelistProposalSchema, {
      authority,
      title: "machines",
      description: "two of them",
      machineId,
    });
    expect(await report({ proposalId, machineId: "0a0b" })).toMatchObject({
      codespace: "sdk",
      code: 18,
      log: expect.stringContaining("does not match the proposal"),
    });
    chain.users.a.sequence -= 1;
    const reported = await report({ proposalId });
    expect(reported).toMatchObject({ code: 0, log: "" });
    const sender = chain.users.a.address;
    expect(eventTexts(reported)).toContain(
      `machine_whitelist_update{proposal_id=${proposalId},machine_id=7,sender=${sender}}`,
    );
  });
});
