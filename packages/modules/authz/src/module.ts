/** The module as the frame sees it. */
import type { Module } from "@tacit/sdk";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import { AuthzKeeper, type AuthzKeeperOptions } from "./keeper.ts";
import { registerMessages } from "./messages.ts";
import { registerQueries } from "./queries.ts";

/** Acting for others. */
export function createAuthzModule(options: AuthzKeeperOptions): Module {
  const keeper = new AuthzKeeper(options);
  return {
    name: "authz",
    register: (services) => {
      services.types.register(...keeper.kinds.map(({ schema }) => schema));
      registerMessages(services.messages, keeper);
      registerQueries(services.queries, keeper);
    },
    beginBlock: (context) => keeper.removeExpired(context),
    defaultGenesis: () => defaultGenesis(options.types),
    initGenesis: (context, state) => {
      initGenesis(context, keeper, state);
      return undefined;
    },
    exportGenesis: (context) => exportGenesis(context, keeper),
  };
}
