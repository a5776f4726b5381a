/** Accounts and signed transactions for tests. */
import { accountAddress, Secret, secp256k1PublicKey, secp256k1Sign, sha256 } from "@tacit/crypto";
import { directSignBytes, encodeMessage } from "@tacit/encoding";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import type { AnyValue } from "@tacit/sdk";

export interface TestAccount {
  readonly key: Secret;
  readonly publicKey: Uint8Array;
  readonly address: Uint8Array;
  readonly accountNumber: bigint;
}

/** The same key for the same index, always. */
export function testAccount(index: number): TestAccount {
  const key = new Secret(sha256(new TextEncoder().encode(`test account ${index}`)), "test key");
  const publicKey = secp256k1PublicKey(key);
  return { key, publicKey, address: accountAddress(publicKey), accountNumber: BigInt(index) };
}

export interface TxParts {
  readonly account: TestAccount;
  readonly chainId: string;
  readonly sequence: bigint;
  readonly messages: readonly AnyValue[];
  readonly fee?: readonly { readonly denom: string; readonly amount: string }[];
  readonly gasLimit?: bigint;
  readonly memo?: string;
  readonly timeoutHeight?: bigint;
  readonly granter?: string;
}

/** TxRaw signed in mode DIRECT. */
export function signTx(parts: TxParts): Uint8Array {
  const { account, chainId, sequence } = parts;
  const bodyBytes = encodeMessage(TxBodySchema, {
    messages: parts.messages.map(({ typeUrl, value }) => ({ typeUrl, value })),
    memo: parts.memo ?? "",
    timeoutHeight: parts.timeoutHeight ?? 0n,
  });
  const authInfoBytes = encodeMessage(AuthInfoSchema, {
    signerInfos: [
      {
        publicKey: {
          typeUrl: "/cosmos.crypto.secp256k1.PubKey",
          value: encodeMessage(PubKeySchema, { key: account.publicKey }),
        },
        modeInfo: { sum: { case: "single", value: { mode: 1 } } },
        sequence,
      },
    ],
    fee: {
      amount: [...(parts.fee ?? [])],
      gasLimit: parts.gasLimit ?? 200_000n,
      granter: parts.granter ?? "",
    },
  });
  const { accountNumber } = account;
  const signBytes = directSignBytes({ bodyBytes, authInfoBytes, chainId, accountNumber });
  const signatures = [secp256k1Sign(sha256(signBytes), account.key)];
  return encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures });
}

export function sendMessage(from: string, to: string, amount: string, denom = "uscrt"): AnyValue {
  const value = encodeMessage(MsgSendSchema, {
    fromAddress: from,
    toAddress: to,
    amount: [{ denom, amount }],
  });
  return { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value };
}
