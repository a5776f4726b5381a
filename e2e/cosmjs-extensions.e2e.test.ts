/** CosmJS's module extensions: what they send, what they read, and the same state proven. */
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { stringToPath } from "@cosmjs/crypto";
import {
  DirectSecp256k1HdWallet,
  type EncodeObject,
  type OfflineSigner,
} from "@cosmjs/proto-signing";
import {
  AminoTypes,
  createAuthzAminoConverters,
  createDistributionAminoConverters,
  createFeegrantAminoConverters,
  createGovAminoConverters,
  createStakingAminoConverters,
  QueryClient,
  SigningStargateClient,
  setupAuthzExtension,
  setupBankExtension,
  setupDistributionExtension,
  setupFeegrantExtension,
  setupGovExtension,
  setupMintExtension,
  setupSlashingExtension,
  setupStakingExtension,
  setupTxExtension,
} from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { DEV_ACCOUNTS } from "@tacit/cli/dev-accounts";
import { fromAccountAddress, fromValidatorAddress } from "@tacit/encoding";
import { Grant as AuthzGrant, GenericAuthorization } from "cosmjs-types/cosmos/authz/v1beta1/authz";
import { BasicAllowance, Grant as FeeGrant } from "cosmjs-types/cosmos/feegrant/v1beta1/feegrant";
import { Proposal } from "cosmjs-types/cosmos/gov/v1/gov";
import { ProposalStatus, TextProposal, VoteOption } from "cosmjs-types/cosmos/gov/v1beta1/gov";
import { Delegation } from "cosmjs-types/cosmos/staking/v1beta1/staking";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import { provenValue } from "./support/proofs.ts";

const { home, remove } = temporaryHome();
const options = { prefix: "secret", hdPaths: [stringToPath("m/44'/529'/0'/0/0")] };
const fee = { amount: [{ denom: "uscrt", amount: "100000" }], gas: "1000000" };
const uscrt = (amount: string) => ({ denom: "uscrt", amount });
const mnemonicOf = (name: string) =>
  DEV_ACCOUNTS.find((account) => account.name === name)?.mnemonic ?? "";

let node: NodeProcess;
let comet: Comet38Client;
let query: ReturnType<typeof extended>;
let operator: string;
const grantee = DEV_ACCOUNTS.find(({ name }) => name === "d")?.address ?? "";

const extended = (client: Comet38Client) =>
  QueryClient.withExtensions(
    client,
    setupAuthzExtension,
    setupBankExtension,
    setupDistributionExtension,
    setupFeegrantExtension,
    setupGovExtension,
    setupMintExtension,
    setupSlashingExtension,
    setupStakingExtension,
    setupTxExtension,
  );

beforeAll(async () => {
  node = await startNodeProcess(home, ["--block-interval", "500"]);
  comet = await Comet38Client.connect(node.urls.rpc);
  query = extended(comet);
  const { validators } = await query.staking.validators("BOND_STATUS_BONDED");
  operator = validators[0]?.operatorAddress ?? "";
});

afterAll(async () => {
  comet?.disconnect();
  await node?.stop();
  remove();
});

const signers = [
  ["directly", "a", () => DirectSecp256k1HdWallet.fromMnemonic(mnemonicOf("a"), options)],
  ["as amino JSON", "b", () => Secp256k1HdWallet.fromMnemonic(mnemonicOf("b"), options)],
] as const;

describe.each(signers)("a client that signs %s", (mode, name, wallet) => {
  let address: string;
  let client: SigningStargateClient;
  let proposalId: bigint;

  beforeAll(async () => {
    const signer: OfflineSigner = await wallet();
    address = (await signer.getAccounts())[0]?.address ?? "";
    client = await SigningStargateClient.connectWithSigner(node.urls.rpc, signer, {
      broadcastPollIntervalMs: 50,
      aminoTypes: new AminoTypes({
        ...createAuthzAminoConverters(),
        ...createDistributionAminoConverters(),
        ...createFeegrantAminoConverters(),
        ...createGovAminoConverters(),
        ...createStakingAminoConverters(),
      }),
    });
  });

  afterAll(() => client?.disconnect());

  const send = async (typeUrl: string, value: object) => {
    const message: EncodeObject = { typeUrl, value };
    const result = await client.signAndBroadcast(address, [message], fee);
    expect(result, result.rawLog).toMatchObject({ code: 0, rawLog: "" });
    return result;
  };

  it("stakes, and reads and proves its delegation", async () => {
    const pair = { delegatorAddress: address, validatorAddress: operator };
    await send("/cosmos.staking.v1beta1.MsgDelegate", { ...pair, amount: uscrt("70000000") });
    await send("/cosmos.staking.v1beta1.MsgUndelegate", { ...pair, amount: uscrt("1000") });
    const { delegationResponse } = await query.staking.delegation(address, operator);
    expect(delegationResponse?.balance).toEqual(uscrt("69999000"));
    const { unbond } = await query.staking.unbondingDelegation(address, operator);
    expect(unbond?.entries[0]?.balance).toBe("1000");
    const { delegationResponses } = await query.staking.delegatorDelegations(address);
    expect(delegationResponses).toHaveLength(1);
    expect((await query.staking.delegatorValidators(address)).validators).toHaveLength(1);
    const owner = fromAccountAddress(address);
    const validator = fromValidatorAddress(operator);
    const key = Uint8Array.from([0x31, 20, ...owner, 20, ...validator]);
    const proven = Delegation.decode(await provenValue(comet, "staking", key));
    expect(proven).toEqual(delegationResponse?.delegation);
  });

  it("is rewarded, and sends rewards elsewhere", async () => {
    const pair = { delegatorAddress: address, validatorAddress: operator };
    await send("/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward", pair);
    await send("/cosmos.distribution.v1beta1.MsgSetWithdrawAddress", {
      delegatorAddress: address,
      withdrawAddress: grantee,
    });
    await send("/cosmos.distribution.v1beta1.MsgFundCommunityPool", {
      depositor: address,
      amount: [uscrt("7")],
    });
    const { withdrawAddress } = await query.distribution.delegatorWithdrawAddress(address);
    expect(withdrawAddress).toBe(grantee);
    expect((await query.distribution.delegationRewards(address, operator)).rewards).toBeDefined();
    const { total } = await query.distribution.delegationTotalRewards(address);
    expect(total).toBeDefined();
    expect((await query.distribution.validatorCommission(operator)).commission).toBeDefined();
    expect((await query.distribution.communityPool()).pool[0]?.denom).toBe("uscrt");
    const key = Uint8Array.from([0x03, 20, ...fromAccountAddress(address)]);
    expect(await provenValue(comet, "distribution", key)).toEqual(fromAccountAddress(grantee));
  });

  it("proposes, deposits and votes", async () => {
    const content = TextProposal.fromPartial({ title: mode, description: `by ${name}` });
    const submitted = await send("/cosmos.gov.v1beta1.MsgSubmitProposal", {
      proposer: address,
      initialDeposit: [uscrt("900000000")],
      content: {
        typeUrl: "/cosmos.gov.v1beta1.TextProposal",
        value: TextProposal.encode(content).finish(),
      },
    });
    const event = submitted.events.find(({ type }) => type === "submit_proposal");
    proposalId = BigInt(event?.attributes.find(({ key }) => key === "proposal_id")?.value ?? 0);
    await send("/cosmos.gov.v1beta1.MsgDeposit", {
      proposalId,
      depositor: address,
      amount: [uscrt("100000000")],
    });
    await send("/cosmos.gov.v1beta1.MsgVote", {
      proposalId,
      voter: address,
      option: VoteOption.VOTE_OPTION_YES,
    });
    await send("/cosmos.gov.v1beta1.MsgVoteWeighted", {
      proposalId,
      voter: address,
      options: [
        { option: VoteOption.VOTE_OPTION_YES, weight: "700000000000000000" },
        { option: VoteOption.VOTE_OPTION_NO, weight: "300000000000000000" },
      ],
    });
    const { proposal } = await query.gov.proposal(`${proposalId}`);
    expect(proposal?.status).toBe(ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD);
    const { deposit } = await query.gov.deposit(`${proposalId}`, address);
    expect(deposit?.amount).toEqual([uscrt("1000000000")]);
    const { vote } = await query.gov.vote(`${proposalId}`, address);
    expect(vote?.options.map(({ weight }) => weight)).toEqual([
      "700000000000000000",
      "300000000000000000",
    ]);
    expect((await query.gov.tally(`${proposalId}`)).tally?.yes).toMatch(/^\d+$/);
    const { proposals } = await query.gov.proposals(
      ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD,
      address,
      "",
    );
    expect(proposals.map((each) => each.proposalId)).toEqual([proposalId]);
    const key = new Uint8Array(9);
    new DataView(key.buffer).setBigUint64(1, proposalId);
    const proven = Proposal.decode(await provenValue(comet, "gov", key));
    expect(proven).toMatchObject({ id: proposalId, proposer: address, title: mode });
  });

  it("authorizes and pays for another, which is proven", async () => {
    const msgTypeUrl = "/cosmos.bank.v1beta1.MsgSend";
    const authorization = GenericAuthorization.fromPartial({ msg: msgTypeUrl });
    if (mode === "directly") {
      // CosmJS has no amino form of these two.
      await send("/cosmos.authz.v1beta1.MsgGrant", {
        granter: address,
        grantee,
        grant: {
          authorization: {
            typeUrl: "/cosmos.authz.v1beta1.GenericAuthorization",
            value: GenericAuthorization.encode(authorization).finish(),
          },
        },
      });
      await send("/cosmos.feegrant.v1beta1.MsgGrantAllowance", {
        granter: address,
        grantee,
        allowance: {
          typeUrl: "/cosmos.feegrant.v1beta1.BasicAllowance",
          value: BasicAllowance.encode({ spendLimit: [uscrt("5")] }).finish(),
        },
      });
      const { grants } = await query.authz.grants(address, grantee, msgTypeUrl);
      expect(grants).toHaveLength(1);
      expect((await query.authz.granterGrants(address)).grants).toHaveLength(1);
      const { allowance } = await query.feegrant.allowance(address, grantee);
      expect(allowance?.granter).toBe(address);
      expect((await query.feegrant.allowances(grantee)).allowances).toHaveLength(1);
      const pair = [20, ...fromAccountAddress(address), 20, ...fromAccountAddress(grantee)];
      const grantKey = Uint8Array.from([0x01, ...pair, ...Buffer.from(msgTypeUrl)]);
      expect(AuthzGrant.decode(await provenValue(comet, "authz", grantKey))).toEqual(grants[0]);
      const payer = [20, ...fromAccountAddress(grantee), 20, ...fromAccountAddress(address)];
      const allowanceKey = Uint8Array.from([0x00, ...payer]);
      const proven = FeeGrant.decode(await provenValue(comet, "feegrant", allowanceKey));
      expect(proven).toEqual(allowance);
    }
  });

  it("simulates a transaction, and finds one by its hash", async () => {
    const value = { delegatorAddress: address, validatorAddress: operator, amount: uscrt("5") };
    const message = { typeUrl: "/cosmos.staking.v1beta1.MsgDelegate", value };
    const gas = await client.simulate(address, [message], "");
    expect(gas).toBeGreaterThan(20_000);
    const { transactionHash } = await send(message.typeUrl, value);
    const { txResponse, tx } = await query.tx.getTx(transactionHash);
    expect(txResponse).toMatchObject({ code: 0, txhash: transactionHash });
    expect(tx?.body?.messages[0]?.typeUrl).toBe(message.typeUrl);
  });
});

describe("the other extensions", () => {
  it("read parameters and totals", async () => {
    expect((await query.staking.params()).params.bondDenom).toBe("uscrt");
    expect(Number((await query.staking.pool()).pool.bondedTokens)).toBeGreaterThan(10 ** 17);
    expect((await query.staking.historicalInfo(2)).hist?.header.height).toBe(2n);
    expect((await query.slashing.params()).params.signedBlocksWindow).toBe(100n);
    expect((await query.slashing.signingInfos()).info).toHaveLength(1);
    expect((await query.mint.params()).mintDenom).toBe("uscrt");
    expect((await query.mint.inflation()).toFloatApproximation()).toBeGreaterThan(0);
    expect((await query.gov.params("voting")).votingParams?.votingPeriod.seconds).toBe(90n);
    expect((await query.distribution.params()).params.withdrawAddrEnabled).toBe(true);
    expect((await query.bank.supplyOf("uscrt")).denom).toBe("uscrt");
  });
});
