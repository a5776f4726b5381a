/** What a contract asks the chain about rewards, inflation and votes, on a whole chain in memory. */

import { truncatedHashAddress } from "@tacit/crypto";
import { encodeMessage, fromBase64, toBase64 } from "@tacit/encoding";
import { MsgSubmitProposalSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import {
  QuerySecretContractRequestSchema,
  QuerySecretContractResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import { MsgDelegate, MsgInstantiateContract, MsgStoreCode } from "secretjs";
import { beforeAll, describe, expect, it } from "vitest";
import { toMessage } from "./ibc-relay.ts";
import { LocalChain, readContract } from "./local-chain.ts";
import { compute } from "./probe-chain.ts";

const operator = "secretvaloper14aj08vd2ntty7dvskdmdu4zhf23mcwgtdvh6qt";
const code = readContract("host_interface");
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const b64 = (value: string) => toBase64(new TextEncoder().encode(value));

let chain: LocalChain;
let contract: string;

beforeAll(async () => {
  chain = new LocalChain();
  const { a } = chain.users;
  const address = truncatedHashAddress(new Uint8Array(32).fill(5));
  chain.votes = [{ address, power: 10n ** 11n, blockIdFlag: 2 }];
  const amount = { denom: "uscrt", amount: "1000000000" };
  const stake = { delegator_address: a.address, validator_address: operator, amount };
  const upload = { sender: a.address, wasm_byte_code: code.wasm, source: "", builder: "" };
  const init = {
    sender: a.address,
    code_id: 1,
    code_hash: code.hash,
    label: "asker",
    init_msg: {},
  };
  const proposal = {
    messages: [],
    initialDeposit: [{ denom: "uscrt", amount: "1000000000" }],
    proposer: a.address,
    metadata: "about nothing",
    title: "nothing",
    summary: "at all",
  };
  const submit = toMessage(
    `/${MsgSubmitProposalSchema.typeName}`,
    encodeMessage(MsgSubmitProposalSchema, proposal),
  );
  const messages = [new MsgDelegate(stake), new MsgStoreCode(upload), submit];
  for (const message of [...messages, new MsgInstantiateContract(init)]) {
    const result = await chain.run(a, [message], 5_000_000);
    expect(result).toMatchObject({ code: 0, log: "" });
    const created = result.events.find(({ type }) => type === "instantiate");
    contract = created?.attributes[0]?.value ?? "";
  }
  chain.block();
});

/** What the chain answers to the contract's question. */
async function asked(request: object): Promise<Record<string, unknown>> {
  const { encryption } = chain.users.a;
  const call = { import: "query_chain", args: [{ bytes: b64(JSON.stringify(request)) }] };
  const sealed = await encryption.encrypt(code.hash, { calls: [call] });
  const { data } = chain.query(
    `${compute}/QuerySecretContract`,
    { input: QuerySecretContractRequestSchema, output: QuerySecretContractResponseSchema },
    { contractAddress: contract, query: sealed },
  );
  const answer = text(await encryption.decrypt(data, sealed.slice(0, 32)));
  const [result] = JSON.parse(text(fromBase64(answer))) as [{ readonly bytes: string }];
  const { Ok } = JSON.parse(text(fromBase64(result.bytes)));
  return "Ok" in Ok ? JSON.parse(text(fromBase64(Ok.Ok))) : Ok;
}

describe("a contract that asks the chain", () => {
  it("hears of rewards without their fractions", async () => {
    const answer = await asked({ dist: { rewards: { delegator: chain.users.a.address } } });
    expect(answer).toEqual({
      rewards: [
        {
          validator_address: operator,
          reward: [{ denom: "uscrt", amount: expect.stringMatching(/^[1-9]\d*$/) }],
        },
      ],
      total: [{ denom: "uscrt", amount: expect.stringMatching(/^[1-9]\d*$/) }],
    });
    expect(await asked({ dist: { rewards: { delegator: chain.users.b.address } } })).toEqual({});
    expect(await asked({ dist: { rewards: { delegator: "x" } } })).toEqual({
      Err: { generic_err: { msg: expect.stringMatching(/: unknown request$/) } },
    });
  });

  it("hears of inflation and of how much is staked", async () => {
    const decimal = expect.stringMatching(/^0\.\d{18}$/);
    expect(await asked({ mint: { inflation: {} } })).toEqual({ inflation_rate: decimal });
    expect(await asked({ mint: { bonded_ratio: {} } })).toEqual({ bonded_ratio: decimal });
  });

  it("hears of votes under way", async () => {
    const { proposals } = (await asked({ gov: { proposals: {} } })) as {
      proposals: Record<string, number>[];
    };
    expect(proposals).toHaveLength(1);
    expect(proposals[0]!.voting_end_time! - proposals[0]!.voting_start_time!).toBe(90);
  });

  it("hears of its own port", async () => {
    expect(await asked({ ibc: { port_id: {} } })).toEqual({ port_id: `wasm.${contract}` });
  });
});
