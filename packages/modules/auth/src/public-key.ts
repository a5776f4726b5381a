/** Public keys that accounts may have, with their addresses and how they verify. */
import { accountAddress, sha256, truncatedHashAddress } from "@tacit/crypto";
import { aminoPublicKey, concatBytes, decodeMessage, encodeMessage } from "@tacit/encoding";
import { PubKeySchema as Ed25519PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { LegacyAminoPubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/keys";
import { PubKeySchema as Secp256k1PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import { PubKeySchema as Secp256r1PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256r1/keys";
import { bytesToId } from "@tacit/light/ids";
import { type AnyValue, PanicError, sdkErrors } from "@tacit/sdk";
import { limits } from "./limits.ts";

interface KeyCommon {
  /** Protobuf Any, in canonical form. */
  readonly any: AnyValue;
  /** @throws {PanicError} if the key's length is wrong, as the SDK panics. */
  readonly address: Uint8Array;
}

export type SingleKey = KeyCommon & {
  readonly kind: "secp256k1" | "secp256r1" | "ed25519";
  readonly key: Uint8Array;
};

/** k of n keys. */
export type MultisigKey = KeyCommon & {
  readonly kind: "multisig";
  readonly threshold: number;
  readonly members: readonly PublicKey[];
};

export type PublicKey = SingleKey | MultisigKey;

export const publicKeySchemas = [
  Secp256k1PubKeySchema,
  Secp256r1PubKeySchema,
  Ed25519PubKeySchema,
  LegacyAminoPubKeySchema,
] as const;

const singleKinds = {
  "/cosmos.crypto.secp256k1.PubKey": ["secp256k1", Secp256k1PubKeySchema],
  "/cosmos.crypto.secp256r1.PubKey": ["secp256r1", Secp256r1PubKeySchema],
  "/cosmos.crypto.ed25519.PubKey": ["ed25519", Ed25519PubKeySchema],
} as const;

const multisigUrl = "/cosmos.crypto.multisig.LegacyAminoPubKey";

/** Keys come back with every transaction of their account: by the value of their Any. */
const known = new Map<string, PublicKey>();
/** Several checks of a transaction ask for the same key in turn. */
let last: { readonly any: AnyValue; readonly key: PublicKey } | undefined;

/**
 * Reads a key from an Any.
 * @throws {SdkError} `sdk/8` if the type is no public key; {EncodingError} if it does not decode.
 */
export function parsePublicKey(any: AnyValue): PublicKey {
  if (last?.any === any) return last.key;
  const id = bytesToId(any.value);
  let key = known.get(id);
  // Types of key share the form of their values.
  if (key?.any.typeUrl !== any.typeUrl) {
    key = parse(any, 0);
    if (known.size >= limits.cachedKeys) known.clear();
    if (any.value.length <= limits.cachedKeyBytes) known.set(id, key);
  }
  last = { any, key };
  return key;
}

function parse(any: AnyValue, depth: number): PublicKey {
  if (any.typeUrl === multisigUrl) return parseMultisig(any, depth);
  const single = singleKinds[any.typeUrl as keyof typeof singleKinds];
  if (single === undefined) {
    throw sdkErrors.invalidPubKey.wrap(`unrecognized public key type: ${any.typeUrl}`);
  }
  const [kind, schema] = single;
  const { key } = decodeMessage(schema, any.value);
  const canonical = { typeUrl: any.typeUrl, value: encodeMessage(schema, { key }) };
  let address: Uint8Array | undefined;
  return {
    kind,
    key,
    any: canonical,
    get address() {
      address ??= singleAddress(kind, key);
      return address;
    },
  };
}

function singleAddress(kind: SingleKey["kind"], key: Uint8Array): Uint8Array {
  const length = kind === "ed25519" ? 32 : 33;
  if (key.length !== length) throw new PanicError("length of pubkey is incorrect");
  if (kind === "secp256k1") return accountAddress(key);
  if (kind === "ed25519") return truncatedHashAddress(key);
  // ADR-028: sha256(sha256(type name) || key), 32 bytes.
  return sha256(
    concatBytes(sha256(new TextEncoder().encode("cosmos.crypto.secp256r1.PubKey")), key),
  );
}

function parseMultisig(any: AnyValue, depth: number): MultisigKey {
  if (depth > limits.multisigDepth) throw sdkErrors.invalidPubKey.wrap("multisig nested too deep");
  const { threshold, publicKeys } = decodeMessage(LegacyAminoPubKeySchema, any.value);
  if (publicKeys.length > limits.multisigMembers) {
    throw sdkErrors.invalidPubKey.wrap("multisig has too many members");
  }
  const members = publicKeys.map((member) => parse(member, depth + 1));
  const value = encodeMessage(LegacyAminoPubKeySchema, {
    threshold,
    publicKeys: members.map((member) => member.any),
  });
  let address: Uint8Array | undefined;
  return {
    kind: "multisig",
    threshold,
    members,
    any: { typeUrl: any.typeUrl, value },
    get address() {
      address ??= truncatedHashAddress(aminoPublicKey(this.any));
      return address;
    },
  };
}

/** How many single keys a key has in it. */
export function countSingleKeys(key: PublicKey): number {
  if (key.kind !== "multisig") return 1;
  return key.members.reduce((sum, member) => sum + countSingleKeys(member), 0);
}
