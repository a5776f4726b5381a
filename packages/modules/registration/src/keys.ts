/** Every key of the store `register` (privacy protocol section 10). */
import { concatBytes, prefixEnd, utf8Bytes } from "@tacit/sdk";

export const registrationStoreName = "register";

const nodePrefix = Uint8Array.of(0x01);
const masterKeyPrefix = Uint8Array.of(0x02);

/** Protobuf MasterKey: the public key under which new nodes are sent the seeds. */
export const seedExchangeKey = concatBytes(masterKeyPrefix, utf8Bytes("NodeExchMasterKey"));
/** Protobuf MasterKey: the public key that clients encrypt to. */
export const ioKey = concatBytes(masterKeyPrefix, utf8Bytes("IoExchMasterKey"));

/** Protobuf RegistrationNodeInfo of a node, by its public key. */
export function nodeKey(publicKey: Uint8Array): Uint8Array {
  return concatBytes(nodePrefix, publicKey);
}

/** Public key of a key made by {@link nodeKey}. */
export function publicKeyOfNodeKey(key: Uint8Array): Uint8Array {
  return key.slice(nodePrefix.length);
}

export const nodeRange = [nodePrefix, prefixEnd(nodePrefix)] as const;
