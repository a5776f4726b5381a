/** The module as the frame sees it. */
import { create } from "@bufbuild/protobuf";
import { fromClientJson, type Types, toClientJson } from "@tacit/encoding";
import { GenesisStateSchema } from "@tacit/encoding/proto/secret/emergencybutton/v1beta1/genesis";
import type { Params } from "@tacit/encoding/proto/secret/emergencybutton/v1beta1/params";
import { Query } from "@tacit/encoding/proto/secret/emergencybutton/v1beta1/query";
import type { JsonValue, Module } from "@tacit/sdk";
import { defaultParams, getParams, setParams } from "./keeper.ts";
import { type EmergencyButtonOptions, registerMessages } from "./messages.ts";

/** No Any stands in this genesis. */
const noTypes: Types = { getMessage: () => undefined };

export function createEmergencyButtonModule(options: EmergencyButtonOptions): Module {
  return {
    name: "emergencybutton",
    register: ({ messages, queries }) => {
      registerMessages(messages, options);
      queries.register(Query, { params: (context) => ({ params: getParams(context) }) });
    },
    defaultGenesis: () => toJson(defaultParams()),
    initGenesis: (context, json) => {
      const { params } = fromClientJson(GenesisStateSchema, json, { types: noTypes });
      setParams(context, options.addresses, params ?? defaultParams());
      return undefined;
    },
    exportGenesis: (context) => toJson(getParams(context)),
  };
}

function toJson(params: Params): JsonValue {
  return toClientJson(GenesisStateSchema, create(GenesisStateSchema, { params }), noTypes);
}
