/** The module as the frame sees it. */
import type { Module, TypeResolver } from "@tacit/sdk";
import { allowanceSchemas } from "./allowance.ts";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import type { FeeGrantKeeper } from "./keeper.ts";
import { prunedPerBlockMax } from "./limits.ts";
import { registerMessages } from "./messages.ts";
import { registerQueries } from "./queries.ts";

/** Paying the fees of others. */
export function createFeeGrantModule(keeper: FeeGrantKeeper, types: TypeResolver): Module {
  return {
    name: "feegrant",
    register: (services) => {
      services.types.register(...allowanceSchemas);
      registerMessages(services.messages, keeper);
      registerQueries(services.queries, keeper);
    },
    endBlock: (context) => {
      keeper.removeExpired(context, prunedPerBlockMax);
      return undefined;
    },
    defaultGenesis: () => defaultGenesis(types),
    initGenesis: (context, state) => {
      initGenesis(context, keeper, types, state);
      return undefined;
    },
    exportGenesis: (context) => exportGenesis(context, keeper, types),
  };
}
