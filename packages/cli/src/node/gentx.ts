/** Genesis transactions: an operator signs for a validator before the chain has begun. */

import { Secret } from "@tacit/crypto";
import { type Coin, type Dec, encodeMessage, type JsonValue, toClientJson } from "@tacit/encoding";
import { PubKeySchema as ConsensusKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { MsgCreateValidatorSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { TxSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { signTx, unsignedTx } from "../chain/transaction.ts";
import { networkTypes } from "../chain/types.ts";

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
  const { chainId, publicKey, memo } = options;
  const value = encodeMessage(MsgCreateValidatorSchema, messageOf(options));
  const draft = unsignedTx({
    messages: [{ typeUrl: `/${MsgCreateValidatorSchema.typeName}`, value }],
    memo,
    timeoutHeight: 0n,
    fee: { amount: [], gasLimit, granter: "" },
  });
  const signer = { publicKey, privateKey: new Secret(options.privateKey, "account key") };
  const tx = signTx(draft, signer, { chainId, accountNumber: 0n, sequence: 0n }, "direct");
  return toClientJson(TxSchema, tx, networkTypes());
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
