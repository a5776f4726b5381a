/** `app_state.register`: the network's public keys, known before its first block. */
import { create } from "@bufbuild/protobuf";
import { fromClientJson, toClientJson } from "@tacit/encoding";
import {
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/secret/registration/v1beta1/genesis";
import type { Context, JsonValue } from "@tacit/sdk";
import { registrationErrors } from "./errors.ts";
import { getNetworkKeys, type NetworkKeys, setNetworkKeys } from "./keeper.ts";
import { nodeRange, registrationStoreName } from "./keys.ts";

const KEY_BYTES = 32;

/** Nothing in this genesis is an Any. */
const types = { getMessage: () => undefined };

/** The genesis of a network whose enclave published these keys. */
export function registrationGenesis(keys: NetworkKeys): JsonValue {
  return toJson(
    create(GenesisStateSchema, {
      nodeExchMasterKey: { bytes: keys.seedExchangePublicKey },
      ioMasterKey: { bytes: keys.ioPublicKey },
    }),
  );
}

/**
 * @throws {SdkError} `register/4` without both keys, `register/8` for nodes: who they are cannot
 *   be verified here.
 */
export function initGenesis(context: Context, json: JsonValue): undefined {
  const state = fromClientJson(GenesisStateSchema, json, { types });
  const ioPublicKey = state.ioMasterKey?.bytes;
  const seedExchangePublicKey = state.nodeExchMasterKey?.bytes;
  if (ioPublicKey?.length !== KEY_BYTES || seedExchangePublicKey?.length !== KEY_BYTES) {
    throw registrationErrors.bootstrapFailed.wrap("genesis needs both public keys of the network");
  }
  if (state.registration.length > 0) {
    throw registrationErrors.invalid.wrap("registered nodes cannot be imported yet");
  }
  setNetworkKeys(context, { ioPublicKey, seedExchangePublicKey });
}

/** @throws {SdkError} `register/8` if there are registered nodes, which would be lost. */
export function exportGenesis(context: Context): JsonValue {
  for (const _ of context.kvStore(registrationStoreName).iterator(...nodeRange)) {
    throw registrationErrors.invalid.wrap("registered nodes cannot be exported yet");
  }
  return registrationGenesis(getNetworkKeys(context));
}

function toJson(state: GenesisState): JsonValue {
  return toClientJson(GenesisStateSchema, state, types);
}
