/** Queries of `bank`. Errors carry the gRPC status that clients look at. */
import { type Coin, checkDenom, coinToWire, decodeMessage } from "@tacit/encoding";
import { MetadataSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/bank";
import { Query } from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import {
  type Context,
  grpcError,
  type PageRequest,
  PlainError,
  paginate,
  type QueryImplementation,
  type QueryRouter,
  utf8Text,
} from "@tacit/sdk";
import type { BankKeeper } from "./keeper.ts";
import {
  balancesOfPrefix,
  bankStoreName,
  metadataPrefix,
  ownersPrefix,
  sendEnabledPrefix,
  supplyPrefix,
} from "./keys.ts";

type Paging = Partial<PageRequest> | undefined;

export function registerQueries(queries: QueryRouter, keeper: BankKeeper): void {
  queries.register(Query, { ...balanceQueries(keeper), ...denomQueries(keeper) });
}

type Queries = Partial<QueryImplementation<typeof Query>>;

/** What accounts have. */
function balanceQueries(keeper: BankKeeper): Queries {
  return {
    balance: (context, { address, denom }) => {
      assertDenom(denom);
      const owner = addressOf(keeper, address);
      return { balance: coinToWire({ denom, amount: keeper.getBalance(context, owner, denom) }) };
    },
    allBalances: (context, { address, pagination, resolveDenom }) => {
      const owner = addressOf(keeper, address);
      const { items, pagination: page } = pageOfBalances(context, owner, pagination);
      const named = items.map(({ denom, amount }) => {
        const metadata = resolveDenom ? keeper.getMetadata(context, denom) : undefined;
        return coinToWire({ denom: metadata?.display ?? denom, amount });
      });
      return { balances: named, pagination: page };
    },
    spendableBalances: (context, { address, pagination }) => {
      const owner = addressOf(keeper, address);
      const { items, pagination: page } = pageOfBalances(context, owner, pagination);
      const spendable = keeper.spendableCoins(context, owner);
      const balances = items.map(({ denom }) =>
        coinToWire({ denom, amount: spendable.find((coin) => coin.denom === denom)?.amount ?? 0n }),
      );
      return { balances, pagination: page };
    },
    spendableBalanceByDenom: (context, { address, denom }) => {
      const owner = addressOf(keeper, address);
      assertDenom(denom);
      const locked = keeper.options.accounts.lockedCoins(context, owner);
      const balance = keeper.getBalance(context, owner, denom);
      const amount = balance - (locked.find((coin) => coin.denom === denom)?.amount ?? 0n);
      return { balance: coinToWire({ denom, amount }) };
    },
  };
}

/** What is known of denominations. */
function denomQueries(keeper: BankKeeper): Queries {
  return {
    totalSupply: (context, { pagination }) => {
      const page = asInternal(() =>
        paginate(context.kvStore(bankStoreName), supplyPrefix, pagination, (key, value) =>
          coinToWire({ denom: utf8Text(key), amount: BigInt(utf8Text(value)) }),
        ),
      );
      return { supply: [...page.items], pagination: page.pagination };
    },
    supplyOf: (context, { denom }) => {
      assertDenom(denom);
      return { amount: coinToWire({ denom, amount: keeper.getSupply(context, denom) }) };
    },
    params: (context) => ({ params: keeper.getParams(context) }),
    denomsMetadata: (context, { pagination }) => {
      const page = asInternal(() =>
        paginate(context.kvStore(bankStoreName), metadataPrefix, pagination, (_, value) =>
          decodeMessage(MetadataSchema, value),
        ),
      );
      return { metadatas: [...page.items], pagination: page.pagination };
    },
    denomMetadata: (context, { denom }) => metadataOf(context, keeper, denom),
    denomMetadataByQueryString: (context, { denom }) => metadataOf(context, keeper, denom),
    denomOwners: (context, { denom, pagination }) => owners(context, keeper, denom, pagination),
    denomOwnersByQuery: (context, { denom, pagination }) =>
      owners(context, keeper, denom, pagination),
    sendEnabled: (context, { denoms, pagination }) => {
      if (denoms.length > 0) {
        const found = denoms.flatMap((denom) => {
          const enabled = keeper.getSendEnabled(context, denom);
          return enabled === undefined ? [] : [{ denom, enabled }];
        });
        return { sendEnabled: found };
      }
      const page = asInternal(() =>
        paginate(context.kvStore(bankStoreName), sendEnabledPrefix, pagination, (key, value) => ({
          denom: utf8Text(key),
          enabled: value.length > 0,
        })),
      );
      return { sendEnabled: [...page.items], pagination: page.pagination };
    },
  };
}

function pageOfBalances(context: Context, owner: Uint8Array, pagination: Paging) {
  try {
    return paginate(
      context.kvStore(bankStoreName),
      balancesOfPrefix(owner),
      pagination,
      (key, value): Coin => ({ denom: utf8Text(key), amount: BigInt(utf8Text(value)) }),
    );
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    throw grpcError.invalidArgument(`paginate: ${error.message}`);
  }
}

function owners(context: Context, keeper: BankKeeper, denom: string, pagination: Paging) {
  assertDenom(denom);
  const { addresses } = keeper.options.accounts;
  const page = paginate(context.kvStore(bankStoreName), ownersPrefix(denom), pagination, (key) => {
    const address = key.subarray(1);
    const amount = keeper.getBalance(context, address, denom);
    return { address: addresses.toText(address), balance: coinToWire({ denom, amount }) };
  });
  return { denomOwners: [...page.items], pagination: page.pagination };
}

function metadataOf(context: Context, keeper: BankKeeper, denom: string) {
  assertDenom(denom);
  const metadata = keeper.getMetadata(context, denom);
  if (metadata === undefined) throw grpcError.notFound(`client metadata for denom ${denom}`);
  return { metadata };
}

function assertDenom(denom: string): void {
  try {
    checkDenom(denom);
  } catch (error) {
    throw grpcError.invalidArgument((error as Error).message);
  }
}

function addressOf(keeper: BankKeeper, address: string): Uint8Array {
  try {
    return keeper.options.accounts.addresses.toBytes(address);
  } catch (error) {
    throw grpcError.invalidArgument(`invalid address: ${(error as Error).message}`);
  }
}

function asInternal<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    throw grpcError.internal(error.message);
  }
}
