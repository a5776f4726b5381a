/** Transactions: drafts, signatures in both modes, signatures of several for one account. */
import { create } from "@bufbuild/protobuf";
import { type Secret, secp256k1Sign, sha256 } from "@tacit/crypto";
import {
  type AnyValue,
  aminoSignBytes,
  directSignBytes,
  encodeMessage,
  type WireCoin,
} from "@tacit/encoding";
import {
  type LegacyAminoPubKey,
  LegacyAminoPubKeySchema,
} from "@tacit/encoding/proto/cosmos/crypto/multisig/keys";
import { MultiSignatureSchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/v1beta1/multisig";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import { SignMode } from "@tacit/encoding/proto/cosmos/tx/signing/v1beta1/signing";
import {
  AuthInfoSchema,
  type SignerInfo,
  SignerInfoSchema,
  type Tx,
  TxBodySchema,
  TxSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { networkTypes } from "./types.ts";

export type SignModeName = "direct" | "amino-json";

export interface TxDraft {
  readonly messages: readonly AnyValue[];
  readonly memo: string;
  /** 0 for none. */
  readonly timeoutHeight: bigint;
  readonly fee: {
    readonly amount: readonly Pick<WireCoin, "denom" | "amount">[];
    readonly gasLimit: bigint;
    /** Empty for none. */
    readonly granter: string;
  };
}

/** What a signature covers besides the transaction. */
export interface SignerNumbers {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

export interface TxSigner {
  /** 33 bytes. */
  readonly publicKey: Uint8Array;
  readonly privateKey: Secret;
}

export function unsignedTx(draft: TxDraft): Tx {
  const { messages, memo, timeoutHeight, fee } = draft;
  return create(TxSchema, {
    body: { messages: messages.map((message) => ({ ...message })), memo, timeoutHeight },
    authInfo: {
      fee: {
        amount: fee.amount.map(({ denom, amount }) => ({ denom, amount })),
        gasLimit: fee.gasLimit,
        granter: fee.granter,
      },
    },
  });
}

/** The transaction with this signer's signature behind those it has. */
export function signTx(tx: Tx, signer: TxSigner, numbers: SignerNumbers, mode: SignModeName): Tx {
  const info = create(SignerInfoSchema, {
    publicKey: publicKeyAny(signer.publicKey),
    modeInfo: { sum: { case: "single", value: { mode: signModes[mode] } } },
    sequence: numbers.sequence,
  });
  const announced = withSigner(tx, info);
  const bytes =
    mode === "direct" ? directBytes(announced, numbers) : aminoBytes(announced, numbers);
  return create(TxSchema, {
    ...announced,
    signatures: [...tx.signatures, secp256k1Sign(sha256(bytes), signer.privateKey)],
  });
}

/** A member's signature for a multisig account, 64 bytes: always over the amino form. */
export function signForMultisig(tx: Tx, signer: TxSigner, numbers: SignerNumbers): Uint8Array {
  return secp256k1Sign(sha256(aminoBytes(tx, numbers)), signer.privateKey);
}

/** As a simulation wants it: who signs is known, the signature is not. */
export function withoutSignature(tx: Tx, publicKey: AnyValue, sequence: bigint): Tx {
  const modeInfo = { sum: { case: "single", value: { mode: SignMode.DIRECT } } } as const;
  const info = create(SignerInfoSchema, { publicKey: { ...publicKey }, modeInfo, sequence });
  return create(TxSchema, { ...withSigner(tx, info), signatures: [new Uint8Array(64)] });
}

/**
 * Joins members' signatures.
 *
 * @param signatures by position of the member in the key.
 */
export function joinMultisig(
  tx: Tx,
  key: LegacyAminoPubKey,
  signatures: ReadonlyMap<number, Uint8Array>,
  sequence: bigint,
): Tx {
  const positions = key.publicKeys
    .map((_, position) => position)
    .filter((at) => signatures.has(at));
  const single = { sum: { case: "single", value: { mode: SignMode.LEGACY_AMINO_JSON } } } as const;
  const info = create(SignerInfoSchema, {
    publicKey: multisigAny(key),
    modeInfo: {
      sum: {
        case: "multi",
        value: {
          bitarray: bitArray(key.publicKeys.length, positions),
          modeInfos: positions.map(() => single),
        },
      },
    },
    sequence,
  });
  const joined = encodeMessage(
    MultiSignatureSchema,
    create(MultiSignatureSchema, { signatures: positions.map((at) => signatures.get(at)!) }),
  );
  return create(TxSchema, { ...withSigner(tx, info), signatures: [...tx.signatures, joined] });
}

/** CompactBitArray of the SDK: bits from the left. */
function bitArray(size: number, set: readonly number[]) {
  const elems = new Uint8Array(Math.ceil(size / 8));
  for (const at of set) elems[at >> 3]! |= 0x80 >> (at & 7);
  return { extraBitsStored: size % 8, elems };
}

const signModes = {
  direct: SignMode.DIRECT,
  "amino-json": SignMode.LEGACY_AMINO_JSON,
} as const;

function withSigner(tx: Tx, info: SignerInfo): Tx {
  const authInfo = create(AuthInfoSchema, {
    ...tx.authInfo,
    signerInfos: [...(tx.authInfo?.signerInfos ?? []), info],
  });
  return create(TxSchema, { ...tx, authInfo });
}

export function publicKeyAny(publicKey: Uint8Array): AnyValue {
  const value = encodeMessage(PubKeySchema, create(PubKeySchema, { key: publicKey }));
  return { typeUrl: `/${PubKeySchema.typeName}`, value };
}

export function multisigAny(key: LegacyAminoPubKey): AnyValue {
  const value = encodeMessage(LegacyAminoPubKeySchema, key);
  return { typeUrl: `/${LegacyAminoPubKeySchema.typeName}`, value };
}

export function directBytes(tx: Tx, { chainId, accountNumber }: SignerNumbers): Uint8Array {
  return directSignBytes({
    bodyBytes: encodeMessage(TxBodySchema, tx.body ?? create(TxBodySchema)),
    authInfoBytes: encodeMessage(AuthInfoSchema, tx.authInfo ?? create(AuthInfoSchema)),
    chainId,
    accountNumber,
  });
}

export function aminoBytes(tx: Tx, numbers: SignerNumbers): Uint8Array {
  const fee = tx.authInfo?.fee;
  return aminoSignBytes(
    {
      ...numbers,
      timeoutHeight: tx.body?.timeoutHeight ?? 0n,
      memo: tx.body?.memo ?? "",
      fee: {
        amount: fee?.amount ?? [],
        gasLimit: fee?.gasLimit ?? 0n,
        payer: fee?.payer ?? "",
        granter: fee?.granter ?? "",
      },
      messages: tx.body?.messages ?? [],
    },
    networkTypes(),
  );
}
