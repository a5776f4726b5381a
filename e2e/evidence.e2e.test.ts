/** A validator that signed twice: reported to a running node over RPC, and punished by its chain. */
import { Ed25519PrivateKey, randomBytes } from "@tacit/crypto";
import { fromBase64, fromHex, parseTimestamp, toBase64, toHex } from "@tacit/encoding";
import { type Timestamp, validatorAddress, voteSignBytes } from "@tacit/light";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import { type Actor, actor, attribute, txOptions } from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
const key = new Ed25519PrivateKey(randomBytes(32));
const address = validatorAddress(key.publicKey());
const addressText = toHex(address).toUpperCase();
let node: NodeProcess;
let bob: Actor;
let operator: string;

beforeAll(async () => {
  node = await startNodeProcess(home);
  bob = actor("b", node);
  const created = await bob.client.tx.staking.createValidator(
    {
      description: { moniker: "b", identity: "", website: "", security_contact: "", details: "" },
      commission: { rate: 0.1, max_rate: 0.2, max_change_rate: 0.01 },
      min_self_delegation: "1",
      delegator_address: bob.address,
      pubkey: toBase64(key.publicKey()),
      initial_delegation: { denom: "uscrt", amount: "1000000000" },
    },
    txOptions(400_000),
  );
  expect(created).toMatchObject({ code: 0, rawLog: "" });
  operator = attribute(created, "create_validator", "validator");
});

afterAll(async () => {
  await node?.stop();
  remove();
});

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, judged by the test
async function rpc(method: string, params: object = {}): Promise<any> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  return await (await fetch(node.urls.rpc, { method: "POST", body })).json();
}

/** A transaction makes a block, and one after it. */
async function nextBlock(): Promise<void> {
  const amount = [{ denom: "uscrt", amount: "1" }];
  const send = { from_address: bob.address, to_address: bob.address, amount };
  expect(await bob.client.tx.bank.send(send, txOptions(100_000))).toMatchObject({ code: 0 });
}

/** The first height at which the new validator signs, with its set and the time of its block. */
async function seatOf(): Promise<{ height: string; time: string; power: bigint; total: bigint }> {
  for (;;) {
    const { result } = await rpc("status");
    const height = result.sync_info.latest_block_height as string;
    const set = (await rpc("validators", { height })).result.validators as {
      address: string;
      voting_power: string;
    }[];
    const seat = set.find((validator) => validator.address === addressText);
    if (seat === undefined) {
      await nextBlock();
      continue;
    }
    const { time } = (await rpc("header", { height })).result.header;
    const total = set.reduce((sum, { voting_power }) => sum + BigInt(voting_power), 0n);
    return { height, time, power: BigInt(seat.voting_power), total };
  }
}

function signedVote(
  chainId: string,
  height: string,
  timestamp: Timestamp,
  time: string,
  seed: string,
) {
  const hash = seed.repeat(32);
  const blockId = { hash: fromHex(hash), parts: { total: 1, hash: fromHex(hash) } };
  const message = voteSignBytes(chainId, { height: BigInt(height), round: 0, blockId, timestamp });
  return {
    type: 2,
    height,
    round: 0,
    block_id: { hash: hash.toUpperCase(), parts: { total: 1, hash: hash.toUpperCase() } },
    timestamp: time,
    validator_address: addressText,
    validator_index: 1,
    signature: toBase64(key.sign(message)),
    extension: null,
    extension_signature: null,
  };
}

describe("a validator that signed two blocks at one height", () => {
  it("is slashed, jailed for ever and tombstoned by the block that has the evidence", async () => {
    const { height, time, power, total } = await seatOf();
    expect(power).toBe(1000n);
    const at = parseTimestamp(time);
    const vote = (seed: string) => signedVote(node.chainId, height, at, time, seed);
    const evidence = {
      type: "tendermint/DuplicateVoteEvidence",
      value: {
        vote_a: vote("aa"),
        vote_b: vote("bb"),
        TotalVotingPower: `${total}`,
        ValidatorPower: `${power}`,
        Timestamp: time,
      },
    };
    const forged = structuredClone(evidence);
    forged.value.vote_b.signature = forged.value.vote_a.signature;
    expect((await rpc("broadcast_evidence", { evidence: forged })).error.data).toContain(
      "failed to add evidence: a signature is not valid",
    );
    const { result } = await rpc("broadcast_evidence", { evidence });
    expect(fromBase64(result.hash)).toHaveLength(32);
    await nextBlock();

    const { validator } = await bob.client.query.staking.validator({ validator_addr: operator });
    expect(validator).toMatchObject({ jailed: true, tokens: "950000000" });
    const { info } = await bob.client.query.slashing.signingInfos({});
    expect(info).toContainEqual(
      expect.objectContaining({ tombstoned: true, jailed_until: "9999-12-31T23:59:59Z" }),
    );
    const shown = await bob.client.query.evidence.allEvidence({});
    expect(shown.evidence).toMatchObject([{ height, power: "1000" }]);
  });

  it("shows in the block, over RPC, REST and the search for its event", async () => {
    const { result } = await rpc("block_search", { query: "slash.reason='double_sign'" });
    expect(result.total_count).toBe("1");
    const { height } = result.blocks[0].block.header;
    expect(result.blocks[0].block.evidence.evidence[0].type).toBe(
      "tendermint/DuplicateVoteEvidence",
    );
    const path = `/cosmos/base/tendermint/v1beta1/blocks/${height}`;
    // biome-ignore lint/suspicious/noExplicitAny: judged by the test
    const rest: any = await (await fetch(node.urls.rest + path)).json();
    const [shown] = rest.block.evidence.evidence;
    expect(shown.duplicate_vote_evidence).toMatchObject({ validator_power: "1000" });
  });
});
