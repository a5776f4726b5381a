import { moduleAddress } from "@tacit/crypto";
import { Dec, decodeMessage, encodeMessage, toBech32 } from "@tacit/encoding";
import {
  QueryDelegationRequestSchema,
  QueryDelegationResponseSchema,
  QueryPoolResponseSchema,
  QueryValidatorRequestSchema,
  QueryValidatorsRequestSchema,
  QueryValidatorsResponseSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/query";
import { AccountKeeper } from "@tacit/module-auth";
import { BankKeeper, createBankModule } from "@tacit/module-bank";
import {
  createAddressCodec,
  createContext,
  MessageRouter,
  QueryRouter,
  secretKvGas,
  TypeRegistry,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import {
  bondedPoolName,
  createStakingModule,
  defaultParams,
  genesisWithValidator,
  notBondedPoolName,
} from "./index.ts";

const operator = new Uint8Array(20).fill(9);
const stranger = new Uint8Array(20).fill(8);
const operatorText = toBech32("secretvaloper", operator);
const service = "/cosmos.staking.v1beta1.Query";

function setUp(tokens = 7_000_000n) {
  const stores = createMemoryMultiStore(["acc", "bank", "staking"]).branch();
  const context = createContext({ stores, kvGas: secretKvGas });
  const addresses = createAddressCodec("secret");
  const authority = moduleAddress("gov");
  const permissions = ["burner", "staking"];
  const modulePermissions = new Map([
    [bondedPoolName, permissions],
    [notBondedPoolName, permissions],
  ]);
  const accounts = new AccountKeeper({ addresses, modulePermissions, authority });
  const bank = new BankKeeper({ accounts, blocked: [], authority });
  const module = createStakingModule({ addresses, bondDenom: "uscrt" }, { accounts, bank });
  const queries = new QueryRouter();
  module.register?.({ messages: new MessageRouter(), queries, types: new TypeRegistry() });
  const bankModule = createBankModule(bank, new TypeRegistry());
  bankModule.initGenesis?.(context, {
    params: { default_send_enabled: true },
    balances: [
      {
        address: addresses.toText(moduleAddress(bondedPoolName)),
        coins: [{ denom: "uscrt", amount: "7000000" }],
      },
    ],
  });
  const genesis = genesisWithValidator(
    {
      operator,
      consensusPublicKey: new Uint8Array(32).fill(3),
      moniker: "first",
      tokens,
      commission: { rate: Dec.ZERO, maxRate: Dec.ONE, maxChangeRate: Dec.ZERO },
    },
    { addresses, params: defaultParams("uscrt"), time: { seconds: 1n, nanos: 0 } },
  );
  const ask = (method: string, request: Uint8Array = new Uint8Array()) =>
    queries.handler(`${service}/${method}`)!.handle(context, request);
  return { context, module, genesis, ask, addresses };
}

describe("staking", () => {
  it("shows the validator of genesis by its status", () => {
    const { context, module, genesis, ask } = setUp();
    module.initGenesis?.(context, genesis);
    const byStatus = (status: string) => {
      const request = encodeMessage(QueryValidatorsRequestSchema, { status });
      return decodeMessage(QueryValidatorsResponseSchema, ask("Validators", request)).validators;
    };
    expect(byStatus("BOND_STATUS_BONDED").map(({ tokens }) => tokens)).toEqual(["7000000"]);
    expect(byStatus("")).toHaveLength(1);
    expect(byStatus("BOND_STATUS_UNBONDED")).toEqual([]);
    expect(() => byStatus("bonded")).toThrow(expect.objectContaining({ code: "grpc/3" }));
  });

  it("shows a delegation with what it is worth, and says that another does not exist", () => {
    const { context, module, genesis, ask, addresses } = setUp();
    module.initGenesis?.(context, genesis);
    const delegation = (delegator: Uint8Array) =>
      decodeMessage(
        QueryDelegationResponseSchema,
        ask(
          "Delegation",
          encodeMessage(QueryDelegationRequestSchema, {
            delegatorAddr: addresses.toText(delegator),
            validatorAddr: operatorText,
          }),
        ),
      ).delegationResponse;
    expect(delegation(operator)?.balance).toMatchObject({ denom: "uscrt", amount: "7000000" });
    expect(() => delegation(stranger)).toThrow(expect.objectContaining({ code: "grpc/5" }));
  });

  it("shows the pools", () => {
    const { context, module, genesis, ask } = setUp();
    module.initGenesis?.(context, genesis);
    const { pool } = decodeMessage(QueryPoolResponseSchema, ask("Pool"));
    expect(pool).toMatchObject({ bondedTokens: "7000000", notBondedTokens: "0" });
  });

  it("says that a validator does not exist", () => {
    const { context, module, genesis, ask } = setUp();
    module.initGenesis?.(context, genesis);
    const validatorAddr = toBech32("secretvaloper", stranger);
    const request = encodeMessage(QueryValidatorRequestSchema, { validatorAddr });
    expect(() => ask("Validator", request)).toThrow(expect.objectContaining({ code: "grpc/5" }));
  });

  it("refuses a genesis whose pool does not hold what is staked", () => {
    const { context, module, genesis } = setUp(7_000_001n);
    expect(() => module.initGenesis?.(context, genesis)).toThrow(
      expect.objectContaining({ code: "undefined/1" }),
    );
  });

  it("exports what starts the chain again", () => {
    const first = setUp();
    first.module.initGenesis?.(first.context, first.genesis);
    const exported = first.module.exportGenesis?.(first.context);
    const second = setUp();
    const updates = second.module.initGenesis?.(second.context, exported!);
    expect(updates).toMatchObject([{ power: 7n }]);
    expect(second.module.exportGenesis?.(second.context)).toEqual(exported);
  });

  it("answers what contracts ask", () => {
    const { context, module, genesis } = setUp();
    module.initGenesis?.(context, genesis);
    const { contractQueries } = module;
    expect(contractQueries.bondDenom(context)).toBe("uscrt");
    expect(contractQueries.bondedValidators(context)).toEqual([
      {
        address: operatorText,
        commission: "0.000000000000000000",
        maxCommission: "1.000000000000000000",
        maxChangeRate: "0.000000000000000000",
      },
    ]);
    expect(contractQueries.delegations(context, operator)).toHaveLength(1);
    expect(contractQueries.delegation(context, stranger, operatorText)).toBeUndefined();
    expect(() => contractQueries.validator(context, "secret1")).toThrow(
      expect.objectContaining({ code: "sdk/7" }),
    );
  });

  it("reads parameters once for a contract, whatever is found", () => {
    const { context, module, genesis } = setUp();
    module.initGenesis?.(context, genesis);
    const { contractQueries } = module;
    const cost = (read: () => unknown) => {
      const before = context.gasMeter.consumed;
      read();
      return context.gasMeter.consumed - before;
    };
    const parameters = cost(() => contractQueries.bondDenom(context));
    expect(parameters).toBeGreaterThan(100n);
    const emptyRange = context.kvGas.iterNextCostFlat;
    for (const kind of ["delegations", "unbondingDelegations"] as const) {
      expect(cost(() => contractQueries[kind](context, stranger))).toBe(parameters + emptyRange);
    }
  });
});
