/** The faucet's account: its key, its sequence and the transfers that it signs. */
import {
  accountAddress as addressOfKey,
  type Secret,
  secp256k1PublicKey,
  secp256k1Sign,
  sha256,
} from "@tacit/crypto";
import {
  accountAddress,
  decodeMessage,
  directSignBytes,
  encodeMessage,
  toHex,
} from "@tacit/encoding";
import {
  QueryAccountInfoRequestSchema,
  QueryAccountInfoResponseSchema,
} from "@tacit/encoding/proto/cosmos/auth/v1beta1/query";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import { SignMode } from "@tacit/encoding/proto/cosmos/tx/signing/v1beta1/signing";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import type { Application, CheckTxResponse } from "@tacit/sdk";
import type { ChainData } from "../chain-data.ts";
import { FaucetError } from "./errors.ts";

export interface WalletOptions {
  readonly application: Pick<Application, "query">;
  readonly chain: Pick<ChainData, "chainId" | "broadcastTx">;
  readonly privateKey: Secret;
  readonly denom: string;
}

/** SDK code of a sequence that is not the expected one. */
const WRONG_SEQUENCE = 32;
const GAS_LIMIT = 100_000n;
/** Gas costs a quarter of the smallest coin, four times the usual minimum. */
const FEE_AMOUNT = GAS_LIMIT / 4n;

/** Sends one transfer after the other; callers must not overlap. */
export class FaucetWallet {
  readonly address: string;
  readonly #options: WalletOptions;
  readonly #publicKey: Uint8Array;
  /** Known after the first transfer; the chain's answer lags behind the mempool. */
  #next: { readonly accountNumber: bigint; readonly sequence: bigint } | undefined;

  constructor(options: WalletOptions) {
    this.#options = options;
    this.#publicKey = secp256k1PublicKey(options.privateKey);
    this.address = accountAddress(addressOfKey(this.#publicKey));
  }

  /**
   * @returns the transaction's hash once it has passed the checks.
   * @throws {FaucetError} `faucet/refused`, `faucet/no_account`
   */
  async send(to: string, amount: bigint): Promise<Uint8Array> {
    let outcome = await this.#attempt(to, amount);
    if (outcome.check.code === WRONG_SEQUENCE) {
      this.#next = undefined;
      outcome = await this.#attempt(to, amount);
    }
    const { code, log } = outcome.check;
    if (code !== 0) throw new FaucetError({ code: "faucet/refused" }, log);
    return outcome.hash;
  }

  async #attempt(
    to: string,
    amount: bigint,
  ): Promise<{ readonly hash: Uint8Array; readonly check: CheckTxResponse }> {
    const account = this.#next ?? (await this.#readAccount());
    const tx = this.#transfer(account, to, amount);
    const outcome = await this.#options.chain.broadcastTx(tx);
    if (!outcome.ok) throw new FaucetError({ code: "faucet/refused" }, outcome.error.code);
    if (outcome.check.code === 0) {
      this.#next = { ...account, sequence: account.sequence + 1n };
    }
    return outcome;
  }

  async #readAccount() {
    const response = await this.#options.application.query({
      path: "/cosmos.auth.v1beta1.Query/AccountInfo",
      data: encodeMessage(QueryAccountInfoRequestSchema, { address: this.address }),
      height: 0n,
      prove: false,
    });
    const { info } = decodeMessage(QueryAccountInfoResponseSchema, response.value);
    if (response.code !== 0 || info === undefined) {
      throw new FaucetError(
        { code: "faucet/no_account" },
        `account ${this.address} cannot be read: ${response.log}`,
      );
    }
    return { accountNumber: info.accountNumber, sequence: info.sequence };
  }

  #transfer(
    account: { readonly accountNumber: bigint; readonly sequence: bigint },
    to: string,
    amount: bigint,
  ): Uint8Array {
    const { denom, chain, privateKey } = this.#options;
    const coins = (value: bigint) => [{ denom, amount: value.toString() }];
    const message = { fromAddress: this.address, toAddress: to, amount: coins(amount) };
    const bodyBytes = encodeMessage(TxBodySchema, {
      messages: [
        {
          typeUrl: "/cosmos.bank.v1beta1.MsgSend",
          value: encodeMessage(MsgSendSchema, message),
        },
      ],
    });
    const authInfoBytes = encodeMessage(AuthInfoSchema, {
      signerInfos: [
        {
          publicKey: {
            typeUrl: "/cosmos.crypto.secp256k1.PubKey",
            value: encodeMessage(PubKeySchema, { key: this.#publicKey }),
          },
          modeInfo: { sum: { case: "single", value: { mode: SignMode.DIRECT } } },
          sequence: account.sequence,
        },
      ],
      fee: { amount: coins(FEE_AMOUNT), gasLimit: GAS_LIMIT },
    });
    const { chainId } = chain;
    const { accountNumber } = account;
    const digest = sha256(directSignBytes({ bodyBytes, authInfoBytes, chainId, accountNumber }));
    const signatures = [secp256k1Sign(digest, privateKey)];
    return encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures });
  }
}

export const hashText = (hash: Uint8Array): string => toHex(hash).toUpperCase();
