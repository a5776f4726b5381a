/** Public keys in amino's binary form, of which multisig addresses are hashes. */
import { concatBytes, fromHex } from "./bytes.ts";
import { decodeMessage } from "./codec.ts";
import { EncodingError } from "./errors.ts";
import { LegacyAminoPubKeySchema } from "./generated/cosmos/crypto/multisig/keys_pb.ts";
import { withWriter } from "./wire.ts";

const SECP256K1_PREFIX = fromHex("eb5ae98721");
const ED25519_PREFIX = fromHex("1624de6420");
const MULTISIG_PREFIX = fromHex("22c1f7e2");
/** Multisigs may be members of multisigs; nobody needs more than a few. */
const MAX_NESTING = 16;

const KEY_FIELD_LENGTHS: Readonly<Record<string, readonly [Uint8Array, number]>> = {
  "/cosmos.crypto.secp256k1.PubKey": [SECP256K1_PREFIX, 33],
  "/cosmos.crypto.ed25519.PubKey": [ED25519_PREFIX, 32],
};

/**
 * @param key an Any with a public key: secp256k1, ed25519 or a multisig of these.
 * @throws {EncodingError} `encoding/unrepresentable` for any other.
 */
export function aminoPublicKey(
  key: { readonly typeUrl: string; readonly value: Uint8Array },
  nesting = 0,
): Uint8Array {
  if (nesting > MAX_NESTING)
    throw new EncodingError({ code: "encoding/depth" }, "too many keys in keys");
  if (key.typeUrl === "/cosmos.crypto.multisig.LegacyAminoPubKey") {
    const multisig = decodeMessage(LegacyAminoPubKeySchema, key.value);
    const members = multisig.publicKeys.map((member) => aminoPublicKey(member, nesting + 1));
    return multisigAminoBytes(multisig.threshold, members);
  }
  const [prefix, length] = KEY_FIELD_LENGTHS[key.typeUrl] ?? [undefined, 0];
  // PubKey{1 key}: tag, length, key.
  const { value } = key;
  if (
    prefix === undefined ||
    value.length !== length + 2 ||
    value[0] !== 0x0a ||
    value[1] !== length
  ) {
    throw new EncodingError(
      { code: "encoding/unrepresentable", path: key.typeUrl },
      "public key has no amino form",
    );
  }
  return concatBytes(prefix, value.subarray(2));
}

/** @param members amino bytes of the member keys, in their order. */
export function multisigAminoBytes(threshold: number, members: readonly Uint8Array[]): Uint8Array {
  const body = withWriter((writer) => {
    for (let index = members.length - 1; index >= 0; index--) {
      writer.bytes(members[index] as Uint8Array);
      writer.tag(0x12);
    }
    writer.uint(threshold);
    writer.tag(0x08);
  });
  return concatBytes(MULTISIG_PREFIX, body);
}
