import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  QueryAccountRequestSchema,
  QueryModuleAccountsResponseSchema,
} from "@tacit/encoding/proto/cosmos/auth/v1beta1/query";
import {
  QueryAllBalancesRequestSchema,
  QueryAllBalancesResponseSchema,
  QueryDenomOwnersRequestSchema,
  QueryDenomOwnersResponseSchema,
  QuerySupplyOfRequestSchema,
  QuerySupplyOfResponseSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import {
  SimulateRequestSchema,
  SimulateResponseSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import { TxRawSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { createAddressCodec, utf8Text } from "@tacit/sdk";
import { MsgSend } from "secretjs";
import { beforeAll, describe, expect, it } from "vitest";
import { localSecretAccounts } from "../src/index.ts";
import { LocalChain } from "./local-chain.ts";

let local: LocalChain;

beforeAll(() => {
  local = new LocalChain();
  local.block();
});

const ask = (path: string, data: Uint8Array = new Uint8Array(), height = 0n) =>
  local.chain.query({ path, data, height, prove: false });

describe("queries of modules", () => {
  it("say NotFound with the account's address, as clients look for it", () => {
    const address = createAddressCodec("secret").toText(new Uint8Array(20).fill(77));
    const data = encodeMessage(QueryAccountRequestSchema, { address });
    expect(ask("/cosmos.auth.v1beta1.Query/Account", data)).toMatchObject({
      code: 22,
      log: `rpc error: code = NotFound desc = account ${address} not found: key not found`,
      grpcStatus: { code: 5, message: `account ${address} not found` },
    });
  });

  it("list module accounts, made or not, in the order of their names", () => {
    const answer = ask("/cosmos.auth.v1beta1.Query/ModuleAccounts");
    const { accounts } = decodeMessage(QueryModuleAccountsResponseSchema, answer.value);
    expect(accounts.length).toBe(12);
  });

  it("page through owners of a denomination by key and by offset", () => {
    const path = "/cosmos.bank.v1beta1.Query/DenomOwners";
    const page = (pagination: object) => {
      const data = encodeMessage(QueryDenomOwnersRequestSchema, { denom: "uscrt", pagination });
      return decodeMessage(QueryDenomOwnersResponseSchema, ask(path, data).value);
    };
    const all = page({ limit: 100n, countTotal: true });
    // The five accounts, the bonded pool, and where new coins wait for distribution.
    expect(all.pagination?.total).toBe(7n);
    const seen: string[] = [];
    let key = new Uint8Array();
    do {
      const { denomOwners, pagination } = page({ limit: 4n, key });
      seen.push(...denomOwners.map(({ address }) => address));
      key = Uint8Array.from(pagination?.nextKey ?? []);
    } while (key.length > 0);
    expect(seen).toEqual(all.denomOwners.map(({ address }) => address));
    const reversed = page({ limit: 100n, reverse: true }).denomOwners.map(({ address }) => address);
    expect(reversed).toEqual([...seen].reverse());
    expect(page({ limit: 2n, offset: 4n }).denomOwners.length).toBe(2);
  });

  it("refuse key and offset together", () => {
    const data = encodeMessage(QueryAllBalancesRequestSchema, {
      address: localSecretAccounts[1].address,
      pagination: { key: Uint8Array.of(1), offset: 1n },
    });
    expect(ask("/cosmos.bank.v1beta1.Query/AllBalances", data)).toMatchObject({
      code: 18,
      grpcStatus: {
        code: 3,
        message: "paginate: invalid request, either offset or key is expected, got both",
      },
    });
  });

  it("know the supply and all balances", () => {
    const supply = ask(
      "/cosmos.bank.v1beta1.Query/SupplyOf",
      encodeMessage(QuerySupplyOfRequestSchema, { denom: "uscrt" }),
    );
    const owners = ask(
      "/cosmos.bank.v1beta1.Query/DenomOwners",
      encodeMessage(QueryDenomOwnersRequestSchema, { denom: "uscrt" }),
    );
    const { denomOwners } = decodeMessage(QueryDenomOwnersResponseSchema, owners.value);
    const owned = denomOwners.reduce((sum, { balance }) => sum + BigInt(balance?.amount ?? 0), 0n);
    expect(owned).toBeGreaterThan(5n * 10n ** 18n);
    expect(decodeMessage(QuerySupplyOfResponseSchema, supply.value).amount?.amount).toBe(
      owned.toString(),
    );
    const balances = ask(
      "/cosmos.bank.v1beta1.Query/AllBalances",
      encodeMessage(QueryAllBalancesRequestSchema, { address: localSecretAccounts[2].address }),
    );
    const decoded = decodeMessage(QueryAllBalancesResponseSchema, balances.value);
    expect(decoded.balances).toMatchObject([{ denom: "uscrt", amount: "1000000000000000000" }]);
    expect(decoded.pagination?.total).toBe(1n);
  });

  it("that nobody serves are unimplemented", () => {
    expect(ask("/cosmos.nft.v1beta1.Query/NFTs")).toMatchObject({
      code: 6,
      log: "unknown query path: unknown request",
      grpcStatus: { code: 12 },
    });
  });
});

describe("paths of the application", () => {
  it("give the version, and refuse what they do not know", () => {
    expect(utf8Text(ask("/app/version").value)).toBe("0.1.0");
    expect(ask("/app/nothing")).toMatchObject({ code: 6, codespace: "sdk" });
    expect(ask("")).toMatchObject({ code: 6, log: "no query path provided: unknown request" });
    expect(ask("/store/nothing/key", Uint8Array.of(1))).toMatchObject({
      code: 6,
      log: "no such store: nothing: unknown request",
    });
    expect(ask("/store/acc/key")).toMatchObject({ code: 2 });
  });

  it("list a subspace as pairs", () => {
    const { value } = ask("/store/acc/subspace", Uint8Array.of(0x00));
    const params = local.store.atVersion(2n).kvStore("acc").get(Uint8Array.of(0))!;
    const pair = [0x0a, 1, 0x00, 0x12, params.length, ...params];
    expect([...value]).toEqual([0x0a, pair.length, ...pair]);
  });
});

describe("simulation", () => {
  const simulate = async (amount: string) => {
    const { a, b } = local.users;
    const send = new MsgSend({
      from_address: a.address,
      to_address: b.address,
      amount: [{ denom: "uscrt", amount }],
    });
    const signed = decodeMessage(TxRawSchema, await a.sign([send], 50_000));
    a.sequence -= 1;
    const txBytes = encodeMessage(TxRawSchema, { ...signed, signatures: [new Uint8Array(64)] });
    const data = encodeMessage(SimulateRequestSchema, { txBytes });
    return ask("/cosmos.tx.v1beta1.Service/Simulate", data);
  };

  it("works without a signature, says the gas and changes nothing", async () => {
    const answer = await simulate("5");
    expect(answer.code).toBe(0);
    const { gasInfo, result } = decodeMessage(SimulateResponseSchema, answer.value);
    expect(gasInfo?.gasUsed).toBeGreaterThan(5_000n);
    expect(result?.events.some(({ type }) => type === "transfer")).toBe(true);
    expect((await simulate("5")).code).toBe(0);
  });

  it("fails with the transaction's own text and its gas", async () => {
    const answer = await simulate("9000000000000000000");
    expect(answer.log).toMatch(
      /^rpc error: code = Unknown desc = failed to execute message; message index: 0: .* insufficient funds with gas used: '\d+': unknown request$/,
    );
    expect(answer.grpcStatus?.code).toBe(2);
  });
});
