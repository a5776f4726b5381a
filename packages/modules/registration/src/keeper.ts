/** The network's public keys and the nodes that were let in. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { MasterKeySchema } from "@tacit/encoding/proto/secret/registration/v1beta1/msg";
import {
  type RegistrationNodeInfo,
  RegistrationNodeInfoSchema,
} from "@tacit/encoding/proto/secret/registration/v1beta1/types";
import { type Context, sdkErrors } from "@tacit/sdk";
import { ioKey, nodeKey, registrationStoreName, seedExchangeKey } from "./keys.ts";

/** X25519 public keys, 32 bytes each. */
export interface NetworkKeys {
  /** Clients encrypt to it. */
  readonly ioPublicKey: Uint8Array;
  /** New nodes' seeds travel under it. */
  readonly seedExchangePublicKey: Uint8Array;
}

export function setNetworkKeys(context: Context, keys: NetworkKeys): void {
  const store = context.kvStore(registrationStoreName);
  store.set(ioKey, encodeMessage(MasterKeySchema, { bytes: keys.ioPublicKey }));
  store.set(seedExchangeKey, encodeMessage(MasterKeySchema, { bytes: keys.seedExchangePublicKey }));
}

/** @throws {SdkError} `sdk/9` before genesis. */
export function getNetworkKeys(context: Context): NetworkKeys {
  const ioPublicKey = readKey(context, ioKey);
  const seedExchangePublicKey = readKey(context, seedExchangeKey);
  if (ioPublicKey === undefined || seedExchangePublicKey === undefined) {
    throw sdkErrors.unknownAddress.wrap("Chain has not been initialized yet");
  }
  return { ioPublicKey, seedExchangePublicKey };
}

function readKey(context: Context, key: Uint8Array): Uint8Array | undefined {
  const bytes = context.kvStore(registrationStoreName).get(key);
  return bytes === undefined ? undefined : decodeMessage(MasterKeySchema, bytes).bytes;
}

/** @throws {SdkError} `sdk/9` for a node that is not registered. */
export function getNode(context: Context, publicKey: Uint8Array): RegistrationNodeInfo {
  const bytes = context.kvStore(registrationStoreName).get(nodeKey(publicKey));
  if (bytes === undefined) {
    throw sdkErrors.unknownAddress.wrap("Node has not been authenticated yet");
  }
  return decodeMessage(RegistrationNodeInfoSchema, bytes);
}
