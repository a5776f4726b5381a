/** Every query of unmodified secretjs, by its own list of them. */
import {
  MsgDelegate,
  MsgExecLegacyContent,
  MsgGrant,
  MsgGrantAllowance,
  ProposalType,
  SecretNetworkClient,
} from "secretjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import { type Actor, actor, artifact, attribute, txOptions, upload } from "./support/secretjs.ts";
import { type QueryWorld, queryCases } from "./support/surface/query-cases.ts";

const { home, remove } = temporaryHome();
let node: NodeProcess;
let delegator: Actor;
let world: QueryWorld;

beforeAll(async () => {
  node = await startNodeProcess(home);
  delegator = actor("a", node);
  world = await prepare(delegator, actor("b", node));
});

afterAll(async () => {
  await node?.stop();
  remove();
});

/** Queriers that only wrap contract queries have methods of their own class alone. */
const WRAPPERS = ["snip20", "snip721", "snip1155"];

function offered(): string[] {
  const { query } = new SecretNetworkClient({ url: "http://localhost", chainId: "none" });
  const names: string[] = [];
  for (const [querier, value] of Object.entries(query)) {
    if (typeof value === "function" || WRAPPERS.includes(querier)) continue;
    for (const method of methodsOf(value)) names.push(`${querier}.${method}`);
  }
  return names.sort();
}

function methodsOf(querier: object): Set<string> {
  const names = new Set<string>();
  for (let at = querier; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const value = (querier as Record<string, unknown>)[name];
      if (name !== "constructor" && typeof value === "function") names.add(name);
    }
  }
  return names;
}

const cases = Object.entries(queryCases).flatMap(([querier, methods]) =>
  Object.entries(methods).map(([method, each]) => ({ name: `${querier}.${method}`, ...each })),
);

it("the list is secretjs's own: 168 queries", () => {
  expect(cases.map(({ name }) => name).sort()).toEqual(offered());
  expect(cases).toHaveLength(168);
});

describe("a query", () => {
  it.each(cases)("$name", async ({ name, args, outcome }) => {
    const [querier, method] = name.split(".") as [string, string];
    const query = delegator.client.query as unknown as Queriers;
    const asked = query[querier]?.[method]?.(args(world));
    if (outcome.kind === "works") {
      const answer = await asked;
      expect(answer).toBeTypeOf("object");
      expect(answer).not.toHaveProperty("details");
      return;
    }
    const code = outcome.kind === "refused" ? outcome.code : 12;
    await expect(asked).rejects.toMatchObject({ code });
  });
});

describe("pages of", () => {
  const paged = cases.filter(({ outcome }) => outcome.kind === "works");

  it("every query that has them give everything once, by key, and backwards", async () => {
    const query = delegator.client.query as unknown as Queriers;
    const walked: string[] = [];
    for (const { name, args } of paged) {
      const [querier, method] = name.split(".") as [string, string];
      const ask = (pagination: object) =>
        query[querier]?.[method]?.({ ...args(world), pagination }) as Promise<PagedAnswer>;
      const whole = await ask({ count_total: true });
      const list = listOf(whole);
      if (!whole.pagination || list === undefined) continue;
      const items = whole[list] as unknown[];
      expect([name, whole.pagination.total]).toEqual([name, `${items.length}`]);
      if (querier === "tendermint") continue;
      expect([name, await walk(ask, list, {})]).toEqual([name, items]);
      expect([name, await walk(ask, list, { reverse: true })]).toEqual([name, items.toReversed()]);
      const second = await ask({ limit: "1", offset: "1" });
      expect([name, second[list]]).toEqual([name, items.slice(1, 2)]);
      walked.push(name);
    }
    expect(walked.length).toBeGreaterThan(25);
  });
});

type PagedAnswer = Readonly<Record<string, unknown>> & {
  readonly pagination?: { readonly next_key?: string | null; readonly total?: string } | null;
};

const listOf = (answer: PagedAnswer): string | undefined =>
  Object.keys(answer).find((name) => Array.isArray(answer[name]));

async function walk(
  ask: (pagination: object) => Promise<PagedAnswer>,
  list: string,
  more: object,
): Promise<unknown[]> {
  const items: unknown[] = [];
  let key: string | null | undefined;
  do {
    const page = await ask({ limit: "1", ...more, ...(key ? { key } : {}) });
    items.push(...(page[list] as unknown[]));
    key = page.pagination?.next_key;
  } while (key);
  return items;
}

type Queriers = Readonly<
  Record<string, Readonly<Record<string, (args: object) => Promise<unknown>>>>
>;

const uscrt = (amount: string) => ({ denom: "uscrt", amount });

/** Stakes, grants, a contract and a proposal for the queries to speak of. */
async function prepare(from: Actor, to: Actor): Promise<QueryWorld> {
  const { client, address } = from;
  const { validators } = await client.query.staking.validators({ status: "" });
  const first = validators?.[0]?.operator_address ?? "";
  const description = { identity: "", website: "", security_contact: "", details: "" };
  const made = await to.client.tx.staking.createValidator(
    {
      description: { moniker: "b", ...description },
      commission: { rate: 0.1, max_rate: 0.2, max_change_rate: 0.01 },
      min_self_delegation: "1",
      delegator_address: to.address,
      pubkey: Buffer.alloc(32, 7).toString("base64"),
      initial_delegation: uscrt("500000"),
    },
    txOptions(500_000),
  );
  const second = attribute(made, "create_validator", "validator");
  const expiration = 4_102_444_800;
  const stake = { delegator_address: address, validator_address: first };
  const submitted = await client.tx.broadcast(
    [
      new MsgDelegate({ ...stake, amount: uscrt("50000000") }),
      new MsgGrant({
        granter: address,
        grantee: to.address,
        authorization: { spend_limit: [uscrt("5")], allow_list: [] },
        expiration,
      }),
      new MsgGrantAllowance({
        granter: address,
        grantee: to.address,
        allowance: { spend_limit: [uscrt("5")] },
      }),
    ],
    txOptions(1_000_000),
  );
  expect(submitted).toMatchObject({ code: 0, rawLog: "" });
  const unstaked = await client.tx.staking.undelegate(
    { ...stake, amount: uscrt("1000") },
    txOptions(500_000),
  );
  expect(unstaked).toMatchObject({ code: 0 });
  const moved = await client.tx.staking.beginRedelegate(
    {
      delegator_address: address,
      validator_src_address: first,
      validator_dst_address: second,
      amount: uscrt("1000"),
    },
    txOptions(500_000),
  );
  expect(moved).toMatchObject({ code: 0 });
  const height = `${moved.height}`;
  return {
    delegator: address,
    grantee: to.address,
    first,
    second,
    consensus: await consensusAddress(client),
    height,
    proposal: await propose(from),
    ...(await deploy(from)),
  };
}

async function consensusAddress(client: SecretNetworkClient): Promise<string> {
  const { info } = await client.query.slashing.signingInfos({});
  return info?.[0]?.address ?? "";
}

/** A proposal that its proposer has deposited and voted for. */
async function propose({ client, address }: Actor): Promise<string> {
  const { address: authority = "" } = await client.query.upgrade.authority({});
  // A proposal that the older queries can show too.
  const text = new MsgExecLegacyContent({
    type: ProposalType.TextProposal,
    initial_deposit: [],
    proposer: address,
    content: { title: "title", description: "description" },
    authority,
  });
  const proposed = await client.tx.gov.submitProposal(
    {
      proposer: address,
      initial_deposit: [uscrt("1000000000")],
      messages: [text],
      metadata: "about nothing",
      summary: "summary",
      title: "title",
      expedited: false,
    },
    txOptions(500_000),
  );
  expect(proposed).toMatchObject({ code: 0, rawLog: "" });
  const id = attribute(proposed, "submit_proposal", "proposal_id");
  const voted = await client.tx.gov.vote(
    { voter: address, proposal_id: id, option: 1, metadata: "" },
    txOptions(500_000),
  );
  expect(voted).toMatchObject({ code: 0 });
  return id;
}

async function deploy(by: Actor) {
  const codeId = await upload(by, artifact("counter"));
  const { code_hash: codeHash = "" } = await by.client.query.compute.codeHashByCodeId({
    code_id: codeId,
  });
  const label = "a counter to ask";
  const made = await by.client.tx.compute.instantiateContract(
    { sender: by.address, code_id: codeId, code_hash: codeHash, label, init_msg: { count: 1 } },
    txOptions(1_000_000),
  );
  expect(made).toMatchObject({ code: 0 });
  return { codeId, codeHash, label, contract: attribute(made, "instantiate", "contract_address") };
}
