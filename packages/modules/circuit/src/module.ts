/** The module as the frame sees it. */
import { fromClientJson, toClientJson } from "@tacit/encoding";
import {
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/cosmos/circuit/v1/types";
import type { Context, JsonValue, Module, TypeResolver } from "@tacit/sdk";
import { type CircuitAuthority, registerMessages } from "./messages.ts";
import { registerQueries } from "./queries.ts";
import { allPermissions, setPermissions, trip, trippedTypes } from "./store.ts";

export interface CircuitModuleOptions extends CircuitAuthority {
  readonly types: TypeResolver;
}

/** Refusing message types by list. */
export function createCircuitModule(options: CircuitModuleOptions): Module {
  const { addresses, types } = options;
  return {
    name: "circuit",
    register: ({ messages, queries }) => {
      registerMessages(messages, options);
      registerQueries(queries, addresses);
    },
    defaultGenesis: () => print([], [], types),
    initGenesis: (context, state) => {
      const genesis = fromClientJson(GenesisStateSchema, state, { types });
      for (const { address, permissions } of genesis.accountPermissions) {
        if (permissions === undefined) continue;
        setPermissions(context, addresses.toBytes(address), permissions);
      }
      for (const typeUrl of genesis.disabledTypeUrls) trip(context, typeUrl);
      return undefined;
    },
    exportGenesis: (context) => exportGenesis(context, options),
  };
}

function exportGenesis(context: Context, { addresses, types }: CircuitModuleOptions): JsonValue {
  const accounts = [...allPermissions(context)].map(({ address, permissions }) => ({
    $typeName: "cosmos.circuit.v1.GenesisAccountPermissions" as const,
    address: addresses.toText(address),
    permissions,
  }));
  return print(accounts, trippedTypes(context), types);
}

function print(
  accountPermissions: GenesisState["accountPermissions"],
  disabledTypeUrls: string[],
  types: TypeResolver,
): JsonValue {
  const state: GenesisState = {
    $typeName: "cosmos.circuit.v1.GenesisState",
    accountPermissions,
    disabledTypeUrls,
  };
  return toClientJson(GenesisStateSchema, state, types);
}
