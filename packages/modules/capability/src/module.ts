/** The module as the frame sees it: genesis, and nothing a client could call. */
import { create } from "@bufbuild/protobuf";
import { fromClientJson, type Types, toClientJson } from "@tacit/encoding";
import {
  type GenesisOwners,
  GenesisOwnersSchema,
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/capability/v1/genesis";
import { type Context, type JsonValue, type Module, PlainError } from "@tacit/sdk";
import { allOwners, latestIndex, setLatestIndex, setOwners } from "./keeper.ts";

const firstIndex = 1n;

/** No Any stands in this genesis. */
const noTypes: Types = { getMessage: () => undefined };

export function createCapabilityModule(): Module {
  return {
    name: "capability",
    defaultGenesis: () => toJson(create(GenesisStateSchema, { index: firstIndex })),
    initGenesis,
    exportGenesis: (context) => toJson(stateOf(context)),
  };
}

/** @throws {PlainError} if the index is 0 or owners stand outside of it, or have no names. */
function initGenesis(context: Context, json: JsonValue): undefined {
  const state = fromClientJson(GenesisStateSchema, json, { types: noTypes });
  if (state.index === 0n) throw new PlainError("capability index must be non-zero");
  for (const owners of state.owners) assertOwners(owners, state.index);
  setLatestIndex(context, state.index);
  for (const { index, indexOwners } of state.owners) {
    if (indexOwners !== undefined) setOwners(context, index, indexOwners);
  }
}

function assertOwners({ index, indexOwners }: GenesisOwners, end: bigint): void {
  const owners = indexOwners?.owners ?? [];
  if (owners.length === 0) throw new PlainError("empty owners in genesis");
  if (index === 0n || index >= end) {
    throw new PlainError(
      `owners exist for index ${index} outside of valid range: ${firstIndex}-${end - 1n}`,
    );
  }
  for (const { module, name } of owners) {
    if (module.trim() === "") throw new PlainError("owner's module cannot be blank");
    if (name.trim() === "") throw new PlainError("owner's name cannot be blank");
  }
}

function stateOf(context: Context): GenesisState {
  const owners = [...allOwners(context)]
    .filter(({ owners }) => owners.owners.length > 0)
    .map(({ index, owners }) => create(GenesisOwnersSchema, { index, indexOwners: owners }));
  return create(GenesisStateSchema, { index: latestIndex(context), owners });
}

function toJson(state: GenesisState): JsonValue {
  return toClientJson(GenesisStateSchema, state, noTypes);
}
