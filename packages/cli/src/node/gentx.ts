/** Genesis transactions: an operator signs for a validator before the chain has begun. */

import { create } from "@bufbuild/protobuf";
import { Secret, secp256k1Sign, sha256 } from "@tacit/crypto";
import {
  type Coin,
  type Dec,
  directSignBytes,
  encodeMessage,
  type JsonValue,
  toClientJson,
} from "@tacit/encoding";
import { PubKeySchema as ConsensusKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { PubKeySchema as AccountKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import { MsgCreateValidatorSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { SignMode } from "@tacit/encoding/proto/cosmos/tx/signing/v1beta1/signing";
import { AuthInfoSchema, TxBodySchema, TxSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";

export interface GenTxOptions {
  readonly chainId: string;
  /** Account of the operator. */
  readonly delegator: string;
  /** The same with the prefix of operators. */
  readonly operator: string;
  /** 33 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** Ed25519, 32 bytes: signs blocks. */
  readonly consensusKey: Uint8Array;
  readonly stake: Coin;
  readonly moniker: string;
  readonly commission: {
    readonly rate: Dec;
    readonly maxRate: Dec;
    readonly maxChangeRate: Dec;
  };
  readonly minSelfDelegation: bigint;
  /** Where others reach the node: `id@host:port`. */
  readonly memo: string;
}

const gasLimit = 200_000n;

/** A signed transaction in the JSON of clients: accounts in genesis have number 0 for signatures. */
export function signGenTx(options: GenTxOptions): JsonValue {
  const message = encodeMessage(MsgCreateValidatorSchema, messageOf(options));
  const body = create(TxBodySchema, {
    messages: [{ typeUrl: `/${MsgCreateValidatorSchema.typeName}`, value: message }],
    memo: options.memo,
  });
  const key = encodeMessage(AccountKeySchema, { key: options.publicKey });
  const authInfo = create(AuthInfoSchema, {
    signerInfos: [
      {
        publicKey: { typeUrl: `/${AccountKeySchema.typeName}`, value: key },
        modeInfo: { sum: { case: "single", value: { mode: SignMode.DIRECT } } },
        sequence: 0n,
      },
    ],
    fee: { gasLimit },
  });
  const doc = directSignBytes({
    bodyBytes: encodeMessage(TxBodySchema, body),
    authInfoBytes: encodeMessage(AuthInfoSchema, authInfo),
    chainId: options.chainId,
    accountNumber: 0n,
  });
  const signature = secp256k1Sign(sha256(doc), new Secret(options.privateKey, "account key"));
  const tx = create(TxSchema, { body, authInfo, signatures: [signature] });
  return toClientJson(TxSchema, tx, types);
}

function messageOf(options: GenTxOptions) {
  const { commission, consensusKey, moniker, stake } = options;
  return {
    description: { moniker },
    commission: {
      rate: commission.rate.toWire(),
      maxRate: commission.maxRate.toWire(),
      maxChangeRate: commission.maxChangeRate.toWire(),
    },
    minSelfDelegation: `${options.minSelfDelegation}`,
    delegatorAddress: options.delegator,
    validatorAddress: options.operator,
    pubkey: {
      typeUrl: `/${ConsensusKeySchema.typeName}`,
      value: encodeMessage(ConsensusKeySchema, { key: consensusKey }),
    },
    value: { denom: stake.denom, amount: `${stake.amount}` },
  };
}

const schemas = [MsgCreateValidatorSchema, ConsensusKeySchema, AccountKeySchema];
const types = {
  getMessage: (name: string) => schemas.find(({ typeName }) => typeName === name),
};
