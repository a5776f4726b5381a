/** The module as the frame sees it. */
import type { Module, TypeResolver } from "@tacit/sdk";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import type { BankKeeper } from "./keeper.ts";
import { registerMessages } from "./messages.ts";
import { registerQueries } from "./queries.ts";

/** Money: who has how much, and moving it. */
export function createBankModule(keeper: BankKeeper, types: TypeResolver): Module {
  return {
    name: "bank",
    register: ({ messages, queries }) => {
      registerMessages(messages, keeper);
      registerQueries(queries, keeper);
    },
    defaultGenesis: () => defaultGenesis(types),
    initGenesis: (context, state) => {
      initGenesis(context, keeper, types, state);
      return undefined;
    },
    exportGenesis: (context) => exportGenesis(context, keeper, types),
  };
}
