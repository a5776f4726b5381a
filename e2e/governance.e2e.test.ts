/** Governance through unmodified secretjs and CosmJS, signed directly and as amino JSON. */
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { QueryClient, SigningStargateClient, setupGovExtension } from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { DEV_ACCOUNTS } from "@tacit/cli/dev-accounts";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { TextProposalSchema } from "@tacit/encoding/proto/cosmos/gov/v1beta1/gov";
import { MsgCommunityPoolSpend, VoteOption } from "secretjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import { type Actor, actor, attribute, txOptions } from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
const options = txOptions(400_000);
const gov = "secret10d07y265gmmuvt4z0w9aw880jnsr700jc88vt0";
const uscrt = (amount: string) => ({ denom: "uscrt", amount });
let node: NodeProcess;
let validator: Actor;
let alice: Actor;
let bob: Actor;
let comet: Comet38Client;

beforeAll(async () => {
  node = await startNodeProcess(home, ["--block-interval", "500"]);
  validator = actor("validator", node);
  alice = actor("a", node);
  bob = actor("b", node);
  comet = await Comet38Client.connect(node.urls.rpc);
});

afterAll(async () => {
  comet?.disconnect();
  await node?.stop();
  remove();
});

/** Asks after every new block. */
async function proposalOnce(proposal_id: string, isDone: (status: string) => boolean) {
  const blocks = await Comet38Client.connect(node.urls.rpc.replace("http", "ws"));
  const proposal = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const check = async () => {
      const { proposal } = await alice.client.query.gov.proposal({ proposal_id });
      if (isDone(`${proposal?.status}`)) resolve(proposal as unknown as Record<string, unknown>);
    };
    blocks.subscribeNewBlock().addListener({
      next: () => void check().catch(reject),
      error: reject,
    });
  });
  blocks.disconnect();
  return proposal;
}

describe("secretjs", () => {
  it("proposes, pays, votes, and has the community's money spent", async () => {
    const funded = await alice.client.tx.distribution.fundCommunityPool(
      { depositor: alice.address, amount: [uscrt("1000000")] },
      options,
    );
    expect(funded).toMatchObject({ code: 0, rawLog: "" });
    const poor = "secret1e8fnfznmgm67nud2uf2lrcvuy40pcdhrerph7v";
    const submitted = await alice.client.tx.gov.submitProposal(
      {
        proposer: alice.address,
        initial_deposit: [uscrt("1000000000")],
        messages: [
          new MsgCommunityPoolSpend({ authority: gov, recipient: poor, amount: [uscrt("777")] }),
        ],
        metadata: "ipfs://about",
        title: "help",
        summary: "gives 777 uscrt",
        expedited: true,
      },
      options,
    );
    expect(submitted).toMatchObject({ code: 0, rawLog: "" });
    const proposal_id = attribute(submitted, "submit_proposal", "proposal_id");
    const paid = await bob.client.tx.gov.deposit(
      { depositor: bob.address, proposal_id, amount: [uscrt("1500000000")] },
      options,
    );
    expect(paid).toMatchObject({ code: 0, rawLog: "" });
    expect(attribute(paid, "proposal_deposit", "voting_period_start")).toBe(proposal_id);
    const voted = await validator.client.tx.gov.voteWeighted(
      {
        voter: validator.address,
        proposal_id,
        options: [
          { option: VoteOption.VOTE_OPTION_YES, weight: "0.75" },
          { option: VoteOption.VOTE_OPTION_NO, weight: "0.25" },
        ],
        metadata: "",
      },
      options,
    );
    expect(voted).toMatchObject({ code: 0, rawLog: "" });
    const { tally } = await alice.client.query.gov.tallyResult({ proposal_id });
    expect(tally).toMatchObject({ yes_count: "75000000000000000", no_count: "25000000000000000" });
    const { vote } = await alice.client.query.gov.vote({ proposal_id, voter: validator.address });
    expect(vote?.options).toHaveLength(2);

    const decided = await proposalOnce(proposal_id, (status) => status.endsWith("PASSED"));
    expect(decided).toMatchObject({ failed_reason: "", final_tally_result: tally });
    const { balance } = await alice.client.query.bank.balance({ address: poor, denom: "uscrt" });
    expect(balance?.amount).toBe("777");
  });

  it("takes a proposal back, and asks for everything there is to ask", async () => {
    const { gov: tx } = alice.client.tx;
    const submitted = await tx.submitProposal(
      {
        proposer: alice.address,
        initial_deposit: [uscrt("10000000")],
        messages: [],
        metadata: "nothing to do",
        title: "nothing",
        summary: "to do",
        expedited: false,
      },
      options,
    );
    const proposal_id = attribute(submitted, "submit_proposal", "proposal_id");
    const { gov: query, gov_v1beta1: older } = alice.client.query;
    const pair = { proposal_id, depositor: alice.address };
    expect(await query.deposit(pair)).toMatchObject({ deposit: { amount: [uscrt("10000000")] } });
    expect(await query.deposits({ proposal_id })).toMatchObject({ pagination: { total: "1" } });
    expect(await query.votes({ proposal_id })).toMatchObject({ votes: [] });
    const waiting = await query.proposals({
      proposal_status: "PROPOSAL_STATUS_DEPOSIT_PERIOD" as never,
      voter: "",
      depositor: alice.address,
    });
    expect(waiting.proposals?.map(({ id }) => id)).toEqual([proposal_id]);
    expect(await query.params({ params_type: "tallying" })).toMatchObject({
      tally_params: { quorum: "0.334000000000000000" },
      params: { voting_period: "90s", expedited_min_deposit: [uscrt("2500000000")] },
    });
    expect(await query.constitution({})).toEqual({ constitution: "" });
    expect(await older.params({ params_type: "voting" })).toMatchObject({
      voting_params: { voting_period: "90s" },
    });
    expect(await older.proposal({ proposal_id: "1" })).toMatchObject({
      proposal: {
        proposal_id: "1",
        status: "PROPOSAL_STATUS_PASSED",
        content: { "@type": "/cosmos.distribution.v1beta1.MsgCommunityPoolSpend" },
      },
    });
    const cancelled = await tx.cancelProposal({ proposer: alice.address, proposal_id }, options);
    expect(cancelled).toMatchObject({ code: 0, rawLog: "" });
    await expect(query.proposal({ proposal_id })).rejects.toMatchObject({
      code: 5,
      message: `proposal ${proposal_id} doesn't exist`,
    });
  });
});

describe("CosmJS", () => {
  const hd = { prefix: "secret", hdPaths: [stringToPath("m/44'/529'/0'/0/0")] };
  const fee = { amount: [uscrt("100000")], gas: "400000" };
  /** Amino JSON escapes these. */
  const description = "a <text> & more";
  const mnemonic = DEV_ACCOUNTS.find(({ name }) => name === "validator")?.mnemonic ?? "";

  it.each([
    ["directly", () => DirectSecp256k1HdWallet.fromMnemonic(mnemonic, hd)],
    ["as amino JSON", () => Secp256k1HdWallet.fromMnemonic(mnemonic, hd)],
  ])("proposes, pays and votes with v1beta1, signed %s", async (title, wallet) => {
    const client = await SigningStargateClient.connectWithSigner(node.urls.rpc, await wallet(), {
      broadcastPollIntervalMs: 50,
    });
    const send = async (typeUrl: string, value: object) => {
      const message = { typeUrl: `/cosmos.gov.v1beta1.${typeUrl}`, value };
      const result = await client.signAndBroadcast(validator.address, [message], fee);
      expect(result).toMatchObject({ code: 0 });
      return result;
    };
    const { events } = await send("MsgSubmitProposal", {
      proposer: validator.address,
      initialDeposit: [uscrt("999999999")],
      content: {
        typeUrl: "/cosmos.gov.v1beta1.TextProposal",
        value: encodeMessage(TextProposalSchema, { title, description }),
      },
    });
    const shown = events.find(({ type }) => type === "submit_proposal")?.attributes[0];
    const proposalId = BigInt(shown?.value ?? 0);
    await send("MsgDeposit", {
      proposalId,
      depositor: validator.address,
      amount: [uscrt("10000000")],
    });
    await send("MsgVote", { proposalId, voter: validator.address, option: 2 });
    await send("MsgVoteWeighted", {
      proposalId,
      voter: validator.address,
      options: [
        { option: 1, weight: "700000000000000000" },
        { option: 3, weight: "300000000000000000" },
      ],
    });

    const { gov: query } = QueryClient.withExtensions(comet, setupGovExtension);
    const { proposal } = await query.proposal(`${proposalId}`);
    const content = decodeMessage(TextProposalSchema, proposal?.content?.value ?? new Uint8Array());
    expect(content).toMatchObject({ title, description });
    expect(proposal).toMatchObject({ status: 2, totalDeposit: [uscrt("1009999999")] });
    const { vote } = await query.vote(`${proposalId}`, validator.address);
    expect(vote.options[0]).toEqual({ option: 1, weight: "700000000000000000" });
    expect((await query.votes(`${proposalId}`)).votes).toHaveLength(1);
    expect((await query.deposits(`${proposalId}`)).deposits).toMatchObject([
      { depositor: validator.address, amount: [uscrt("1009999999")] },
    ]);
    expect((await query.tally(`${proposalId}`)).tally?.yes).toBe("70000000000000000");
    const { depositParams } = await query.params("deposit");
    expect(depositParams).toMatchObject({ minDeposit: [uscrt("1000000000")] });
  });
});
