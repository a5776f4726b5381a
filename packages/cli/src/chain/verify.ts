/** Whether a transaction's signatures are those of its signers. */
import { accountAddress, secp256k1Verify, sha256, truncatedHashAddress } from "@tacit/crypto";
import {
  type AnyValue,
  accountAddress as addressText,
  aminoPublicKey,
  decodeMessage,
} from "@tacit/encoding";
import { LegacyAminoPubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/keys";
import { MultiSignatureSchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/v1beta1/multisig";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import { SignMode } from "@tacit/encoding/proto/cosmos/tx/signing/v1beta1/signing";
import type { ModeInfo, SignerInfo, Tx } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { aminoBytes, directBytes, type SignerNumbers } from "./transaction.ts";

export interface SignatureCheck {
  readonly address: string;
  readonly valid: boolean;
  /** Empty if it is. */
  readonly reason: string;
}

/** @param numbersOf the account's numbers; its sequence is compared with what was signed. */
export async function verifySignatures(
  tx: Tx,
  numbersOf: (address: string) => Promise<SignerNumbers>,
): Promise<readonly SignatureCheck[]> {
  const checks: SignatureCheck[] = [];
  for (const [index, info] of (tx.authInfo?.signerInfos ?? []).entries()) {
    const address = info.publicKey === undefined ? "" : addressOfKey(info.publicKey);
    const { sequence: current, ...account } = await numbersOf(address);
    const numbers = { ...account, sequence: info.sequence };
    const reason = wrongIn(tx, info, tx.signatures[index] ?? new Uint8Array(), numbers);
    const late = `sequence ${info.sequence} was signed, the account is at ${current}`;
    const why = reason ?? (current === info.sequence ? undefined : late);
    checks.push({ address, valid: why === undefined, reason: why ?? "" });
  }
  return checks;
}

function wrongIn(
  tx: Tx,
  info: SignerInfo,
  signature: Uint8Array,
  numbers: SignerNumbers,
): string | undefined {
  const { publicKey, modeInfo } = info;
  if (publicKey === undefined || modeInfo === undefined) return "no public key or mode";
  const isGood = isMultisig(publicKey)
    ? multisigIsGood(tx, publicKey, modeInfo, signature, numbers)
    : singleIsGood(tx, publicKey, modeInfo, signature, numbers);
  return isGood ? undefined : "the signature does not fit the transaction";
}

function singleIsGood(
  tx: Tx,
  key: AnyValue,
  mode: ModeInfo,
  signature: Uint8Array,
  numbers: SignerNumbers,
): boolean {
  if (key.typeUrl !== `/${PubKeySchema.typeName}` || mode.sum.case !== "single") return false;
  const bytes = signBytes(tx, mode.sum.value.mode, numbers);
  if (bytes === undefined || signature.length !== 64) return false;
  return secp256k1Verify(sha256(bytes), signature, decodeMessage(PubKeySchema, key.value).key);
}

function signBytes(tx: Tx, mode: SignMode, numbers: SignerNumbers): Uint8Array | undefined {
  if (mode === SignMode.DIRECT) return directBytes(tx, numbers);
  return mode === SignMode.LEGACY_AMINO_JSON ? aminoBytes(tx, numbers) : undefined;
}

function multisigIsGood(
  tx: Tx,
  key: AnyValue,
  mode: ModeInfo,
  signature: Uint8Array,
  numbers: SignerNumbers,
): boolean {
  if (mode.sum.case !== "multi") return false;
  const { threshold, publicKeys } = decodeMessage(LegacyAminoPubKeySchema, key.value);
  const { signatures } = decodeMessage(MultiSignatureSchema, signature);
  const { bitarray, modeInfos } = mode.sum.value;
  const elems = bitarray?.elems ?? new Uint8Array();
  const members = publicKeys.filter((_, at) => ((elems[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0);
  const isComplete = members.length >= threshold && members.length === signatures.length;
  return (
    isComplete &&
    members.every((member, at) => {
      const info = modeInfos[at];
      const part = signatures[at];
      if (info === undefined || part === undefined) return false;
      return isMultisig(member)
        ? multisigIsGood(tx, member, info, part, numbers)
        : singleIsGood(tx, member, info, part, numbers);
    })
  );
}

const isMultisig = ({ typeUrl }: AnyValue) => typeUrl === `/${LegacyAminoPubKeySchema.typeName}`;

function addressOfKey(key: AnyValue): string {
  if (isMultisig(key)) return addressText(truncatedHashAddress(aminoPublicKey(key)));
  return addressText(accountAddress(decodeMessage(PubKeySchema, key.value).key));
}
