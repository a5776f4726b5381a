import { create } from "@bufbuild/protobuf";
import { encodeMessage } from "@tacit/encoding";
import {
  MsgDepositSchema,
  MsgSubmitProposalSchema,
  MsgVoteSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import {
  type Context,
  createAddressCodec,
  createContext,
  emptyBlockInfo,
  MessageRouter,
  PlainError,
  QueryRouter,
  TypeRegistry,
  upstreamKvGas,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { createGovModule, defaultGovParams, type GovHooks } from "./index.ts";
import { setParams } from "./params.ts";
import { setProposalId } from "./store.ts";

const addresses = createAddressCodec("secret");
const govAddress = new Uint8Array(20).fill(7);
const alice = addresses.toText(new Uint8Array(20).fill(1));
const enough = [{ denom: "uscrt", amount: "1000000000" }];

/** The module over a bank and a staking that let everything happen and nothing be owned. */
function setUp(hooks: readonly GovHooks[]) {
  const messages = new MessageRouter();
  const types = new TypeRegistry();
  const module = createGovModule(
    { addresses, authority: addresses.toText(govAddress), depositDenom: "uscrt" },
    {
      accounts: {
        getModuleAccount: () => ({ address: govAddress }),
        moduleAddress: () => undefined,
      },
      bank: {
        getAllBalances: () => [],
        sendCoinsFromModuleToAccount: () => {},
        sendCoinsFromAccountToModule: () => {},
        burnCoins: () => {},
      },
      staking: {
        operators: createAddressCodec("secretvaloper"),
        bondedValidators: () => [],
        delegationsOf: () => [],
        totalBondedTokens: () => 0n,
      },
      distribution: { fundCommunityPool: () => {} },
      messages,
      types,
      hooks,
    },
  );
  module.register?.({ messages, queries: new QueryRouter(), types });
  const stores = createMemoryMultiStore(["gov"]).branch();
  const at = (seconds: bigint) =>
    createContext({
      stores,
      kvGas: upstreamKvGas,
      block: { ...emptyBlockInfo, time: { seconds, nanos: 0 } },
    });
  setParams(at(0n), defaultGovParams("uscrt"));
  setProposalId(at(0n), 1n);
  const run = (schema: typeof MsgVoteSchema | typeof MsgDepositSchema, fields: object) => {
    const route = messages.route(`/${schema.typeName}`)!;
    const bytes = encodeMessage(schema, create(schema as never, fields as never) as never);
    route.handle(at(1n), route.decode(bytes, types));
  };
  const submit = (initialDeposit = enough) => {
    const route = messages.route(`/${MsgSubmitProposalSchema.typeName}`)!;
    const message = { proposer: alice, title: "t", summary: "s", metadata: "m", initialDeposit };
    route.handle(at(0n), create(MsgSubmitProposalSchema, message));
  };
  return { at, run, submit, end: (seconds: bigint) => module.endBlock?.(at(seconds)) };
}

function recorder(calls: string[]): GovHooks {
  return {
    afterProposalSubmission: (_, id) => calls.push(`submission ${id}`),
    afterProposalDeposit: (_, id, who) => calls.push(`deposit ${id} ${addresses.toText(who)}`),
    afterProposalVote: (_, id, who) => calls.push(`vote ${id} ${addresses.toText(who)}`),
    afterProposalFailedMinDeposit: (_, id) => calls.push(`failed ${id}`),
    afterProposalVotingPeriodEnded: (_, id) => calls.push(`ended ${id}`),
  };
}

describe("hooks", () => {
  it("are called for everything that happens to a proposal, all of them in their order", () => {
    const calls: string[] = [];
    const second: GovHooks = { afterProposalSubmission: () => calls.push("second") };
    const { run, submit, end } = setUp([recorder(calls), second]);
    submit();
    run(MsgVoteSchema, { proposalId: 1n, voter: alice, option: 1 });
    submit([{ denom: "uscrt", amount: "10000000" }]);
    run(MsgDepositSchema, { proposalId: 2n, depositor: alice, amount: [enough[0]] });
    submit([{ denom: "uscrt", amount: "10000000" }]);
    end(10n ** 9n);
    expect(calls).toEqual([
      "submission 1",
      "second",
      `deposit 1 ${alice}`,
      `vote 1 ${alice}`,
      "submission 2",
      "second",
      `deposit 2 ${alice}`,
      `deposit 2 ${alice}`,
      "submission 3",
      "second",
      `deposit 3 ${alice}`,
      "failed 3",
      "ended 1",
      "ended 2",
    ]);
  });

  it("fail the transaction with what they throw, but not the end of a block", () => {
    const fails = () => {
      throw new PlainError("not here");
    };
    expect(() => setUp([{ afterProposalSubmission: fails }]).submit()).toThrow("not here");
    const writes = (context: Context) => {
      context.kvStore("gov").set(Uint8Array.of(99), Uint8Array.of(1));
      return fails();
    };
    const { at, submit, end } = setUp([{ afterProposalVotingPeriodEnded: writes }]);
    submit();
    end(10n ** 9n);
    expect(at(0n).kvStore("gov").get(Uint8Array.of(99))).toBeUndefined();
  });
});
