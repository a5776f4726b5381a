/** Interchain accounts as far as they go without channels: parameters, genesis, queries. */
import { create } from "@bufbuild/protobuf";
import {
  decodeMessage,
  encodeMessage,
  fromClientJson,
  type Types,
  toClientJson,
} from "@tacit/encoding";
import {
  type Params as ControllerParams,
  ParamsSchema as ControllerParamsSchema,
} from "@tacit/encoding/proto/ibc/applications/interchain_accounts/controller/v1/controller";
import { Query as ControllerQuery } from "@tacit/encoding/proto/ibc/applications/interchain_accounts/controller/v1/query";
import {
  type ControllerGenesisState,
  GenesisStateSchema,
  type HostGenesisState,
} from "@tacit/encoding/proto/ibc/applications/interchain_accounts/genesis/v1/genesis";
import {
  type Params as HostParams,
  ParamsSchema as HostParamsSchema,
} from "@tacit/encoding/proto/ibc/applications/interchain_accounts/host/v1/host";
import { Query as HostQuery } from "@tacit/encoding/proto/ibc/applications/interchain_accounts/host/v1/query";
import {
  type Context,
  grpcError,
  type JsonValue,
  type Module,
  PlainError,
  type QueryRouter,
} from "@tacit/sdk";
import { controllerStoreName, hostStoreName, paramsKey } from "./keys.ts";
import { ALLOW_MESSAGES_MAX, OWNER_BYTES_MAX } from "./limits.ts";

const hostPort = "icahost";
const defaultControllerParams = { controllerEnabled: true };
const defaultHostParams = { hostEnabled: true, allowMessages: ["*"] };
/** No Any stands in this genesis. */
const noTypes: Types = { getMessage: () => undefined };

/** @see chain-and-client-api section 6, ICA */
export function createInterchainAccountsModule(): Module {
  return {
    name: "interchainaccounts",
    register: ({ queries }) => registerQueries(queries),
    defaultGenesis: () => print(defaultControllerParams, defaultHostParams),
    initGenesis: (context, json) => {
      const state = fromClientJson(GenesisStateSchema, json, { types: noTypes });
      const { controllerGenesisState: controller, hostGenesisState: host } = state;
      if (controller?.params === undefined || host?.params === undefined) {
        throw new PlainError("interchainaccounts genesis: parameters are missing");
      }
      refuseAccounts(controller);
      refuseAccounts(host);
      checkHostParams(host.params);
      setControllerParams(context, controller.params);
      setHostParams(context, host.params);
      return undefined;
    },
    exportGenesis: (context) => print(controllerParams(context), hostParams(context)),
  };
}

function registerQueries(queries: QueryRouter): void {
  queries.register(ControllerQuery, {
    params: (context) => ({ params: controllerParams(context) }),
    interchainAccount: (_context, { owner, connectionId }) => {
      throw unknownAccount(owner, connectionId);
    },
  });
  queries.register(HostQuery, { params: (context) => ({ params: hostParams(context) }) });
}

/** No account exists before there are channels. */
function unknownAccount(owner: string, connectionId: string): Error {
  const refuse = (reason: string) =>
    grpcError.invalidArgument(
      `failed to generate portID from owner address: ${reason}: invalid account address`,
    );
  if (owner.trim() === "") return refuse("owner address cannot be empty");
  if (new TextEncoder().encode(owner).length > OWNER_BYTES_MAX) {
    return refuse(`owner address must not exceed ${OWNER_BYTES_MAX} bytes`);
  }
  return grpcError.notFound(
    `failed to retrieve account address for icacontroller-${owner} on connection ${connectionId}`,
  );
}

function controllerParams(context: Context): ControllerParams {
  return decodeMessage(ControllerParamsSchema, paramBytes(context, controllerStoreName));
}

function hostParams(context: Context): HostParams {
  return decodeMessage(HostParamsSchema, paramBytes(context, hostStoreName));
}

/** A chain that was begun without these parameters has none. */
function paramBytes(context: Context, store: string): Uint8Array {
  const bytes = context.kvStore(store).get(paramsKey);
  if (bytes === undefined) throw new PlainError(`${store} parameters have not been set`);
  return bytes;
}

function setControllerParams(context: Context, params: ControllerParams): void {
  context
    .kvStore(controllerStoreName)
    .set(paramsKey, encodeMessage(ControllerParamsSchema, params));
}

function setHostParams(context: Context, params: HostParams): void {
  context.kvStore(hostStoreName).set(paramsKey, encodeMessage(HostParamsSchema, params));
}

function checkHostParams({ allowMessages }: HostParams): void {
  if (allowMessages.length > ALLOW_MESSAGES_MAX) {
    throw new PlainError(`allow list length must not exceed ${ALLOW_MESSAGES_MAX} items`);
  }
  if (allowMessages.some((typeUrl) => typeUrl.trim() === "")) {
    throw new PlainError("parameter must not contain empty strings");
  }
}

function refuseAccounts(state: ControllerGenesisState | HostGenesisState): void {
  if (state.activeChannels.length > 0 || state.interchainAccounts.length > 0) {
    throw new PlainError("interchainaccounts genesis: channels and accounts need IBC");
  }
}

function print(
  controller: { readonly controllerEnabled: boolean },
  host: { readonly hostEnabled: boolean; readonly allowMessages: readonly string[] },
): JsonValue {
  const state = create(GenesisStateSchema, {
    controllerGenesisState: { params: { controllerEnabled: controller.controllerEnabled } },
    hostGenesisState: {
      port: hostPort,
      params: { hostEnabled: host.hostEnabled, allowMessages: [...host.allowMessages] },
    },
  });
  return toClientJson(GenesisStateSchema, state, noTypes);
}
