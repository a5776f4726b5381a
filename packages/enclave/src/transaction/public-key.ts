import {
  accountAddress,
  keccak256,
  secp256k1Verify,
  sha256,
  truncatedHashAddress,
} from "@tacit/crypto";
import { aminoPublicKey, decodeMessage } from "@tacit/encoding";
import { LegacyAminoPubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/keys";
import { MultiSignatureSchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/v1beta1/multisig";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import type { ModeInfo } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { MULTISIG_MEMBERS_MAX } from "../limits.ts";
import { SIGN_MODE } from "./sign-bytes.ts";

interface AnyKey {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** A signer's key: one, or several of which a number must sign. */
export type AccountKey =
  | { readonly kind: "single"; readonly publicKey: Uint8Array; readonly address: Uint8Array }
  | {
      readonly kind: "multi";
      readonly threshold: number;
      readonly members: readonly AccountKey[];
      readonly address: Uint8Array;
    };

/**
 * Undefined for types that cannot sign on this network.
 * @throws {EncodingError} for malformed keys.
 */
export function decodeAccountKey(any: AnyKey, budget = { members: 0 }): AccountKey | undefined {
  budget.members++;
  if (budget.members > MULTISIG_MEMBERS_MAX) return undefined;
  if (any.typeUrl === "/cosmos.crypto.secp256k1.PubKey") {
    const { key } = decodeMessage(PubKeySchema, any.value);
    if (key.length !== 33) return undefined;
    return { kind: "single", publicKey: key, address: accountAddress(key) };
  }
  if (any.typeUrl !== "/cosmos.crypto.multisig.LegacyAminoPubKey") return undefined;
  const { threshold, publicKeys } = decodeMessage(LegacyAminoPubKeySchema, any.value);
  const members: AccountKey[] = [];
  for (const member of publicKeys) {
    const key = decodeAccountKey(member, budget);
    if (key === undefined) return undefined;
    members.push(key);
  }
  if (threshold < 1 || threshold > members.length) return undefined;
  const address = truncatedHashAddress(aminoPublicKey(any));
  return { kind: "multi", threshold, members, address };
}

/** Bytes to be signed, by mode; undefined for a mode that is not supported. */
export type SignBytesOf = (mode: number) => Uint8Array | undefined;

/** Whether `signature` holds. @throws {EncodingError} for malformed multisignatures. */
export function verifySignature(
  key: AccountKey,
  modeInfo: ModeInfo | undefined,
  signature: Uint8Array,
  signBytesOf: SignBytesOf,
): boolean {
  if (modeInfo === undefined) return false;
  if (key.kind === "multi") return verifyMulti(key, modeInfo, signature, signBytesOf);
  if (modeInfo.sum.case !== "single") return false;
  const { mode } = modeInfo.sum.value;
  const bytes = signBytesOf(mode);
  if (bytes === undefined) return false;
  const digest = (mode as number) === SIGN_MODE.eip191 ? keccak256(bytes) : sha256(bytes);
  return secp256k1Verify(digest, signature, key.publicKey);
}

/** Each signature belongs to the next member whose bit is set; members are distinct by position. */
function verifyMulti(
  key: Extract<AccountKey, { kind: "multi" }>,
  modeInfo: ModeInfo,
  signature: Uint8Array,
  signBytesOf: SignBytesOf,
): boolean {
  if (modeInfo.sum.case !== "multi") return false;
  const { bitarray, modeInfos } = modeInfo.sum.value;
  const { signatures } = decodeMessage(MultiSignatureSchema, signature);
  const signers = key.members.filter((_, index) => hasBit(bitarray?.elems, index));
  const { length } = signers;
  if (length < key.threshold || length !== signatures.length || length !== modeInfos.length) {
    return false;
  }
  return signers.every((member, index) =>
    verifySignature(member, modeInfos[index], signatures[index]!, signBytesOf),
  );
}

function hasBit(elements: Uint8Array | undefined, index: number): boolean {
  return ((elements?.[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
}
