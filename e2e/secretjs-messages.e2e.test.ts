/** Every message of unmodified secretjs, signed in both modes, by its own list of them. */
import { gzipSync } from "node:zlib";
import * as secretjs from "secretjs";
import {
  MsgCommunityPoolSpend,
  MsgExecLegacyContent,
  MsgSetSendEnabled,
  type MsgSubmitProposal,
  MsgUpdateParams,
  ProposalType,
  SecretNetworkClient,
  type TxResponse,
} from "secretjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import {
  type Actor,
  actor,
  artifact,
  attribute,
  instantiate,
  txOptions,
} from "./support/secretjs.ts";
import {
  ibcCases,
  type MessageCase,
  type MessageWorld,
  type Mode,
  messageCases,
  otherCases,
  proposalCases,
  type Signer,
} from "./support/surface/message-cases.ts";

const { home, remove } = temporaryHome();
const SIGNERS: readonly Signer[] = ["validator", "a", "b", "c"];
const options = txOptions(1_000_000);
let node: NodeProcess;
let actors: Readonly<Record<Signer, Actor>>;
let clients: Readonly<Record<Mode, Readonly<Record<Signer, SecretNetworkClient>>>>;
let world: MessageWorld;
/** Outcome of the proposal with the messages that only governance may sign. */
let passed: string | undefined;

beforeAll(async () => {
  node = await startNodeProcess(home, ["--block-interval", "1000"]);
  const bySigner = <T>(make: (name: Signer) => T) =>
    Object.fromEntries(SIGNERS.map((name) => [name, make(name)])) as Record<Signer, T>;
  actors = bySigner((name) => actor(name, node));
  clients = {
    direct: bySigner((name) => actors[name].client),
    amino: bySigner((name) => aminoClient(actors[name])),
  };
  const { validators } = await actors.a.client.query.staking.validators({ status: "" });
  world = {
    addresses: bySigner((name) => actors[name].address),
    operators: { first: validators?.[0]?.operator_address ?? "", b: "" },
    // Compressed already: the client would sign before it has compressed.
    wasm: gzipSync(artifact("host_probe")),
    codeId: "",
    codeHash: "",
    contracts: { direct: "", amino: "" },
    governed: { direct: "", amino: "" },
    unbonding: { direct: "", amino: "" },
    proposal: "",
    cancelled: {
      direct: await submitted([]),
      amino: await submitted([]),
    },
  };
  passed = await governed();
});

afterAll(async () => {
  await node?.stop();
  remove();
});

/** The same account with a wallet that can only sign amino JSON. */
function aminoClient({ wallet, address }: Actor): SecretNetworkClient {
  return new SecretNetworkClient({
    url: node.urls.rest,
    chainId: node.chainId,
    wallet: {
      getAccounts: () => wallet.getAccounts(),
      signAmino: (signer, doc) => wallet.signAmino(signer, doc),
    },
    walletAddress: address,
  });
}

const uscrt = (amount: string) => ({ denom: "uscrt", amount });

async function submitted(messages: MsgSubmitProposal["params"]["messages"], expedited = false) {
  const { client, address } = actors.a;
  const tx = await client.tx.gov.submitProposal(
    {
      proposer: address,
      initial_deposit: [uscrt("2500000000")],
      messages,
      metadata: "about this",
      summary: "summary",
      title: "title",
      expedited,
    },
    options,
  );
  expect(tx).toMatchObject({ code: 0, rawLog: "" });
  return attribute(tx, "submit_proposal", "proposal_id");
}

/** Passes one proposal with all messages of governance, and waits until it was executed. */
async function governed(): Promise<string | undefined> {
  const { client, address } = actors.a;
  const { address: authority = "" } = await client.query.upgrade.authority({});
  const funded = await client.tx.distribution.fundCommunityPool(
    { depositor: address, amount: [uscrt("1000000")] },
    options,
  );
  expect(funded).toMatchObject({ code: 0 });
  const id = await submitted(
    [
      new MsgSetSendEnabled({
        authority,
        send_enabled: [{ denom: "nothing", enabled: false }],
        use_default_for: [],
      }),
      new MsgCommunityPoolSpend({ authority, recipient: address, amount: [uscrt("5")] }),
      new MsgUpdateParams({
        authority,
        params: { switch_status: "on", pauser_address: address },
      }),
      new secretjs.MsgSoftwareUpgrade({
        authority,
        plan: { name: "later", height: "1000000", info: "", upgraded_client_state: undefined },
      } as never),
      new secretjs.MsgCancelUpgrade({ authority }),
      new MsgExecLegacyContent({
        type: ProposalType.TextProposal,
        initial_deposit: [],
        proposer: address,
        content: { title: "title", description: "description" },
        authority,
      }),
    ],
    true,
  );
  const voted = await actors.validator.client.tx.gov.vote(
    { voter: actors.validator.address, proposal_id: id, option: 1, metadata: "" },
    options,
  );
  expect(voted).toMatchObject({ code: 0 });
  return finalStatus(id);
}

/** Asks until the voting period is over: 15 seconds on this network. */
async function finalStatus(proposal_id: string): Promise<string | undefined> {
  for (;;) {
    const { proposal } = await actors.a.client.query.gov.proposal({ proposal_id });
    if (`${proposal?.status}` !== "PROPOSAL_STATUS_VOTING_PERIOD") {
      return `${proposal?.status} ${proposal?.failed_reason ?? ""}`.trim();
    }
    await nextBlock();
  }
}

/** Any transaction ends with a block. */
async function nextBlock(): Promise<void> {
  const { client, address } = actors.c;
  await client.tx.bank.send(
    { from_address: address, to_address: address, amount: [uscrt("1")] },
    options,
  );
}

const sent = messageCases.flatMap((each) =>
  (["direct", "amino"] as const).map((mode) => ({ mode, ...each })),
);

describe("a message", () => {
  it.each(sent)("$name signed $mode", async (message) => {
    const { mode, outcomes } = message;
    const outcome = outcomes[mode];
    if (outcome.kind === "client") {
      await expect(message.build(world, mode).toAmino({} as never)).rejects.toThrow();
      return;
    }
    if (outcome.kind === "refused" && outcome.code === 4) {
      await expect(broadcast(message, mode)).rejects.toThrow("failed with code 4");
      return;
    }
    const tx = await broadcast(message, mode);
    expect(tx).toMatchObject(
      outcome.kind === "refused" ? { code: outcome.code } : { code: 0, rawLog: "" },
    );
    const { typeUrl } = message;
    expect(attribute(tx, "message", "action") || typeUrl).toBe(typeUrl);
    await remember(message.name, mode, tx);
  });

  it.each(proposalCases)("$name executed by a proposal", async () => {
    expect(passed).toBe("PROPOSAL_STATUS_PASSED");
    const { query } = actors.a.client;
    const { send_enabled } = await query.bank.sendEnabled({ denoms: ["nothing"] });
    expect(send_enabled).toEqual([{ denom: "nothing", enabled: false }]);
    const { params } = await query.emergency_button.params({});
    expect(params?.pauser_address).toBe(actors.a.address);
    expect((await query.upgrade.currentPlan({})).plan).toBeNull();
  });

  it("MsgSubmitEvidence is not offered by the client", async () => {
    const message = new secretjs.MsgSubmitEvidence({} as never);
    await expect(message.toProto()).rejects.toThrow("not implemented");
  });

  it("RaAuthenticate is refused", async () => {
    const { client, address } = actors.a;
    const [, registration] = otherCases;
    const tx = await client.tx.registration.register(
      { sender: address, certificate: new Uint8Array(64) },
      options,
    );
    expect(tx.code).toBe(registration.outcome.kind === "refused" && registration.outcome.code);
  });

  it.each(Object.entries(ibcCases))("of %s comes with IBC", async (module, names) => {
    const path =
      "/cosmos/base/reflection/v1beta1/interfaces/cosmos.base.v1beta1.Msg/implementations";
    const response = await fetch(node.urls.rest + path);
    const { implementation_message_names: known } = (await response.json()) as {
      implementation_message_names: string[];
    };
    expect(known).toContain("/cosmos.bank.v1beta1.MsgSend");
    expect(names.filter((name) => known.includes(`/${module}.${name}`))).toEqual([]);
  });
});

async function broadcast(message: MessageCase, mode: Mode): Promise<TxResponse> {
  const built = message.build(world, mode);
  const gas = message.name === "MsgStoreCode" ? 20_000_000 : 1_000_000;
  return clients[mode][message.signer(mode)].tx.broadcast([built], txOptions(gas));
}

/** Later messages speak of what this one made. */
async function remember(name: string, mode: Mode, tx: TxResponse): Promise<void> {
  switch (name) {
    case "MsgCreateValidator":
      world.operators.b = attribute(tx, "create_validator", "validator");
      break;
    case "MsgUndelegate":
      world.unbonding[mode] = `${tx.height}`;
      break;
    case "MsgSubmitProposal":
      world.proposal = attribute(tx, "submit_proposal", "proposal_id");
      break;
    case "MsgStoreCode": {
      world.codeId = attribute(tx, "message", "code_id");
      const { query } = actors.a.client;
      const { code_hash } = await query.compute.codeHashByCodeId({ code_id: world.codeId });
      world.codeHash = code_hash ?? "";
      break;
    }
    case "MsgInstantiateContract":
      world.contracts[mode] = attribute(tx, "instantiate", "contract_address");
      world.governed[mode] = (
        await instantiate(actors.a, world.codeId, {}, actors.a.address)
      ).contract_address;
      break;
  }
}

it("the list is secretjs's own: 79 messages, not counting those of token helpers", () => {
  const exported = Object.entries(secretjs)
    .filter(([, value]) => typeof value === "function" && "toProto" in (value.prototype ?? {}))
    .map(([name]) => name)
    .filter((name) => !/^MsgSnip/.test(name));
  const listed = [
    ...messageCases.map(({ name }) => name),
    ...proposalCases.map(({ name }) => name),
    ...otherCases.map(({ name }) => name),
    ...Object.values(ibcCases).flat(),
  ];
  // The class of the one that secretjs does not export is reached by `tx.registration.register`.
  expect(listed.toSorted()).toEqual([...exported, "RaAuthenticate"].sort());
  expect(listed).toHaveLength(79);
});
