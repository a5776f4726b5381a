import { create } from "@bufbuild/protobuf";
import { decodeMessage, encodeMessage, toBase64 } from "@tacit/encoding";
import {
  QueryBalanceRequestSchema,
  QueryBalanceResponseSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import { ProposalSchema, ProposalStatus } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { ContractInfoSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { govStoreName } from "@tacit/module-gov";
import { createGasMeter, utf8Bytes, utf8Text } from "@tacit/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerChainQuery } from "../src/chain-query/answer.ts";
import { allowedQueryPaths } from "../src/chain-query/stargate.ts";
import { ContractCalls } from "../src/contract-calls.ts";
import { setContractInfo } from "../src/contracts.ts";
import { addresses, setUp } from "./harness.ts";

const owner = new Uint8Array(20).fill(1);
const ownerText = addresses.toText(owner);
const contract = new Uint8Array(20).fill(2);
const contractText = addresses.toText(contract);

function asker(gasLimit = 1_000_000n) {
  const chain = setUp();
  const context = chain.context({ mode: "query", gasMeter: createGasMeter(1_000_000n) });
  chain.bankModule.initGenesis?.(context, {
    params: { default_send_enabled: true },
    balances: [{ address: ownerText, coins: [{ denom: "uscrt", amount: "42" }] }],
  });
  const { options, collaborators } = chain;
  const calls = new ContractCalls(options, collaborators);
  const ask = (request: unknown, depth = 2) => {
    const bytes =
      typeof request === "string" ? utf8Bytes(request) : utf8Bytes(JSON.stringify(request));
    const answer = answerChainQuery(
      { context, caller: contract, options, collaborators, calls },
      { request: bytes, gasLimit, depth },
    );
    const text = utf8Text(answer.answer);
    return { ...answer, json: text === "" ? undefined : JSON.parse(text) };
  };
  const read = (request: unknown) => {
    const { json } = ask(request);
    return JSON.parse(utf8Text(new Uint8Array(Buffer.from(json.Ok.Ok, "base64"))));
  };
  return { context, ask, read, bank: collaborators.bank };
}

describe("what contracts ask the chain", () => {
  it("is answered about the bank", () => {
    const { read } = asker();
    const coin = { denom: "uscrt", amount: "42" };
    expect(read({ bank: { balance: { address: ownerText, denom: "uscrt" } } })).toEqual({
      amount: coin,
    });
    expect(read({ bank: { all_balances: { address: ownerText } } })).toEqual({ amount: [coin] });
    expect(read({ bank: { balance: { address: ownerText, denom: "none" } } })).toEqual({
      amount: { denom: "none", amount: "0" },
    });
  });

  it("costs a look at all balances, also for one, as on Secret Network", () => {
    const { context, ask, bank } = asker();
    const cost = (variant: object) => ask({ bank: variant }).gasUsed;
    const one = () => cost({ balance: { address: ownerText, denom: "uscrt" } });
    const all = () => cost({ all_balances: { address: ownerText } });
    const before = one();
    expect(before).toBe(all());
    bank.setBalance(context, owner, { denom: "other", amount: 1n });
    expect(one()).toBeGreaterThan(before);
    expect(one()).toBe(all());
  });

  it("costs a look for a record that nobody can name", () => {
    const { context, ask } = asker();
    const raw = { raw: { contract_addr: contractText, key: toBase64(new Uint8Array(3)) } };
    const { readCostFlat, readCostPerByte } = context.kvGas;
    expect(ask({ wasm: raw }).gasUsed).toBe(readCostFlat + readCostPerByte * 24n);
  });

  it("is answered about staking where nothing is staked", () => {
    const { read } = asker();
    expect(read({ staking: { all_validators: {} } })).toEqual({ validators: [] });
    expect(read({ staking: { all_delegations: { delegator: ownerText } } })).toEqual({
      delegations: [],
    });
  });

  it("is answered about contracts, but for their admin", () => {
    const { context, read } = asker();
    const info = create(ContractInfoSchema, { codeId: 2n, creator: owner, admin: ownerText });
    setContractInfo(context, contract, info);
    expect(read({ wasm: { contract_info: { contract_addr: contractText } } })).toEqual({
      code_id: 2,
      creator: ownerText,
      pinned: false,
    });
    expect(read({ wasm: { raw: { contract_addr: contractText, key: "AA==" } } })).toEqual([]);
  });

  it("is answered about channels, of which there are none, and the contract's own port", () => {
    const { context, read } = asker();
    expect(read({ ibc: { port_id: {} } })).toEqual({ port_id: "" });
    const ibcPortId = `wasm.${contractText}`;
    const info = create(ContractInfoSchema, { codeId: 2n, creator: owner, ibcPortId });
    setContractInfo(context, contract, info);
    expect(read({ ibc: { port_id: {} } })).toEqual({ port_id: ibcPortId });
    expect(read({ ibc: { list_channels: {} } })).toEqual({ channels: [] });
    expect(read({ ibc: { channel: { channel_id: "channel-0" } } })).toEqual({});
  });

  it("is answered about proposals that are being voted on", () => {
    const { context, read } = asker();
    expect(read({ gov: { proposals: {} } })).toEqual({ proposals: [] });
    const put = (id: bigint, status: ProposalStatus) => {
      const key = new Uint8Array(9);
      new DataView(key.buffer).setBigUint64(1, id);
      const times = { votingStartTime: { seconds: 5n }, votingEndTime: { seconds: 9n } };
      const value = encodeMessage(ProposalSchema, { id, status, ...times });
      context.kvStore(govStoreName).set(key, value);
    };
    put(1n, ProposalStatus.PASSED);
    put(2n, ProposalStatus.VOTING_PERIOD);
    expect(read({ gov: { proposals: {} } })).toEqual({
      proposals: [{ id: 2, voting_start_time: 5, voting_end_time: 9 }],
    });
  });

  it("names an address that is none as the network does", () => {
    const { ask } = asker();
    const failed = { Ok: { Err: { generic_err: { msg: "x: invalid address" } } } };
    expect(ask({ bank: { all_balances: { address: "x" } } }).json).toEqual(failed);
    expect(ask({ staking: { all_delegations: { delegator: "x" } } }).json).toEqual(failed);
    expect(ask({ wasm: { contract_info: { contract_addr: "x" } } }).json).toEqual(failed);
  });

  it("goes by gRPC where the path is on the list", () => {
    const { ask } = asker();
    const data = encodeMessage(QueryBalanceRequestSchema, { address: ownerText, denom: "uscrt" });
    const stargate = (path: string) => ask({ stargate: { path, data: toBase64(data) } }).json;
    const answer = stargate("/cosmos.bank.v1beta1.Query/Balance");
    const bytes = new Uint8Array(Buffer.from(answer.Ok.Ok, "base64"));
    expect(decodeMessage(QueryBalanceResponseSchema, bytes).balance?.amount).toBe("42");
    const path = "/cosmos.bank.v1beta1.Query/AllBalances";
    expect(stargate(path)).toEqual({
      Err: {
        unsupported_request: { kind: `query path '${path}' is not allowed from the contract` },
      },
    });
    expect(allowedQueryPaths.size).toBe(34);
  });

  it("fails as a contract's failure where what it asks about does", () => {
    const { ask } = asker();
    expect(ask({ wasm: { smart: { contract_addr: contractText, msg: "AA==" } } }).json).toEqual({
      Ok: { Err: { generic_err: { msg: "contract: not found" } } },
    });
  });

  it("fails as the system's failure where the question is wrong", () => {
    const { ask } = asker();
    const wrong = ask("nonsense");
    expect(wrong.json.Err.invalid_request.request).toBe(toBase64(utf8Bytes("nonsense")));
    expect(wrong.gasUsed).toBe(500n);
    expect(ask({ custom: {} }).json).toEqual({ Err: { unsupported_request: { kind: "custom" } } });
    expect(ask({ bank: { supply: {} } }).json.Err).toHaveProperty("unsupported_request");
    expect(ask({ nothing: {} }).json).toEqual({ Err: { unknown: {} } });
    expect(ask({ staking: { bonded_denom: {} } }, 11).json).toEqual({
      Err: { exceeded_recursion_limit: {} },
    });
  });

  it("costs gas of the asker, and no more than the contract has left", () => {
    const { context, ask } = asker(50n);
    const before = context.gasMeter.consumed;
    const answer = ask({ bank: { balance: { address: ownerText, denom: "uscrt" } } });
    expect(answer).toMatchObject({ outOfGas: true });
    expect(answer.gasUsed).toBe(context.gasMeter.consumed - before);
    expect(answer.gasUsed).toBeGreaterThan(50n);
  });

  it("is answered or refused, whatever it is", () => {
    const { ask } = asker();
    fc.assert(
      fc.property(
        fc.constantFrom("bank", "staking", "wasm", "stargate", "gov", "dist", "mint", "ibc"),
        fc.jsonValue(),
        (kind, value) => {
          const { json } = ask({ [kind]: value });
          expect(json.Ok ?? json.Err).toBeDefined();
        },
      ),
    );
  });
});
