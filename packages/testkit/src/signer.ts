/** Accounts whose keys follow from a name, and transactions that they sign. */
import { accountAddress, Secret, secp256k1PublicKey, secp256k1Sign, sha256 } from "@tacit/crypto";
import { type Coins, coinsToWire, directSignBytes, encodeMessage } from "@tacit/encoding";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { type AnyValue, utf8Bytes } from "@tacit/sdk";

export interface KeyedAccount {
  /** Secp256k1. */
  readonly key: Secret;
  /** 33 bytes. */
  readonly publicKey: Uint8Array;
  readonly address: Uint8Array;
}

/** The same key for the same name, always. */
export function keyedAccount(name: string): KeyedAccount {
  const key = new Secret(sha256(utf8Bytes(`testkit account ${name}`)), "test key");
  const publicKey = secp256k1PublicKey(key);
  return { key, publicKey, address: accountAddress(publicKey) };
}

export interface TxParts {
  readonly signer: KeyedAccount;
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
  readonly messages: readonly AnyValue[];
  readonly fee: Coins;
  readonly gasLimit: bigint;
  readonly memo?: string;
  /** Bech32: who pays the fee for the signer. */
  readonly granter?: string;
}

/** TxRaw, signed in mode DIRECT. */
export function signTx(parts: TxParts): Uint8Array {
  const { signer, chainId, accountNumber, sequence } = parts;
  const bodyBytes = encodeMessage(TxBodySchema, {
    messages: parts.messages.map(({ typeUrl, value }) => ({ typeUrl, value })),
    memo: parts.memo ?? "",
  });
  const authInfoBytes = encodeMessage(AuthInfoSchema, {
    signerInfos: [
      {
        publicKey: {
          typeUrl: `/${PubKeySchema.typeName}`,
          value: encodeMessage(PubKeySchema, { key: signer.publicKey }),
        },
        modeInfo: { sum: { case: "single", value: { mode: 1 } } },
        sequence,
      },
    ],
    fee: {
      amount: [...coinsToWire(parts.fee)],
      gasLimit: parts.gasLimit,
      granter: parts.granter ?? "",
    },
  });
  const signBytes = directSignBytes({ bodyBytes, authInfoBytes, chainId, accountNumber });
  const signatures = [secp256k1Sign(sha256(signBytes), signer.key)];
  return encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures });
}
